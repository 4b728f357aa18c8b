/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bundle: what `pale compile` writes and pale-run reads. doc/bundle.md describes it for people.
 *
 * All numbers are little-endian, whatever machine writes or reads. The file is
 *
 *	header | section table | section | section | ...
 *
 * with sections in the table's order, each beginning at the next multiple of 8 behind what comes
 * before it, zeros between, and the last one ending the file (padded to a multiple of 8 too).
 * There is exactly one way to write a given content down. A reader refuses whatever it does not
 * know: magic, version, section kinds, flags, nonzero reserved fields. So an old pale-run never
 * runs a program with less protection than a new bundle asks for.
 *
 * This header and bundle_check.c need the compiler's freestanding headers and nothing else, and may
 * be used on every floor.
 */
#ifndef PALE_RUNTIME_BUNDLE_H
#define PALE_RUNTIME_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUNDLE_MAGIC "\x7fPALE\r\n\x1a" /* 8 bytes, the NUL is not part of it */

enum {
	BUNDLE_VERSION = 4,
	BUNDLE_SIZE_MAX = 256 * 1024, /* bytes; a larger file is refused unread */

	/* Header: offsets of its fields. */
	BUNDLE_AT_MAGIC = 0,
	BUNDLE_AT_VERSION = 8,        /* u32 */
	BUNDLE_AT_SIZE = 12,          /* u32: of the whole file */
	BUNDLE_AT_CRC = 16,           /* u32: CRC-32 of the file with these 4 bytes taken as 0 */
	BUNDLE_AT_SECTION_COUNT = 20, /* u32 */
	BUNDLE_AT_RESERVED = 24,      /* u64: 0 */
	BUNDLE_HEADER_SIZE = 32,

	/* An entry of the section table; entries are sorted by kind. */
	BUNDLE_SECTION_AT_KIND = 0,      /* u32: enum bundle_section_kind */
	BUNDLE_SECTION_AT_OFFSET = 4,    /* u32: from the file's start */
	BUNDLE_SECTION_AT_SIZE = 8,      /* u32: without padding, not 0 */
	BUNDLE_SECTION_AT_RESERVED = 12, /* u32: 0 */
	BUNDLE_SECTION_ENTRY_SIZE = 16,
	BUNDLE_SECTIONS_MAX = 64,
};

enum bundle_section_kind {
	BUNDLE_SECTION_NAME = 1,    /* 0 or 1: the policy's name, UTF-8, no NUL, no controls */
	BUNDLE_SECTION_FILTER = 2,  /* 1 or more: one for a phase, machine family and byte order */
	BUNDLE_SECTION_SANDBOX = 3, /* 0 or 1 */
	BUNDLE_SECTION_LOADS = 4,   /* 0 or 1: values that are known only at load */
	BUNDLE_SECTION_PHASES = 5,  /* 0 or 1: the names of the phases behind the first */
};

/*
 * A machine's number stands for its family: one kernel can run all ABIs of a family that share a
 * byte order, and one filter serves them. It is ELF's e_machine, and of two that differ by width
 * the 64-bit one: 62 x86, 183 arm, 8 mips, 243 riscv. So a new family needs no change here.
 */

enum {
	BUNDLE_NAME_MAX = 255,

	/*
	 * FILTER: head, ABIs, instructions, patches. Sorted by (phase, machine, byte order), no two
	 * alike. Each phase has one for the same machines, which serves the same ABIs.
	 */
	BUNDLE_FILTER_AT_MACHINE = 0,            /* u32: bundle_arch_machine() */
	BUNDLE_FILTER_AT_BYTE_ORDER = 4,         /* u32: 0 little, 1 big endian */
	BUNDLE_FILTER_AT_ABI_COUNT = 8,          /* u32: 1 or more */
	BUNDLE_FILTER_AT_INSTRUCTION_COUNT = 12, /* u32: 1..4096 */
	BUNDLE_FILTER_AT_PATCH_COUNT = 16,       /* u32: 0..4096 */
	BUNDLE_FILTER_AT_PHASE = 20,             /* u32: 0 the first, N entry N - 1 of PHASES */
	BUNDLE_FILTER_HEAD_SIZE = 24,
	BUNDLE_ABIS_MAX = 8,
	BUNDLE_INSTRUCTIONS_MAX = 4096, /* the kernel's BPF_MAXINSNS */

	/* An ABI that the filter serves; sorted by (architecture, first), ranges disjoint. */
	BUNDLE_ABI_AT_ARCH = 0,  /* u32: AUDIT_ARCH_* */
	BUNDLE_ABI_AT_FIRST = 4, /* u32: the call numbers of the ABI, */
	BUNDLE_ABI_AT_LAST = 8,  /* u32: both ends in it */
	BUNDLE_ABI_AT_RESERVED = 12,
	BUNDLE_ABI_SIZE = 16,

