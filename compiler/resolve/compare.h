/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of an operand with what stands on the right, and what can be wrong with them. */
#ifndef PALE_RESOLVE_COMPARE_H
#define PALE_RESOLVE_COMPARE_H

#include "compiler/resolve/condition.h"
#include "compiler/resolve/resolver.h"

/* What a comparison needs to know of its left side and of its place. */
struct comparison {
	struct operand operand;
	call_id call;
	struct span span;
	bool expected; /* an argument of an expectation: it says what a call has, whole */
};

/* Each gives the condition, or NULL where the comparison is wrong, which has been reported. */
const struct condition *compare_order(struct resolver *resolver, const struct comparison *what,
				      enum expr_op op, const struct expr *right);
const struct condition *compare_in(struct resolver *resolver, const struct comparison *what,
				   const struct expr *right);
const struct condition *compare_within(struct resolver *resolver, const struct comparison *what,
				       const struct expr *right);
/* The bare `argument & mask`: some bit is set. */
const struct condition *compare_bits(struct resolver *resolver, const struct comparison *what,
				     const struct expr *mask);

/* Narrows the operand to `operand & mask`. False where the mask is wrong, which is reported. */
bool compare_add_mask(struct resolver *resolver, struct comparison *what, const struct expr *mask);

#endif
