/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x32 shares AUDIT_ARCH_X86_64: every number with its bit or above is x32's, so that no number is
 * left without an owner. Its registers are read whole by the native entries that most of its
 * calls share with x86_64; where a call has an entry of its own, its signature says what is
 * narrower. The action cache leaves x32 out (arch/x86/include/asm/seccomp.h).
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

/* The bit in a call number that says x32; __X32_SYSCALL_BIT of <asm/unistd.h>. */
#define X32_BIT 0x40000000u

const struct abi abi_x86_64 = {
	.id = ABI_X86_64,
	.name = "x86_64",
	.aliases = (const char *const[]){"amd64", "x64", NULL},
	.audit_arch = AUDIT_ARCH_X86_64,
	.number_first = 0,
	.number_last = X32_BIT - 1,
	.number_base = 0,
	.long_bits = 64,
	.pointer_bits = 64,
	.cache_native = true,
	.machine = "x86",
	.machine_ordered = "x86, little-endian",
};

const struct abi abi_x86 = {
	.id = ABI_X86,
	.name = "x86",
	.aliases = (const char *const[]){"i386", "i486", "i586", "i686", NULL},
	.audit_arch = AUDIT_ARCH_I386,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 0,
	.long_bits = 32,
	.pointer_bits = 32,
	.cache_native = true,
	.machine = "x86",
	.machine_ordered = "x86, little-endian",
};

const struct abi abi_x32 = {
	.id = ABI_X32,
	.name = "x32",
	.aliases = (const char *const[]){NULL},
	.audit_arch = AUDIT_ARCH_X86_64,
	.number_first = X32_BIT,
	.number_last = UINT32_MAX,
	.number_base = X32_BIT,
	.long_bits = 64,
	.pointer_bits = 64,
	.ilp32 = true,
	.machine = "x86",
	.machine_ordered = "x86, little-endian",
};
