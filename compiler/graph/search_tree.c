/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/search_tree.h"

#include <assert.h>
#include <string.h>

enum {
	PLAN_BRANCHES_MAX =
		192,        /* larger switches are halved by weight until they are this small */
	PEEL_CHAIN_MAX = 4, /* comparisons for equality in a row at the foot of a tree */
	PEEL_FRONT_MAX = 6, /* and ahead of all others */
};

/* Every branch as an interval. */
struct piece {
	uint32_t first;
	uint32_t last;
	node_id child;
	double weight;
	bool single; /* FIRST is the only value in it that can occur */
};

/* What is best for the pieces [i, j]. */
struct plan_cell {
	double cost;
	uint16_t split; /* the last piece below the split, or one of: */
};
#define CHOICE_LEAF 0xffff
#define CHOICE_CHAIN 0xfffe

struct planner {
	struct arena *arena;
	const struct piece *pieces;
	uint32_t count;
	double *sums;            /* weight of the pieces before i */
	struct plan_cell *cells; /* count * count */
	double price;
};

/* Comparisons for equality with single values that leave one child for all the rest. */
struct chain {
	node_id rest;
	uint32_t peeled[PEEL_CHAIN_MAX]; /* pieces, the heaviest first */
	uint32_t count;
};

static double planner_weight(const struct planner *planner, uint32_t i, uint32_t j)
{
	return planner->sums[j + 1] - planner->sums[i];
}

static struct plan_cell *planner_cell(const struct planner *planner, uint32_t i, uint32_t j)
{
	return &planner->cells[i * planner->count + j];
}

/* Orders by weight as it inserts. */
static bool chain_peel(struct chain *chain, const struct piece *pieces, uint32_t piece)
{
	uint32_t at;

	if (chain->count == PEEL_CHAIN_MAX)
		return false;
	for (at = chain->count++; at > 0; at--) {
		if (pieces[chain->peeled[at - 1]].weight >= pieces[piece].weight)
			break;
		chain->peeled[at] = chain->peeled[at - 1];
	}
	chain->peeled[at] = piece;
	return true;
}

/*
 * Extends a chain for the pieces [i, j - 1] by piece J. False where no chain can do it, and then
 * none can for more pieces either. REST is the child of the first piece that is no single value.
 */
static bool chain_extend(struct chain *chain, const struct piece *pieces, uint32_t j)
{
	const struct piece *piece = &pieces[j];

	if (piece->child == chain->rest)
		return true;
	if (piece->single)
		return chain_peel(chain, pieces, j);
	if (chain->rest != NODE_NONE)
		return false;
	/* What was peeled so far and has this child need not be peeled. */
	chain->rest = piece->child;
	for (uint32_t from = 0, to = 0, count = chain->count; from < count; from++) {
		if (pieces[chain->peeled[from]].child == chain->rest)
			chain->count--;
		else
			chain->peeled[to++] = chain->peeled[from];
	}
	return true;
}

/* A chain over single values only leaves the lightest of them as the rest. */
static void chain_close(struct chain *chain, const struct piece *pieces)
{
	if (chain->rest != NODE_NONE)
		return;
	assert(chain->count > 0);
	chain->rest = pieces[chain->peeled[--chain->count]].child;
}

static double chain_cost(const struct planner *planner, const struct chain *chain, double weight)
{
	double cost = 0;

	for (uint32_t i = 0; i < chain->count; i++) {
		cost += weight + planner->price;
		weight -= planner->pieces[chain->peeled[i]].weight;
	}
	return cost;
}

/* The chain for [i, j], made anew. */
static struct chain chain_find(const struct piece *pieces, uint32_t i, uint32_t j)
{
	struct chain chain = {.rest = NODE_NONE};

	for (uint32_t k = i; k <= j; k++)
		if (!chain_extend(&chain, pieces, k))
			assert(!"a chain that was there before");
	chain_close(&chain, pieces);
	return chain;
}

static void plan_split(const struct planner *planner, uint32_t i, uint32_t j,
		       struct plan_cell *cell)
{
	double add = planner_weight(planner, i, j) + planner->price;
	const struct plan_cell *left = planner_cell(planner, i, i);
	const struct plan_cell *right = planner_cell(planner, i + 1, j);

