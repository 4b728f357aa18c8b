/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of one ABI that go on among those of another. */
#include "compiler/graph/translate.h"
#include "tests/unit/random_switch.h"

#define X32_BIT 0x40000000u

/* The numbers of two ABIs, alike but for some, and what lies above both. */
struct two_abis {
	struct random_switch made;
	struct ruleset rulesets[2];
	struct lowering lowering;
};

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
		switch_branch(&two->made, i, decided[i]);
	switch_branch(&two->made, count, children);
	for (uint32_t i = 0; i < count; i++)
		switch_branch(&two->made, X32_BIT + i,
			      random_below(6) ? decided[i] : random_below(children));
	switch_branch(&two->made, X32_BIT + count, children + 1);
	if (random_below(2)) /* a number whose low bits are an x86_64 number */
		switch_branch(&two->made, 2 * X32_BIT + random_below(count),
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translation),
	};

	return cmocka_run_group_tests_name("translation", tests, NULL, NULL);
}