	/* A struct sock_filter. */
	BUNDLE_INSTRUCTION_AT_CODE = 0, /* u16 */
	BUNDLE_INSTRUCTION_AT_JT = 2,   /* u8 */
	BUNDLE_INSTRUCTION_AT_JF = 3,   /* u8 */
	BUNDLE_INSTRUCTION_AT_K = 4,    /* u32 */
	BUNDLE_INSTRUCTION_SIZE = 8,

	/* An instruction whose k is half of such a value, and 0 in the file. Sorted by instruction. */
	BUNDLE_PATCH_AT_INSTRUCTION = 0, /* u32: one that compares A with k for equality */
	BUNDLE_PATCH_AT_LOAD = 4,        /* u16: 2 * the value's index, and 1 for its upper half */
	BUNDLE_PATCH_AT_BITS = 6,        /* u16: 16, 32 or 64: the value fits in so many as a number
					    of either sign; the same for all that have the value */
	BUNDLE_PATCH_SIZE = 8,

	/* LOADS and PHASES: so many of these, in the order of the policy; no two have one name. */
	BUNDLE_LOADS_MAX = 64,
	BUNDLE_LOAD_NAME_MAX = 63, /* letters, digits, _; then zeros, one at least */
	BUNDLE_LOAD_SIZE = 64,
	BUNDLE_PHASES_MAX = 15, /* and none is called BUNDLE_PHASE_START */
	BUNDLE_PHASE_SIZE = BUNDLE_LOAD_SIZE,

	/* SANDBOX: head, uid maps, gid maps, limits, groups, hostname, without gaps. */
	BUNDLE_SANDBOX_AT_NAMESPACES = 0,       /* u32: CLONE_NEW* */
	BUNDLE_SANDBOX_AT_FLAGS = 4,            /* u32: enum bundle_sandbox_flag */
	BUNDLE_SANDBOX_AT_CAPABILITIES = 8,     /* u64: kept; 0 without its flag */
	BUNDLE_SANDBOX_AT_USER = 16,            /* u32: 0 without its flag */
	BUNDLE_SANDBOX_AT_GROUP = 20,           /* u32: 0 without its flag */
	BUNDLE_SANDBOX_AT_UID_MAP_COUNT = 24,   /* u32 */
	BUNDLE_SANDBOX_AT_GID_MAP_COUNT = 28,   /* u32 */
	BUNDLE_SANDBOX_AT_LIMIT_COUNT = 32,     /* u32 */
	BUNDLE_SANDBOX_AT_GROUP_COUNT = 36,     /* u32: 0 without its flag */
	BUNDLE_SANDBOX_AT_HOSTNAME_LENGTH = 40, /* u32: 0 for none */
	BUNDLE_SANDBOX_AT_RESERVED = 44,        /* u32: 0 */
	BUNDLE_SANDBOX_HEAD_SIZE = 48,

	/* So many extents are sure to fit into the page that the kernel takes as one map. */
	BUNDLE_MAPS_MAX = 100,
	BUNDLE_MAP_AT_INSIDE = 0,  /* u32: 0 with INSIDE_SELF */
	BUNDLE_MAP_AT_OUTSIDE = 4, /* u32: 0 with OUTSIDE_SELF */
	BUNDLE_MAP_AT_COUNT = 8,   /* u32: not 0; 1 with either flag */
	BUNDLE_MAP_AT_FLAGS = 12,  /* u32: enum bundle_map_flag */
	BUNDLE_MAP_SIZE = 16,

	/*
	 * setrlimit(2). Resources have the numbers of asm-generic/resource.h whatever the machine
	 * (mips numbers five of them otherwise, and pale-run for mips translates).
	 */
	BUNDLE_LIMITS_MAX = 16,       /* each resource once, in ascending order */
	BUNDLE_LIMIT_AT_RESOURCE = 0, /* u32: 0..15 */
	BUNDLE_LIMIT_AT_RESERVED = 4, /* u32: 0 */
	BUNDLE_LIMIT_AT_SOFT = 8,     /* u64: all ones is unlimited; not above hard */
	BUNDLE_LIMIT_AT_HARD = 16,    /* u64 */
	BUNDLE_LIMIT_SIZE = 24,

	BUNDLE_GROUPS_MAX = 1024, /* u32 each */
	BUNDLE_HOSTNAME_MAX = 64, /* the kernel's __NEW_UTS_LEN */
};

enum bundle_sandbox_flag {
	BUNDLE_SANDBOX_CAPABILITIES = 1, /* all but CAPABILITIES leave all five sets */
	BUNDLE_SANDBOX_USER = 2,
	BUNDLE_SANDBOX_GROUP = 4,
	BUNDLE_SANDBOX_GROUPS = 8, /* the supplementary groups become exactly the list */
	BUNDLE_SANDBOX_FLAGS = 15,
};

/* "Self" is the effective id of whoever runs pale-run, seen from outside. */
enum bundle_map_flag {
	BUNDLE_MAP_OUTSIDE_SELF = 1,
	BUNDLE_MAP_INSIDE_SELF = 2,
	BUNDLE_MAP_FLAGS = 3,
};

