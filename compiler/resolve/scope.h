/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that a policy gives: `let`, `param` and `group`. A name holds from its statement to the
 * end of its block, and may not be given again while it does.
 */
#ifndef PALE_RESOLVE_SCOPE_H
#define PALE_RESOLVE_SCOPE_H

#include "compiler/resolve/value.h"
#include "policy-lang/base/arena.h"

enum binding_kind {
	BINDING_LET,
	BINDING_PARAM,
	BINDING_GROUP,
};

struct group;

struct binding {
	enum binding_kind kind;
	const char *name; /* a group's is without its @ */
	struct span span;
	uint32_t index;            /* how many names were given before it on this ABI */
	struct value value;        /* LET, PARAM */
	const struct group *group; /* GROUP */
	struct binding *next;      /* in its bucket */
	struct binding *older;     /* given before it */
};

/* Start from zeros. */
struct scope {
	struct binding **buckets; /* NULL while nothing was given */
	struct binding *newest;
};

/* The binding that NAME has now; groups have a space of names of their own. NULL for none. */
const struct binding *scope_find(const struct scope *scope, const char *name, bool group);
/* Gives NAME, which must not be given; kind, name and span are set, the rest is zeros. */
struct binding *scope_add(struct scope *scope, struct arena *arena, enum binding_kind kind,
			  const char *name, struct span span);
/* Takes back all that was given after MARK, which was scope->newest then. */
void scope_reset(struct scope *scope, struct binding *mark);

#endif
