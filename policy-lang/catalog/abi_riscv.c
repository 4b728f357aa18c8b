/* SPDX-License-Identifier: Apache-2.0 */
/*
 * riscv64 with the generic table of calls (include/uapi/asm-generic/unistd.h).
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

const struct abi abi_riscv64 = {
	.id = ABI_RISCV64,
	.name = "riscv64",
	.aliases = (const char *const[]){"riscv", NULL},
	.audit_arch = AUDIT_ARCH_RISCV64,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.cache_native = true,
	.machine = "riscv",
	.machine_ordered = "riscv, little-endian",
};
