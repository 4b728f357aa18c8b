/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/dangers.h"

#include "policy-lang/ast.h"
#include "policy-lang/base/diag.h"
#include "policy-lang/parse.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name;
	const char *entry;
} dangers[] = {
#define DANGER(name, entry, why) {name, entry},
#include "profiler/dangers.def"
#undef DANGER
};

static void note(struct danger *danger, enum danger_reach reach, const char *name)
{
	if (reach <= danger->reach)
		return;
	danger->reach = reach;
	danger->name = name;
}

/* The calls of a rule, and what makes them by another number, whose arguments lie elsewhere. */
static void note_rule(struct danger *found, const struct stmt *rule, bool everywhere,
		      enum abi_id abi, const char *name)
{
	bool always = everywhere && !rule->rule.where;

	for (size_t i = 0; i < rule->rule.items.count; i++) {
		call_id call = call_find(rule->rule.items.items[i].name.text), multiplexer;

		assert(call != CALL_NONE);
		multiplexer = call_multiplexer(call, abi);
		note(&found[call], always ? DANGER_ALWAYS : DANGER_BY_ARGUMENTS, name);
		if (multiplexer != CALL_NONE)
			note(&found[multiplexer], DANGER_BY_ARGUMENTS, name);
	}
}

/* What stands under `when` has arguments there or here: both counts as with some of them. */
static void note_list(struct danger *found, const struct stmt_list *list, bool everywhere,
		      enum abi_id abi, const char *name)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];

		if (stmt->kind == STMT_RULE)
			note_rule(found, stmt, everywhere, abi, name);
		if (stmt->kind != STMT_WHEN)
			continue;
		note_list(found, &stmt->when.then, false, abi, name);
		note_list(found, &stmt->when.otherwise, false, abi, name);
	}
}

const struct danger *dangers_read(struct arena *arena, enum abi_id abi)
{
	struct danger *found = arena_alloc_array(arena, call_count(), sizeof(*found));
	struct sources sources = {.arena = arena};
	struct diags diags = {.arena = arena, .sources = &sources};

	for (size_t i = 0; i < sizeof(dangers) / sizeof(dangers[0]); i++) {
		const char *text = arena_printf(arena, "group @entry {\n%s\n}\n", dangers[i].entry);
		uint32_t file = sources_add(&sources, "entry", text, (uint32_t)strlen(text));
		const struct policy_ast *ast = policy_parse(arena, &sources, file, &diags);

		assert(!diags.errors && ast->statements.items.count == 1);
		note_list(found, &ast->statements.items.items[0]->group.body, true, abi,
			  dangers[i].name);
	}
	return found;
}
