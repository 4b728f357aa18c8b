/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/bit_tests.h"

#include <assert.h>
#include <stddef.h>

enum {
	ALL_BITS_MAX = 6, /* where so few bits tell values apart, every set of them is tried */
	CUBE_BITS_MAX = 8,
};

struct finder {
	const struct piece *pieces;
	uint32_t count;
	uint32_t mask;
	struct bit_test *tests;
	uint32_t found;
};

static void finder_add(struct finder *finder, uint32_t bits)
{
	struct bit_test test = {.bits = bits & finder->mask};

	if (!test.bits || finder->found == BIT_TESTS_MAX)
		return;
	for (uint32_t i = 0; i < finder->count; i++) {
		struct piece_bits side = piece_bits(&finder->pieces[i], finder->mask, test.bits);

		test.zero |= (uint32_t)(side.zero && !side.set) << i;
		test.set |= (uint32_t)(side.set && !side.zero) << i;
	}
	if (!test.zero || !test.set)
		return;
	for (uint32_t i = 0; i < finder->found; i++)
		if (finder->tests[i].zero == test.zero && finder->tests[i].set == test.set)
			return;
	finder->tests[finder->found++] = test;
}

static const struct piece *finder_piece(const struct finder *finder, uint32_t value)
{
	uint32_t i = finder->count - 1;

	while (finder->pieces[i].first > value)
		i--;
	return &finder->pieces[i];
}

/* Whether each value that BITS make with BASE, which has none of them, goes to CHILD. */
static bool finder_cube(const struct finder *finder, uint32_t base, uint32_t bits, node_id child)
{
	uint32_t value = 0;

	do {
		if (piece_toll(finder_piece(finder, base | value), child) < 0)
			return false;
		value = (value - bits) & bits;
	} while (value);
	return true;
}

/*
 * Where 0 and some single values go to one child together with all that their bits make, whatever
 * has no other bit is that set: {0, 8, 0x20000, 0x20008}. Each single value is where such a set may
 * start.
 */
static void finder_add_cubes(struct finder *finder)
{
	node_id child = finder->pieces[0].child;

	if (finder->pieces[0].first)
		return;
	for (uint32_t seed = 0; seed < finder->count; seed++) {
		uint32_t bits = 0;

		for (uint32_t i = 0; i < finder->count; i++) {
			const struct piece *piece = &finder->pieces[(seed + i) % finder->count];
			uint32_t more = bits | piece->first;

			if (piece->single && piece->child == child &&
			    __builtin_popcount(more) <= CUBE_BITS_MAX &&
			    finder_cube(finder, 0, more, child))
				bits = more;
		}
		if (bits)
			finder_add(finder, ~bits);
	}
}

/* All but what one or two single values have: these are told from others that are near. */
static void finder_add_values(struct finder *finder)
{
	for (uint32_t i = 0; i < finder->count; i++)
		for (uint32_t j = i; finder->pieces[i].single && j < finder->count; j++)
			if (finder->pieces[j].single &&
			    finder->pieces[j].child == finder->pieces[i].child)
				finder_add(finder,
					   ~(finder->pieces[i].first | finder->pieces[j].first));
}

/* Every set of the bits, alone and with all bits that are in no value that a branch begins with. */
static void finder_add_all(struct finder *finder, uint32_t bits)
{
	uint32_t some = 0;

	do {
		finder_add(finder, some);
		finder_add(finder, some | ~bits);
		some = (some - bits) & bits;
	} while (some);
}

uint32_t bit_tests_find(const struct piece *pieces, uint32_t count, uint32_t mask,
			struct bit_test tests[BIT_TESTS_MAX])
{
	struct finder finder = {pieces, count, mask, tests, 0};
	uint32_t bits = 0;

	assert(count > 0 && count <= 32);
	/* Two pieces that are not masked are told apart by a split as well, which can be read. */
	if (count < 3 && mask == UINT32_MAX)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		bits |= pieces[i].first;
	finder_add_cubes(&finder);
	if (__builtin_popcount(bits) <= ALL_BITS_MAX) {
		finder_add_all(&finder, bits);
		return finder.found;
	}
	for (; bits; bits &= bits - 1)
		finder_add(&finder, bits & -bits);
	finder_add_values(&finder);
	return finder.found;
}

/* The largest cube with SEED that takes in one single value after the other. */
static uint32_t cube_grow(const struct finder *finder, const struct piece *seed)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < finder->count; i++) {
		const struct piece *piece = &finder->pieces[i];
		uint32_t more = bits | (piece->first ^ seed->first);

		if (piece->single && piece->child == seed->child &&
		    __builtin_popcount(more) <= CUBE_BITS_MAX &&
		    finder_cube(finder, seed->first & ~more, more, seed->child))
			bits = more;
	}
	return bits;
}

/* How many values of the cube PIECE has. */
static uint32_t cube_share(const struct piece *piece, const struct cube_test *test)
{
	uint32_t some = 0, count = 0;

	do {
		uint32_t value = test->value | some;

		count += value >= piece->first && value <= piece->last;
		some = (some - test->cube) & test->cube;
	} while (some);
	return count;
}

uint32_t cube_tests_find(const struct piece *pieces, uint32_t count, uint32_t mask,
			 struct cube_test tests[CUBE_TESTS_MAX])
{
	struct finder finder = {pieces, count, mask, NULL, 0};
	uint32_t found = 0;

	if (pieces[0].first)
		return 0;
	for (uint32_t seed = 0; seed < count && found < CUBE_TESTS_MAX; seed++) {
		struct cube_test test = {.cube = cube_grow(&finder, &pieces[seed])};
		bool known = false;

		test.value = pieces[seed].first & ~test.cube;
		if (!pieces[seed].single || !test.value)
			continue;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t share = cube_share(&pieces[i], &test);

			test.in |= (uint32_t)(share && pieces[i].single) << i;
			test.out |= (uint32_t)!share << i;
		}
		for (uint32_t i = 0; i < found; i++)
			known |= tests[i].in == test.in && tests[i].out == test.out;
		if (!known && __builtin_popcount(test.in) >= 4)
			tests[found++] = test;
	}
	return found;
}
