/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a filter does what its policy says, for every call there can be. */
#ifndef PALE_PROVE_PROVE_H
#define PALE_PROVE_PROVE_H

#include "compiler/cbpf/filter.h"
#include "compiler/prove/meaning.h"

enum proof_result {
	PROOF_EQUAL,
	PROOF_DIFFERENT, /* the call in `words` tells them apart */
	PROOF_REFUSED,   /* not to be told within the limits, or not at all; `refusal` says why */
};

struct proof {
	enum proof_result result;
	uint32_t words[WORD_COUNT]; /* struct seccomp_data in memory order */
	uint8_t atoms[ATOMS_MAX];   /* 1 for each that holds for the call */
	uint32_t expected;          /* what the policy says */
	uint32_t answer;            /* what the filter says */
	struct span place;          /* where the policy says so, {0} for nowhere */
	uint32_t instruction;       /* DIFFERENT: the return; REFUSED: where it was given up */
	const char *refusal;
};

/* A number for a value that the policy leaves open. */
struct proof_value {
	const char *name;
	uint64_t number; /* two's complement */
};

/*
 * The same where VALUES, COUNT of them, are known, and FILTER has them in their places: it is held to
 * what the policy says with these numbers.
 */
struct proof prove_filled(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter,
			  const struct proof_value *values, size_t count);

/* FILTER is one that filter_check() takes, for the ABIs in filter->abis. */
struct proof prove_filter(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter);

#endif
