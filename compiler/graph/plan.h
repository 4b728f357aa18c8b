/* SPDX-License-Identifier: Apache-2.0 */
/* What the planners of search trees share. Each finds a tree for the same question. */
#ifndef PALE_GRAPH_PLAN_H
#define PALE_GRAPH_PLAN_H

#include "compiler/graph/piece.h"
#include "compiler/graph/search_tree.h"

/* PRICE is what a test costs in space, in the unit of weights; MASK is the switch's. */
struct plan_question {
	struct arena *arena;
	const struct piece *pieces;
	uint32_t count;
	uint32_t mask;
	double price;
	uint32_t chain_max; /* tests for equality in a row at the foot of a tree, at most */
	bool shallow;       /* the longest way is to be short */
	bool cubes;         /* TREE_CUBE is allowed */
	bool bits_only;     /* tests of bits and no other */
};

#define PLAN_NEVER 1e300 /* the cost of what there is no tree for */

/* The most pieces that each takes. */
enum {
	PLAN_EXACT_MAX = 12,
	PLAN_RANGES_MAX = 96,
	PLAN_CHAIN_MAX = 32,
};

/*
 * The best of all trees of the tests that there are: splits, equality, and the bits of
 * bit_tests_find(). It looks at every set of pieces that tests can leave. With bits_only there may be
 * no tree, and the result is NULL.
 */
const struct tree *plan_exact(const struct plan_question *question, double *cost);
/*
 * Dynamic programming over ranges of pieces, without tests of bits: a split, a chain of tests for
 * equality at the foot, or one test for equality with a single value that is taken often.
 */
const struct tree *plan_ranges(const struct plan_question *question, double *cost);

/*
 * The same of trees that have no longer way than need be, for switches of whose weights little is
 * known.
 */
const struct tree *plan_shallow(const struct plan_question *question, double *cost);

const struct tree *tree_leaf(struct arena *arena, node_id child);
struct tree *tree_test(struct arena *arena, enum tree_kind kind, uint32_t value,
		       const struct tree *yes, const struct tree *no);

#endif
