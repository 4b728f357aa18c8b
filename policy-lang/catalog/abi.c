/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/catalog/abi.h"

#include <assert.h>
#include <linux/audit.h>
#include <string.h>

static const char *const aliases_x86_64[] = {"amd64", "x64", NULL};
static const char *const aliases_x86[] = {"i386", "i486", "i586", "i686", NULL};
static const char *const aliases_none[] = {NULL};

/* The bit in a call number that says x32; __X32_SYSCALL_BIT of <asm/unistd.h>. */
#define X32_BIT 0x40000000u

/*
 * x32 shares AUDIT_ARCH_X86_64: every number with its bit or above is x32's, so that no number is
 * left without an owner. Its registers are read whole by the native entries that most of its
 * calls share with x86_64; where a call has an entry of its own, its signature says what is
 * narrower. The action cache leaves x32 out (arch/x86/include/asm/seccomp.h).
 */
static const struct abi abis[] = {
	[ABI_X86_64] = {.id = ABI_X86_64,
			.name = "x86_64",
			.aliases = aliases_x86_64,
			.audit_arch = AUDIT_ARCH_X86_64,
			.number_first = 0,
			.number_last = X32_BIT - 1,
			.number_base = 0,
			.long_bits = 64,
			.pointer_bits = 64,
			.cache_native = true,
			.machine = "x86"},
	[ABI_X86] = {.id = ABI_X86,
		     .name = "x86",
		     .aliases = aliases_x86,
		     .audit_arch = AUDIT_ARCH_I386,
		     .number_first = 0,
		     .number_last = UINT32_MAX,
		     .number_base = 0,
		     .long_bits = 32,
		     .pointer_bits = 32,
		     .cache_native = true,
		     .machine = "x86"},
	[ABI_X32] = {.id = ABI_X32,
		     .name = "x32",
		     .aliases = aliases_none,
		     .audit_arch = AUDIT_ARCH_X86_64,
		     .number_first = X32_BIT,
		     .number_last = UINT32_MAX,
		     .number_base = X32_BIT,
		     .long_bits = 64,
		     .pointer_bits = 64,
		     .cache_native = false,
		     .machine = "x86"},
};
_Static_assert(sizeof(abis) / sizeof(abis[0]) == ABI_COUNT, "every ABI has its row");

const struct abi *abi_get(enum abi_id id)
{
	assert((unsigned int)id < ABI_COUNT);
	return &abis[id];
}

const struct abi *abi_host(void)
{
#if defined(__x86_64__) && defined(__ILP32__)
	return abi_get(ABI_X32);
#elif defined(__x86_64__)
	return abi_get(ABI_X86_64);
#elif defined(__i386__)
	return abi_get(ABI_X86);
#else
	return NULL;
#endif
}

const struct abi *abi_find(const char *name)
{
	for (size_t i = 0; i < ABI_COUNT; i++) {
		if (!strcmp(abis[i].name, name))
			return &abis[i];
		for (const char *const *alias = abis[i].aliases; *alias; alias++)
			if (!strcmp(*alias, name))
				return &abis[i];
	}
	return NULL;
}

const struct abi *abi_identify(uint32_t audit_arch, uint32_t number)
{
	for (size_t i = 0; i < ABI_COUNT; i++)
		if (abis[i].audit_arch == audit_arch && number >= abis[i].number_first &&
		    number <= abis[i].number_last)
			return &abis[i];
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
