/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/piece.h"

bool value_alone(uint32_t first, uint32_t last, uint32_t mask)
{
	uint32_t next = first + 1;

	return first == last || !masked_value_round_up(&next, mask) || next > last;
}

struct piece *pieces_of_switch(struct arena *arena, const struct node *node, const double *weights)
{
	struct piece *pieces = arena_alloc_array(arena, node->branch_count, sizeof(*pieces));

	for (uint32_t i = 0; i < node->branch_count; i++) {
		pieces[i].first = node->branches[i].first;
		pieces[i].last = node_branch_last(node, i);
		pieces[i].child = node->branches[i].child;
		pieces[i].other = NODE_NONE;
		pieces[i].weight = weights[i];
		pieces[i].single = value_alone(pieces[i].first, pieces[i].last, node->mask);
	}
	return pieces;
}

struct piece_bits piece_bits(const struct piece *piece, uint32_t mask, uint32_t bits)
{
	uint32_t zero = piece->first, lowest, set;

	bits &= mask;
	lowest = bits & -bits;
	/* The first value from there on that has the lowest of the bits. */
	set = piece->first & bits ? piece->first : (piece->first & ~(lowest - 1)) | lowest;
	return (struct piece_bits){
		.zero = masked_value_round_up(&zero, mask & ~bits) && zero <= piece->last,
		.set = bits && set <= piece->last,
	};
}
