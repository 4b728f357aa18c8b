/* SPDX-License-Identifier: Apache-2.0 */
/* From a policy's rules, as they were read, to what becomes of every call. */
#ifndef PALE_PROVE_MEANING_H
#define PALE_PROVE_MEANING_H

#include "compiler/prove/reading.h"

/* The rules for one number, in order, and what they come to. */
struct call_meaning {
	uint32_t number;
	uint32_t rule_count;
	const struct read_rule *const *rules;
	uint32_t otherwise; /* the action where none of them holds */
	diagram answer;     /* over the words of arguments */
};

struct abi_meaning {
	const struct abi_reading *reading;
	VEC(struct call_meaning) calls; /* those that rules name, by number */
};

struct policy_meaning {
	VEC(struct abi_meaning) abis; /* as those of the reading */
	struct span overflow;         /* the call whose rules passed a limit of the diagrams */
};

/* First match wins. MEANING lives in ARENA and refers to READING. */
void meaning_of(struct arena *arena, struct diagrams *diagrams,
		const struct policy_reading *reading, struct policy_meaning *meaning);

/* The call with NUMBER, or NULL where no rule names it. */
const struct call_meaning *meaning_find(const struct abi_meaning *abi, uint32_t number);
/* The answer for calls of NUMBER, which is one of the ABI's, over the words of arguments. */
diagram meaning_of_number(struct diagrams *diagrams, const struct abi_meaning *abi,
			  uint32_t number);

/*
 * The action for each call that comes to a machine whose filter serves ABIS, by way of whichever
 * ABI. One of them at least is in MEANING.
 */
diagram meaning_of_machine(struct arena *arena, struct diagrams *diagrams,
			   const struct policy_meaning *meaning, abi_set abis);

/* Where the policy says what becomes of a call; {0} where it says nothing. */
struct span meaning_place(const struct diagrams *diagrams, const struct policy_meaning *meaning,
			  abi_set abis, const uint32_t words[WORD_COUNT],
			  const uint8_t atoms[ATOMS_MAX]);

#endif
