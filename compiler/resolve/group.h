/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: calls with their conditions, written out for one ABI where the group is defined. */
#ifndef PALE_RESOLVE_GROUP_H
#define PALE_RESOLVE_GROUP_H

#include "compiler/resolve/ruleset.h"
#include "policy-lang/ast.h"

struct resolver;

struct group_member {
	uint32_t number;
	call_id call;
	const struct condition *condition;
	bool hidden; /* it gets `deny ENOSYS` whatever the rule's action: see any.h */
};

struct group {
	const char *name;
	unsigned int height; /* 1 for a group of calls alone, else one more than its members */
	const char
		*left_out; /* calls that an `any` of the policy's leaves out, or NULL: see any.h */
	VEC(struct group_member) members;
};

/* The shipped groups that this ABI's walk has met. Start from zeros. */
struct shipped_group {
	const char *name;
	const struct group *group; /* NULL while it is being written out */
};
struct shipped_groups {
	VEC(struct shipped_group) list;
};

/* `group @name { ... }`: the name means the group from here on. */
void group_define(struct resolver *resolver, const struct stmt *stmt);

/*
 * The group that NAME (without its @) means here: the policy's own before a shipped one, and in
 * shipped rule sets a shipped one. NULL where there is none, which has been reported.
 */
const struct group *group_resolve(struct resolver *resolver, const struct ast_name *name);

#endif
