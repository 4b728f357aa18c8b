/* SPDX-License-Identifier: Apache-2.0 */
/* What else there is to know of a bundle: its checksum, its machines, and the filter for one. */
#include "runtime/bundle.h"

/*
 * ELF's numbers (<linux/elf-em.h>) of machines that have another for 64 bits. An AUDIT_ARCH has
 * either in its low 16 bits (<linux/audit.h>).
 */
static const struct {
	uint16_t narrow;
	uint16_t wide;
} elf_machines[] = {
	{2, 43},   /* EM_SPARC, EM_SPARCV9 */
	{3, 62},   /* EM_386, EM_X86_64 */
	{20, 21},  /* EM_PPC, EM_PPC64 */
	{40, 183}, /* EM_ARM, EM_AARCH64 */
};

/* AUDIT_ARCH's bits: 31 is 64 bits wide, 30 is little endian, 29 is mips n32. */
enum {
	ARCH_LITTLE_ENDIAN = 0x40000000,
};

uint32_t bundle_crc(const unsigned char *bytes, uint32_t size)
{
	/* The reflected polynomial 0xedb88320, four bits at a time. */
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0xffffffff;

	for (uint32_t i = 0; i < size; i++) {
		if (i < BUNDLE_AT_CRC || i >= BUNDLE_AT_CRC + 4)
			crc ^= bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

uint32_t bundle_arch_machine(uint32_t arch)
{
	/* Between the machine and the flags there is nothing. */
	if (arch & 0x1fff0000)
		return 0;
	for (size_t i = 0; i < sizeof(elf_machines) / sizeof(elf_machines[0]); i++)
		if (elf_machines[i].narrow == (arch & 0xffff))
			return elf_machines[i].wide;
	return arch & 0xffff;
}

bool bundle_arch_big_endian(uint32_t arch)
{
	return !(arch & ARCH_LITTLE_ENDIAN);
}

const struct bundle_filter *bundle_find_filter(const struct bundle_view *view, uint32_t phase,
					       uint32_t machine, bool big_endian)
{
	for (uint32_t i = 0; i < view->filter_count; i++)
		if (view->filters[i].phase == phase && view->filters[i].machine == machine &&
		    view->filters[i].big_endian == big_endian)
			return &view->filters[i];
	return NULL;
}

bool bundle_filter_serves(const struct bundle_filter *filter, uint32_t arch, uint32_t number)
{
	for (uint32_t i = 0; i < filter->abi_count; i++) {
		const unsigned char *abi = filter->abis + i * BUNDLE_ABI_SIZE;

		if (bundle_get32(abi + BUNDLE_ABI_AT_ARCH) == arch &&
		    bundle_get32(abi + BUNDLE_ABI_AT_FIRST) <= number &&
		    bundle_get32(abi + BUNDLE_ABI_AT_LAST) >= number)
			return true;
	}
	return false;
}
