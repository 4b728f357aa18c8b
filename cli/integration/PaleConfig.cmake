# SPDX-License-Identifier: Apache-2.0
# What find_package(Pale) comes to when pale is installed.
include("${CMAKE_CURRENT_LIST_DIR}/FindPale.cmake")
