/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/comparison.h"

#include <assert.h>

/*
 * Ranks order the patterns of an argument as its type does: for a signed one the rank of the least
 * number, 0x80000000, is 0.
 */
static uint64_t rank_flip(const struct operand *operand)
{
	return operand->is_signed ? (uint64_t)1 << (operand->bits - 1) : 0;
}

static void add_ranks(struct arena *arena, const struct operand *operand, uint64_t first,
		      uint64_t last, struct pattern_set *set)
{
	uint64_t flip = rank_flip(operand);

	if (flip && first < flip && last >= flip) {
		pattern_set_add(arena, set, first ^ flip, (flip - 1) ^ flip);
		first = flip;
	}
	pattern_set_add(arena, set, first ^ flip, last ^ flip);
}

/* Whether the number has a pattern in the operand, and whether under the operand's own sign. */
static enum comparison_result number_place(const struct operand *operand, struct number number)
{
	if (number_fits(number, operand->bits, operand->is_signed))
		return COMPARISON_GOOD;
	return number_has_pattern(number, operand->bits) ? COMPARISON_SIGN : COMPARISON_WIDE;
}

static uint64_t number_pattern(const struct operand *operand, struct number number)
{
	return number.bits & number_ones(operand->bits);
}

/* The verdict on a set, which this brings into its normal form. */
static enum comparison_result set_finish(const struct operand *operand, struct pattern_set *set)
{
	pattern_set_normalise(set, operand->mask);
	if (pattern_set_is_empty(set))
		return COMPARISON_NEVER;
	if (pattern_set_is_full(set, operand->mask))
		return COMPARISON_ALWAYS;
	return COMPARISON_GOOD;
}

static enum comparison_result order_patterns(struct arena *arena, const struct operand *operand,
					     enum expr_op op, uint64_t rank,
					     struct pattern_set *set)
{
	uint64_t most = number_ones(operand->bits);

	switch (op) {
	case EXPR_OP_LESS:
		if (rank > 0)
			add_ranks(arena, operand, 0, rank - 1, set);
		break;
	case EXPR_OP_LESS_EQUAL:
		add_ranks(arena, operand, 0, rank, set);
		break;
	case EXPR_OP_GREATER:
		if (rank < most)
			add_ranks(arena, operand, rank + 1, most, set);
		break;
	case EXPR_OP_GREATER_EQUAL:
		add_ranks(arena, operand, rank, most, set);
		break;
	default:
		assert(!"not a comparison");
	}
	return set_finish(operand, set);
}

enum comparison_result comparison_patterns(struct arena *arena, const struct operand *operand,
					   enum expr_op op, struct number number,
					   struct pattern_set *set)
{
	enum comparison_result place = number_place(operand, number);
	uint64_t pattern = number_pattern(operand, number);

	if (place == COMPARISON_WIDE)
		return place;
	if (op != EXPR_OP_EQUAL && op != EXPR_OP_UNEQUAL) {
		if (place == COMPARISON_SIGN)
			return place;
		return order_patterns(arena, operand, op, pattern ^ rank_flip(operand), set);
	}
	pattern_set_add(arena, set, pattern, pattern);
	if (op == EXPR_OP_UNEQUAL)
		pattern_set_complement(arena, set, number_ones(operand->bits));
	return set_finish(operand, set);
}

/* Whether some value of (x & mask) lies in what SET has from FROM on. */
static bool range_can_match(const struct operand *operand, const struct pattern_set *set,
			    size_t from)
{
	for (size_t i = from; i < set->ranges.count; i++) {
		struct pattern_range range = set->ranges.items[i];
		struct pattern_set one = {{&range, 1, 1}};

		pattern_set_normalise(&one, operand->mask);
		if (!pattern_set_is_empty(&one))
			return true;
	}
	return false;
}

enum comparison_result comparison_add_range(struct arena *arena, const struct operand *operand,
					    struct number first, struct number last,
					    struct pattern_set *set)
{
	enum comparison_result first_place = number_place(operand, first);
	enum comparison_result last_place = number_place(operand, last);
	size_t before = set->ranges.count;

	if (first_place == COMPARISON_WIDE || last_place == COMPARISON_WIDE)
		return COMPARISON_WIDE;
	if (number_compare(first, last) > 0)
		return COMPARISON_REVERSED;
	if (first_place != last_place)
		return COMPARISON_SIGN;
	if (first_place == COMPARISON_GOOD)
		add_ranks(arena, operand, number_pattern(operand, first) ^ rank_flip(operand),
			  number_pattern(operand, last) ^ rank_flip(operand), set);
	else
		pattern_set_add(arena, set, number_pattern(operand, first),
				number_pattern(operand, last));
	return range_can_match(operand, set, before) ? COMPARISON_GOOD : COMPARISON_NEVER;
}

bool comparison_mask(const struct operand *operand, struct number number, uint64_t *mask)
{
	uint64_t ones = number_ones(operand->bits);

	*mask = number.bits & ones;
	/* Of a negative one, all that is above is the sign; a bit of the mask may not be lost there. */
	return (number.bits & ~ones) == (number.negative ? ~ones : 0);
}
