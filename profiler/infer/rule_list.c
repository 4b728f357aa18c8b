/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule that all recorded ABIs with its call ask for alike stands once; others stand under
 * `when arch`.
 */
#include "profiler/infer/compose.h"
#include "profiler/infer/evidence.h"
#include "profiler/infer/widen.h"

#include <stdlib.h>
#include <string.h>

enum {
	LIST_LENGTH = 8, /* names in one rule of plain calls */
	BLOCK_INDENT = 8,
};

static const struct span nowhere;

struct stmt *compose_stmt(struct composition *composition, struct stmt_list *list,
			  enum stmt_kind kind)
{
	struct stmt *stmt = stmt_new(composition->arena, kind, nowhere);

	*VEC_PUSH(composition->arena, &list->items) = stmt;
	return stmt;
}

void compose_item(struct composition *composition, struct stmt *stmt, bool any, const char *name)
{
	struct rule_item *item = VEC_PUSH(composition->arena, &stmt->rule.items);

	item->any = any;
	item->name.text = name;
}

struct stmt *compose_rule(struct composition *composition, struct stmt_list *list,
			  enum draft_action action)
{
	struct stmt *stmt = compose_stmt(composition, list, STMT_RULE);

	stmt->rule.has_action = true;
	stmt->rule.action.kind = action == DRAFT_ALLOW ? ACTION_ALLOW : ACTION_DENY;
	if (action != DRAFT_ALLOW)
		stmt->rule.action.value = expr_new_name(composition->arena, "ENOSYS", nowhere);
	return stmt;
}

void compose_comment(struct composition *composition, struct stmt *stmt, const char *text)
{
	evidence_wrap(composition->arena, text, composition->indent, &stmt->comments);
}

/* The ABIs among ABIS where the draft's call, or an equivalent for `any`, exists. */
abi_set draft_abis(const struct draft_rule *draft, abi_set abis)
{
	abi_set with = 0;

	for (int abi = 0; abi < ABI_COUNT; abi++) {
		unsigned int count = 0;

		if (!(abis & ABI_BIT(abi)))
			continue;
		if (draft->any)
			call_equivalents(draft->call, (enum abi_id)abi, &count);
		if (count || call_number(draft->call, (enum abi_id)abi) >= 0)
			with |= ABI_BIT(abi);
	}
	return with;
}

static bool drafts_agree(const struct draft_rule *a, const struct draft_rule *b)
{
	return a->call == b->call && a->any == b->any && a->action == b->action &&
	       a->companion == b->companion && strcmp(a->where_text, b->where_text) == 0;
}

/* Whether all ABIs that have the draft's call ask for the same. */
static bool is_common(const struct composition *composition, const struct draft_rule *draft)
{
	abi_set asking = 0;

	for (size_t i = 0; i < composition->drafts.count; i++)
		if (drafts_agree(draft, composition->drafts.items[i]))
			asking |= ABI_BIT(composition->drafts.items[i]->abi);
	return asking == draft_abis(draft, composition->observations->abis);
}

/* A common draft with what was seen on the other ABIs too. */
static struct draft_rule *join_drafts(struct composition *composition,
				      const struct draft_rule *draft)
{
	struct draft_rule *joined = arena_alloc(composition->arena, sizeof(*joined));

	*joined = *draft;
	joined->evidence.items = NULL;
	joined->evidence.count = joined->evidence.capacity = 0;
	for (size_t i = 0; i < composition->drafts.count; i++) {
		const struct draft_rule *other = composition->drafts.items[i];

		if (!drafts_agree(draft, other))
			continue;
		for (size_t j = 0; j < other->evidence.count; j++)
			*VEC_PUSH(composition->arena, &joined->evidence) = other->evidence.items[j];
	}
	return joined;
}

bool draft_is_plain(const struct draft_rule *draft)
{
	return draft->action == DRAFT_ALLOW && !draft->where && draft->notes.count == 0 &&
	       !draft->companion;
}

/* Calls without a condition, LIST_LENGTH a rule, and how often each was seen. */
static void add_plain_rules(struct composition *composition, struct stmt_list *list,
			    const draft_list *drafts)
{
	struct stmt *stmt = NULL;
	const char *text = "";

	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];
		const char *more;

		if (!draft_is_plain(draft))
			continue;
		if (stmt && stmt->rule.items.count == LIST_LENGTH) {
			compose_comment(composition, stmt, text);
			stmt = NULL;
			text = "";
		}
		if (!stmt)
			stmt = compose_rule(composition, list, DRAFT_ALLOW);
		compose_item(composition, stmt, draft->any, call_get(draft->call)->name);
		more = evidence_rule(composition->arena, composition->observations, draft);
		text = text[0] ? arena_printf(composition->arena, "%s; %s", text, more) : more;
	}
	if (stmt)
		compose_comment(composition, stmt, text);
}

