/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison with a constant means for the bits of an argument. */
#ifndef PALE_RESOLVE_COMPARISON_H
#define PALE_RESOLVE_COMPARISON_H

#include "compiler/resolve/number.h"
#include "compiler/resolve/operand.h"
#include "compiler/resolve/pattern.h"

enum comparison_result {
	COMPARISON_GOOD,
	COMPARISON_NEVER,    /* no value of the operand passes */
	COMPARISON_ALWAYS,   /* every value of it does */
	COMPARISON_WIDE,     /* the constant has more bits than the argument */
	COMPARISON_SIGN,     /* it fits under the other sign only, where the order is another */
	COMPARISON_REVERSED, /* a range whose end lies before its beginning */
};

/*
 * Adds to SET the patterns of the operand that satisfy `operand OP number`, for EQUAL to
 * GREATER_EQUAL. SET, empty before, is normal under the operand's mask where the result is GOOD.
 */
enum comparison_result comparison_patterns(struct arena *arena, const struct operand *operand,
					   enum expr_op op, struct number number,
					   struct pattern_set *set);

/*
 * Adds FIRST..LAST, an element of the set behind `in`. The caller brings SET into its normal form
 * behind the last element.
 */
enum comparison_result comparison_add_range(struct arena *arena, const struct operand *operand,
					    struct number first, struct number last,
					    struct pattern_set *set);

/*
 * A mask as the operand sees it. A negative one (~O_CREAT) has ones in all places above; another
 * may not be wider than the argument. False where it is.
 */
bool comparison_mask(const struct operand *operand, struct number number, uint64_t *mask);

#endif
