/* SPDX-License-Identifier: Apache-2.0 */
/* A seccomp filter: classic BPF, with the policy's place behind each instruction. */
#ifndef PALE_CBPF_FILTER_H
#define PALE_CBPF_FILTER_H

#include "policy-lang/base/arena.h"
#include "policy-lang/base/source.h"
#include "policy-lang/base/text.h"
#include "policy-lang/catalog/abi.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/* What the kernel takes (BPF_MAXINSNS). */
#define FILTER_INSTRUCTIONS_MAX 4096

/* A value that is known only when the filter is loaded. */
struct filter_load {
	const char *name;
	uint8_t bits; /* 16, 32 or 64: it fits in so many, see filter_load_fits() */
};
/* An instruction whose K is half of such a value. */
struct filter_patch {
	uint32_t instruction;
	uint32_t load; /* index into struct filter's loads */
	bool high;     /* the upper 32 bits, else the lower ones */
};

struct filter {
	struct sock_filter *instructions;
	struct span *spans; /* one an instruction, {0} where no rule stands behind it; or NULL */
	uint32_t count;
	abi_set abis;    /* the ABIs that it serves; 0 where that is not known (a raw file) */
	bool big_endian; /* the byte order of the machine that runs it */
	const struct filter_load *loads; /* those of the whole policy */
	uint32_t load_count;
	const struct filter_patch *patches; /* by instruction; their K is 0 until then */
	uint32_t patch_count;
};

/*
 * Whether VALUE, a number of either sign, is one that LOAD can take: all that compares with it sees it
 * whole. (With 16 bits none below 0 is.)
 */
bool filter_load_fits(const struct filter_load *load, uint64_t value);
/* A copy of FILTER with VALUES, one for each of its loads, in their places. They all fit. */
struct filter *filter_fill(struct arena *arena, const struct filter *filter,
			   const uint64_t *values);
/* The patch of an instruction, or NULL. */
const struct filter_patch *filter_patch_find(const struct filter *filter, uint32_t instruction);

/* Writes instruction INDEX as text, without an end of line: `ld [4]`, `jeq #0x3b, 12, 7`. */
void filter_print_instruction(const struct filter *filter, uint32_t index, struct text *out);
/* The same with PREFIX before the numbers of instructions, so that they are labels. */
void filter_print_labelled(const struct filter *filter, uint32_t index, const char *prefix,
			   struct text *out);

/*
 * What seccomp would refuse in it (opcode, jump out of range, no return, load outside of struct
 * seccomp_data, length): 0, or -EINVAL with the instruction in *AT and the reason in *WHY.
 */
int filter_check(const struct filter *filter, uint32_t *at, const char **why);

/* What one run of a filter does. */
struct filter_run {
	uint32_t action;   /* the value returned */
	uint32_t executed; /* instructions, the ret included */
	uint32_t last;     /* index of the ret */
};
/* Runs a checked filter over struct seccomp_data given as 16 words in memory order. */
struct filter_run filter_simulate(const struct filter *filter, const uint32_t words[16]);

/*
 * Whether the kernel's action cache would come to an answer for the call with NUMBER from that and the
 * ABI alone, by the same rules as seccomp_is_const_allow() in kernel/seccomp.c (Linux 5.11). Then that
 * is *ANSWER, whatever the arguments.
 */
bool filter_constant(const struct filter *filter, uint32_t audit_arch, uint32_t number,
		     uint32_t *answer);
/* Whether it would prove the call always allowed. */
bool filter_cacheable(const struct filter *filter, uint32_t audit_arch, uint32_t number);

#endif
