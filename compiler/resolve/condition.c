/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/condition.h"

#include <assert.h>

static const struct condition always = {.kind = CONDITION_TRUE};
static const struct condition never = {.kind = CONDITION_FALSE};

const struct condition *condition_true(void)
{
	return &always;
}

static struct condition *condition_new(struct arena *arena, enum condition_kind kind,
				       const struct condition *left, const struct condition *right,
				       struct span span)
{
	struct condition *condition = arena_alloc(arena, sizeof(*condition));

	condition->kind = kind;
	condition->left = left;
	condition->right = right;
	condition->span = span;
	return condition;
}

const struct condition *condition_and(struct arena *arena, const struct condition *left,
				      const struct condition *right, struct span span)
{
	if (left->kind == CONDITION_FALSE || right->kind == CONDITION_TRUE)
		return left;
	if (right->kind == CONDITION_FALSE || left->kind == CONDITION_TRUE)
		return right;
	return condition_new(arena, CONDITION_AND, left, right, span);
}

const struct condition *condition_or(struct arena *arena, const struct condition *left,
				     const struct condition *right, struct span span)
{
	if (left->kind == CONDITION_TRUE || right->kind == CONDITION_FALSE)
		return left;
	if (right->kind == CONDITION_TRUE || left->kind == CONDITION_FALSE)
		return right;
	return condition_new(arena, CONDITION_OR, left, right, span);
}

const struct condition *condition_not(struct arena *arena, const struct condition *inner,
				      struct span span)
{
	if (inner->kind == CONDITION_TRUE)
		return &never;
	if (inner->kind == CONDITION_FALSE)
		return &always;
	if (inner->kind == CONDITION_NOT)
		return inner->left;
	return condition_new(arena, CONDITION_NOT, inner, NULL, span);
}

/* (the word at offset WORD & MASK) is in SET, which this brings into its normal form. */
static const struct condition *word_test(struct arena *arena, uint32_t word, uint32_t mask,
					 struct pattern_set *set, struct span span)
{
	struct condition *test;
	struct interval *intervals;

	pattern_set_normalise(set, mask);
	if (pattern_set_is_empty(set))
		return &never;
	if (pattern_set_is_full(set, mask))
		return &always;
	intervals = arena_alloc_array(arena, set->ranges.count, sizeof(*intervals));
	for (size_t i = 0; i < set->ranges.count; i++) {
		assert(set->ranges.items[i].last <= UINT32_MAX);
		intervals[i].first = (uint32_t)set->ranges.items[i].first;
		intervals[i].last = (uint32_t)set->ranges.items[i].last;
	}
	test = condition_new(arena, CONDITION_TEST, NULL, NULL, span);
	test->word = word;
	test->mask = mask;
	test->intervals = intervals;
	test->interval_count = set->ranges.count;
	return test;
}

/* A 64-bit set on its way to tests of two words. */
struct halves {
	struct arena *arena;
	const struct operand *operand;
	struct span span;
	struct pattern_set free; /* high words for which the low word does not matter */
	uint32_t high;           /* the high word that LOWS belong to */
	struct pattern_set lows;
	VEC(const struct condition *) tests; /* one a high word for which it does */
};

/* Turns what was gathered for one high word into a test. */
static void halves_flush(struct halves *halves)
{
	const struct operand *operand = halves->operand;
	struct pattern_set high = {0};
	const struct condition *low_test, *high_test;

	if (halves->lows.ranges.count == 0)
		return;
	low_test = word_test(halves->arena, operand->low, (uint32_t)operand->mask, &halves->lows,
			     halves->span);
	halves->lows.ranges.count = 0;
	if (low_test->kind == CONDITION_TRUE) {
		pattern_set_add(halves->arena, &halves->free, halves->high, halves->high);
		return;
	}
	pattern_set_add(halves->arena, &high, halves->high, halves->high);
	high_test = word_test(halves->arena, operand->high, (uint32_t)(operand->mask >> 32), &high,
			      halves->span);
	*VEC_PUSH(halves->arena, &halves->tests) =
		condition_and(halves->arena, high_test, low_test, halves->span);
}

