/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Given to the compiler before each file of libpale: in a static library every function that one
 * file has for another is a name that the program cannot have, so these begin with pale_ too.
 */
#ifndef PALE_LIBPALE_NAMES_H
#define PALE_LIBPALE_NAMES_H

#define bundle_check pale_private_bundle_check
#define bundle_crc pale_private_bundle_crc
#define bundle_arch_machine pale_private_bundle_arch_machine
#define bundle_arch_big_endian pale_private_bundle_arch_big_endian
#define bundle_find_filter pale_private_bundle_find_filter
#define bundle_filter_serves pale_private_bundle_filter_serves
#define limits_apply pale_private_limits_apply
#define privileges_apply pale_private_privileges_apply
#define plan_make_phase pale_private_plan_make_phase
#define plan_make pale_private_plan_make
#define threads_single pale_private_threads_single
#define error_set pale_private_error_set

#endif
