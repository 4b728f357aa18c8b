/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The best tree for a small switch. What is known behind some tests is which pieces are left, so
 * each set of pieces is solved once.
 */
#include "compiler/graph/bit_tests.h"
#include "compiler/graph/plan.h"

#include <assert.h>

/* A test, with the pieces that it sends to its two sides; it may be asked where no other is left. */
struct exact_test {
	enum tree_kind kind;
	uint32_t value;
	uint32_t cube;
	uint32_t yes;
	uint32_t no;
};

struct exact_cell {
	double cost;   /* negative: not known yet; NEVER: there is no tree */
	uint32_t test; /* or EXACT_LEAF */
	node_id child;
};
#define EXACT_LEAF UINT32_MAX

struct exact {
	const struct plan_question *question;
	struct exact_test tests[BIT_TESTS_MAX + CUBE_TESTS_MAX + 2 * PLAN_EXACT_MAX];
	uint32_t test_count;
	struct exact_cell *cells; /* one a set of pieces */
};

static void exact_add(struct exact *exact, enum tree_kind kind, uint32_t value, uint32_t yes,
		      uint32_t no)
{
	exact->tests[exact->test_count++] = (struct exact_test){kind, value, 0, yes, no};
}

static void exact_add_cubes(struct exact *exact)
{
	const struct plan_question *question = exact->question;
	struct cube_test tests[CUBE_TESTS_MAX];
	uint32_t count = cube_tests_find(question->pieces, question->count, question->mask, tests);

	for (uint32_t i = 0; i < count; i++) {
		exact_add(exact, TREE_CUBE, tests[i].value, tests[i].in, tests[i].out);
		exact->tests[exact->test_count - 1].cube = tests[i].cube;
	}
}

static void exact_add_tests(struct exact *exact)
{
	const struct plan_question *question = exact->question;
	uint32_t all = (1u << question->count) - 1;
	struct bit_test tests[BIT_TESTS_MAX];
	uint32_t count = bit_tests_find(question->pieces, question->count, question->mask, tests);

	for (uint32_t i = 0; i < question->count && !question->bits_only; i++)
		if (question->pieces[i].single)
			exact_add(exact, TREE_PEEL, question->pieces[i].first, 1u << i,
				  all & ~(1u << i));
	for (uint32_t i = 1; i < question->count && !question->bits_only; i++)
		exact_add(exact, TREE_SPLIT, question->pieces[i].first, all & ~((1u << i) - 1),
			  (1u << i) - 1);
	for (uint32_t i = 0; i < count; i++)
		exact_add(exact, TREE_BITS, tests[i].bits, tests[i].set, tests[i].zero);
	if (question->cubes && !question->bits_only)
		exact_add_cubes(exact);
}

/* Takes CHILD for a leaf where all pieces of SET may go there and the cell has nothing cheaper. */
static void exact_try_leaf(const struct exact *exact, uint32_t set, node_id child,
			   struct exact_cell *cell)
{
	double cost = 0;

	for (uint32_t left = set; left; left &= left - 1) {
		const struct piece *piece = &exact->question->pieces[__builtin_ctz(left)];
		double toll = piece_toll(piece, child);

		if (toll < 0)
			return;
		cost += toll;
	}
	if (cost < cell->cost)
		*cell = (struct exact_cell){cost, EXACT_LEAF, child};
}

static double exact_weight(const struct exact *exact, uint32_t set)
{
	double weight = 0;

	for (uint32_t left = set; left; left &= left - 1)
		weight += exact->question->pieces[__builtin_ctz(left)].weight;
	return weight;
}

/* What a cube costs beside one test. It loses the word, so it comes last. */
static double exact_cube_cost(const struct exact *exact, uint32_t yes, uint32_t no)
{
	if (exact->cells[yes].test != EXACT_LEAF || exact->cells[no].test != EXACT_LEAF)
		return PLAN_NEVER;
	return exact_weight(exact, yes | no) + exact->question->price;
}

static double exact_solve(struct exact *exact, uint32_t set)
{
	struct exact_cell *cell = &exact->cells[set];
	const struct piece *first = &exact->question->pieces[__builtin_ctz(set)];
	double add;

	if (cell->cost >= 0)
		return cell->cost;
	cell->cost = PLAN_NEVER;
	exact_try_leaf(exact, set, first->child, cell);
	if (first->other != NODE_NONE)
		exact_try_leaf(exact, set, first->other, cell);
	add = exact_weight(exact, set) + exact->question->price;
	for (uint32_t i = 0; i < exact->test_count; i++) {
		const struct exact_test *test = &exact->tests[i];
		uint32_t yes = set & test->yes, no = set & test->no;
		double cost = add;

		if (!yes || !no || (yes | no) != set || cost >= cell->cost)
			continue;
		cost += exact_solve(exact, yes);
		cost += exact_solve(exact, no);
		if (test->kind == TREE_CUBE)
			cost += exact_cube_cost(exact, yes, no);
		if (cost < cell->cost)
			*cell = (struct exact_cell){cost, i, NODE_NONE};
	}
	return cell->cost;
}

static const struct tree *exact_tree(const struct exact *exact, uint32_t set)
{
	const struct exact_cell *cell = &exact->cells[set];
	struct arena *arena = exact->question->arena;
	const struct exact_test *test;
	struct tree *tree;

	if (cell->test == EXACT_LEAF)
		return tree_leaf(arena, cell->child);
	test = &exact->tests[cell->test];
	tree = tree_test(arena, test->kind, test->value, exact_tree(exact, set & test->yes),
			 exact_tree(exact, set & test->no));
	tree->cube = test->cube;
	return tree;
}

const struct tree *plan_exact(const struct plan_question *question, double *cost)
{
	uint32_t all = (1u << question->count) - 1;
	struct exact exact = {.question = question};

	assert(question->count > 0 && question->count <= PLAN_EXACT_MAX);
	exact.cells = arena_alloc_array(question->arena, all + 1, sizeof(*exact.cells));
	for (uint32_t set = 0; set <= all; set++)
		exact.cells[set].cost = -1;
	exact_add_tests(&exact);
	*cost = exact_solve(&exact, all);
	assert(*cost < PLAN_NEVER || question->bits_only);
	return *cost < PLAN_NEVER ? exact_tree(&exact, all) : NULL;
}