static void halves_add_low(struct halves *halves, uint32_t high, uint32_t first, uint32_t last)
{
	if (halves->high != high)
		halves_flush(halves);
	halves->high = high;
	pattern_set_add(halves->arena, &halves->lows, first, last);
}

/* The ranges come in rising order. */
static void halves_add(struct halves *halves, uint64_t first, uint64_t last)
{
	uint32_t from = (uint32_t)(first >> 32), to = (uint32_t)(last >> 32);
	bool whole_from = (uint32_t)first == 0, whole_to = (uint32_t)last == UINT32_MAX;

	if (from == to) {
		halves_add_low(halves, from, (uint32_t)first, (uint32_t)last);
		return;
	}
	if (!whole_from)
		halves_add_low(halves, from, (uint32_t)first, UINT32_MAX);
	if ((uint64_t)from + !whole_from <= (uint64_t)to - !whole_to) {
		halves_flush(halves);
		pattern_set_add(halves->arena, &halves->free, from + !whole_from, to - !whole_to);
	}
	if (!whole_to)
		halves_add_low(halves, to, 0, (uint32_t)last);
}

/* A balanced tree, so that a set of 20,000 values is 15 levels deep and not 20,000. */
static const struct condition *halves_join(const struct halves *halves, size_t first, size_t count)
{
	size_t half = count / 2;

	if (count == 0)
		return &never;
	if (count == 1)
		return halves->tests.items[first];
	return condition_or(halves->arena, halves_join(halves, first, half),
			    halves_join(halves, first + half, count - half), halves->span);
}

const struct condition *condition_from_patterns(struct arena *arena, const struct operand *operand,
						const struct pattern_set *set, struct span span)
{
	struct halves halves = {.arena = arena, .operand = operand, .span = span};
	const struct condition *free_test;

	if (pattern_set_is_empty(set))
		return &never;
	for (size_t i = 0; i < set->ranges.count; i++)
		halves_add(&halves, set->ranges.items[i].first, set->ranges.items[i].last);
	if (operand->mask <= UINT32_MAX)
		return word_test(arena, operand->low, (uint32_t)operand->mask, &halves.lows, span);
	halves_flush(&halves);
	free_test = word_test(arena, operand->high, (uint32_t)(operand->mask >> 32), &halves.free,
			      span);
	return condition_or(arena, free_test, halves_join(&halves, 0, halves.tests.count), span);
}

static const struct condition *word_loaded(struct arena *arena, uint32_t word, uint32_t mask,
					   load_ref load, struct span span)
{
	struct condition *test = condition_new(arena, CONDITION_TEST, NULL, NULL, span);

	test->word = word;
	test->mask = mask;
	test->load = load;
	return test;
}

const struct condition *condition_loaded(struct arena *arena, const struct operand *operand,
					 uint32_t loaded, struct span span)
{
	const struct condition *low = word_loaded(arena, operand->low, (uint32_t)operand->mask,
						  load_part(loaded, false), span);

	if (operand->bits <= 32)
		return low;
	return condition_and(
		arena, word_loaded(arena, operand->high, UINT32_MAX, load_part(loaded, true), span),
		low, span);
}

static bool test_holds(const struct condition *test, uint32_t word)
{
	size_t low = 0, high = test->interval_count;

	/* The last interval that begins at or before the word decides. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (test->intervals[middle].first <= word)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && word <= test->intervals[low - 1].last;
}

bool condition_holds(const struct condition *condition, const uint32_t words[16])
{
	switch (condition->kind) {
	case CONDITION_TRUE:
		return true;
	case CONDITION_FALSE:
		return false;
	case CONDITION_AND:
		return condition_holds(condition->left, words) &&
		       condition_holds(condition->right, words);
	case CONDITION_OR:
		return condition_holds(condition->left, words) ||
		       condition_holds(condition->right, words);
	case CONDITION_NOT:
		return !condition_holds(condition->left, words);
	case CONDITION_TEST:
		assert(condition->load == LOAD_NONE);
		return test_holds(condition, words[condition->word / 4] & condition->mask);
	}
	assert(!"no such kind of condition");
	return false;
}
