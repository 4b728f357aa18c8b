/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/bound.h"

#include <assert.h>

enum {
	TESTS_MAX = 512,
	EVERY_SET_BITS = 6, /* of so many bits every set is a test */
	SINGLES_MAX = 8,    /* of so many single values every set makes a test */
	CUBE_BITS_MAX = 6,
};

/* A test by the pieces that it sends to either side; it may be asked if it cuts no piece left. */
struct sides {
	uint32_t yes;
	uint32_t no;
	bool cube; /* two instructions, behind which the word is lost, so that leaves follow */
};

struct bound {
	const struct piece *pieces;
	uint32_t count;
	uint32_t mask;
	struct sides *tests;
	uint32_t test_count;
};

static void bound_add(struct bound *bound, uint32_t yes, uint32_t no)
{
	if (!yes || !no)
		return;
	for (uint32_t i = 0; i < bound->test_count; i++)
		if (bound->tests[i].yes == yes && bound->tests[i].no == no)
			return;
	if (bound->test_count < TESTS_MAX)
		bound->tests[bound->test_count++] = (struct sides){yes, no, false};
}

/* The values that are BASE but for some of BITS, of which there are a few. */
static void bound_add_cube(struct bound *bound, uint32_t base, uint32_t bits)
{
	uint32_t all = (1u << bound->count) - 1, yes = 0, cut = 0, before = bound->test_count;

	if (__builtin_popcount(bits) > CUBE_BITS_MAX)
		return;
	for (uint32_t some = bits;; some = (some - 1) & bits) {
		uint32_t i = bound->count - 1;

		while (bound->pieces[i].first > (base | some))
			i--;
		if (bound->pieces[i].single)
			yes |= 1u << i;
		else
			cut |= 1u << i;
		if (!some)
			break;
	}
	bound_add(bound, yes, all & ~yes & ~cut);
	if (bound->test_count > before)
		bound->tests[before].cube = true;
}

/*
 * Whether a value from FIRST to LAST that has no bit outside of MASK agrees with WANTED: some bit of
 * BITS, or none. Values with the same bits above POSITION as VALUE are looked at.
 */
static bool some_value(uint32_t first, uint32_t last, uint32_t mask, uint32_t bits, bool wanted,
		       int position, uint32_t value)
{
	uint32_t below = position < 0 ? 0 : UINT32_MAX >> (31 - position);

	if ((value | (below & mask)) < first || value > last)
		return false;
	if (wanted && !((value | (below & mask)) & bits))
		return false;
	if (!wanted && value & bits)
		return false;
	/* All of them are in the interval: one that agrees is there, by what was asked above. */
	if (value >= first && (value | (below & mask)) <= last)
		return true;
	if (some_value(first, last, mask, bits, wanted, position - 1, value))
		return true;
	return mask >> position & 1 &&
	       some_value(first, last, mask, bits, wanted, position - 1, value | 1u << position);
}

static void bound_add_bits(struct bound *bound, uint32_t bits)
{
	uint32_t yes = 0, no = 0;

	for (uint32_t i = 0; i < bound->count; i++) {
		const struct piece *piece = &bound->pieces[i];

		if (!some_value(piece->first, piece->last, bound->mask, bits, false, 31, 0))
			yes |= 1u << i;
		else if (!some_value(piece->first, piece->last, bound->mask, bits, true, 31, 0))
			no |= 1u << i;
	}
	bound_add(bound, yes, no);
}

/* All but what some of the single values have; and all that is made of what these differ in. */
static void bound_add_cubes(struct bound *bound)
{
	uint32_t values[SINGLES_MAX], count = 0;

	for (uint32_t i = 0; i < bound->count && count < SINGLES_MAX; i++)
		if (bound->pieces[i].single && bound->pieces[i].first)
			values[count++] = bound->pieces[i].first;
	for (uint32_t some = 1; some < 1u << count; some++) {
		uint32_t bits = 0, base = UINT32_MAX;

		for (uint32_t i = 0; i < count; i++) {
			bits |= some >> i & 1 ? values[i] : 0;
			base &= some >> i & 1 ? values[i] : UINT32_MAX;
		}
		bound_add_bits(bound, ~bits);
		if (bound->mask == UINT32_MAX)
			bound_add_cube(bound, base, bits & ~base);
	}
}

