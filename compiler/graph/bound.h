/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no tree can do better: the exhaustive optimum of a small switch. It shares nothing with the
 * planners but the question, so that it can be held against them.
 */
#ifndef PALE_GRAPH_BOUND_H
#define PALE_GRAPH_BOUND_H

#include "compiler/graph/piece.h"
#include "compiler/graph/search_tree.h"

/* The most pieces of a switch for which there is a bound: it solves every set of them. */
#define BOUND_PIECES_MAX 14

/*
 * The fewest tests that a tree for COUNT pieces of a switch over MASK executes on average, by the
 * pieces' weights. Tests are splits at branches, equality with single values and, with BITS, bits:
 * every set of those that branches begin with where they are few, else each of these alone, and all
 * but those that some single values have; and, where MASK is all of a word, cubes between some single
 * values. Pieces have no tolls.
 */
double bound_of_pieces(struct arena *arena, const struct piece *pieces, uint32_t count,
		       uint32_t mask, bool bits);

/* How the trees of a filter stand to the optimum, one visit of each switch taken together. */
struct bound_sum {
	uint32_t switches;
	uint32_t bounded; /* of them, those that are small enough */
	double tests;     /* that the bounded ones execute on average */
	double least;     /* and could at best */
};

/* How many tests TREE executes on average for the pieces. */
double tree_tests(const struct tree *tree, const struct piece *pieces, uint32_t count);

#endif
