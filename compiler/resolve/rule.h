/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: each item of the list becomes one call with one condition, or several. */
#ifndef PALE_RESOLVE_RULE_H
#define PALE_RESOLVE_RULE_H

#include "compiler/resolve/resolver.h"

/*
 * Resolves a RULE statement. With an action its calls join the ruleset; without one, in a group,
 * they join the group that is being written out.
 */
void resolve_rule(struct resolver *resolver, const struct stmt *stmt);

/* Adds a call where the rules go now. */
void rule_emit(struct resolver *resolver, const struct group_member *member);

#endif
