/* SPDX-License-Identifier: Apache-2.0 */
/* What a program can ask of an io_uring, by the kernel's names. */
#ifndef PALE_PROFILER_RECORDING_OPERATION_H
#define PALE_PROFILER_RECORDING_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The name of opcode IORING_OP_* without that prefix (enum io_uring_op of <linux/io_uring.h>, Linux
 * 6.18), or NULL for a newer one.
 */
const char *operation_name(uint8_t opcode);
/* Whether an opcode has that name. */
bool operation_is_known(const char *name);

#endif
