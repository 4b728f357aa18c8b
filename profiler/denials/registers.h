/* SPDX-License-Identifier: Apache-2.0 */
/* How a tracer answers a call in the kernel's place, machine by machine. For this folder alone. */
#ifndef PALE_PROFILER_DENIALS_REGISTERS_H
#define PALE_PROFILER_DENIALS_REGISTERS_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether registers_skip_call() is there for this machine. */
bool registers_can_skip(void);
/*
 * TID, at its seccomp stop, shall not make its call and get RESULT (an error as a negative number).
 * Returns 0 or negative errno.
 */
int registers_skip_call(pid_t tid, int64_t result);
/*
 * The call of a task that the kernel denied it by itself, at a stop before anything else happened:
 * number, arguments and instruction pointer of DATA; `arch` stays as it is. Negative errno where they
 * are not to be had any more.
 */
int registers_read_call(pid_t tid, struct seccomp_data *data);

#endif
