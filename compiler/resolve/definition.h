/* SPDX-License-Identifier: Apache-2.0 */
/* `let` and `param`, and the -D definitions that give params their values. */
#ifndef PALE_RESOLVE_DEFINITION_H
#define PALE_RESOLVE_DEFINITION_H

#include "compiler/resolve/resolver.h"

void resolve_let(struct resolver *resolver, const struct stmt *stmt);
void resolve_param(struct resolver *resolver, const struct stmt *stmt);

/* Once all ABIs are walked: -D definitions of names that are no param are errors. */
void definitions_check(struct resolver *resolver);

/* Gives NAME, which definition_allowed(), a meaning from here on. */
struct binding *definition_add(struct resolver *resolver, enum binding_kind kind,
			       const struct ast_name *name);
/* The binding that NAME has now, which counts as a use of it; NULL for none. */
const struct binding *definition_find(struct resolver *resolver, const char *name, bool group);
/* Warns of names in the policy's own file that nothing uses on any ABI. */
void definitions_lint(struct resolver *resolver);

/*
 * Whether NAME may be given here: it is not given already, nor one that the language keeps. What
 * is wrong has been reported.
 */
bool definition_allowed(struct resolver *resolver, const struct ast_name *name, bool group);

#endif
