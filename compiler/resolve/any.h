/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `any NAME`: a call and its equivalents on the target ABI.
 *
 * Without a condition all of them get the action. A condition goes to each that has the arguments
 * it names. One that has not, and could be seen to (fork, for `flags`), is left out. One whose
 * argument stands behind a pointer or a multiplexer (clone3, socketcall) gets `deny ENOSYS`
 * whatever the rule's action is: the call is not made, so no action is weakened, and libc falls
 * back to an equivalent that can be seen.
 */
#ifndef PALE_RESOLVE_ANY_H
#define PALE_RESOLVE_ANY_H

#include "compiler/resolve/resolver.h"

/* RESTRICTS: the rule does not let the call through, so what is left out is worth a warning. */
void any_resolve(struct resolver *resolver, const struct rule_item *item, call_id call,
		 const struct expr *where, bool restricts);

#endif