static void bound_add_values(struct bound *bound)
{
	uint32_t all = (1u << bound->count) - 1;

	for (uint32_t i = 0; i < bound->count; i++) {
		uint32_t below = (1u << i) - 1;

		bound_add(bound, all & ~below, below);
		if (bound->pieces[i].single)
			bound_add(bound, 1u << i, all & ~(1u << i));
	}
}

static void bound_add_bit_tests(struct bound *bound)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < bound->count; i++)
		bits |= bound->pieces[i].first;
	if (__builtin_popcount(bits) > EVERY_SET_BITS)
		for (uint32_t bit = 1; bit; bit <<= 1)
			bound_add_bits(bound, bits & bit);
	for (uint32_t some = bits; __builtin_popcount(bits) <= EVERY_SET_BITS;
	     some = (some - 1) & bits) {
		bound_add_bits(bound, some);
		bound_add_bits(bound, some | ~bits);
		if (!some)
			break;
	}
	bound_add_cubes(bound);
}

static bool same_child(const struct bound *bound, uint32_t set)
{
	node_id child = bound->pieces[__builtin_ctz(set)].child;

	for (uint32_t i = 0; i < bound->count; i++)
		if (set >> i & 1 && bound->pieces[i].child != child)
			return false;
	return true;
}

static double set_weight(const struct bound *bound, uint32_t set)
{
	double weight = 0;

	for (uint32_t i = 0; i < bound->count; i++)
		weight += set >> i & 1 ? bound->pieces[i].weight : 0;
	return weight;
}

/* Smaller sets come first, so what a test leaves is known. */
static double solve_set(const struct bound *bound, const double *costs, uint32_t set)
{
	double weight = set_weight(bound, set), least = -1;

	if (same_child(bound, set))
		return 0;
	for (uint32_t i = 0; i < bound->test_count; i++) {
		uint32_t yes = set & bound->tests[i].yes, no = set & bound->tests[i].no;
		double cost;

		if ((yes | no) != set || !yes || !no ||
		    (bound->tests[i].cube && !(same_child(bound, yes) && same_child(bound, no))))
			continue;
		cost = (bound->tests[i].cube ? 2 : 1) * weight + costs[yes] + costs[no];
		if (least < 0 || cost < least)
			least = cost;
	}
	assert(least >= 0);
	return least;
}

static double pieces_weight(const struct piece *pieces, uint32_t count)
{
	double weight = 0;

	for (uint32_t i = 0; i < count; i++)
		weight += pieces[i].weight;
	return weight;
}

double bound_of_pieces(struct arena *arena, const struct piece *pieces, uint32_t count,
		       uint32_t mask, bool bits)
{
	struct bound bound = {.pieces = pieces, .count = count, .mask = mask};
	double *costs = arena_alloc_array(arena, (size_t)1 << count, sizeof(*costs));
	double weight = pieces_weight(pieces, count);

	assert(count > 0 && count <= BOUND_PIECES_MAX);
	bound.tests = arena_alloc_array(arena, TESTS_MAX, sizeof(*bound.tests));
	bound_add_values(&bound);
	if (bits)
		bound_add_bit_tests(&bound);
	for (uint32_t set = 1; set < 1u << count; set++)
		costs[set] = solve_set(&bound, costs, set);
	return weight > 0 ? costs[(1u << count) - 1] / weight : 0;
}

/* Tests cut no piece, so what is left of the pieces is where each of them goes. */
static uint32_t tests_for(const struct tree *tree, const struct piece *piece)
{
	uint32_t tests = 0;

	while (tree->kind != TREE_LEAF) {
		tests += tree_step_cost(tree);
		tree = tree_step(tree, piece->first);
	}
	return tests;
}

double tree_tests(const struct tree *tree, const struct piece *pieces, uint32_t count)
{
	double tests = 0, weight = pieces_weight(pieces, count);

	for (uint32_t i = 0; i < count; i++)
		tests += tests_for(tree, &pieces[i]) * pieces[i].weight;
	return weight > 0 ? tests / weight : 0;
}
