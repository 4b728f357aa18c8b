/* SPDX-License-Identifier: Apache-2.0 */
/* Which items of a policy can ever decide a call: an item that cannot is a mistake. */
#ifndef PALE_GRAPH_REACH_H
#define PALE_GRAPH_REACH_H

#include "compiler/graph/select.h"
#include "compiler/graph/verdict.h"

/* What is known of an item, over all its calls: on which ABIs it is so. */
struct item_reach {
	abi_set seen;            /* some rule came from it */
	abi_set reached;         /* some call is decided by it */
	abi_set satisfiable;     /* the condition of some rule of it can hold */
	abi_set taken;           /* covered_other was found there */
	const struct rule *rule; /* the first of its rules */
	const struct rule
		*covered_other; /* an earlier rule of another action that takes its calls */
	const struct rule *covered_same; /* an earlier rule of its own action that does */
};

struct reach {
	const struct policy_rules *rules;
	struct item_reach *items; /* as rules->items */
	uint64_t budget;          /* for finding out; what is not found out counts as reached */
	abi_set abi;              /* the one whose rules are noted now */
};

void reach_init(struct reach *reach, struct arena *arena, const struct policy_rules *rules);
/* A rule that is alone for its call and holds always. */
void reach_note_plain(struct reach *reach, const struct rule *rule);
/* All rules for one call, in order; CONDITIONS are theirs as ordered graphs. */
void reach_note_call(struct reach *reach, struct selector *selector,
		     const struct rule *const *rules, const node_id *conditions, size_t count);
/*
 * Reports items that no call reaches on any ABI; where VERDICT is optional, those that none reaches
 * on some.
 */
void reach_report(const struct reach *reach, struct verdict *verdict);

#endif
