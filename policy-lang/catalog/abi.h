/* SPDX-License-Identifier: Apache-2.0 */
/* The ABIs: what struct seccomp_data holds for each, and how its calls pass their arguments. */
#ifndef PALE_CATALOG_ABI_H
#define PALE_CATALOG_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum abi_id {
	ABI_X86_64,
	ABI_X86,
	ABI_X32,
	ABI_ARM,
	ABI_AARCH64,
	ABI_MIPS,
	ABI_MIPSEL,
	ABI_MIPS64,
	ABI_MIPSEL64,
	ABI_MIPS64N32,
	ABI_MIPSEL64N32,
	ABI_RISCV64,
	ABI_PPC64LE,
	ABI_S390X,
	ABI_LOONGARCH64,
	ABI_COUNT
};

/* A set of ABIs, bit N for enum abi_id N. */
typedef uint32_t abi_set;
#define ABI_BIT(id) ((abi_set)1 << (id))
_Static_assert(ABI_COUNT < 32, "a set of ABIs has 32 bits");

/*
 * One ABI. Several may share an AUDIT_ARCH (x86_64 and x32), told apart by the call number: an
 * ABI owns the numbers [number_first, number_last].
 */
struct abi {
	enum abi_id id;
	const char *name;           /* as libseccomp spells it */
	const char *const *aliases; /* NULL-terminated: "amd64", ... */
	uint32_t audit_arch;        /* AUDIT_ARCH_* of <linux/audit.h> */
	uint32_t number_first;      /* of the numbers that the kernel takes for this ABI */
	uint32_t number_last;
	uint32_t number_base;    /* where call numbers start: 0, 0x40000000, 4000, ... */
	uint32_t number_private; /* the machine's own calls stand from here on, far above the
				    others (arm); 0 where there are none */
	uint8_t long_bits;       /* width of a long and of a register as the kernel reads it */
	uint8_t pointer_bits;
	bool big_endian;
	bool pair_aligned;   /* a 64-bit argument begins at an even register */
	uint8_t memory_from; /* the first argument that is passed in memory, which the kernel reads
				once for the call and again for the filter (o32); 0: none is */
	bool cache_native;   /* the action cache serves it (SECCOMP_ARCH_NATIVE or _COMPAT) */
	bool ilp32;          /* programs have longs of 32 bits in registers of 64 (x32, n32) */
	const char *machine; /* its family: ABIs that one kernel runs share it, if of one order */
	const char *machine_ordered; /* the same with the byte order, for families of both */
};

/* Requires ID < ABI_COUNT. */
const struct abi *abi_get(enum abi_id id);
/* The ABI that this program was built for; NULL where the catalogue lacks it. */
const struct abi *abi_host(void);
/* By name or alias; NULL where there is none. */
const struct abi *abi_find(const char *name);
/* The ABI a call came in by, from the two words that the filter sees; NULL for none known. */
const struct abi *abi_identify(uint32_t audit_arch, uint32_t number);

/*
 * The machine of an ABI: all ABIs that a kernel of its family and byte order runs, ABI's own among
 * them. They share a filter, which no other machine can run.
 */
abi_set abi_machine(const struct abi *abi);
/*
 * What people call that machine: its family, with the byte order where the family has both
 * ("x86", "mips, big-endian").
 */
const char *abi_machine_name(const struct abi *abi);
/* Every ABI of the catalogue. */
#define ABI_ALL (ABI_BIT(ABI_COUNT) - 1)
/* The first ABI of a set, in the order of enum abi_id; NULL for none. */
const struct abi *abi_first(abi_set abis);

/* Byte offsets in struct seccomp_data of the 32-bit words of argument INDEX. */
uint32_t abi_word_low(const struct abi *abi, unsigned int index);
uint32_t abi_word_high(const struct abi *abi, unsigned int index);

#endif
