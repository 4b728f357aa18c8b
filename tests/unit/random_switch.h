/* SPDX-License-Identifier: Apache-2.0 */
/* Switches by chance, for the tests of what becomes of them. */
#ifndef PALE_TESTS_RANDOM_SWITCH_H
#define PALE_TESTS_RANDOM_SWITCH_H

#include "compiler/graph/piece.h"
#include "compiler/graph/search_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	BRANCHES_MAX = 400,
};

static uint64_t random_state;

static inline uint32_t random_word(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) ^ (uint32_t)(random_state >> 11);
}

static inline uint32_t random_below(uint32_t limit)
{
	return random_word() % limit;
}

struct random_switch {
	struct arena arena;
	struct branch branches[BRANCHES_MAX];
	double weights[BRANCHES_MAX];
	struct node node;
	struct piece *pieces;
};

/* How far the values of a switch may go, and how far they are from each other. */
enum spread {
	SPREAD_DENSE,     /* next to each other, as numbers of calls */
	SPREAD_SMALL,     /* below 32 */
	SPREAD_SCATTERED, /* anywhere, as ioctl commands */
	SPREAD_BITS,      /* what a few bits make, and their neighbours, as personalities */
	SPREAD_COUNT
};

/* From VALUE to one that a few bits make: those that the seed says. */
static inline uint32_t step_bits(uint32_t value)
{
	uint32_t bits = 0x8 | 0x100 | 0x20000;

	if (value & ~bits || random_below(8) == 0)
		return 1 + random_below(2);
	return random_below(3) ? 1 : ((value - bits) & bits) - value;
}

static inline uint32_t random_step(enum spread spread, uint32_t value)
{
	switch (spread) {
	case SPREAD_BITS:
		return step_bits(value);
	case SPREAD_DENSE:
		return 1 + random_below(random_below(3) ? 3 : 20);
	case SPREAD_SMALL:
		return 1 + random_below(3);
	default:
		return 1 + random_below(random_below(4) ? 0x2000000 : 2);
	}
}

static inline double random_weight(void)
{
	switch (random_below(3)) {
	case 0:
		return 1;
	case 1:
		return 1 + random_below(10);
	default:
		return random_below(5) ? 1 : 5 * random_below(40);
	}
}

/* A switch with COUNT branches at most; neighbours have different children, as a graph's have. */
static inline void switch_begin(struct random_switch *made, uint32_t count, enum spread spread,
				uint32_t mask, uint32_t children)
{
	uint64_t next = 0;
	uint32_t used = 0;

	memset(made, 0, sizeof(*made));
	assert_int_equal(arena_init(&made->arena), 0);
	while (used < count && next <= UINT32_MAX) {
		uint32_t first = (uint32_t)next;
		node_id child = random_below(children);

		next += random_step(spread, (uint32_t)next);
		if (!masked_value_round_up(&first, mask))
			break;
		if (used && (first <= made->branches[used - 1].first ||
			     child == made->branches[used - 1].child))
			continue;
		made->weights[used] = random_weight();
		made->branches[used++] = (struct branch){first, child};
		if (next < first)
			next = first;
	}
	made->branches[0].first = 0;
	made->node = (struct node){.mask = mask, .branch_count = used, .branches = made->branches};
	made->pieces = pieces_of_switch(&made->arena, &made->node, made->weights);
}

static inline const struct tree *walk(const struct tree *tree, uint32_t value)
{
	while (tree->kind != TREE_LEAF)
		tree = tree_step(tree, value);
	return tree;
}

static inline uint32_t tree_size(const struct tree *tree)
{
	return tree->kind == TREE_LEAF ? 0 : 1 + tree_size(tree->yes) + tree_size(tree->no);
}

/* Every small value, those at the edges, and some more, as far as they can occur. */
static inline void check_answers(const struct random_switch *made, const struct tree *tree)
{
	const struct node *node = &made->node;

	for (uint32_t i = 0; i < 200 + 3 * node->branch_count; i++) {
		uint32_t value = i < 100   ? i
				 : i < 200 ? random_word()
					   : node->branches[(i - 200) / 3].first + i % 3 - 1;

		value &= node->mask;
		assert_int_equal(walk(tree, value)->child, node_child(node, value));
	}
}

static inline void switch_branch(struct random_switch *made, uint32_t first, node_id child)
{
	uint32_t used = made->node.branch_count;

	if (used && made->branches[used - 1].child == child)
		return;
	assert_true(used < BRANCHES_MAX);
	made->branches[used] = (struct branch){first, child};
	made->node.branch_count++;
}

#endif