/* CLONE_NEW* by the numbers of <linux/sched.h>, which are the same on every machine. */
enum bundle_namespace {
	BUNDLE_NAMESPACE_TIME = 0x00000080,
	BUNDLE_NAMESPACE_MOUNT = 0x00020000,
	BUNDLE_NAMESPACE_CGROUP = 0x02000000,
	BUNDLE_NAMESPACE_UTS = 0x04000000,
	BUNDLE_NAMESPACE_IPC = 0x08000000,
	BUNDLE_NAMESPACE_USER = 0x10000000,
	BUNDLE_NAMESPACE_PID = 0x20000000,
	BUNDLE_NAMESPACE_NET = 0x40000000,
	BUNDLE_NAMESPACES = 0x7e020080,
};

static inline uint16_t bundle_get16(const unsigned char *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t bundle_get32(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline uint64_t bundle_get64(const unsigned char *at)
{
	return bundle_get32(at) | (uint64_t)bundle_get32(at + 4) << 32;
}

#define BUNDLE_PHASE_START "start" /* the first phase, which the bundle does not name */

/* One filter of a checked bundle; the pointers go into the bundle. */
struct bundle_filter {
	uint32_t phase;
	uint32_t machine;
	bool big_endian;
	uint32_t abi_count;
	const unsigned char *abis; /* BUNDLE_ABI_* */
	uint32_t instruction_count;
	const unsigned char *instructions; /* BUNDLE_INSTRUCTION_*, at a multiple of 8 */
	uint32_t patch_count;
	const unsigned char *patches; /* BUNDLE_PATCH_* */
};

/*
 * What a checked bundle says; the pointers go into the bundle. What is added here is applied by
 * pale-run, and applied or refused by libpale (runtime/libpale/plan.c).
 */
struct bundle_view {
	const unsigned char *name; /* NULL without one; no NUL behind it */
	uint32_t name_length;
	uint32_t filter_count;
	struct bundle_filter filters[BUNDLE_SECTIONS_MAX];
	uint32_t load_count;
	const unsigned char *loads; /* BUNDLE_LOAD_* */
	uint32_t phase_count;
	const unsigned char *phases; /* names of BUNDLE_PHASE_SIZE bytes, with a NUL behind each */

	bool has_sandbox; /* false: all below is zero */
	uint32_t namespaces;
	uint32_t flags;
	uint64_t capabilities;
	uint32_t user;
	uint32_t group;
	uint32_t uid_map_count;
	uint32_t gid_map_count;
	uint32_t limit_count;
	uint32_t group_count;
	uint32_t hostname_length;
	const unsigned char *uid_maps;
	const unsigned char *gid_maps;
	const unsigned char *limits;
	const unsigned char *groups;
	const unsigned char *hostname; /* no NUL behind it */
};

/*
 * Checks SIZE bytes as a bundle, every field of it, before anything is used, and fills VIEW. Only
 * whoever uses instructions where they stand needs BYTES at a multiple of 8. Returns NULL, or the reason for refusing as words in English; VIEW is
 * then not to be used. Of a filter's instructions the number is checked: the kernel checks the rest
 * when it loads them.
 */
const char *bundle_check(const unsigned char *bytes, uint32_t size, struct bundle_view *view);

/*
 * Whether VALUE, in two's complement, fits into BITS bits: then what is compared with it sees it whole.
 * 32 and 64 bits take a number of either sign. 16 take none below 0: k would have ones above what such
 * a comparison looks at, and never be met.
 */
static inline bool bundle_load_fits(uint32_t bits, uint64_t value)
{
	/* In halves, since some machines shift 64 bits by their compiler's library. */
	uint32_t high = (uint32_t)(value >> 32), low = (uint32_t)value;

	if (bits == 16)
		return high == 0 && low <= UINT16_MAX;
	if (bits == 32)
		return high == 0 || (high == UINT32_MAX && low >= 0x80000000);
	return true;
}

/* The filter of a phase, 0 or by entry of PHASES from 1, for a machine; NULL where there is none. */
const struct bundle_filter *bundle_find_filter(const struct bundle_view *view, uint32_t phase,
					       uint32_t machine, bool big_endian);
/* Whether call NUMBER by ARCH is of an ABI that the filter was made for. */
bool bundle_filter_serves(const struct bundle_filter *filter, uint32_t arch, uint32_t number);

/* The machine's number and the byte order that an AUDIT_ARCH belongs to; 0 for no AUDIT_ARCH. */
uint32_t bundle_arch_machine(uint32_t arch);
bool bundle_arch_big_endian(uint32_t arch);

/* The checksum that the header should bear. Requires SIZE >= BUNDLE_HEADER_SIZE. */
uint32_t bundle_crc(const unsigned char *bytes, uint32_t size);

#endif