/* What was not seen, in a rule of its own. */
static void add_companion_rule(struct composition *composition, struct stmt_list *list,
			       const draft_list *drafts, bool widened, const char *text)
{
	struct stmt *stmt = NULL;

	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];

		if (!draft->companion || draft->widened != widened)
			continue;
		if (!stmt)
			stmt = compose_rule(composition, list, DRAFT_ALLOW);
		compose_item(composition, stmt, draft->any, call_get(draft->call)->name);
	}
	if (stmt)
		compose_comment(composition, stmt, text);
}

static void add_other_rules(struct composition *composition, struct stmt_list *list,
			    const draft_list *drafts)
{
	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];
		struct stmt *stmt;

		if (draft_is_plain(draft) || draft->companion)
			continue;
		stmt = compose_rule(composition, list, draft->action);
		compose_item(composition, stmt, draft->any, call_get(draft->call)->name);
		stmt->rule.where = draft->where;
		compose_comment(
			composition, stmt,
			evidence_rule(composition->arena, composition->observations, draft));
	}
}

/* Plain calls first, then those with more to say; each part after an empty line. */
static void add_drafts(struct composition *composition, struct stmt_list *list,
		       const draft_list *drafts)
{
	size_t first = list->items.count;

	add_plain_rules(composition, list, drafts);
	add_companion_rule(
		composition, list, drafts, false,
		"not seen, and no more than what was: other forms of the same calls, and "
		"answers about the program itself");
	add_companion_rule(composition, list, drafts, true,
			   "not seen, and more of the same work (--widen)");
	if (list->items.count > first && first > 0)
		list->items.items[first]->blank_before = true;
	first = list->items.count;
	add_other_rules(composition, list, drafts);
	if (list->items.count > first && first > 0)
		list->items.items[first]->blank_before = true;
}

static int order_drafts(const void *left, const void *right)
{
	const struct draft_rule *a = *(struct draft_rule *const *)left;
	const struct draft_rule *b = *(struct draft_rule *const *)right;

	return (a->call > b->call) - (a->call < b->call);
}

static void add_common_rules(struct composition *composition, struct stmt_list *list)
{
	draft_list common = {0};

	for (size_t i = 0; i < composition->drafts.count; i++) {
		const struct draft_rule *draft = composition->drafts.items[i];
		bool there = false;

		if (!is_common(composition, draft))
			continue;
		for (size_t j = 0; j < common.count; j++)
			there |= drafts_agree(draft, common.items[j]);
		if (!there)
			*VEC_PUSH(composition->arena, &common) = join_drafts(composition, draft);
	}
	/* Those of one ABI are in order; those that another added stand behind them. */
	if (common.count)
		qsort(common.items, common.count, sizeof(*common.items), order_drafts);
	add_drafts(composition, list, &common);
}

struct stmt *compose_when(struct composition *composition, struct stmt_list *list, enum abi_id abi)
{
	struct stmt *stmt = compose_stmt(composition, list, STMT_WHEN);
	struct arena *arena = composition->arena;

	stmt->blank_before = true;
	stmt->when.condition =
		expr_new_binary(arena, EXPR_OP_EQUAL, expr_new_name(arena, "arch", nowhere),
				expr_new_name(arena, abi_get(abi)->name, nowhere), nowhere);
	return stmt;
}

static void add_rules_of(struct composition *composition, struct stmt_list *list, enum abi_id abi)
{
	draft_list own = {0};

	for (size_t i = 0; i < composition->drafts.count; i++)
		if (composition->drafts.items[i]->abi == abi &&
		    !is_common(composition, composition->drafts.items[i]))
			*VEC_PUSH(composition->arena, &own) = composition->drafts.items[i];
	if (!own.count)
		return;
	composition->indent += BLOCK_INDENT;
	add_drafts(composition, &compose_when(composition, list, abi)->when.then, &own);
	composition->indent -= BLOCK_INDENT;
}

void compose_rules(struct composition *composition, struct stmt_list *list)
{
	add_common_rules(composition, list);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		add_rules_of(composition, list, (enum abi_id)abi);
}

/* Behind the rules for what was seen, which say more. */
void compose_groups(struct composition *composition, struct stmt_list *list)
{
	const struct infer_options *options = composition->options;
	const char *const *names;
	struct stmt *stmt;

	if (options->detail != INFER_BALANCED || options->widen < INFER_WIDEN_SETS)
		return;
	names = widen_groups(composition->arena, composition->observations, composition->serving);
	if (!names[0])
		return;
	stmt = compose_rule(composition, list, DRAFT_ALLOW);
	for (; *names; names++) {
		compose_item(composition, stmt, false, *names);
		stmt->rule.items.items[stmt->rule.items.count - 1].is_group = true;
	}
	compose_comment(
		composition, stmt,
		"the shipped groups for work that was seen (--widen sets): see pale list sets");
	stmt->blank_before = true;
}
