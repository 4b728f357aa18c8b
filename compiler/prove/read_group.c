/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: the policy's own, and those that are shipped. */
#include "compiler/prove/reader.h"

enum {
	GROUP_DEPTH_MAX = 32
}; /* the language's limit */

/* The group that NAME means in SCOPE, and what its body sees. */
static bool group_find(struct reader *reader, struct read_scope scope, const struct ast_name *name,
		       struct read_group *group)
{
	uint32_t index = READ_NAME_NONE;

	if (!scope.shipped)
		index = read_names_find(&reader->group_names, name->text);
	if (index != READ_NAME_NONE) {
		if (index >= scope.groups)
			return reader_fail(reader, name->span,
					   "a group that is not defined at this place");
		*group = reader->groups.items[index];
		return true;
	}
	group->scope = (struct read_scope){.shipped = true};
	group->stmt = library_find_group(reader->library, reader->arena, reader->sources,
					 &reader->diags, name->text);
	return (group->stmt && !reader->diags.errors) ||
	       reader_fail(reader, name->span, "a group that there is not");
}

/* The rules of a group's body; OUTER is what the rule that names it asks for. */
static bool group_body(struct reader *reader, const struct read_rule_frame *frame,
		       const struct stmt_list *body, struct read_scope scope,
		       const struct read_where *outer, unsigned int depth)
{
	for (size_t i = 0; i < body->items.count; i++) {
		const struct stmt *stmt = body->items.items[i];
		struct read_where where = {.scope = scope, .outer = outer};
		bool holds;

		if (stmt->kind == STMT_WHEN) {
			if (!reader_decide(reader, scope, stmt->when.condition, &holds) ||
			    !group_body(reader, frame,
					holds ? &stmt->when.then : &stmt->when.otherwise, scope,
					outer, depth))
				return false;
			continue;
		}
		if (stmt->kind != STMT_RULE || stmt->rule.has_action)
			return reader_fail(reader, stmt->span, "a statement no group may have");
		where.expr = stmt->rule.where;
		for (size_t j = 0; j < stmt->rule.items.count; j++)
			if (!reader_items(reader, frame, &stmt->rule.items.items[j], &where, depth))
				return false;
	}
	return true;
}

bool reader_items(struct reader *reader, const struct read_rule_frame *frame,
		  const struct rule_item *item, const struct read_where *where, unsigned int depth)
{
	struct read_group group = {0};

	if (!reader_work(reader, 1, item->span))
		return false;
	if (!item->is_group)
		return reader_call_rule(reader, frame, item, where);
	if (depth >= GROUP_DEPTH_MAX)
		return reader_fail(reader, item->span, "groups too deep inside each other");
	return group_find(reader, where->scope, &item->name, &group) &&
	       group_body(reader, frame, &group.stmt->group.body, group.scope, where, depth + 1);
}
