/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/pattern.h"

#include <assert.h>
#include <stdlib.h>

void pattern_set_add(struct arena *arena, struct pattern_set *set, uint64_t first, uint64_t last)
{
	*VEC_PUSH(arena, &set->ranges) = (struct pattern_range){first, last};
}

/* The highest set bit of BITS, which is not 0, and all below it. */
static uint64_t ones_from_highest(uint64_t bits)
{
	return UINT64_MAX >> __builtin_clzll(bits);
}

/* The smallest value >= VALUE whose bits all lie in MASK; false where there is none. */
static bool submask_at_least(uint64_t value, uint64_t mask, uint64_t *found)
{
	uint64_t stray = value & ~mask;
	uint64_t filled;

	*found = value;
	if (!stray)
		return true;
	/* With ones in all places that may not change, adding 1 carries into the next that may. */
	filled = value | ~mask | ones_from_highest(stray);
	if (filled == UINT64_MAX)
		return false;
	*found = (filled + 1) & mask;
	return true;
}

/* The largest value <= VALUE whose bits all lie in MASK. 0 always is one. */
static uint64_t submask_at_most(uint64_t value, uint64_t mask)
{
	uint64_t stray = value & ~mask;
	uint64_t below;

	if (!stray)
		return value;
	/* The highest stray bit becomes 0, so all that MASK has below it may be 1. */
	below = ones_from_highest(stray);
	return (value & ~below) | (mask & below);
}

static int range_order(const void *left, const void *right)
{
	const struct pattern_range *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

/* Whether no value of (x & mask) lies between the two, which are values of it, A <= B. */
static bool patterns_touch(uint64_t a, uint64_t b, uint64_t mask)
{
	uint64_t next;

	return a >= b || !submask_at_least(a + 1, mask, &next) || next >= b;
}

void pattern_set_normalise(struct pattern_set *set, uint64_t mask)
{
	struct pattern_range *ranges = set->ranges.items;
	size_t kept = 0;
	bool sorted = true;

	for (size_t i = 0; i < set->ranges.count; i++) {
		struct pattern_range range = ranges[i];

		assert(range.first <= range.last);
		if (!submask_at_least(range.first, mask, &range.first) || range.first > range.last)
			continue;
		range.last = submask_at_most(range.last, mask);
		sorted = sorted && (kept == 0 || ranges[kept - 1].first <= range.first);
		ranges[kept++] = range;
	}
	if (!sorted)
		qsort(ranges, kept, sizeof(*ranges), range_order);
	set->ranges.count = 0;
	for (size_t i = 0; i < kept; i++) {
		struct pattern_range *last =
			set->ranges.count ? &ranges[set->ranges.count - 1] : NULL;

		if (last && patterns_touch(last->last, ranges[i].first, mask)) {
			if (last->last < ranges[i].last)
				last->last = ranges[i].last;
		} else {
			ranges[set->ranges.count++] = ranges[i];
		}
	}
}

void pattern_set_complement(struct arena *arena, struct pattern_set *set, uint64_t ones)
{
	struct pattern_set gaps = {0};
	uint64_t next = 0;

	for (size_t i = 0; i < set->ranges.count; i++) {
		const struct pattern_range *range = &set->ranges.items[i];

		if (range->first > next)
			pattern_set_add(arena, &gaps, next, range->first - 1);
		if (range->last == ones) {
			*set = gaps;
			return;
		}
		next = range->last + 1;
	}
	pattern_set_add(arena, &gaps, next, ones);
	*set = gaps;
}

bool pattern_set_is_empty(const struct pattern_set *set)
{
	return set->ranges.count == 0;
}

bool pattern_set_is_full(const struct pattern_set *set, uint64_t mask)
{
	return set->ranges.count == 1 && set->ranges.items[0].first == 0 &&
	       set->ranges.items[0].last == mask;
}
