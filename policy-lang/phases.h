/* SPDX-License-Identifier: Apache-2.0 */
/* The phases of a policy: `phase NAME { ... }`, in the order in which a program goes through them. */
#ifndef PALE_POLICY_PHASES_H
#define PALE_POLICY_PHASES_H

#include "policy-lang/ast.h"

/* What stands outside of all blocks: the phase that comes first. No block can have its name. */
#define PHASE_START "start"

enum {
	PHASES_MAX = 15,     /* blocks of one policy */
	PHASE_NAME_MAX = 63, /* letters of a name */
};

struct phase_list {
	VEC(const struct stmt *) items; /* PHASE */
};

/* The blocks of AST and of the files that it includes at their tops. Which may stand is not checked. */
struct phase_list phases_list(struct arena *arena, const struct policy_ast *ast);

/* PHASE's name, where NULL is the first. */
const char *phase_name(const struct stmt *phase);

#endif
