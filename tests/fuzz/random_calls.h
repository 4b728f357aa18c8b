/* SPDX-License-Identifier: Apache-2.0 */
/* Calls made at random, near to where a filter or a policy changes its mind. */
#ifndef PALE_TESTS_FUZZ_RANDOM_CALLS_H
#define PALE_TESTS_FUZZ_RANDOM_CALLS_H

#include "compiler/cbpf/filter.h"
#include "compiler/prove/meaning.h"
#include "tests/fuzz/dice.h"

struct random_calls {
	struct dice *dice;
	const struct diagrams *diagrams;
	const struct filter *filter; /* whose constants suggest values */
	const uint64_t *loads;       /* those of its values that are known at load; or NULL */
};

/* A call of one of ABI's numbers: on some way through what the policy says of it, or on edges. */
void random_call_of(const struct random_calls *calls, const struct abi_meaning *abi,
		    const struct call_meaning *call, uint32_t words[WORD_COUNT]);
/* Any call: a number beside those of the policy, or by way of another ABI. */
void random_call_any(const struct random_calls *calls, const struct abi_meaning *abi,
		     uint32_t words[WORD_COUNT]);

/* Any words, near to the numbers in the filter. */
void random_call_near(const struct random_calls *calls, uint32_t words[WORD_COUNT]);

/* Which of the atoms hold for a call. */
void random_calls_atoms(const struct random_calls *calls, const uint32_t words[WORD_COUNT],
			uint8_t atoms[ATOMS_MAX]);

#endif
