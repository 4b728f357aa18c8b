/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions made at random, on arguments that all of some calls have on all of some ABIs. */
#ifndef PALE_TESTS_FUZZ_RANDOM_CONDITION_H
#define PALE_TESTS_FUZZ_RANDOM_CONDITION_H

#include "policy-lang/base/text.h"
#include "policy-lang/catalog/call.h"
#include "tests/fuzz/dice.h"

/* What a condition can be about, and names that the policy gives. */
struct random_scope {
	struct dice *dice;
	struct text *out;
	abi_set abis;
	unsigned int number_count; /* `small0` and so on: numbers from 0 to 100 */
	unsigned int set_count;    /* `set0`: sets of such */
	unsigned int load_count;   /* `load0`: known at load */
};

/* Appends `where CONDITION` with a blank before it, unless the calls have no argument in common. */
void random_where(const struct random_scope *scope, const call_id *calls, size_t count);
/* The same for `any CALL`: on an argument that some of its equivalents have. */
void random_where_any(const struct random_scope *scope, call_id call);

/* Appends an expression whose value is VALUE, which as a number is negative where NEGATIVE is set. */
void random_number(const struct random_scope *scope, uint64_t value, bool negative);

#endif
