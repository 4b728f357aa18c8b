/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/group.h"

#include "compiler/resolve/definition.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"

#include <assert.h>
#include <string.h>

/* Writes the body of a GROUP statement out, in the scope that the resolver has now. */
static struct group *group_write_out(struct resolver *resolver, const struct stmt *stmt)
{
	struct group *group = arena_alloc(resolver->arena, sizeof(*group));
	struct group *outer = resolver->group;

	group->name = stmt->group.name.text;
	group->height = 1;
	resolver->group = group;
	resolve_statements(resolver, &stmt->group.body, BLOCK_GROUP);
	resolver->group = outer;
	if (group->height > GROUP_DEPTH_MAX)
		resolver_error(resolver, DIAG_LIMIT, stmt->group.name.span,
			       "groups are nested more than %u deep", GROUP_DEPTH_MAX);
	return group;
}

static bool is_shipped_name(const char *name)
{
	const char *shipped;

	for (size_t i = 0; (shipped = library_group_name(i)); i++)
		if (strcmp(shipped, name) == 0)
			return true;
	return false;
}

void group_define(struct resolver *resolver, const struct stmt *stmt)
{
	const struct ast_name *name = &stmt->group.name;
	bool allowed = definition_allowed(resolver, name, true);
	struct binding *binding = NULL;
	struct group *group;

	if (is_shipped_name(name->text))
		resolver_warning(resolver, DIAG_SHADOW, name->span,
				 "from here on '@%s' is not the shipped group of that name",
				 name->text);
	/* The name is given first, so that a group that holds itself is seen to. */
	if (allowed)
		binding = definition_add(resolver, BINDING_GROUP, name);
	group = group_write_out(resolver, stmt);
	if (binding)
		binding->group = group;
}

/* A shipped group sees nothing of the policy: neither its names nor its untaken branches. */
static const struct group *write_out_shipped(struct resolver *resolver, const struct stmt *stmt)
{
	struct scope scope = resolver->scope;
	unsigned int untaken = resolver->untaken;
	bool shipped = resolver->shipped;
	const struct group *group;

	resolver->scope = (struct scope){0};
	resolver->untaken = 0;
	resolver->shipped = true;
	group = group_write_out(resolver, stmt);
	resolver->scope = scope;
	resolver->untaken = untaken;
	resolver->shipped = shipped;
	return group;
}

static const struct group *report_cycle(struct resolver *resolver, const struct ast_name *name)
{
	resolver_error(resolver, DIAG_CYCLE, name->span, "group '@%s' would hold itself",
		       name->text);
	return NULL;
}

/* The shipped group NAME, once for each ABI; *FOUND is false where there is none. */
static const struct group *find_shipped(struct resolver *resolver, const struct ast_name *name,
					bool *found)
{
	struct shipped_groups *groups = &resolver->shipped_groups;
	const struct stmt *stmt;
	const struct group *group;
	size_t index;

	*found = true;
	for (size_t i = 0; i < groups->list.count; i++)
		if (strcmp(groups->list.items[i].name, name->text) == 0)
			return groups->list.items[i].group ? groups->list.items[i].group
							   : report_cycle(resolver, name);
	stmt = library_find_group(resolver->library, resolver->arena, resolver->sources,
				  resolver->diags, name->text);
	*found = stmt;
	if (!stmt)
		return NULL;
	index = groups->list.count;
	VEC_PUSH(resolver->arena, &groups->list)->name = name->text;
	group = write_out_shipped(resolver, stmt);
	groups->list.items[index].group = group;
	return group;
}

static void report_unknown(struct resolver *resolver, const struct ast_name *name)
{
	struct word_guess guess = {.word = name->text};
	const char *shipped;
	struct diag *diag;

	if (name_report_early(resolver, name->span, name->text, true))
		return;
	diag = resolver_error(resolver, DIAG_GROUP_UNKNOWN, name->span, "there is no group '@%s'",
			      name->text);
	if (!name_wants_guess(resolver, diag))
		return;
	for (const struct binding *at = resolver->scope.newest; at; at = at->older)
		if (at->kind == BINDING_GROUP)
			word_guess_offer(&guess, at->name);
	for (size_t i = 0; (shipped = library_group_name(i)); i++)
		word_guess_offer(&guess, shipped);
	if (guess.best)
		resolver_suggest(resolver, diag, arena_printf(resolver->arena, "@%s", guess.best));
}

const struct group *group_resolve(struct resolver *resolver, const struct ast_name *name)
{
	const struct binding *binding = definition_find(resolver, name->text, true);
	const struct group *group;
	bool found;

	if (binding && !binding->group)
		return report_cycle(resolver, name);
	if (binding)
		return binding->group;
	group = find_shipped(resolver, name, &found);
	if (!found)
		report_unknown(resolver, name);
	return group;
}
