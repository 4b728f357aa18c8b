/* SPDX-License-Identifier: Apache-2.0 */
/* The foot of a tree: tests for equality with single values that leave one child for the rest. */
#ifndef PALE_GRAPH_PLAN_CHAIN_H
#define PALE_GRAPH_PLAN_CHAIN_H

#include "compiler/graph/plan.h"

struct chain {
	double cost;
	node_id rest;
	uint32_t peeled[PLAN_CHAIN_MAX]; /* pieces, the heaviest first */
	uint32_t count;
};

/* The pieces from FIRST to LAST but for those that are GONE, WEIGHT in all. */
struct chain_range {
	uint32_t first;
	uint32_t last;
	const uint32_t *gone;
	uint32_t gone_count;
	double weight;
	uint32_t most; /* tests */
};

/*
 * The cheapest chain for RANGE; false where there is none, and then its cost is PLAN_NEVER. A
 * range whose pieces agree has a chain without tests, so that it is a leaf.
 */
bool chain_find(struct chain *chain, const struct plan_question *question,
		const struct chain_range *range);

const struct tree *chain_tree(const struct plan_question *question, const struct chain *chain);

#endif
