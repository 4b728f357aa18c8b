/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a policy by itself: rules that no call reaches, and expectations that do not
 * hold. Decided exactly; to say it in words is for others.
 */
#ifndef PALE_PROVE_JUDGE_H
#define PALE_PROVE_JUDGE_H

#include "compiler/prove/meaning.h"

/* What is known of an item over all its calls: on which ABIs it is so. */
struct item_finding {
	abi_set seen;                          /* some rule came from it */
	abi_set reached;                       /* some call is decided by it */
	abi_set satisfiable;                   /* the condition of some rule of it can hold */
	abi_set taken;                         /* covered_other was found there */
	const struct read_rule *rule;          /* the first of its rules */
	const struct read_rule *covered_other; /* an earlier rule of another action that takes
						  its calls */
	const struct read_rule *covered_same;  /* an earlier rule of its own action that does */
};

/* Fills FINDINGS, which are zeros, one for each item of the reading. */
void judge_items(struct diagrams *diagrams, const struct policy_meaning *meaning,
		 struct item_finding *findings);

/* A call that an expectation means and that gets something else. */
struct expectation_failure {
	const struct read_expectation *expectation;
	uint32_t words[WORD_COUNT];
	uint8_t atoms[ATOMS_MAX]; /* 1 for each that holds for the call */
	uint32_t answer;
	struct span place; /* where the policy says so */
};

/* False where EXPECTATION, of an ABI in MEANING, does not hold; FAILURE then has a call. */
bool judge_expectation(struct diagrams *diagrams, const struct policy_meaning *meaning,
		       const struct read_expectation *expectation,
		       struct expectation_failure *failure);

#endif