	for (uint32_t k = i; k < j; k++) {
		double cost = left->cost + right->cost + add;

		if (cost < cell->cost) {
			cell->cost = cost;
			cell->split = (uint16_t)k;
		}
		left++;
		right += planner->count;
	}
}

static void plan(struct planner *planner)
{
	uint32_t count = planner->count;

	planner->sums[0] = 0;
	for (uint32_t i = 0; i < count; i++)
		planner->sums[i + 1] = planner->sums[i] + planner->pieces[i].weight;
	for (uint32_t i = count; i-- > 0;) {
		struct chain growing = {.rest = NODE_NONE};
		bool possible = true;

		for (uint32_t j = i; j < count; j++) {
			struct plan_cell *cell = planner_cell(planner, i, j);

			cell->cost = 1e300;
			possible = possible && chain_extend(&growing, planner->pieces, j);
			if (i == j) {
				*cell = (struct plan_cell){0, CHOICE_LEAF};
				continue;
			}
			if (possible) {
				struct chain chain = growing;

				chain_close(&chain, planner->pieces);
				cell->cost =
					chain_cost(planner, &chain, planner_weight(planner, i, j));
				cell->split = CHOICE_CHAIN;
			}
			plan_split(planner, i, j, cell);
		}
	}
}

static struct tree *tree_new(struct arena *arena, enum tree_kind kind, uint32_t value,
			     const struct tree *yes, const struct tree *no)
{
	struct tree *tree = arena_alloc(arena, sizeof(*tree));

	*tree = (struct tree){.kind = kind, .value = value, .yes = yes, .no = no};
	return tree;
}

static const struct tree *tree_leaf(struct arena *arena, node_id child)
{
	struct tree *tree = tree_new(arena, TREE_LEAF, 0, NULL, NULL);

	tree->child = child;
	return tree;
}

static const struct tree *tree_from_plan(const struct planner *planner, uint32_t i, uint32_t j)
{
	const struct plan_cell *cell = planner_cell(planner, i, j);
	const struct piece *pieces = planner->pieces;

	if (cell->split == CHOICE_LEAF)
		return tree_leaf(planner->arena, pieces[i].child);
	if (cell->split == CHOICE_CHAIN) {
		struct chain chain = chain_find(pieces, i, j);
		const struct tree *tree = tree_leaf(planner->arena, chain.rest);

		for (uint32_t k = chain.count; k-- > 0;)
			tree = tree_new(planner->arena, TREE_PEEL, pieces[chain.peeled[k]].first,
					tree_leaf(planner->arena, pieces[chain.peeled[k]].child),
					tree);
		return tree;
	}
	return tree_new(planner->arena, TREE_SPLIT, pieces[cell->split + 1].first,
			tree_from_plan(planner, cell->split + 1, j),
			tree_from_plan(planner, i, cell->split));
}

/* The plan for COUNT pieces, and its cost. The planner's tables are scratch of the caller's. */
static const struct tree *plan_tree(struct planner *planner, const struct piece *pieces,
				    uint32_t count, double *cost)
{
	double total = 0, left = 0;
	const struct tree *yes, *no;
	double cost_yes, cost_no;
	uint32_t half = 0;

	if (count <= PLAN_BRANCHES_MAX) {
		planner->pieces = pieces;
		planner->count = count;
		plan(planner);
		*cost = planner_cell(planner, 0, count - 1)->cost;
		return tree_from_plan(planner, 0, count - 1);
	}
	for (uint32_t i = 0; i < count; i++)
		total += pieces[i].weight;
	/* Not too far from the middle, so that the depth stays that of a logarithm. */
	while (half < count / 4 || (half < count * 3 / 4 && left < total / 2))
		left += pieces[half++].weight;
	yes = plan_tree(planner, pieces + half, count - half, &cost_yes);
	no = plan_tree(planner, pieces, half, &cost_no);
	*cost = total + planner->price + cost_yes + cost_no;
	return tree_new(planner->arena, TREE_SPLIT, pieces[half].first, yes, no);
}

