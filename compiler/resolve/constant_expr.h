/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions of constants: numbers, names and sets, with the target ABI's values. */
#ifndef PALE_RESOLVE_CONSTANT_EXPR_H
#define PALE_RESOLVE_CONSTANT_EXPR_H

#include "compiler/resolve/resolver.h"
#include "compiler/resolve/value.h"

/*
 * The value of EXPR. CALL, or CALL_NONE, is the call whose arguments are in sight, so that one in
 * the wrong place is named as what it is. ERROR has been reported; ABSENT is for the caller to
 * report or to keep.
 */
struct value constant_evaluate(struct resolver *resolver, call_id call, const struct expr *expr);

/* Reports an ABSENT constant, as one that the ABI lacks. */
void constant_report_absent(struct resolver *resolver, const struct value *value);

/* The value of EXPR as a number; false where it is none, which has been reported. */
bool constant_number(struct resolver *resolver, call_id call, const struct expr *expr,
		     struct number *number);

#endif
