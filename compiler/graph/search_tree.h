/* SPDX-License-Identifier: Apache-2.0 */
/* How one switch is decided: a tree of tests that is cheap on average, and small. */
#ifndef PALE_GRAPH_SEARCH_TREE_H
#define PALE_GRAPH_SEARCH_TREE_H

#include "compiler/graph/graph.h"

enum tree_kind {
	TREE_LEAF,  /* the switch's child */
	TREE_SPLIT, /* at least VALUE, or below */
	TREE_PEEL,  /* equal to VALUE, or not */
	TREE_BITS,  /* a bit of VALUE, or none */
	TREE_CUBE, /* equal to VALUE but for the bits of CUBE; takes two and loses the word, so leaves follow */
};

struct tree {
	enum tree_kind kind;
	uint32_t value;
	uint32_t cube; /* 0 but for TREE_CUBE, whose VALUE has none of them */
	const struct tree *yes;
	const struct tree *no;
	node_id child;
};

/* What a tree is to be good in. */
enum tree_aim {
	TREE_PLAIN,   /* a balanced tree of splits, nothing cleverer */
	TREE_FAST,    /* few tests on the way, on average; but see TREE_SPACE_PRICE */
	TREE_SHALLOW, /* few on the longest way; of such trees, as TREE_TIGHT */
	TREE_TIGHT,   /* the same, with sixteen times that price */
	TREE_SMALL,   /* few tests, however long the way */
};

/* What a test more costs in space, beside 1 for one that is always executed. */
#define TREE_SPACE_PRICE 0.004

struct piece;
/* WHOLE is the weight that a test's price is a part of; where it is 0, the pieces' own. */
struct tree_goal {
	enum tree_aim aim;
	bool cubes; /* TREE_CUBE may be used */
	double whole;
};

/* Where VALUE goes on from TREE, which is no leaf. */
static inline const struct tree *tree_step(const struct tree *tree, uint32_t value)
{
	bool yes = tree->kind == TREE_SPLIT  ? value >= tree->value
		   : tree->kind == TREE_BITS ? value & tree->value
					     : (value & ~tree->cube) == tree->value;

	return yes ? tree->yes : tree->no;
}

/* The instructions that a test takes. */
static inline uint32_t tree_step_cost(const struct tree *tree)
{
	return tree->kind == TREE_CUBE ? 2 : 1;
}

/*
 * The tree for COUNT pieces of a switch over words masked with MASK. Where weights are 0, all
 * trees are as fast, and the smaller one is taken.
 */
const struct tree *search_tree_build(struct arena *arena, const struct piece *pieces,
				     uint32_t count, uint32_t mask, struct tree_goal goal);

/*
 * A tree of tests of bits alone for a switch over masked words, which needs no `and` and leaves the
 * word as it is; NULL where there is none, or one behind an `and` is cheaper.
 */
const struct tree *search_tree_of_bits(struct arena *arena, const struct piece *pieces,
				       uint32_t count, uint32_t mask, struct tree_goal goal);

#endif
