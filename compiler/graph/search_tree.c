/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/search_tree.h"

#include "compiler/graph/plan.h"

#include <assert.h>

/* Tests for equality in a row at the foot of a tree. */
enum {
	CHAIN_FAST = 4,
	CHAIN_SMALL = PLAN_CHAIN_MAX,
	EXPANDED_BITS = 3, /* a mask with so few bits is looked at value by value */
};

static const double prices[] = {
	[TREE_FAST] = TREE_SPACE_PRICE,
	[TREE_SHALLOW] = 16 * TREE_SPACE_PRICE,
	[TREE_TIGHT] = 16 * TREE_SPACE_PRICE,
	[TREE_SMALL] = 1000,
};

const struct tree *tree_leaf(struct arena *arena, node_id child)
{
	struct tree *tree = arena_alloc(arena, sizeof(*tree));

	*tree = (struct tree){.kind = TREE_LEAF, .child = child};
	return tree;
}

struct tree *tree_test(struct arena *arena, enum tree_kind kind, uint32_t value,
		       const struct tree *yes, const struct tree *no)
{
	struct tree *tree = arena_alloc(arena, sizeof(*tree));

	*tree = (struct tree){.kind = kind, .value = value, .yes = yes, .no = no};
	return tree;
}

static double pieces_weight(const struct piece *pieces, uint32_t count)
{
	double weight = 0;

	for (uint32_t i = 0; i < count; i++)
		weight += pieces[i].weight;
	return weight;
}

/* Where the pieces are halved by weight, but not so far from the middle that the tree gets deep. */
static uint32_t pieces_half(const struct piece *pieces, uint32_t count)
{
	double total = pieces_weight(pieces, count), left = 0;
	uint32_t half = 0;

	while (half < count / 4 || (half < count * 3 / 4 && left < total / 2))
		left += pieces[half++].weight;
	return half;
}

static const struct tree *tree_find(struct plan_question question)
{
	struct plan_question above = question, below = question;
	double cost;

	if (question.count <= PLAN_EXACT_MAX)
		return plan_exact(&question, &cost);
	if (question.count <= PLAN_RANGES_MAX)
		return question.shallow ? plan_shallow(&question, &cost)
					: plan_ranges(&question, &cost);
	below.count = question.shallow ? question.count / 2
				       : pieces_half(question.pieces, question.count);
	above.pieces += below.count;
	above.count -= below.count;
	return tree_test(question.arena, TREE_SPLIT, above.pieces[0].first, tree_find(above),
			 tree_find(below));
}

static const struct tree *tree_balanced(struct arena *arena, const struct piece *pieces,
					uint32_t count)
{
	uint32_t half = count / 2;

	if (count == 1)
		return tree_leaf(arena, pieces[0].child);
	return tree_test(arena, TREE_SPLIT, pieces[half].first,
			 tree_balanced(arena, pieces + half, count - half),
			 tree_balanced(arena, pieces, half));
}

static struct plan_question question_of(struct arena *arena, const struct piece *pieces,
					uint32_t count, uint32_t mask, struct tree_goal goal)
{
	double whole = goal.whole > 0 ? goal.whole : pieces_weight(pieces, count);

	/* No way through a small tree is long. */
	if (goal.aim == TREE_SHALLOW && count <= PLAN_EXACT_MAX)
		goal.aim = TREE_FAST;
	assert(count > 0);
	return (struct plan_question){
		.cubes = goal.cubes && mask == UINT32_MAX,
		.arena = arena,
		.pieces = pieces,
		.count = count,
		.mask = mask,
		.price = (whole > 0 ? whole : 1) * prices[goal.aim],
		.shallow = goal.aim == TREE_SHALLOW,
		.chain_max = goal.aim == TREE_SMALL ? CHAIN_SMALL : CHAIN_FAST,
	};
}

const struct tree *search_tree_build(struct arena *arena, const struct piece *pieces,
				     uint32_t count, uint32_t mask, struct tree_goal goal)
{
	if (goal.aim == TREE_PLAIN)
		return tree_balanced(arena, pieces, count);
	return tree_find(question_of(arena, pieces, count, mask, goal));
}

/* Each value that can occur as a piece of its own. */
static struct piece *pieces_expand(struct arena *arena, const struct piece *pieces, uint32_t count,
				   uint32_t mask)
{
	uint32_t values = 1u << __builtin_popcount(mask), used = 0;
	struct piece *expanded = arena_alloc_array(arena, values, sizeof(*expanded));

	for (uint32_t i = 0; i < count; i++) {
		uint32_t value = pieces[i].first, before = used;

		do {
			expanded[used] = pieces[i];
			expanded[used].first = expanded[used].last = value++;
			expanded[used++].single = true;
		} while (masked_value_round_up(&value, mask) && value <= pieces[i].last);
		for (uint32_t j = before; j < used; j++)
			expanded[j].weight /= used - before;
	}
	assert(used == values);
	return expanded;
}

const struct tree *search_tree_of_bits(struct arena *arena, const struct piece *pieces,
				       uint32_t count, uint32_t mask, struct tree_goal goal)
{
	struct plan_question masked, bits;
	double cost, cost_of_bits;
	const struct tree *tree;

	if (goal.aim == TREE_PLAIN || count > PLAN_EXACT_MAX)
		return NULL;
	masked = bits = question_of(arena, pieces, count, mask, goal);
	bits.bits_only = true;
	if (__builtin_popcount(mask) <= EXPANDED_BITS) {
		bits.pieces = pieces_expand(arena, pieces, count, mask);
		bits.count = 1u << __builtin_popcount(mask);
	}
	plan_exact(&masked, &cost);
	tree = plan_exact(&bits, &cost_of_bits);
	cost += pieces_weight(pieces, count) + masked.price;
	return tree && cost_of_bits <= cost ? tree : NULL;
}
