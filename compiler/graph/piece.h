/* SPDX-License-Identifier: Apache-2.0 */
/* A switch's branches as the planners of trees see them. */
#ifndef PALE_GRAPH_PIECE_H
#define PALE_GRAPH_PIECE_H

#include "compiler/graph/graph.h"

/*
 * The values FIRST to LAST and where they go: to CHILD, or as well to OTHER (NODE_NONE: nowhere
 * else), which decides them alike but costs TOLL more, in the unit of weights.
 */
struct piece {
	uint32_t first;
	uint32_t last;
	node_id child;
	node_id other;
	double weight; /* how often a value of it comes */
	double toll;
	bool single; /* FIRST is the only value in it that can occur */
};

/* The COUNT branches of NODE with their WEIGHTS. */
struct piece *pieces_of_switch(struct arena *arena, const struct node *node, const double *weights);

/* Whether FIRST is the only value from there to LAST that has no bit outside of MASK. */
bool value_alone(uint32_t first, uint32_t last, uint32_t mask);

/* Whether values of PIECE that can occur under MASK have no bit of BITS (zero), or one (set). */
struct piece_bits {
	bool zero;
	bool set;
};
struct piece_bits piece_bits(const struct piece *piece, uint32_t mask, uint32_t bits);

/* What it costs to send PIECE to CHILD; negative where it must not go there. */
static inline double piece_toll(const struct piece *piece, node_id child)
{
	if (piece->child == child)
		return 0;
	return piece->other == child && child != NODE_NONE ? piece->toll : -1;
}

#endif
