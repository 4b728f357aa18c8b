/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ppc64le: 64-bit, little endian, with socketcall and ipc beside the single calls.
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

const struct abi abi_ppc64le = {
	.id = ABI_PPC64LE,
	.name = "ppc64le",
	.aliases = (const char *const[]){"ppc64el", "powerpc64le", NULL},
	.audit_arch = AUDIT_ARCH_PPC64LE,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.cache_native = true,
	.machine = "powerpc",
	.machine_ordered = "powerpc, little-endian",
};
