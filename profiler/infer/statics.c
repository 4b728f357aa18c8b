/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/statics.h"

#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_LENGTH = 8,  /* calls in one rule */
	SITES_SHOWN = 64, /* of those with unknown numbers, by place; above that by their number */
	WHEN_INDENT = 8,
};

static const struct span nowhere;

struct statics {
	struct arena *arena;
	const struct static_evidence *evidence;
	struct policy_ast *ast;
	abi_set abis;
	size_t rules; /* calls that were added */
};

abi_set statics_abis(const struct static_evidence *statics, abi_set abis)
{
	abi_set with = 0;

	for (size_t i = 0; statics && i < statics->calls.count; i++)
		if (statics->calls.items[i]->call != CALL_NONE)
			with |= ABI_BIT(statics->calls.items[i]->abi);
	return abis ? with & abis : with;
}

struct kernel_version statics_baseline(const struct static_evidence *statics,
				       struct kernel_version baseline)
{
	if (!statics || baseline.major)
		return baseline;
	baseline = (struct kernel_version){4, 4}; /* as old as kernels in use are */
	for (size_t i = 0; i < statics->calls.count; i++) {
		const struct static_call *call = statics->calls.items[i];

		if (call->call != CALL_NONE &&
		    kernel_version_compare(call_since(call->call, call->abi), baseline) > 0)
			baseline = call_since(call->call, call->abi);
	}
	return baseline;
}

static bool item_speaks(const struct rule_item *item, call_id call, enum abi_id abi)
{
	call_id named = call_find(item->name.text);
	unsigned int count = 0;
	const struct equivalent *same;

	if (named == CALL_NONE)
		return false;
	if (named == call)
		return true;
	same = item->any ? call_equivalents(named, abi, &count) : NULL;
	for (unsigned int i = 0; i < count; i++)
		if (same[i].call == call)
			return true;
	return false;
}

/* `when arch == NAME`, the one form that inference writes. */
static bool is_for(const struct stmt *when, enum abi_id abi)
{
	const struct expr *condition = when->when.condition;

	return condition->kind == EXPR_BINARY && condition->op == EXPR_OP_EQUAL &&
	       condition->right->kind == EXPR_NAME &&
	       strcmp(condition->right->text, abi_get(abi)->name) == 0;
}

/* Whether a rule names the call, or an equivalent as `any`. */
static bool speaks(const struct stmt_list *list, call_id call, enum abi_id abi)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];

		if (stmt->kind == STMT_WHEN && is_for(stmt, abi) &&
		    speaks(&stmt->when.then, call, abi))
			return true;
		for (size_t j = 0; stmt->kind == STMT_RULE && j < stmt->rule.items.count; j++)
			if (item_speaks(&stmt->rule.items.items[j], call, abi))
				return true;
	}
	return false;
}

static const char *site_text(struct arena *arena, const struct static_site *site)
{
	return site->via ? arena_printf(arena, "%s through %s", site->object, site->via)
			 : arena_printf(arena, "%s in %s", site->object, site->origin);
}

/* What leads to the call: the first ways that were found. */
static const char *reason(struct arena *arena, const struct static_call *call)
{
	const char *text = "";

	for (size_t i = 0; i < call->sites.count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
				    site_text(arena, &call->sites.items[i]));
	return text;
}

static struct stmt *add_rule(struct statics *statics, struct stmt_list *list, const char *why,
			     size_t indent)
{
	struct stmt *stmt = stmt_new(statics->arena, STMT_RULE, nowhere);

	*VEC_PUSH(statics->arena, &list->items) = stmt;
	stmt->rule.has_action = true;
	stmt->rule.action.kind = ACTION_ALLOW;
	evidence_wrap(statics->arena,
		      arena_printf(statics->arena, "not seen; static evidence: %s", why), indent,
		      &stmt->comments);
	return stmt;
}

struct reasoned {
	const struct static_call *call;
	const char *why;
};

static int order_reasoned(const void *left, const void *right)
{
	const struct reasoned *a = left, *b = right;
	int order = strcmp(a->why, b->why);

	return order ? order : (a->call->call > b->call->call) - (a->call->call < b->call->call);
}

/* Calls with the same reasons share a rule. */
static void add_rules(struct statics *statics, struct stmt_list *list, enum abi_id abi,
		      size_t indent)
{
	VEC(struct reasoned) calls = {0};
	struct stmt *stmt = NULL;

	for (size_t i = 0; i < statics->evidence->calls.count; i++) {
		const struct static_call *call = statics->evidence->calls.items[i];

		if (call->abi == abi && call->call != CALL_NONE &&
		    !speaks(&statics->ast->statements, call->call, abi))
			*VEC_PUSH(statics->arena, &calls) =
				(struct reasoned){call, reason(statics->arena, call)};
	}
	if (calls.count)
		qsort(calls.items, calls.count, sizeof(*calls.items), order_reasoned);
	for (size_t i = 0; i < calls.count; i++) {
		bool first = !stmt;

		if (first || strcmp(calls.items[i].why, calls.items[i - 1].why) != 0 ||
		    stmt->rule.items.count == LIST_LENGTH) {
			stmt = add_rule(statics, list, calls.items[i].why, indent);
			stmt->blank_before = first && list->items.count > 1;
		}
		VEC_PUSH(statics->arena, &stmt->rule.items)->name.text =
			call_get(calls.items[i].call->call)->name;
	}
	statics->rules += calls.count;
}

