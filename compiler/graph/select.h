/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions about one call, as ordered graphs: on every way down, switches come in the order of
 * (word, then the wider mask first, then values known only at load), each at most once. Two ordered graphs over the same words
 * are combined by walking both at once.
 */
#ifndef PALE_GRAPH_SELECT_H
#define PALE_GRAPH_SELECT_H

#include "compiler/graph/graph.h"

/* Leaves of graphs that say yes or no. Neither is an action that a policy can give. */
#define LEAF_NO 0xfffffffeu
#define LEAF_YES 0xffffffffu

/* Remembers what was combined. Start with selector_init(). */
struct selector {
	struct graph *graph;
	struct {
		node_id condition, yes, no, result;
	} * memo;
	uint32_t memo_size;
	uint32_t memo_used;
	node_id no, yes; /* the leaves */
};
void selector_init(struct selector *selector, struct graph *graph);

/* YES where CONDITION (leaves LEAF_YES and LEAF_NO) says yes, else NO. All three are ordered. */
node_id graph_select(struct selector *selector, node_id condition, node_id yes, node_id no);
/* A condition as an ordered graph with the leaves LEAF_YES and LEAF_NO. */
node_id graph_condition(struct selector *selector, const struct condition *condition);

#endif
