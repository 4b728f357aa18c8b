/* SPDX-License-Identifier: Apache-2.0 */
/* Search trees against what they are for, and against the exhaustive optimum. */
#include "compiler/graph/bound.h"
#include "compiler/graph/plan.h"
#include "compiler/graph/translate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	BRANCHES_MAX = 400,
};

static uint64_t random_state;

static uint32_t random_word(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) ^ (uint32_t)(random_state >> 11);
}

static uint32_t random_below(uint32_t limit)
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
static uint32_t step_bits(uint32_t value)
{
	uint32_t bits = 0x8 | 0x100 | 0x20000;

	if (value & ~bits || random_below(8) == 0)
		return 1 + random_below(2);
	return random_below(3) ? 1 : ((value - bits) & bits) - value;
}

static uint32_t random_step(enum spread spread, uint32_t value)
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

static double random_weight(void)
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
static void switch_begin(struct random_switch *made, uint32_t count, enum spread spread,
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

static const struct tree *walk(const struct tree *tree, uint32_t value)
{
	while (tree->kind != TREE_LEAF) {
		bool yes = tree->kind == TREE_SPLIT  ? value >= tree->value
			   : tree->kind == TREE_PEEL ? value == tree->value
						     : value & tree->value;

		tree = yes ? tree->yes : tree->no;
	}
	return tree;
}

static uint32_t tree_size(const struct tree *tree)
{
	return tree->kind == TREE_LEAF ? 0 : 1 + tree_size(tree->yes) + tree_size(tree->no);
}

/* Every small value, those at the edges, and some more, as far as they can occur. */
static void check_answers(const struct random_switch *made, const struct tree *tree)
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

static const enum tree_aim aims[] = {TREE_PLAIN, TREE_FAST, TREE_TIGHT, TREE_SMALL};

static void check_switch(struct random_switch *made)
{
	uint32_t sizes[4];

	for (size_t i = 0; i < sizeof(aims) / sizeof(aims[0]); i++) {
		struct tree_goal goal = {.aim = aims[i]};
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
	assert_true(sizes[3] <= sizes[2]);
	assert_true(sizes[3] <= sizes[0]);
}

static uint32_t random_mask(void)
{
	static const uint32_t masks[] = {UINT32_MAX, 0x3,  0x7,        0xff,   0xf0f0,
					 0x81,       0x55, 0x7e020000, 0xffff, UINT32_MAX};

	return masks[random_below(sizeof(masks) / sizeof(masks[0]))];
}

static void test_answers(void **state)
{
	(void)state;
	for (int seed = 0; seed < 3000; seed++) {
		struct random_switch made;

		random_state = (uint64_t)seed * 7919 + 1;
		switch_begin(&made, 1 + random_below(random_below(20) ? 30 : BRANCHES_MAX),
			     (enum spread)random_below(SPREAD_COUNT), random_mask(),
			     2 + random_below(4));
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
	struct tree_goal goal = {.aim = TREE_FAST};
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

/* Expected tests within 2 % of what is possible, and on the mean much closer. */
static void check_optimum(enum planner planner, uint32_t least, uint32_t most)
{
	double worst = 1, sum = 0;
	uint32_t count = 0;

	for (int seed = 0; seed < 1500; seed++) {
		const struct tree *tree;
		struct random_switch made;
		double bound, tests;

		random_state = (uint64_t)seed * 104729 + 3;
		switch_begin(&made, least + random_below(most - least + 1),
			     (enum spread)random_below(SPREAD_COUNT), random_mask(),
			     2 + random_below(3));
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
		worst = tests / bound > worst ? tests / bound : worst;
		sum += tests / bound;
		count++;
	}
	print_message("%u switches: %.3f %% above the optimum on average, %.2f %% at most\n", count,
		      (sum / count - 1) * 100, (worst - 1) * 100);
	assert_true(worst <= 1.02);
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

#define X32_BIT 0x40000000u

/* The numbers of two ABIs, alike but for some, and what lies above both. */
struct two_abis {
	struct random_switch made;
	struct ruleset rulesets[2];
	struct lowering lowering;
};

static void two_abis_branch(struct random_switch *made, uint32_t first, node_id child)
{
	uint32_t used = made->node.branch_count;

	if (used && made->branches[used - 1].child == child)
		return;
	assert_true(used < BRANCHES_MAX);
	made->branches[used] = (struct branch){first, child};
	made->node.branch_count++;
}

/* Runs of numbers that are decided alike, the children being below CHILDREN. */
static void two_abis_begin(struct two_abis *two, uint32_t count, uint32_t children)
{
	static const enum abi_id ids[] = {ABI_X86_64, ABI_X32};
	node_id decided[100];

	memset(two, 0, sizeof(*two));
	assert_int_equal(arena_init(&two->made.arena), 0);
	two->made.node = (struct node){.mask = UINT32_MAX, .branches = two->made.branches};
	for (uint32_t i = 0; i < 2; i++) {
		struct lowered_abi *abi = VEC_PUSH(&two->made.arena, &two->lowering.abis);

		two->rulesets[i].abi = abi_get(ids[i]);
		two->rulesets[i].highest = two->rulesets[i].abi->number_base + count - 1;
		abi->ruleset = &two->rulesets[i];
	}
	for (uint32_t i = 0; i < count; i++)
		decided[i] = i && random_below(3) ? decided[i - 1] : random_below(children);
	for (uint32_t i = 0; i < count; i++)
		two_abis_branch(&two->made, i, decided[i]);
	two_abis_branch(&two->made, count, children);
	for (uint32_t i = 0; i < count; i++)
		two_abis_branch(&two->made, X32_BIT + i,
				random_below(6) ? decided[i] : random_below(children));
	two_abis_branch(&two->made, X32_BIT + count, children + 1);
	if (random_below(2)) /* a number whose low bits are an x86_64 number */
		two_abis_branch(&two->made, 2 * X32_BIT + random_below(count),
				random_below(children));
}

/* What becomes of VALUE; *MOVED tells that it went on among the numbers without the bit. */
static node_id two_abis_answer(const struct translation *translation, const struct tree *low,
			       const struct tree *high, uint32_t value, bool *moved)
{
	node_id child = walk(low, value)->child;
	const struct tree *target;

	*moved = false;
	if (child != NODE_ELSEWHERE)
		return child;
	child = walk(high, value)->child;
	target = translation_target(translation, child);
	*moved = target;
	return target ? walk(target, value & (translation->bit - 1))->child : child;
}

static void check_value(const struct two_abis *two, const struct translation *translation,
			const struct tree *low, const struct tree *high, uint32_t value,
			uint32_t *moves)
{
	bool moved;

	assert_int_equal(two_abis_answer(translation, low, high, value, &moved),
			 node_child(&two->made.node, value));
	assert_true(!moved || (value >= X32_BIT && value < 2 * X32_BIT));
	*moves += moved;
}

static uint32_t check_translation(struct two_abis *two)
{
	struct weighing weighing = {0};
	struct translation translation;
	const struct tree *low, *high;
	uint32_t moves = 0;

	assert_true(translation_cut(&translation, &two->made.arena, &two->lowering, &weighing,
				    &two->made.node, two->rulesets[0].abi->audit_arch));
	low = search_tree_build(&two->made.arena, translation.low, translation.low_count,
				UINT32_MAX, (struct tree_goal){.aim = TREE_FAST});
	translation_move(&translation, low);
	high = search_tree_build(&two->made.arena, translation.high, translation.high_count,
				 UINT32_MAX, (struct tree_goal){.aim = TREE_TIGHT});
	for (uint32_t quarter = 0; quarter < 4; quarter++)
		for (uint32_t i = 0; i < 120; i++)
			check_value(two, &translation, low, high, quarter * X32_BIT + i, &moves);
	for (uint32_t i = 0; i < 200; i++)
		check_value(two, &translation, low, high, random_word(), &moves);
	return moves;
}

/* Numbers with the bit are decided as the switch says, and those above its own never move. */
static void test_translation(void **state)
{
	uint32_t moves = 0;

	(void)state;
	for (int seed = 0; seed < 400; seed++) {
		struct two_abis two;

		random_state = (uint64_t)seed * 15485863 + 11;
		two_abis_begin(&two, 1 + random_below(100), 2 + random_below(4));
		moves += check_translation(&two);
		arena_release(&two.made.arena);
	}
	assert_true(moves > 400 * 10);
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
		cmocka_unit_test(test_answers),     cmocka_unit_test(test_piece_bits),
		cmocka_unit_test(test_translation), cmocka_unit_test(test_shallow),
		cmocka_unit_test(test_optimum),     cmocka_unit_test(test_optimum_ranges),
	};

	return cmocka_run_group_tests_name("search_tree", tests, NULL, NULL);
}