static void add_block(struct statics *statics, enum abi_id abi)
{
	struct arena *arena = statics->arena;
	struct stmt *stmt = stmt_new(arena, STMT_WHEN, nowhere);

	add_rules(statics, &stmt->when.then, abi, WHEN_INDENT);
	if (!stmt->when.then.items.count)
		return;
	*VEC_PUSH(arena, &statics->ast->statements.items) = stmt;
	stmt->blank_before = true;
	stmt->when.condition =
		expr_new_binary(arena, EXPR_OP_EQUAL, expr_new_name(arena, "arch", nowhere),
				expr_new_name(arena, abi_get(abi)->name, nowhere), nowhere);
}

/* What remains unsure: to the policy's head, and to whoever waits for it. */
static void say(struct statics *statics, struct diags *diags, const char *text)
{
	evidence_wrap(statics->arena, text, 0, &statics->ast->statements.items.items[0]->comments);
	diag_warning(diags, DIAG_STATIC, nowhere, "%s", text);
}

static void say_list(struct statics *statics, struct diags *diags, const char *what,
		     const char *const *items, size_t count)
{
	const char *text = what;

	for (size_t i = 0; i < count; i++)
		text = arena_printf(statics->arena, "%s%s %s", text, i ? "," : ":", items[i]);
	if (count)
		say(statics, diags, text);
}

static void say_unknown(struct statics *statics, struct diags *diags)
{
	const struct static_evidence *evidence = statics->evidence;
	struct arena *arena = statics->arena;
	size_t count = evidence->unknown.count + evidence->unknown_more;
	const char *text = arena_printf(arena, "%zu system call site%s whose number cannot be told",
					count, count == 1 ? "" : "s");

	for (size_t i = 0; i < evidence->unknown.count && i < SITES_SHOWN; i++) {
		const struct static_site *site = &evidence->unknown.items[i];

		text = arena_printf(arena, "%s%s %s+0x%" PRIx64, text, i ? "," : ":", site->object,
				    site->address);
		if (site->function || site->via)
			text = arena_printf(arena, "%s (%s%s)", text,
					    site->function ? "" : "through ",
					    site->function ? site->function : site->via);
	}
	if (count > SITES_SHOWN)
		text = arena_printf(arena, "%s, and %zu more", text, count - SITES_SHOWN);
	if (count)
		say(statics, diags, text);
}

static void say_nameless(struct statics *statics, struct diags *diags)
{
	for (size_t i = 0; i < statics->evidence->calls.count; i++) {
		const struct static_call *call = statics->evidence->calls.items[i];

		if (call->call == CALL_NONE)
			say(statics, diags,
			    arena_printf(statics->arena,
					 "%s call %" PRIu32 " (%s) has no name in the catalogue: "
					 "it stays denied",
					 abi_get(call->abi)->name, call->number,
					 reason(statics->arena, call)));
		else if (!(statics->abis & ABI_BIT(call->abi)))
			say(statics, diags,
			    arena_printf(statics->arena, "%s of %s (%s) is left out with its ABI",
					 call_get(call->call)->name, abi_get(call->abi)->name,
					 reason(statics->arena, call)));
	}
}

static void add_head(struct statics *statics, struct diags *diags)
{
	const struct static_evidence *evidence = statics->evidence;
	struct arena *arena = statics->arena;
	const char *programs = "";

	for (size_t i = 0; i < evidence->programs.count; i++)
		programs = arena_printf(arena, "%s%s%s", programs, i ? ", " : "",
					evidence->programs.items[i]);
	evidence_wrap(arena,
		      arena_printf(arena,
				   "Static evidence, from the code of %s: %zu call%s could be made "
				   "that no run has shown (code never run). Their rules say so: "
				   "strike those that the program has no need of.",
				   programs, statics->rules, statics->rules == 1 ? "" : "s"),
		      0, &statics->ast->statements.items.items[0]->comments);
	say_unknown(statics, diags);
	say_nameless(statics, diags);
	say_list(statics, diags, "libraries that were not found, whose calls are not here",
		 evidence->missing.items, evidence->missing.count);
	say_list(statics, diags,
		 "code that is loaded by name is not analysed; it is loaded through",
		 evidence->loaders.items, evidence->loaders.count);
}

bool statics_has(const struct static_evidence *statics, call_id call)
{
	for (size_t i = 0; statics && i < statics->calls.count; i++)
		if (statics->calls.items[i]->call == call)
			return true;
	return false;
}

void statics_add(struct arena *arena, struct policy_ast *ast, const struct static_evidence *statics,
		 abi_set abis, struct diags *diags)
{
	struct statics work = {.arena = arena, .evidence = statics, .ast = ast, .abis = abis};

	if (!statics)
		return;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		if (!(abis & ABI_BIT(abi)))
			continue;
		if (abis == ABI_BIT(abi))
			add_rules(&work, &ast->statements, (enum abi_id)abi, 0);
		else
			add_block(&work, (enum abi_id)abi);
	}
	add_head(&work, diags);
}
