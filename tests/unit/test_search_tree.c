/* SPDX-License-Identifier: Apache-2.0 */
/* Search trees against what they are for, and against the exhaustive optimum. */
#include "compiler/graph/bound.h"
#include "compiler/graph/plan.h"
#include "tests/unit/random_switch.h"

#include <stdio.h>

static const enum tree_aim aims[] = {TREE_PLAIN, TREE_FAST, TREE_SHALLOW, TREE_TIGHT, TREE_SMALL};

static void check_switch(struct random_switch *made)
{
	uint32_t sizes[5];

	for (size_t i = 0; i < sizeof(aims) / sizeof(aims[0]); i++) {
		struct tree_goal goal = {.aim = aims[i], .cubes = random_below(2)};
		const struct tree *tree = search_tree_build(
			&made->arena, made->pieces, made->node.branch_count, made->node.mask, goal);

		check_answers(made, tree);
		sizes[i] = tree_size(tree);
		if (made->node.mask == UINT32_MAX)
			continue;
		tree = search_tree_of_bits(&made->arena, made->pieces, made->node.branch_count,
					   made->node.mask, goal);
		if (tree)
			check_answers(made, tree);
	}
	if (made->node.branch_count > 96) /* which are halved, wherever that is */
		return;
	assert_true(sizes[4] <= sizes[3]);
	assert_true(sizes[4] <= sizes[0]);
}

static uint32_t random_mask(void)
{
	static const uint32_t masks[] = {UINT32_MAX, 0x3,  0x7,        0xff,   0xf0f0,
					 0x81,       0x55, 0x7e020000, 0xffff, UINT32_MAX};

	return masks[random_below(sizeof(masks) / sizeof(masks[0]))];
}

/* One after the other, since compilers order the arguments of a call as they like. */
static void switch_draw(struct random_switch *made, uint32_t least, uint32_t most)
{
	uint32_t count = least + random_below(most - least + 1);
	enum spread spread = (enum spread)random_below(SPREAD_COUNT);
	uint32_t mask = random_mask();

	switch_begin(made, count, spread, mask, 2 + random_below(4));
}

static void test_answers(void **state)
{
	(void)state;
	for (int seed = 0; seed < 3000; seed++) {
		struct random_switch made;

		random_state = (uint64_t)seed * 7919 + 1;
		switch_draw(&made, 1, random_below(20) ? 30 : BRANCHES_MAX);
		check_switch(&made);
		arena_release(&made.arena);
	}
}

enum planner {
	PLANNER_ANY,    /* as a switch is planned */
	PLANNER_RANGES, /* the one for large switches, which has no tests of bits */
};

static const struct tree *plan_with(const struct random_switch *made, enum planner planner)
{
	struct tree_goal goal = {.aim = TREE_FAST, .cubes = true};
	double cost, whole = 0;

	if (planner == PLANNER_ANY)
		return search_tree_build((struct arena *)&made->arena, made->pieces,
					 made->node.branch_count, made->node.mask, goal);
	for (uint32_t i = 0; i < made->node.branch_count; i++)
		whole += made->weights[i];
	return plan_ranges(&(struct plan_question){.arena = (struct arena *)&made->arena,
						   .pieces = made->pieces,
						   .count = made->node.branch_count,
						   .mask = made->node.mask,
						   .price = whole * TREE_SPACE_PRICE,
						   .chain_max = 4},
			   &cost);
}

/* Within 2 % of what is possible but for one in 200 switches, and 0.05 % on the mean. */
static void check_optimum(enum planner planner, uint32_t least, uint32_t most)
{
	double worst = 1, sum = 0;
	uint32_t count = 0, above = 0;

	for (int seed = 0; seed < 1500; seed++) {
		const struct tree *tree;
		struct random_switch made;
		double bound, tests;

		random_state = (uint64_t)seed * 104729 + 3;
		switch_draw(&made, least, most);
		if (made.node.branch_count < least) {
			arena_release(&made.arena);
			continue;
		}
		tree = plan_with(&made, planner);
		bound = bound_of_pieces(&made.arena, made.pieces, made.node.branch_count,
					made.node.mask, planner == PLANNER_ANY);
		tests = tree_tests(tree, made.pieces, made.node.branch_count);
		arena_release(&made.arena);
		if (bound == 0)
			continue;
		assert_true(tests >= bound * 0.999999);
		if (tests > bound * 1.02)
			print_message("seed %d: %u branches: %.3f tests, %.3f are possible\n", seed,
				      made.node.branch_count, tests, bound);
		above += tests > bound * 1.02;
		worst = tests / bound > worst ? tests / bound : worst;
		sum += tests / bound;
		count++;
	}
	print_message(
		"%u switches: %.3f %% above the optimum on average, %.2f %% at most, %u by 2 %%\n",
		count, (sum / count - 1) * 100, (worst - 1) * 100, above);
	assert_true(sum <= count * 1.0005);
	assert_true(above <= count / 200);
}

static void test_optimum(void **state)
{
	(void)state;
	check_optimum(PLANNER_ANY, 2, PLAN_EXACT_MAX);
}

static void test_optimum_ranges(void **state)
{
	(void)state;
	check_optimum(PLANNER_RANGES, PLAN_EXACT_MAX + 1, BOUND_PIECES_MAX);
}

