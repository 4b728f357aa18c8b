# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run and guest.sh set what these read
# pale-run inside an emulated machine.
shim_prepare() { :; }
