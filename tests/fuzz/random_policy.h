/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies made at random: texts with every form that doc/language.md has but `include` and `sandbox`,
 * and what has to be given with them. Most compile, once lines that nothing can reach or that
 * always hold are taken out (random_policy_drop()).
 */
#ifndef PALE_TESTS_FUZZ_RANDOM_POLICY_H
#define PALE_TESTS_FUZZ_RANDOM_POLICY_H

#include "compiler/resolve/resolve.h"
#include "tests/fuzz/dice.h"

enum {
	RANDOM_DEFINITIONS_MAX = 4,
};

struct random_policy {
	struct text text;
	abi_set abis; /* those of its `arch`: one machine's, or rarely several */
	struct definition definitions[RANDOM_DEFINITIONS_MAX];
	size_t definition_count;
};

/* The texts of the definitions live in ARENA; the policy's own is released by the caller. */
void random_policy_make(struct arena *arena, struct dice *dice, struct random_policy *policy);

/*
 * Blanks the line that holds byte AT, if what stands there can be left out: a rule, a `let`. False
 * where it cannot, or is gone already.
 */
bool random_policy_drop(struct random_policy *policy, uint32_t at);

#endif
