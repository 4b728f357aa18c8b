/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macros are those that gcc and clang predefine. Flags are what their objects have, as far as GNU
 * ld and lld compare them; of what grows with the processor the least is taken, which links with
 * all that is newer.
 */
#include "compiler/emit/target.h"

#include <assert.h>
#include <elf.h>
#include <stddef.h>

/* Newer than some <elf.h>. */
#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif
enum {
	PPC64_ABI_V2 = 2,                 /* EF_PPC64_ABI */
	LOONGARCH_DOUBLE_FLOAT_V1 = 0x43, /* EF_LOONGARCH_ABI_DOUBLE_FLOAT, _OBJABI_V1 */
	MIPS_ABI_O32 = 0x1000,            /* not in <elf.h> as a flag of its own */
	MIPS_ABI_N32 = 0x20,              /* EF_MIPS_ABI2 */
	/* Position independent and callable so, as compilers for Linux have it by themselves. */
	MIPS_USUAL = EF_MIPS_PIC | EF_MIPS_CPIC,
};

#define MIPS_CONDITION(order, abi) "defined(__mips__) && defined(" order ") && _MIPS_SIM == " abi

static const struct target targets[] = {
	[ABI_X86_64] = {"defined(__x86_64__) && !defined(__ILP32__)", ELFCLASS64, EM_X86_64, 0},
	[ABI_X86] = {"defined(__i386__)", ELFCLASS32, EM_386, 0},
	[ABI_X32] = {"defined(__x86_64__) && defined(__ILP32__)", ELFCLASS32, EM_X86_64, 0},
	[ABI_ARM] = {"defined(__arm__) && defined(__ARM_EABI__) && defined(__ARMEL__)", ELFCLASS32,
		     EM_ARM, EF_ARM_EABI_VER5},
	[ABI_AARCH64] = {"defined(__aarch64__) && defined(__AARCH64EL__) && !defined(__ILP32__)",
			 ELFCLASS64, EM_AARCH64, 0},
	[ABI_MIPS] = {MIPS_CONDITION("__MIPSEB__", "_ABIO32"), ELFCLASS32, EM_MIPS,
		      EF_MIPS_ARCH_1 | MIPS_ABI_O32 | MIPS_USUAL},
	[ABI_MIPSEL] = {MIPS_CONDITION("__MIPSEL__", "_ABIO32"), ELFCLASS32, EM_MIPS,
			EF_MIPS_ARCH_1 | MIPS_ABI_O32 | MIPS_USUAL},
	[ABI_MIPS64] = {MIPS_CONDITION("__MIPSEB__", "_ABI64"), ELFCLASS64, EM_MIPS,
			EF_MIPS_ARCH_3 | MIPS_USUAL},
	[ABI_MIPSEL64] = {MIPS_CONDITION("__MIPSEL__", "_ABI64"), ELFCLASS64, EM_MIPS,
			  EF_MIPS_ARCH_3 | MIPS_USUAL},
	[ABI_MIPS64N32] = {MIPS_CONDITION("__MIPSEB__", "_ABIN32"), ELFCLASS32, EM_MIPS,
			   EF_MIPS_ARCH_3 | MIPS_ABI_N32 | MIPS_USUAL},
	[ABI_MIPSEL64N32] = {MIPS_CONDITION("__MIPSEL__", "_ABIN32"), ELFCLASS32, EM_MIPS,
			     EF_MIPS_ARCH_3 | MIPS_ABI_N32 | MIPS_USUAL},
	[ABI_RISCV64] = {"defined(__riscv) && __riscv_xlen == 64", ELFCLASS64, EM_RISCV,
			 EF_RISCV_FLOAT_ABI_DOUBLE},
	[ABI_PPC64LE] = {"defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)", ELFCLASS64,
			 EM_PPC64, PPC64_ABI_V2},
	[ABI_S390X] = {"defined(__s390x__)", ELFCLASS64, EM_S390, 0},
	[ABI_LOONGARCH64] = {"defined(__loongarch64)", ELFCLASS64, EM_LOONGARCH,
			     LOONGARCH_DOUBLE_FLOAT_V1},
};
_Static_assert(sizeof(targets) / sizeof(targets[0]) == ABI_COUNT, "every ABI has its row");

const struct target *target_get(enum abi_id id)
{
	assert((unsigned int)id < ABI_COUNT);
	return &targets[id];
}
