/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/catalog/abi.h"

#include "policy-lang/catalog/abi_rows.h"

#include <assert.h>
#include <string.h>

static const struct abi *const abis[] = {
	[ABI_X86_64] = &abi_x86_64,
	[ABI_X86] = &abi_x86,
	[ABI_X32] = &abi_x32,
	[ABI_ARM] = &abi_arm,
	[ABI_AARCH64] = &abi_aarch64,
	[ABI_MIPS] = &abi_mips,
	[ABI_MIPSEL] = &abi_mipsel,
	[ABI_MIPS64] = &abi_mips64,
	[ABI_MIPSEL64] = &abi_mipsel64,
	[ABI_MIPS64N32] = &abi_mips64n32,
	[ABI_MIPSEL64N32] = &abi_mipsel64n32,
	[ABI_RISCV64] = &abi_riscv64,
	[ABI_PPC64LE] = &abi_ppc64le,
	[ABI_S390X] = &abi_s390x,
	[ABI_LOONGARCH64] = &abi_loongarch64,
};
_Static_assert(sizeof(abis) / sizeof(abis[0]) == ABI_COUNT, "every ABI has its row");

const struct abi *abi_get(enum abi_id id)
{
	assert((unsigned int)id < ABI_COUNT);
	return abis[id];
}

const struct abi *abi_host(void)
{
#if defined(__x86_64__) && defined(__ILP32__)
	return abi_get(ABI_X32);
#elif defined(__x86_64__)
	return abi_get(ABI_X86_64);
#elif defined(__i386__)
	return abi_get(ABI_X86);
#elif defined(__aarch64__) && defined(__AARCH64EL__) && !defined(__ILP32__)
	return abi_get(ABI_AARCH64);
#elif defined(__arm__) && defined(__ARM_EABI__) && defined(__ARMEL__)
	return abi_get(ABI_ARM);
#elif defined(__mips__) && defined(__MIPSEB__)
	return abi_get(_MIPS_SIM == _ABI64    ? ABI_MIPS64
		       : _MIPS_SIM == _ABIN32 ? ABI_MIPS64N32
					      : ABI_MIPS);
#elif defined(__mips__)
	return abi_get(_MIPS_SIM == _ABI64    ? ABI_MIPSEL64
		       : _MIPS_SIM == _ABIN32 ? ABI_MIPSEL64N32
					      : ABI_MIPSEL);
#elif defined(__riscv) && __riscv_xlen == 64
	return abi_get(ABI_RISCV64);
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	return abi_get(ABI_PPC64LE);
#elif defined(__s390x__)
	return abi_get(ABI_S390X);
#elif defined(__loongarch64)
	return abi_get(ABI_LOONGARCH64);
#else
	return NULL;
#endif
}

const struct abi *abi_find(const char *name)
{
	for (size_t i = 0; i < ABI_COUNT; i++) {
		if (!strcmp(abis[i]->name, name))
			return abis[i];
		for (const char *const *alias = abis[i]->aliases; *alias; alias++)
			if (!strcmp(*alias, name))
				return abis[i];
	}
	return NULL;
}

const struct abi *abi_identify(uint32_t audit_arch, uint32_t number)
{
	for (size_t i = 0; i < ABI_COUNT; i++)
		if (abis[i]->audit_arch == audit_arch && number >= abis[i]->number_first &&
		    number <= abis[i]->number_last)
			return abis[i];
	return NULL;
}

abi_set abi_machine(const struct abi *abi)
{
	abi_set machine = 0;

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis[id]->big_endian == abi->big_endian &&
		    strcmp(abis[id]->machine, abi->machine) == 0)
			machine |= ABI_BIT(id);
	return machine;
}

const char *abi_machine_name(const struct abi *abi)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis[id]->big_endian != abi->big_endian &&
		    strcmp(abis[id]->machine, abi->machine) == 0)
			return abi->machine_ordered;
	return abi->machine;
}

const struct abi *abi_first(abi_set set)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (set & ABI_BIT(id))
			return abis[id];
	return NULL;
}

/* struct seccomp_data: nr, arch, a 64-bit instruction_pointer, then six 64-bit args. */
#define DATA_ARGS 16

uint32_t abi_word_low(const struct abi *abi, unsigned int index)
{
	assert(index < 6);
	return DATA_ARGS + 8 * index + (abi->big_endian ? 4 : 0);
}

uint32_t abi_word_high(const struct abi *abi, unsigned int index)
{
	assert(index < 6);
	return DATA_ARGS + 8 * index + (abi->big_endian ? 0 : 4);
}
