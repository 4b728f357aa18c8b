/* SPDX-License-Identifier: Apache-2.0 */
/* How one switch is decided: a tree of comparisons that is cheap on average, and small. */
#ifndef PALE_GRAPH_SEARCH_TREE_H
#define PALE_GRAPH_SEARCH_TREE_H

#include "compiler/graph/graph.h"

enum tree_kind {
	TREE_LEAF,  /* the switch's child */
	TREE_SPLIT, /* at least VALUE, or below */
	TREE_PEEL,  /* equal to VALUE, or not */
};

struct tree {
	enum tree_kind kind;
	uint32_t value;
	const struct tree *yes;
	const struct tree *no;
	node_id child;
};

/* What a comparison more costs in space, beside 1 for one that is always executed. */
#define TREE_SPACE_PRICE 0.004

/*
 * The tree for a switch, WEIGHTS being how often each of its branches is taken (not negative, in
 * any unit). Splits are placed by dynamic programming over the branches; single values whose
 * neighbours agree are peeled by comparing for equality, and so are single values that are taken
 * often, ahead of all others. Without OPTIMISE it is a balanced tree of splits.
 */
const struct tree *search_tree_build(struct arena *arena, const struct node *node,
				     const double *weights, bool optimise);

#endif
