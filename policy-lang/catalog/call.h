/* SPDX-License-Identifier: Apache-2.0 */
/* System calls: names, signatures, numbers per ABI, and the kernel that brought each. */
#ifndef PALE_CATALOG_CALL_H
#define PALE_CATALOG_CALL_H

#include "policy-lang/catalog/abi.h"

#include <stdbool.h>
#include <stdint.h>

/* The kernel's type of an argument, which gives its width and sign on each ABI. */
enum arg_kind {
	ARG_INT,      /* int, pid_t, key_t, ...: low 32 bits, signed */
	ARG_UINT,     /* unsigned int, u32, uid_t, ...: low 32 bits */
	ARG_FD,       /* a file descriptor: low 32 bits, signed (AT_FDCWD is negative) */
	ARG_UMODE,    /* umode_t: low 16 bits */
	ARG_U16,      /* old_uid_t and the like: low 16 bits */
	ARG_LONG,     /* long, off_t, ssize_t: the ABI's long, signed */
	ARG_ULONG,    /* unsigned long, size_t: the ABI's long */
	ARG_POINTER,  /* the ABI's pointer; compared with 0 only */
	ARG_S64,      /* loff_t: 64 bits, signed; a register pair on 32-bit ABIs */
	ARG_U64,      /* u64: 64 bits; a register pair on 32-bit ABIs */
	ARG_LOW_HIGH, /* a signed 64-bit value in the low words of two registers, the low half
			 first, whatever the ABI's own order of pairs is (preadv) */
};

/* What a policy and a recording do with an argument. */
enum arg_use {
	ARG_OPAQUE, /* a descriptor, size, id or address: extremes are recorded, values are not */
	ARG_VALUE,  /* one of a few: commands, domains, options; recorded value by value */
	ARG_FLAGS,  /* bits: recorded value by value and as masks */
};

struct call_arg {
	const char *name;        /* as section 2 of the manual pages has it */
	const char *kernel_name; /* as the kernel's prototype has it, where it differs; or NULL */
	enum arg_kind kind;
	enum arg_use use;
	const char *family; /* the constants it takes ("O_", "AF_"), or NULL; see constant.h */
	uint32_t mask;      /* where constants name only a part of it (socket's type), or 0 */
};

/* Where an argument stands in struct seccomp_data, and how much of it the kernel looks at. */
struct arg_place {
	uint8_t low;  /* index of the register with the low (or only) 32 bits */
	uint8_t high; /* index of the register that has the high word of a pair; else == low */
	uint8_t bits; /* 16, 32 or 64: how many bits the kernel's entry reads */
	bool is_signed;
	bool split; /* a register pair: the high word is the LOW half of register HIGH */
};

#define CALL_ARGS_MAX 6

/* A kernel release; {0, 0} is "before 2.6.12, where history begins". */
struct kernel_version {
	uint16_t major;
	uint16_t minor;
};

struct call {
	const char *name;
	struct kernel_version since;
	const char *const *aliases; /* spellings of libc and of manuals; NULL-terminated or NULL */
};

/* Opaque number of a call in the catalogue, from 0 to call_count() - 1, ordered by name. */
typedef uint16_t call_id;
#define CALL_NONE ((call_id)0xffff)

size_t call_count(void);
const struct call *call_get(call_id id);
/* By the kernel's name; CALL_NONE where there is none. */
call_id call_find(const char *name);
/* By an alias (fstatat, pread, ...); CALL_NONE where there is none. */
call_id call_find_alias(const char *name);

/*
 * What NAME's name means on an ABI that has no call NAME: one that its headers call so too, while its
 * table has it by another name (sync_file_range2 on arm). CALL_NONE where there is none.
 */
call_id call_find_synonym(call_id name, enum abi_id abi);

/* The call's number on ABI, with the ABI's base, or -1 where the ABI lacks it. */
int64_t call_number(call_id id, enum abi_id abi);
/* The call with NUMBER (base included) on ABI, or CALL_NONE. */
call_id call_by_number(enum abi_id abi, uint32_t number);
/* BASELINE, or the first kernel that has ABI where BASELINE is older than that. */
struct kernel_version call_baseline(enum abi_id abi, struct kernel_version baseline);
/*
 * The highest number that a call known to kernel call_baseline(ABI, BASELINE) has on ABI; private
 * ones (see struct abi) do not count.
 */
uint32_t call_highest(enum abi_id abi, struct kernel_version baseline);
/* Since when the call exists on that ABI (later than call.since where it came there later). */
struct kernel_version call_since(call_id id, enum abi_id abi);
/* The newest kernel that the catalogue knows. */
struct kernel_version call_newest_kernel(void);
/* <0, 0, >0 as A is older than, the same as or newer than B. */
int kernel_version_compare(struct kernel_version a, struct kernel_version b);

/* The call's arguments on ABI (clone's order differs); *COUNT is their number. */
const struct call_arg *call_args(call_id id, enum abi_id abi, unsigned int *count);
/* Where argument INDEX (into call_args) stands on ABI. */
struct arg_place call_arg_place(call_id id, enum abi_id abi, unsigned int index);
/* Index into call_args() of the argument with that name or kernel name, or -1. */
int call_arg_find(call_id id, enum abi_id abi, const char *name);
/*
 * Whether the call has an argument NAME on ABI that no filter can see: behind a pointer (x86's mmap)
 * or in a seventh register (sync_file_range on o32). call_args() does not list it.
 */
bool call_arg_is_hidden(call_id id, enum abi_id abi, const char *name);

/*
 * Equivalents, for `any NAME`: the calls that do the same work on ABI, NAME's own among them,
 * ordered by name. *COUNT is 0 only where no equivalent exists on ABI at all.
 */
enum equivalent_sight {
	EQUIVALENT_PLAIN,  /* its arguments are seen, or it has none to see */
	EQUIVALENT_HIDDEN, /* behind a pointer (clone3, openat2) or a multiplexer (socketcall) */
};
struct equivalent {
	call_id call;
	enum equivalent_sight sight;
};
const struct equivalent *call_equivalents(call_id id, enum abi_id abi, unsigned int *count);

/* A multiplexer (socketcall, ipc) that goes around rules on CALL where ABI has one; CALL_NONE. */
call_id call_multiplexer(call_id id, enum abi_id abi);
/* Bit N: a multiplexer makes the call where its first argument is N; 0 where none ever does. */
uint32_t call_multiplexer_values(call_id id);
/*
 * Whether the call makes another one that the filter sees in its place, with that call's number and
 * arguments (syscall of o32): a rule on it is never asked.
 */
bool call_is_transparent(call_id id);

#endif
