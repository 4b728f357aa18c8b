/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways around a rule: a call that is let through and does what the rule restricts, in a form that
 * the rule cannot see (socketcall, ipc; openat2 and clone3 beside rules on flags).
 */
#ifndef PALE_RESOLVE_BYPASS_H
#define PALE_RESOLVE_BYPASS_H

#include "compiler/resolve/resolver.h"

/* Warns of them, over the whole ruleset of the resolver's ABI. */
void bypass_check(struct resolver *resolver);

#endif
