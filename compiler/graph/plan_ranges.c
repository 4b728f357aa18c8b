/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known behind splits and tests for equality is a range of pieces without some of its
 * single values. Of these, a tree that is good in speed takes the heaviest out first, so a cell
 * stands for the pieces [i, j] without their h heaviest single values. One whose neighbours become one
 * piece without it counts for more than it weighs.
 */
#include "compiler/graph/plan_chain.h"

#include <assert.h>

enum {
	HEAVY_MAX = 3,
};
/* A value is worth a test of its own, ahead of the rest, from this share of the weight on. */
static const double heavy_share = 0.25;
static const double worth_between = 1.1;

#define CHOICE_CHAIN 0xfffe /* a chain, or a leaf, which is a chain without tests */
#define CHOICE_HEAVY 0xfffd /* the next heaviest */

struct planner {
	const struct plan_question *question;
	const struct piece *pieces;
	uint32_t count;
	double *sums;  /* weight of the pieces before i */
	double *worth; /* of taking a piece out first; 0 for one that is no single value */
	double *costs[HEAVY_MAX + 1];     /* of [i, j] at both (i, j) and (j, i) */
	uint16_t *choices[HEAVY_MAX + 1]; /* the last piece below the split, or one of CHOICE_ */
};

/* The heaviest single values of a range, in order. Of equals the first is the heavier one. */
struct heavies {
	uint32_t count;
	uint32_t pieces[HEAVY_MAX];
};

static double piece_worth(const struct plan_question *question, uint32_t i)
{
	const struct piece *piece = &question->pieces[i];
	bool between = i > 0 && i + 1 < question->count && piece[-1].child == piece[1].child;

	return piece->single ? piece->weight * (between ? worth_between : 1) : 0;
}

static void heavies_add(struct heavies *heavies, const double *worth, uint32_t piece)
{
	uint32_t at = heavies->count;

	if (worth[piece] <= 0)
		return;
	while (at > 0 && worth[heavies->pieces[at - 1]] < worth[piece])
		at--;
	if (at == HEAVY_MAX)
		return;
	if (heavies->count < HEAVY_MAX)
		heavies->count++;
	for (uint32_t i = heavies->count - 1; i > at; i--)
		heavies->pieces[i] = heavies->pieces[i - 1];
	heavies->pieces[at] = piece;
}

static struct heavies heavies_find(const double *worth, uint32_t i, uint32_t j)
{
	struct heavies heavies = {0};

	for (uint32_t k = i; k <= j; k++)
		heavies_add(&heavies, worth, k);
	return heavies;
}

/* The weight of [i, j] without the GONE heaviest. */
static double planner_weight(const struct planner *planner, uint32_t i, uint32_t j,
			     const struct heavies *heavies, uint32_t gone)
{
	double weight = planner->sums[j + 1] - planner->sums[i];

	for (uint32_t k = 0; k < gone; k++)
		weight -= planner->pieces[heavies->pieces[k]].weight;
	return weight;
}

/* Whether [i, j] without the GONE heaviest is a case to look at. */
static bool planner_has(const struct planner *planner, uint32_t i, uint32_t j,
			const struct heavies *heavies, uint32_t gone)
{
	if (gone == 0)
		return true;
	return gone <= heavies->count &&
	       planner->worth[heavies->pieces[gone - 1]] >=
		       planner_weight(planner, i, j, heavies, gone - 1) * heavy_share;
}

static bool planner_chain(const struct planner *planner, uint32_t i, uint32_t j,
			  const struct heavies *heavies, uint32_t gone, struct chain *chain)
{
	struct chain_range range = {.first = i,
				    .last = j,
				    .gone = heavies->pieces,
				    .gone_count = gone,
				    .weight = planner_weight(planner, i, j, heavies, gone),
				    .most = planner->question->chain_max};

	return chain_find(chain, planner->question, &range);
}

/* How many of the GONE heaviest stand at or before piece K. */
static uint32_t heavies_until(const struct heavies *heavies, uint32_t gone, uint32_t k)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < gone; i++)
		count += heavies->pieces[i] <= k;
	return count;
}

/* The first of the GONE heaviest behind K, or LAST where that is before it. */
static uint32_t heavies_next(const struct heavies *heavies, uint32_t gone, uint32_t k,
			     uint32_t last)
{
	for (uint32_t i = 0; i < gone; i++)
		if (heavies->pieces[i] > k && heavies->pieces[i] < last)
			last = heavies->pieces[i];
	return last;
}

static void planner_store(const struct planner *planner, uint32_t i, uint32_t j, uint32_t gone,
			  double cost)
{
	planner->costs[gone][i * planner->count + j] = cost;
	planner->costs[gone][j * planner->count + i] = cost;
}