static uint32_t heaviest_single(const struct piece *pieces, uint32_t count)
{
	uint32_t best = count;

	for (uint32_t i = 0; i < count; i++)
		if (pieces[i].single && (best == count || pieces[i].weight > pieces[best].weight))
			best = i;
	return best;
}

/* The pieces without one, whose value falls to the piece before it (or behind, for the first). */
static uint32_t pieces_without(struct piece *rest, const struct piece *pieces, uint32_t count,
			       uint32_t gone)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct piece *last = used ? &rest[used - 1] : NULL;

		if (i == gone) {
			if (last)
				last->last = pieces[i].last;
			continue;
		}
		if (last && last->child == pieces[i].child) {
			last->last = pieces[i].last;
			last->weight += pieces[i].weight;
			last->single = false;
			continue;
		}
		rest[used] = pieces[i];
		if (!used && gone == 0) {
			rest[used].first = pieces[0].first;
			rest[used].single = false;
		}
		used++;
	}
	return used;
}

/*
 * The best tree for the pieces, perhaps with the heaviest single value compared first. To peel a
 * light one in front never pays, so only one that takes an eighth of the weight is tried.
 */
static const struct tree *plan_front(struct planner *planner, const struct piece *pieces,
				     uint32_t count, uint32_t depth, double *cost)
{
	const struct tree *tree = plan_tree(planner, pieces, count, cost);
	const struct tree *behind;
	struct piece *rest;
	double total = 0, rest_cost;
	uint32_t single, rest_count;

	single = heaviest_single(pieces, count);
	for (uint32_t i = 0; i < count; i++)
		total += pieces[i].weight;
	if (depth == 0 || count < 3 || single == count || pieces[single].weight < total / 8)
		return tree;
	rest = arena_alloc_array(planner->arena, count, sizeof(*rest));
	rest_count = pieces_without(rest, pieces, count, single);
	behind = plan_front(planner, rest, rest_count, depth - 1, &rest_cost);
	if (rest_cost + total + planner->price >= *cost)
		return tree;
	*cost = rest_cost + total + planner->price;
	return tree_new(planner->arena, TREE_PEEL, pieces[single].first,
			tree_leaf(planner->arena, pieces[single].child), behind);
}

static const struct tree *tree_balanced(struct arena *arena, const struct piece *pieces,
					uint32_t count)
{
	uint32_t half = count / 2;

	if (count == 1)
		return tree_leaf(arena, pieces[0].child);
	return tree_new(arena, TREE_SPLIT, pieces[half].first,
			tree_balanced(arena, pieces + half, count - half),
			tree_balanced(arena, pieces, half));
}

static bool value_alone(uint32_t first, uint32_t last, uint32_t mask)
{
	uint32_t next = first + 1;

	return first == last || !masked_value_round_up(&next, mask) || next > last;
}

const struct tree *search_tree_build(struct arena *arena, const struct node *node,
				     const double *weights, bool optimise)
{
	uint32_t count = node->branch_count;
	struct piece *pieces = arena_alloc_array(arena, count, sizeof(*pieces));
	uint32_t planned = count < PLAN_BRANCHES_MAX ? count : PLAN_BRANCHES_MAX;
	struct planner planner = {.arena = arena};
	double total = 0, cost;

	assert(count > 0);
	for (uint32_t i = 0; i < count; i++) {
		pieces[i].first = node->branches[i].first;
		pieces[i].last = node_branch_last(node, i);
		pieces[i].child = node->branches[i].child;
		pieces[i].single = value_alone(pieces[i].first, pieces[i].last, node->mask);
		pieces[i].weight = weights[i];
		total += weights[i];
	}
	if (!optimise)
		return tree_balanced(arena, pieces, count);
	planner.price = (total > 0 ? total : 1) * TREE_SPACE_PRICE;
	planner.sums = arena_alloc_array(arena, planned + 1, sizeof(*planner.sums));
	planner.cells = arena_alloc_array(arena, (size_t)planned * planned, sizeof(*planner.cells));
	return plan_front(&planner, pieces, count, PEEL_FRONT_MAX, &cost);
}
