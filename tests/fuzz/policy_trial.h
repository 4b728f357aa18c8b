/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold for every policy: it is refused with a diagnostic, or each of its filters, made small
 * or plain, is proved, reads as the same diagram as the policy, and answers so in the simulator.
 */
#ifndef PALE_TESTS_FUZZ_POLICY_TRIAL_H
#define PALE_TESTS_FUZZ_POLICY_TRIAL_H

#include "policy-lang/base/diag.h"
#include "tests/fuzz/random_policy.h"

struct trial_counts {
	uint64_t policies;
	uint64_t proved;                    /* policies, on each machine that they are for */
	uint64_t refused;                   /* whatever was left out of them */
	uint64_t refusals[DIAG_CODE_COUNT]; /* the first error of those */
	uint64_t dropped;                   /* lines left out: the compiler said what is wrong */
	uint64_t filters;
	uint64_t instructions;
	uint64_t calls; /* simulated */
	uint64_t expectations;
	uint64_t tighter;         /* phases that the one before them can be followed by */
	uint64_t wider;           /* and those that are refused */
	uint64_t abis[ABI_COUNT]; /* policies for each */
};

/*
 * Tries POLICY, from which lines are dropped until it compiles. What does not hold is printed with the
 * policy, and ends the program.
 */
void policy_trial(struct random_policy *policy, struct dice *dice, struct trial_counts *counts);

#endif
