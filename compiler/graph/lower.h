/* SPDX-License-Identifier: Apache-2.0 */
/* From rules to the graph: one ordered graph a call, under a switch over numbers and one over ABIs. */
#ifndef PALE_GRAPH_LOWER_H
#define PALE_GRAPH_LOWER_H

#include "compiler/graph/graph.h"
#include "compiler/graph/verdict.h"

/* What becomes of one call: a leaf, or an ordered graph over its arguments. */
struct call_decision {
	uint32_t number;
	call_id call;
	node_id node;
	struct span span; /* the first rule that names it */
};

/*
 * The most rules that one call may have on an ABI: each is held against those before it, and the
 * kernel takes no filter with more instructions.
 */
#define CALL_RULES_MAX 4096

/* One ABI: CALLS are those that rules name, by number; all others are UNMATCHED or UNKNOWN. */
struct lowered_abi {
	const struct ruleset *ruleset;
	VEC(struct call_decision) calls;
	node_id unmatched;
	node_id unknown;
	uint32_t conditional; /* of CALLS, how many depend on arguments */
};

struct lowering {
	struct graph graph; /* graph.root is the whole filter */
	VEC(struct lowered_abi) abis;
	node_id foreign;
};

/*
 * Lowers RULES, which are for one machine, into LOWERING, which the caller provides. A policy that outgrows the graph's limits goes to VERDICT; then
 * graph.root is NODE_NONE.
 */
void policy_lower(struct arena *arena, const struct policy_rules *rules,
		  struct graph_budget *budget, struct lowering *lowering, struct verdict *verdict);

/* The call with NUMBER, or NULL where no rule names it. */
const struct call_decision *lowered_call(const struct lowered_abi *abi, uint32_t number);
/* The decision for NUMBER on an ABI. */
node_id lowered_decision(const struct lowered_abi *abi, uint32_t number);

/* Writes the graph as text, for --dump=graph. */
void lowering_print(const struct lowering *lowering, struct text *out);

#endif
