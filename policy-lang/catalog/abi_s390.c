/* SPDX-License-Identifier: Apache-2.0 */
/*
 * s390x: 64-bit, big endian, with socketcall and ipc beside the single calls. Its mmap has its
 * arguments behind a pointer, and clone takes the stack first.
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

const struct abi abi_s390x = {
	.id = ABI_S390X,
	.name = "s390x",
	.aliases = (const char *const[]){NULL},
	.audit_arch = AUDIT_ARCH_S390X,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.big_endian = true,
	.cache_native = true,
	.machine = "s390",
	.machine_ordered = "s390, big-endian",
};