static void plan_split(const struct planner *planner, uint32_t i, uint32_t j,
		       const struct heavies *heavies, uint32_t gone, double *cost)
{
	double add = planner_weight(planner, i, j, heavies, gone) + planner->question->price;
	uint32_t count = planner->count, at = i * count + j;
	double best = *cost - add;
	uint32_t split = UINT32_MAX;

	for (uint32_t k = i; k < j;) {
		uint32_t before = heavies_until(heavies, gone, k);
		uint32_t until = heavies_next(heavies, gone, k, j);
		const double *left = planner->costs[before] + i * count;
		const double *right = planner->costs[gone - before] + j * count + 1;

		for (; k < until; k++) {
			double both = left[k] + right[k];

			if (__builtin_expect(both < best, 0)) {
				best = both;
				split = k;
			}
		}
	}
	if (split == UINT32_MAX)
		return;
	*cost = best + add;
	planner->choices[gone][at] = (uint16_t)split;
}

static void plan_cell(const struct planner *planner, uint32_t i, uint32_t j,
		      const struct heavies *heavies, uint32_t gone, bool *possible)
{
	uint32_t at = i * planner->count + j;
	double cost = PLAN_NEVER;
	struct chain chain;

	if (*possible) {
		*possible = planner_chain(planner, i, j, heavies, gone, &chain);
		cost = chain.cost;
		planner->choices[gone][at] = CHOICE_CHAIN;
	}
	if (gone < HEAVY_MAX && planner_has(planner, i, j, heavies, gone + 1)) {
		double peel = planner->costs[gone + 1][at] + planner->question->price +
			      planner_weight(planner, i, j, heavies, gone);

		if (peel < cost) {
			cost = peel;
			planner->choices[gone][at] = CHOICE_HEAVY;
		}
	}
	plan_split(planner, i, j, heavies, gone, &cost);
	planner_store(planner, i, j, gone, cost);
}

static void plan(const struct planner *planner)
{
	for (uint32_t i = planner->count; i-- > 0;) {
		struct heavies heavies = {0};
		/* Once a range has no chain, a longer one has none, or none of use. */
		bool possible[HEAVY_MAX + 1] = {true, true, true, true};

		for (uint32_t j = i; j < planner->count; j++) {
			heavies_add(&heavies, planner->worth, j);
			for (uint32_t gone = HEAVY_MAX + 1; gone-- > 0;) {
				if (planner_has(planner, i, j, &heavies, gone))
					plan_cell(planner, i, j, &heavies, gone, &possible[gone]);
				else
					planner_store(planner, i, j, gone, PLAN_NEVER);
			}
		}
	}
}

static const struct tree *tree_of_plan(const struct planner *planner, uint32_t i, uint32_t j,
				       uint32_t gone)
{
	uint32_t choice = planner->choices[gone][i * planner->count + j];
	struct heavies heavies = heavies_find(planner->worth, i, j);
	struct arena *arena = planner->question->arena;
	struct chain chain;
	uint32_t before;

	if (choice == CHOICE_CHAIN) {
		planner_chain(planner, i, j, &heavies, gone, &chain);
		return chain_tree(planner->question, &chain);
	}
	if (choice == CHOICE_HEAVY) {
		const struct piece *piece = &planner->pieces[heavies.pieces[gone]];

		return tree_test(arena, TREE_PEEL, piece->first, tree_leaf(arena, piece->child),
				 tree_of_plan(planner, i, j, gone + 1));
	}
	before = heavies_until(&heavies, gone, choice);
	return tree_test(arena, TREE_SPLIT, planner->pieces[choice + 1].first,
			 tree_of_plan(planner, choice + 1, j, gone - before),
			 tree_of_plan(planner, i, choice, before));
}

const struct tree *plan_ranges(const struct plan_question *question, double *cost)
{
	uint32_t count = question->count;
	size_t cells = (size_t)count * count;
	struct planner planner = {.question = question, .pieces = question->pieces, .count = count};

	assert(count > 0 && count <= PLAN_RANGES_MAX && question->chain_max <= PLAN_CHAIN_MAX);
	planner.sums = arena_alloc_array(question->arena, count + 1, sizeof(*planner.sums));
	planner.worth = arena_alloc_array(question->arena, count, sizeof(*planner.worth));
	for (uint32_t i = 0; i < count; i++) {
		planner.sums[i + 1] = planner.sums[i] + question->pieces[i].weight;
		planner.worth[i] = piece_worth(question, i);
	}
	for (uint32_t gone = 0; gone <= HEAVY_MAX; gone++) {
		planner.costs[gone] =
			arena_alloc_array(question->arena, cells, sizeof(*planner.costs[gone]));
		planner.choices[gone] =
			arena_alloc_array(question->arena, cells, sizeof(*planner.choices[gone]));
	}
	plan(&planner);
	*cost = planner.costs[0][count - 1];
	return tree_of_plan(&planner, 0, count - 1, 0);
}
