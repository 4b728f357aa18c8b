/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dynamic programming over ranges of pieces with a limit to the tests on any way, which is raised
 * until there is a tree. What is possible with one test more follows from what is with one less.
 */
#include "compiler/graph/plan_chain.h"

#include <assert.h>

enum {
	LEVELS_MAX = 16,
};
#define CHOICE_CHAIN 0xffff

struct planner {
	const struct plan_question *question;
	uint32_t count;
	double *sums;  /* weight of the pieces before i */
	double *costs; /* of [i, j] with the tests that there are now, at (i, j) and (j, i) */
	double *less;  /* the same with one test less */
	uint16_t *choices[LEVELS_MAX]; /* the last piece below the split, or CHOICE_CHAIN */
};

static bool planner_chain(const struct planner *planner, uint32_t i, uint32_t j, uint32_t level,
			  struct chain *chain)
{
	uint32_t most = planner->question->chain_max;
	struct chain_range range = {.first = i,
				    .last = j,
				    .weight = planner->sums[j + 1] - planner->sums[i],
				    .most = level < most ? level : most};

	return chain_find(chain, planner->question, &range);
}

static double plan_cell(const struct planner *planner, uint32_t i, uint32_t j, uint32_t level,
			bool *possible)
{
	double add = planner->sums[j + 1] - planner->sums[i] + planner->question->price;
	uint16_t *choice = &planner->choices[level][i * planner->count + j];
	const double *left = planner->less + i * planner->count;
	const double *right = planner->less + j * planner->count + 1;
	double cost = PLAN_NEVER;
	struct chain chain;

	*choice = CHOICE_CHAIN;
	if (*possible)
		*possible = planner_chain(planner, i, j, level, &chain);
	if (*possible)
		cost = chain.cost;
	for (uint32_t k = i; level > 0 && k < j; k++) {
		/* A range that is too long for one test less does not get shorter. */
		if (left[k] >= PLAN_NEVER)
			break;
		if (left[k] + right[k] + add < cost) {
			cost = left[k] + right[k] + add;
			*choice = (uint16_t)k;
		}
	}
	return cost < PLAN_NEVER ? cost : PLAN_NEVER;
}

static void plan_level(struct planner *planner, uint32_t level)
{
	uint32_t count = planner->count;

	for (uint32_t i = 0; i < count; i++) {
		bool possible = true, reached = true;

		for (uint32_t j = i; j < count; j++) {
			double cost =
				reached ? plan_cell(planner, i, j, level, &possible) : PLAN_NEVER;

			reached = cost < PLAN_NEVER;
			planner->costs[i * count + j] = cost;
			planner->costs[j * count + i] = cost;
		}
	}
}

static const struct tree *tree_of_plan(const struct planner *planner, uint32_t i, uint32_t j,
				       uint32_t level)
{
	uint32_t choice = planner->choices[level][i * planner->count + j];
	const struct plan_question *question = planner->question;
	struct chain chain;

	if (choice == CHOICE_CHAIN) {
		planner_chain(planner, i, j, level, &chain);
		return chain_tree(question, &chain);
	}
	return tree_test(question->arena, TREE_SPLIT, question->pieces[choice + 1].first,
			 tree_of_plan(planner, choice + 1, j, level - 1),
			 tree_of_plan(planner, i, choice, level - 1));
}

const struct tree *plan_shallow(const struct plan_question *question, double *cost)
{
	struct arena *arena = question->arena;
	uint32_t count = question->count, level = 0;
	size_t cells = (size_t)count * count;
	struct planner planner = {.question = question, .count = count};

	assert(count > 0 && count <= PLAN_RANGES_MAX);
	planner.sums = arena_alloc_array(arena, count + 1, sizeof(*planner.sums));
	for (uint32_t i = 0; i < count; i++)
		planner.sums[i + 1] = planner.sums[i] + question->pieces[i].weight;
	planner.costs = arena_alloc_array(arena, cells, sizeof(*planner.costs));
	planner.less = arena_alloc_array(arena, cells, sizeof(*planner.less));
	for (;; level++) {
		double *swap = planner.less;

		/* As many pieces as there may be are halved in less. */
		assert(level < LEVELS_MAX);
		planner.less = planner.costs;
		planner.costs = swap;
		planner.choices[level] =
			arena_alloc_array(arena, cells, sizeof(*planner.choices[level]));
		plan_level(&planner, level);
		*cost = planner.costs[count - 1];
		if (*cost < PLAN_NEVER)
			return tree_of_plan(&planner, 0, count - 1, level);
	}
}
