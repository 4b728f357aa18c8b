/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mips and mipsel are o32, on 32-bit kernels and on 64-bit ones with CONFIG_MIPS32_O32. The same
 * program shows zeros in the upper words on the former and copies of the sign on the latter, so they
 * are never looked at. Its 64-bit arguments begin at even registers. From the fifth on arguments are
 * on the caller's stack: the entry copies them for the call (arch/mips/kernel/scall32-o32.S), and
 * seccomp reads them once more (mips_get_syscall_arg() in asm/syscall.h), so that another thread can
 * show the filter something else.
 *
 * n32 and n64 registers are passed on whole; what the entries of n32 read of them its signatures say.
 * Each of the three has an AUDIT_ARCH and a base for its numbers
 * (arch/mips/include/uapi/asm/unistd.h). The action cache does not serve MIPS: its asm/seccomp.h has
 * no SECCOMP_ARCH_NATIVE (Linux 6.12), so each call runs the filter.
 */
#include "policy-lang/catalog/abi_rows.h"

#include <linux/audit.h>
#include <stddef.h>

const struct abi abi_mips = {
	.id = ABI_MIPS,
	.name = "mips",
	.aliases = (const char *const[]){"mipseb", "mipso32", NULL},
	.audit_arch = AUDIT_ARCH_MIPS,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 4000,
	.long_bits = 32,
	.pointer_bits = 32,
	.big_endian = true,
	.pair_aligned = true,
	.memory_from = 4,
	.machine = "mips",
	.machine_ordered = "mips, big-endian",
};

const struct abi abi_mipsel = {
	.id = ABI_MIPSEL,
	.name = "mipsel",
	.aliases = (const char *const[]){"mipselo32", NULL},
	.audit_arch = AUDIT_ARCH_MIPSEL,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 4000,
	.long_bits = 32,
	.pointer_bits = 32,
	.pair_aligned = true,
	.memory_from = 4,
	.machine = "mips",
	.machine_ordered = "mips, little-endian",
};

const struct abi abi_mips64 = {
	.id = ABI_MIPS64,
	.name = "mips64",
	.aliases = (const char *const[]){"mips64eb", "mips64n64", NULL},
	.audit_arch = AUDIT_ARCH_MIPS64,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 5000,
	.long_bits = 64,
	.pointer_bits = 64,
	.big_endian = true,
	.machine = "mips",
	.machine_ordered = "mips, big-endian",
};

const struct abi abi_mipsel64 = {
	.id = ABI_MIPSEL64,
	.name = "mipsel64",
	.aliases = (const char *const[]){"mips64el", "mipsel64n64", NULL},
	.audit_arch = AUDIT_ARCH_MIPSEL64,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 5000,
	.long_bits = 64,
	.pointer_bits = 64,
	.machine = "mips",
	.machine_ordered = "mips, little-endian",
};

const struct abi abi_mips64n32 = {
	.id = ABI_MIPS64N32,
	.name = "mips64n32",
	.aliases = (const char *const[]){"mipsn32", NULL},
	.audit_arch = AUDIT_ARCH_MIPS64N32,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 6000,
	.long_bits = 64,
	.pointer_bits = 64,
	.big_endian = true,
	.ilp32 = true,
	.machine = "mips",
	.machine_ordered = "mips, big-endian",
};

const struct abi abi_mipsel64n32 = {
	.id = ABI_MIPSEL64N32,
	.name = "mipsel64n32",
	.aliases = (const char *const[]){"mips64eln32", "mipsn32el", NULL},
	.audit_arch = AUDIT_ARCH_MIPSEL64N32,
	.number_first = 0,
	.number_last = UINT32_MAX,
	.number_base = 6000,
	.long_bits = 64,
	.pointer_bits = 64,
	.ilp32 = true,
	.machine = "mips",
	.machine_ordered = "mips, little-endian",
};
