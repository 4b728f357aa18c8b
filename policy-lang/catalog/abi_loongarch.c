/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loongarch64 with the generic table of calls, and none of those that it had replaced by then
 * (Linux 5.19).
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

/* Headers from before Linux 5.19 lack it. */
#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64 0xc0000102u
#endif

const struct abi abi_loongarch64 = {
	.id = ABI_LOONGARCH64,
	.name = "loongarch64",
	.aliases = (const char *const[]){"loong64", NULL},
	.audit_arch = AUDIT_ARCH_LOONGARCH64,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.cache_native = true,
	.machine = "loongarch",
	.machine_ordered = "loongarch, little-endian",
};
