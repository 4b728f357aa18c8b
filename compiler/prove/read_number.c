/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic on constants: exact, within what 64 bits hold under either sign. */
#include "compiler/prove/reader.h"

static const char outside[] = "a number outside of what 64 bits hold";

struct read_number read_number_of_bits(uint64_t bits)
{
	return (struct read_number){bits, bits >> 63};
}

bool read_number_less(struct read_number a, struct read_number b)
{
	if (a.negative != b.negative)
		return a.negative;
	return a.bits < b.bits; /* so of two negatives too, in two's complement */
}

bool read_number_equal(struct read_number a, struct read_number b)
{
	return a.bits == b.bits && a.negative == b.negative;
}

/* A + B and A - B are the exact BITS of 64 and more; which of them hold, signs and carries say. */
static const char *number_add(struct read_number a, struct read_number b,
			      struct read_number *result)
{
	uint64_t bits = a.bits + b.bits;
	bool carry = bits < a.bits;
	/* What stands above bit 63, as a count of 2^64: a negative number is its bits less that. */
	int above = (int)carry - (int)a.negative - (int)b.negative;

	if (above > 0 || above < -1 || (above == -1 && !(bits >> 63)))
		return outside;
	*result = (struct read_number){bits, above == -1};
	return NULL;
}

static const char *number_subtract(struct read_number a, struct read_number b,
				   struct read_number *result)
{
	uint64_t bits = a.bits - b.bits;
	bool borrow = a.bits < b.bits;
	int above = (int)b.negative - (int)a.negative - (int)borrow;

	if (above > 0 || above < -1 || (above == -1 && !(bits >> 63)))
		return outside;
	*result = (struct read_number){bits, above == -1};
	return NULL;
}

/*
 * What bits make: the sign is that of the operands' signs under the same operation. Where no such
 * number has 64 bits, as for ~0xffffffffffffffff, the bits stand for themselves.
 */
static struct read_number number_of_parts(uint64_t bits, bool negative)
{
	return (struct read_number){bits, negative && bits >> 63};
}

static const char *number_shift(enum expr_op op, struct read_number a, struct read_number by,
				struct read_number *result)
{
	uint64_t bits;

	if (by.negative || by.bits > 63)
		return "a shift by less than 0 or more than 63";
	if (op == EXPR_OP_SHIFT_RIGHT) { /* the sign fills up, as in C on all machines */
		bits = a.bits >> by.bits;
		if (a.negative)
			bits = ~(~a.bits >> by.bits);
		*result = (struct read_number){bits, a.negative};
		return NULL;
	}
	bits = a.bits << by.bits;
	if (a.negative ? ~(~bits >> by.bits) != a.bits || !(bits >> 63) : bits >> by.bits != a.bits)
		return outside;
	*result = (struct read_number){bits, a.negative};
	return NULL;
}

const char *read_number_join(enum expr_op op, struct read_number a, struct read_number b,
			     struct read_number *result)
{
	switch (op) {
	case EXPR_OP_PLUS:
		return number_add(a, b, result);
	case EXPR_OP_MINUS:
		return number_subtract(a, b, result);
	case EXPR_OP_SHIFT_LEFT:
	case EXPR_OP_SHIFT_RIGHT:
		return number_shift(op, a, b, result);
	case EXPR_OP_BIT_OR:
		*result = number_of_parts(a.bits | b.bits, a.negative | b.negative);
		return NULL;
	case EXPR_OP_BIT_XOR:
		*result = number_of_parts(a.bits ^ b.bits, a.negative ^ b.negative);
		return NULL;
	case EXPR_OP_BIT_AND:
		*result = number_of_parts(a.bits & b.bits, a.negative & b.negative);
		return NULL;
	default:
		return "a condition where a number is wanted";
	}
}

const char *read_number_turn(enum expr_op op, struct read_number a, struct read_number *result)
{
	switch (op) {
	case EXPR_OP_COMPLEMENT:
		*result = number_of_parts(~a.bits, !a.negative);
		return NULL;
	case EXPR_OP_NEGATE:
		return number_subtract((struct read_number){0}, a, result);
	default:
		return "a condition where a number is wanted";
	}
}
