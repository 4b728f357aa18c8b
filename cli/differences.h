/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between the ABIs of a policy, as pale check sums it up. */
#ifndef PALE_CLI_DIFFERENCES_H
#define PALE_CLI_DIFFERENCES_H

#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/text.h"

enum difference_kind {
	DIFFERENCE_HIDDEN,   /* no filter sees the argument there */
	DIFFERENCE_CONSTANT, /* there is no such constant */
	DIFFERENCE_PAIR,     /* the argument is a pair of registers, and elsewhere it is not */
	DIFFERENCE_ABSENT,   /* there is no such call */
};

struct difference {
	enum difference_kind kind;
	abi_set abis;         /* where it is so: some of the policy's ABIs */
	const char *name;     /* of the call or constant */
	const char *argument; /* HIDDEN, PAIR */
	const char *other;    /* ABSENT: a call that stands for it on all of ABIS; or NULL */
};

struct difference_list {
	VEC(struct difference) items;
};

/* The differences that were noted in RULES, by kind, set of ABIs and name. */
struct difference_list differences_list(struct arena *arena, const struct policy_rules *rules);

/* Writes them in lines for people; nothing where there are none and no ABI has failed. */
void differences_print(struct arena *arena, const struct policy_rules *rules,
		       const struct difference_list *list, struct text *out);
/*
 * Writes them as JSON:
 *
 *	{"abis": [...], "asked": [...], "failed": [...], "differences": [{"kind", "name",
 *	  "argument", "other", "abis"}]}
 *
 * where "asked" are the ABIs that the policy is for, "failed" those that it would not compile for,
 * and "argument" and "other" are null where there is none. False where memory ran out.
 */
bool differences_print_json(const struct policy_rules *rules, const struct difference_list *list,
			    struct text *out);

#endif
