/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One part of a switch translated onto another: the numbers with a bit of their own (x32's) are
 * mostly decided as those without (x86_64's). What differs is told apart first; the rest may drop the
 * bit and go on in the tree that there is.
 */
#ifndef PALE_GRAPH_TRANSLATE_H
#define PALE_GRAPH_TRANSLATE_H

#include "compiler/graph/piece.h"
#include "compiler/graph/search_tree.h"
#include "compiler/graph/weights.h"

/* Children that are no nodes: the numbers from the bit on, and those that go on in moves[s]. */
#define NODE_ELSEWHERE (NODE_NONE - 1)
#define NODE_MOVED(s) (NODE_NONE - 2 - (s))

enum {
	MOVES_MAX = 32
};

struct translation {
	uint32_t bit;
	struct piece *low; /* the numbers below BIT, and one piece that is NODE_ELSEWHERE */
	uint32_t low_count;
	struct piece *high; /* the numbers from BIT on */
	uint32_t high_count;
	/*
	 * What the tree for LOW leaves on its way to NODE_ELSEWHERE, from the root. Jumps go forward
	 * only, so these can be gone on in from there, and the tree as a whole can not.
	 */
	const struct tree *moves[MOVES_MAX];
	uint32_t move_count;
};

/*
 * Cuts NODE, a switch over the numbers of AUDIT_ARCH, where two ABIs share it and a bit tells them
 * apart; false where that is not so.
 */
bool translation_cut(struct translation *translation, struct arena *arena,
		     const struct lowering *lowering, const struct weighing *weighing,
		     const struct node *node, uint32_t audit_arch);

/* Lets the pieces of HIGH that are decided as those of LOW go on in TREE, which is that for LOW. */
void translation_move(struct translation *translation, const struct tree *tree);

/* The part of the tree that CHILD, a leaf of a tree for HIGH, goes on in; NULL where it is a node. */
const struct tree *translation_target(const struct translation *translation, node_id child);

#endif
