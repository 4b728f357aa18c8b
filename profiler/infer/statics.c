/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/statics.h"

#include "profiler/infer/cut.h"
#include "profiler/infer/dangers.h"
#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_LENGTH = 8,   /* calls in one rule */
	SITES_SHOWN = 64,  /* of those with unknown numbers, by place; above that by their number */
	CALLS_SHOWN = 64,  /* of those without a name, or whose ABI is left out */
	NAMES_SHOWN = 256, /* of libraries */
	SITE_WIDTH =
		120, /* bytes of each part of a site; so that a policy stays one that is read */
	NAME_WIDTH = 400, /* of a library with what is wrong with it */
	WHEN_INDENT = 8,
};

static const struct span nowhere;

struct statics {
	struct arena *arena;
	const struct static_evidence *evidence;
	struct policy_ast *ast;
	abi_set abis;
	size_t rules;     /* calls that were added */
	size_t dangerous; /* of these */
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

/* A file's own bytes, whatever they are, as a comment may have them. */
static const char *plain(struct arena *arena, const char *text, size_t width)
{
	return infer_cut(arena, recording_escape(arena, text, strlen(text)), width);
}

static const char *site_text(struct arena *arena, const struct static_site *site)
{
	const char *object = plain(arena, site->object, SITE_WIDTH);

	return evidence_whole(arena,
			      site->via ? arena_printf(arena, "%s through %s", object,
						       plain(arena, site->via, SITE_WIDTH))
					: arena_printf(arena, "%s in %s", object, site->origin));
}

/* What leads to the call: the first ways that were found. */
static const char *reason(struct arena *arena, const struct static_call *call)
{
	VEC(const char *) ways = {0};

	for (size_t i = 0; i < call->sites.count; i++)
		*VEC_PUSH(arena, &ways) = site_text(arena, &call->sites.items[i]);
	return evidence_join(arena, ways.items, ways.count, ", ");
}

struct reasoned {
	const struct static_call *call;
	struct danger danger;
	const char *why;
};
typedef VEC(struct reasoned) reasoned_list;

/* What leads far first; calls with the same reasons together. */
static int order_reasoned(const void *left, const void *right)
{
	const struct reasoned *a = left, *b = right;
	int order = a->danger.reach == DANGER_NONE ? strcmp(a->why, b->why) : 0;

	if (a->danger.reach != b->danger.reach)
		return a->danger.reach > b->danger.reach ? -1 : 1;
	return order ? order : (a->call->call > b->call->call) - (a->call->call < b->call->call);
}

/* The calls that the policy does not speak of. */
static reasoned_list find_calls(struct statics *statics, enum abi_id abi)
{
	const struct danger *dangers = dangers_read(statics->arena, abi);
	reasoned_list calls = {0};

	for (size_t i = 0; i < statics->evidence->calls.count; i++) {
		const struct static_call *call = statics->evidence->calls.items[i];

		if (call->abi != abi || call->call == CALL_NONE ||
		    speaks(&statics->ast->statements, call->call, abi))
			continue;
		*VEC_PUSH(statics->arena, &calls) =
			(struct reasoned){call, dangers[call->call], reason(statics->arena, call)};
		statics->dangerous += dangers[call->call].reach != DANGER_NONE;
	}
	statics->rules += calls.count;
	if (calls.count)
		qsort(calls.items, calls.count, sizeof(*calls.items), order_reasoned);
	return calls;
}

/* How many calls share one rule with the first of COUNT: those whose reason is the same. */
static size_t share_rule(const struct reasoned *calls, size_t count)
{
	size_t shared = 1;

	while (shared < count && shared < LIST_LENGTH &&
	       calls[shared].danger.reach == calls->danger.reach &&
	       (calls->danger.reach != DANGER_NONE || strcmp(calls[shared].why, calls->why) == 0))
		shared++;
	return shared;
}

/* Each call that leads far has its own reasons in the comment. */
static const char *danger_text(struct arena *arena, const struct reasoned *calls, size_t count)
{
	VEC(const char *) texts = {0};

	for (size_t i = 0; i < count; i++) {
		const char *name = call_get(calls[i].call->call)->name;
		bool same = strcmp(name, calls[i].danger.name) == 0;

		*VEC_PUSH(arena, &texts) = evidence_whole(
			arena, arena_printf(arena, "%s%s%s%s by %s", name, same ? "" : " (",
					    same ? "" : calls[i].danger.name, same ? "" : ")",
					    calls[i].why));
	}
	return evidence_join(arena, texts.items, texts.count, "; ");
}

static const char *rule_text(struct arena *arena, const struct reasoned *calls, size_t count)
{
	switch (calls->danger.reach) {
	case DANGER_ALWAYS:
		return arena_printf(
			arena,
			"not seen; static evidence, of calls that few programs need and "
			"that lead far: %s",
			danger_text(arena, calls, count));
	case DANGER_BY_ARGUMENTS:
		return arena_printf(arena,
				    "not seen; static evidence, of calls that lead far with some "
				    "arguments: %s",
				    danger_text(arena, calls, count));
	default:
		return arena_printf(arena, "not seen; static evidence: %s", calls->why);
	}
}

static void add_rules(struct statics *statics, struct stmt_list *list, enum abi_id abi,
		      size_t indent)
{
	struct arena *arena = statics->arena;
	reasoned_list calls = find_calls(statics, abi);

	for (size_t i = 0, shared; i < calls.count; i += shared) {
		const struct reasoned *first = &calls.items[i];
		struct stmt *stmt = stmt_new(arena, STMT_RULE, nowhere);

		shared = share_rule(first, calls.count - i);
		*VEC_PUSH(arena, &list->items) = stmt;
		stmt->blank_before = list->items.count > 1 &&
				     (i == 0 || (first->danger.reach == DANGER_NONE &&
						 first[-1].danger.reach != DANGER_NONE));
		stmt->rule.has_action = true;
		stmt->rule.action.kind = ACTION_ALLOW;
		evidence_wrap(arena, rule_text(arena, first, shared), indent, &stmt->comments);
		for (size_t j = 0; j < shared; j++)
			VEC_PUSH(arena, &stmt->rule.items)->name.text =
				call_get(first[j].call->call)->name;
	}
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
	diag_warning(diags, DIAG_STATIC, nowhere, "%s", evidence_plain(diags->arena, text));
}

/* WHAT, and the COUNT of ITEMS that are shown of ALL; nothing where there are none. */
static void say_list(struct statics *statics, struct diags *diags, const char *what,
		     const char *const *items, size_t count, size_t all)
{
	struct arena *arena = statics->arena;
	const char *text;

	if (!all)
		return;
	text = arena_printf(arena, "%s: %s", what, evidence_join(arena, items, count, ", "));
	if (all > count)
		text = arena_printf(arena, "%s, and %zu more", text, all - count);
	say(statics, diags, text);
}

static const char *unknown_text(struct arena *arena, const struct static_site *site)
{
	const char *object = plain(arena, site->object, SITE_WIDTH);
	const char *where = site->function ? site->function : site->via;

	if (!where)
		return arena_printf(arena, "%s+0x%" PRIx64, object, site->address);
	return evidence_whole(arena, arena_printf(arena, "%s+0x%" PRIx64 " (%s%s)", object,
						  site->address, site->function ? "" : "through ",
						  plain(arena, where, SITE_WIDTH)));
}

static void say_unknown(struct statics *statics, struct diags *diags)
{
	const struct static_evidence *evidence = statics->evidence;
	struct arena *arena = statics->arena;
	size_t all = evidence->unknown.count + evidence->unknown_more;
	VEC(const char *) sites = {0};

	for (size_t i = 0; i < evidence->unknown.count && i < SITES_SHOWN; i++)
		*VEC_PUSH(arena, &sites) = unknown_text(arena, &evidence->unknown.items[i]);
	say_list(statics, diags,
		 arena_printf(arena, "%zu system call site%s whose number cannot be told", all,
			      all == 1 ? "" : "s"),
		 sites.items, sites.count, all);
}

static const char *nameless_text(struct statics *statics, const struct static_call *call)
{
	const char *abi = abi_get(call->abi)->name, *why = reason(statics->arena, call);

	if (call->call == CALL_NONE)
		return arena_printf(statics->arena,
				    "%s call %" PRIu32
				    " (%s) has no name in the catalogue: it stays denied",
				    abi, call->number, why);
	if (!(statics->abis & ABI_BIT(call->abi)))
		return arena_printf(statics->arena, "%s of %s (%s) is left out with its ABI",
				    call_get(call->call)->name, abi, why);
	return NULL;
}

static void say_nameless(struct statics *statics, struct diags *diags)
{
	size_t count = 0;

	for (size_t i = 0; i < statics->evidence->calls.count; i++) {
		const char *text = nameless_text(statics, statics->evidence->calls.items[i]);

		if (text && count++ < CALLS_SHOWN)
			say(statics, diags, text);
	}
	if (count > CALLS_SHOWN)
		say(statics, diags,
		    arena_printf(statics->arena, "%zu more calls have no name, or another ABI",
				 count - CALLS_SHOWN));
}

/* Libraries that are missing, or why they are as good as missing. */
static void say_missing(struct statics *statics, struct diags *diags)
{
	const struct static_evidence *evidence = statics->evidence;
	VEC(const char *) names = {0};

	for (size_t i = 0; i < evidence->missing.count && i < NAMES_SHOWN; i++)
		*VEC_PUSH(statics->arena, &names) = evidence_whole(
			statics->arena,
			plain(statics->arena, evidence->missing.items[i], NAME_WIDTH));
	say_list(statics, diags, "libraries that were not found, whose calls are not here",
		 names.items, names.count, evidence->missing.count + evidence->missing_more);
}

static const char *dangerous_text(const struct statics *statics)
{
	if (!statics->dangerous)
		return "";
	return arena_printf(statics->arena, " %zu lead%s far, and stand%s first.",
			    statics->dangerous, statics->dangerous == 1 ? "s" : "",
			    statics->dangerous == 1 ? "s" : "");
}

static void add_head(struct statics *statics, struct diags *diags)
{
	const struct static_evidence *evidence = statics->evidence;
	struct arena *arena = statics->arena;
	VEC(const char *) programs = {0};

	for (size_t i = 0; i < evidence->programs.count; i++)
		*VEC_PUSH(arena, &programs) = plain(arena, evidence->programs.items[i], NAME_WIDTH);
	evidence_wrap(arena,
		      arena_printf(arena,
				   "Static evidence, from the code of %s: %zu call%s could be made "
				   "that no run has shown (code never run).%s Their rules say so: "
				   "strike those that the program has no need of.",
				   evidence_join(arena, programs.items, programs.count, ", "),
				   statics->rules, statics->rules == 1 ? "" : "s",
				   dangerous_text(statics)),
		      0, &statics->ast->statements.items.items[0]->comments);
	say_unknown(statics, diags);
	say_nameless(statics, diags);
	say_missing(statics, diags);
	say_list(statics, diags,
		 "code that is loaded by name is not analysed; it is loaded through",
		 evidence->loaders.items, evidence->loaders.count, evidence->loaders.count);
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
