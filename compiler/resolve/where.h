/* SPDX-License-Identifier: Apache-2.0 */
/* From the expression behind `where` to a condition on the words of struct seccomp_data. */
#ifndef PALE_RESOLVE_WHERE_H
#define PALE_RESOLVE_WHERE_H

#include "compiler/resolve/condition.h"
#include "compiler/resolve/resolver.h"

/* EXPR for CALL on the resolver's ABI, which has it; NULL where it is wrong: that is reported. */
const struct condition *where_resolve(struct resolver *resolver, call_id call,
				      const struct expr *expr);

/*
 * The name of the first argument in EXPR that CALL lacks on the ABI, or NULL where it has all.
 * Names that the policy gives are no arguments here.
 */
const struct expr *where_missing_argument(const struct resolver *resolver, call_id call,
					  const struct expr *expr);

/* The first raw register (arg0 to arg5, where CALL has no such argument) that EXPR names, or NULL. */
const struct expr *where_find_register(const struct resolver *resolver, call_id call,
				       const struct expr *expr);

/* One argument of an expectation: `_`, or the values that it may have. NULL as above. */
const struct condition *where_resolve_value(struct resolver *resolver, call_id call,
					    unsigned int index, const struct expr *value);

#endif
