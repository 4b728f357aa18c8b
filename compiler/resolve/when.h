/* SPDX-License-Identifier: Apache-2.0 */
/* The condition behind `when`: the ABI and the params decide it, before there is a filter. */
#ifndef PALE_RESOLVE_WHEN_H
#define PALE_RESOLVE_WHEN_H

#include "compiler/resolve/resolver.h"

/* Whether EXPR holds on the resolver's ABI; false where it is wrong, which has been reported. */
bool when_resolve(struct resolver *resolver, const struct expr *expr, bool *holds);

/* The ABI that NAME means, by its name or an alias; NULL where there is none: reported. */
const struct abi *when_resolve_abi(struct resolver *resolver, const struct ast_name *name);

#endif
