/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_SIMULATE_H
#define PALE_RUNTIME_SIMULATE_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What the filter answers to DATA. False where it cannot be told here (the kernel would refuse
 * such a program); ends for every program, as jumps only go on.
 */
bool filter_answer(const struct sock_fprog *program, const struct seccomp_data *data,
		   uint32_t *answer);

#endif
