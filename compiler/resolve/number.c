/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/number.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const uint64_t top_bit = (uint64_t)1 << 63;
static const char too_large[] = "is outside of what 64 bits hold";

struct number number_from_unsigned(uint64_t value)
{
	return (struct number){value, false};
}

struct number number_from_signed(uint64_t bits)
{
	return (struct number){bits, (bits & top_bit) != 0};
}

int number_compare(struct number a, struct number b)
{
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	/* Of two negative numbers, too, the one with the larger bits is the larger. */
	return a.bits < b.bits ? -1 : a.bits > b.bits;
}

bool number_is_zero(struct number number)
{
	return number.bits == 0;
}

/* SIGN is that of the exact result, which is BITS modulo 2^64. */
static const char *number_finish(uint64_t bits, bool negative, struct number *result)
{
	if (negative && !(bits & top_bit))
		return too_large;
	*result = (struct number){bits, negative};
	return NULL;
}

static const char *number_add(struct number a, struct number b, struct number *result)
{
	uint64_t sum = a.bits + b.bits;
	bool carry = sum < a.bits;

	if (a.negative != b.negative) {
		/* Adding the negative one subtracts: without a carry out, it was the larger. */
		*result = (struct number){sum, !carry};
		return NULL;
	}
	if (!a.negative && carry)
		return too_large;
	return number_finish(sum, a.negative, result);
}

static const char *number_negate(struct number number, struct number *result)
{
	if (number.negative)
		return number_finish(-number.bits, false, result);
	if (number.bits > top_bit)
		return too_large;
	return number_finish(-number.bits, number.bits != 0, result);
}

static const char *number_subtract(struct number a, struct number b, struct number *result)
{
	bool exact_negative = number_compare(a, b) < 0;
	uint64_t difference = a.bits - b.bits;

	if (exact_negative) {
		/* a - b >= -2^63 */
		if (!a.negative && !b.negative && b.bits - a.bits > top_bit)
			return too_large;
		if (a.negative && !b.negative && b.bits > a.bits - top_bit)
			return too_large;
		return number_finish(difference, true, result);
	}
	/* a - b <= 2^64 - 1 */
	if (!a.negative && b.negative && a.bits > UINT64_MAX + b.bits)
		return too_large;
	return number_finish(difference, false, result);
}

static const char *number_shift_left(struct number number, unsigned int by, struct number *result)
{
	uint64_t bits = number.bits << by;

	if (number.negative) {
		if ((uint64_t)((int64_t)bits >> by) != number.bits)
			return too_large;
		return number_finish(bits, true, result);
	}
	if (bits >> by != number.bits)
		return too_large;
	return number_finish(bits, false, result);
}

static const char *number_shift(enum expr_op op, struct number left, struct number right,
				struct number *result)
{
	unsigned int by = (unsigned int)right.bits;

	if (right.negative || right.bits > 63)
		return "shifts by less than 0 or more than 63";
	if (op == EXPR_OP_SHIFT_LEFT)
		return number_shift_left(left, by, result);
	if (left.negative)
		return number_finish((uint64_t)((int64_t)left.bits >> by), true, result);
	return number_finish(left.bits >> by, false, result);
}

/*
 * The sign of a bitwise result is that of endless two's complement; where that leaves no top bit
 * (~0x8000000000000000), the 64 bits are taken as they are.
 */
static const char *number_bits(uint64_t bits, bool negative, struct number *result)
{
	return number_finish(bits, negative && (bits & top_bit), result);
}

const char *number_apply(enum expr_op op, struct number left, struct number right,
			 struct number *result)
{
	switch (op) {
	case EXPR_OP_COMPLEMENT:
		return number_bits(~left.bits, !left.negative, result);
	case EXPR_OP_NEGATE:
		return number_negate(left, result);
	case EXPR_OP_BIT_OR:
		return number_bits(left.bits | right.bits, left.negative || right.negative, result);
	case EXPR_OP_BIT_XOR:
		return number_bits(left.bits ^ right.bits, left.negative != right.negative, result);
	case EXPR_OP_BIT_AND:
		return number_bits(left.bits & right.bits, left.negative && right.negative, result);
	case EXPR_OP_SHIFT_LEFT:
	case EXPR_OP_SHIFT_RIGHT:
		return number_shift(op, left, right, result);
	case EXPR_OP_PLUS:
		return number_add(left, right, result);
	case EXPR_OP_MINUS:
		return number_subtract(left, right, result);
	default:
		assert(!"not an arithmetic operator");
		return "is no arithmetic";
	}
}

uint64_t number_ones(unsigned int bits)
{
	assert(bits >= 1 && bits <= 64);
	return UINT64_MAX >> (64 - bits);
}

bool number_fits(struct number number, unsigned int bits, bool is_signed)
{
	uint64_t most = is_signed ? number_ones(bits) >> 1 : number_ones(bits);

	if (number.negative)
		return is_signed && number.bits >= ~most;
	return number.bits <= most;
}

bool number_has_pattern(struct number number, unsigned int bits)
{
	return number_fits(number, bits, false) || number_fits(number, bits, true);
}

const char *number_text(struct number number, char text[NUMBER_TEXT_SIZE])
{
	if (number.negative)
		snprintf(text, NUMBER_TEXT_SIZE, "%" PRId64, (int64_t)number.bits);
	else if (number.bits <= 4096)
		snprintf(text, NUMBER_TEXT_SIZE, "%" PRIu64, number.bits);
	else
		snprintf(text, NUMBER_TEXT_SIZE, "0x%" PRIx64, number.bits);
	return text;
}
