/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arm is the EABI, on arm kernels and on those of arm64 with CONFIG_COMPAT, which pass the registers
 * on with zeros above (arch/arm64/kernel/syscall.c). Its private calls (cacheflush and others,
 * arch/arm/include/uapi/asm/unistd.h) are filtered as well. Both rows are for little-endian kernels.
 * Big-endian ones report the same AUDIT_ARCH (arch/arm/include/asm/syscall.h), so that nothing could
 * tell a filter for them apart; pale does not serve them. The action cache serves both.
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

/* __ARM_NR_BASE of arch/arm/include/uapi/asm/unistd.h. */
#define ARM_PRIVATE 0x0f0000u

const struct abi abi_arm = {
	.id = ABI_ARM,
	.name = "arm",
	.aliases = (const char *const[]){"armhf", "armel", "armv7", "armv7l", "arm32", NULL},
	.audit_arch = AUDIT_ARCH_ARM,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.number_private = ARM_PRIVATE,
	.long_bits = 32,
	.pointer_bits = 32,
	.pair_aligned = true,
	.cache_native = true,
	.machine = "arm",
	.machine_ordered = "arm, little-endian",
};

const struct abi abi_aarch64 = {
	.id = ABI_AARCH64,
	.name = "aarch64",
	.aliases = (const char *const[]){"arm64", NULL},
	.audit_arch = AUDIT_ARCH_AARCH64,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.cache_native = true,
	.machine = "arm",
	.machine_ordered = "arm, little-endian",
};
