/* SPDX-License-Identifier: Apache-2.0 */
/* Actions as the kernel takes them: SECCOMP_RET_* with 16 bits of data. */
#ifndef PALE_RESOLVE_ACTION_H
#define PALE_RESOLVE_ACTION_H

#include "compiler/resolve/resolver.h"

/* The action on the resolver's ABI; false where its value is wrong, which has been reported. */
bool action_resolve(struct resolver *resolver, const struct ast_action *action,
		    seccomp_action *result);
/* `deny ENOSYS`, as a kernel without the call answers. */
seccomp_action action_absent(const struct resolver *resolver);
/* Whether the call is made: allow and log. */
bool action_lets_through(seccomp_action action);

#endif