/* Sets that are one test, and what that is. */
static const struct set_row {
	uint32_t values[6];
	uint32_t count;
	uint32_t size;
	enum tree_kind kind; /* of the root */
} set_rows[] = {
	/* personalities; and the same with the one that asks */
	{{0, 0x8, 0x20000, 0x20008}, 4, 1, TREE_BITS},
	{{0, 0x8, 0x20000, 0x20008, UINT32_MAX}, 5, 2, TREE_BITS},
	/* SOCK_STREAM with its flags; and with SOCK_SEQPACKET alone */
	{{0x1, 0x801, 0x80001, 0x80801}, 4, 1, TREE_CUBE},
	{{0x1, 0x5, 0x801, 0x80001, 0x80801}, 5, 2, TREE_PEEL},
	{{0, 1, 2, 3}, 4, 1, TREE_SPLIT},
	{{7}, 1, 1, TREE_PEEL},
};

static void test_sets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(set_rows) / sizeof(set_rows[0]); i++) {
		const struct set_row *row = &set_rows[i];
		struct random_switch made;
		const struct tree *tree;

		memset(&made, 0, sizeof(made));
		assert_int_equal(arena_init(&made.arena), 0);
		made.node = (struct node){.mask = UINT32_MAX, .branches = made.branches};
		switch_branch(&made, 0, row->values[0] == 0);
		for (uint32_t j = 0; j < row->count; j++) {
			switch_branch(&made, row->values[j], 1);
			if (row->values[j] < UINT32_MAX &&
			    (j + 1 == row->count || row->values[j + 1] != row->values[j] + 1))
				switch_branch(&made, row->values[j] + 1, 0);
		}
		for (uint32_t j = 0; j < made.node.branch_count; j++)
			made.weights[j] = 1;
		made.pieces = pieces_of_switch(&made.arena, &made.node, made.weights);
		tree = search_tree_build(&made.arena, made.pieces, made.node.branch_count,
					 UINT32_MAX,
					 (struct tree_goal){.aim = TREE_FAST, .cubes = true});
		check_answers(&made, tree);
		assert_int_equal(tree_size(tree), row->size);
		assert_int_equal(tree->kind, row->kind);
		arena_release(&made.arena);
	}
}

static uint32_t tree_height(const struct tree *tree)
{
	uint32_t yes, no;

	if (tree->kind == TREE_LEAF)
		return 0;
	yes = tree_height(tree->yes);
	no = tree_height(tree->no);
	return 1 + (yes > no ? yes : no);
}

/*
 * COUNT single values with nothing in common. A tree with h tests on its longest way tells 2^(h-1)
 * of them apart at most, each by a test for equality.
 */
static void check_singles(uint32_t count, uint32_t most)
{
	struct random_switch made;
	const struct tree *tree;
	uint32_t height = 1;

	memset(&made, 0, sizeof(made));
	assert_int_equal(arena_init(&made.arena), 0);
	made.node = (struct node){
		.mask = UINT32_MAX, .branch_count = 2 * count + 1, .branches = made.branches};
	for (uint32_t i = 0; i <= 2 * count; i++) {
		made.branches[i].first = i ? (i + 1) / 2 * 1000 + !(i & 1) : 0;
		made.branches[i].child = i & 1;
		made.weights[i] = 1;
	}
	made.pieces = pieces_of_switch(&made.arena, &made.node, made.weights);
	tree = search_tree_build(&made.arena, made.pieces, made.node.branch_count, UINT32_MAX,
				 (struct tree_goal){.aim = TREE_SHALLOW});
	check_answers(&made, tree);
	while (1u << (height - 1) < count)
		height++;
	assert_int_equal(tree_height(tree), height);
	assert_true(tree_size(tree) >= count && tree_size(tree) <= most);
	arena_release(&made.arena);
}

/* As short as can be, and nearly as small as that allows. */
static void test_shallow(void **state)
{
	(void)state;
	for (uint32_t count = 6; count < 192; count++)
		check_singles(count, 2 * count);
	/* Height 9 has room for 6 chains of four values and 52 of three, joined by 57 splits. */
	check_singles(180, 240);
}

/* Whether a piece has values on a side of a test of bits, against every value that it has. */
static void test_piece_bits(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint32_t mask = random_below(4) ? random_word() & 0x3ff : 0x3ff;
		uint32_t first = random_word() & mask, last = first + random_below(40);
		uint32_t bits = random_word() & random_word() & 0x3ff;
		struct piece piece = {.first = first, .last = last};
		struct piece_bits expected = {false, false};
		struct piece_bits found = piece_bits(&piece, mask, bits);
		uint32_t values = 0;

		for (uint32_t value = first; value <= last; value++) {
			if (value & ~mask)
				continue;
			values++;
			expected.zero |= !(value & bits);
			expected.set |= (value & bits) != 0;
		}
		assert_int_equal(found.zero, expected.zero);
		assert_int_equal(found.set, expected.set);
		assert_int_equal(value_alone(first, last, mask), values == 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers), cmocka_unit_test(test_piece_bits),
		cmocka_unit_test(test_shallow), cmocka_unit_test(test_sets),
		cmocka_unit_test(test_optimum), cmocka_unit_test(test_optimum_ranges),
	};

	return cmocka_run_group_tests_name("search_tree", tests, NULL, NULL);
}
