/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy's tree. What is said in the same words on every ABI that has the call stands once, other
 * rules under `when arch`; calls that get the same action share a rule, and those with the same
 * condition too.
 */
#include "compiler/explain/decompile.h"

#include "compiler/explain/abi_answers.h"
#include "compiler/explain/draft.h"

#include <string.h>

static const struct span nowhere;

/* A call's rules, and where they hold: 0 for on all ABIs that have it. */
struct placed_draft {
	struct call_draft draft;
	abi_set abis;
};

struct composing {
	struct arena *arena;
	struct diagrams *diagrams;
	struct abi_answers_list answers;
	abi_set abis;
	struct kernel_version baseline;
	VEC(struct placed_draft) drafts; /* by call */
	struct policy_ast *ast;
	struct decompile_refusal *refusal;
};

static struct stmt *add_stmt(struct composing *composing, struct stmt_list *list,
			     enum stmt_kind kind)
{
	struct stmt *stmt = stmt_new(composing->arena, kind, nowhere);

	*VEC_PUSH(composing->arena, &list->items) = stmt;
	return stmt;
}

/* Whether an ABI without the call has another that is meant by its name. */
static bool has_synonym(const struct composing *composing, call_id call)
{
	for (size_t i = 0; i < composing->answers.items.count; i++) {
		enum abi_id abi = composing->answers.items.items[i].abi->id;

		if (call_number(call, abi) < 0 && call_find_synonym(call, abi) != CALL_NONE)
			return true;
	}
	return false;
}

/* The drafts of one call, those that say the same joined: DRAFTS from FIRST on. */
static void place_drafts(struct composing *composing, size_t first, bool on_all)
{
	struct placed_draft *drafts = composing->drafts.items;
	size_t kept = first;

	for (size_t i = first; i < composing->drafts.count; i++) {
		size_t same = first;

		while (same < kept && strcmp(drafts[same].draft.text, drafts[i].draft.text) != 0)
			same++;
		if (same < kept)
			drafts[same].abis |= drafts[i].abis;
		else
			drafts[kept++] = drafts[i];
	}
	composing->drafts.count = kept;
	if (on_all && kept == first + 1)
		drafts[first].abis = 0;
	/* What no rule is needed for stands nowhere. */
	for (size_t i = first; i < kept; i++)
		if (drafts[i].draft.rules.count)
			drafts[first++] = drafts[i];
	composing->drafts.count = first;
}

static const struct named_answer *find_call(const struct abi_answers *answers, call_id call)
{
	for (size_t i = 0; i < answers->calls.count; i++)
		if (answers->calls.items[i].call == call)
			return &answers->calls.items[i];
	return NULL;
}

static bool draft_all(struct composing *composing)
{
	for (size_t call = 0; call < call_count(); call++) {
		size_t first = composing->drafts.count;

		for (size_t i = 0; i < composing->answers.items.count; i++) {
			const struct abi_answers *answers = &composing->answers.items.items[i];
			const struct named_answer *named = find_call(answers, (call_id)call);
			struct placed_draft *placed;

			if (!named)
				continue;
			placed = VEC_PUSH(composing->arena, &composing->drafts);
			placed->abis = ABI_BIT(answers->abi->id);
			if (!draft_call(composing->arena, composing->diagrams, answers->abi, named,
					abi_answers_otherwise(answers, named, composing->baseline),
					&placed->draft, composing->refusal))
				return false;
		}
		if (composing->drafts.count > first)
			place_drafts(composing, first, !has_synonym(composing, (call_id)call));
	}
	return true;
}

/* Whether the call's rules hang on their order: the last one has no condition. */
static bool is_ordered(const struct call_draft *draft)
{
	return draft->rules.count > 1 && !draft->rules.items[draft->rules.count - 1].where;
}

static struct stmt *add_rule(struct composing *composing, struct stmt_list *list,
			     const struct draft *rule, call_id call)
{
	struct stmt *stmt = add_stmt(composing, list, STMT_RULE);

	stmt->rule.has_action = true;
	stmt->rule.action = rule->action;
	stmt->rule.where = rule->where;
	VEC_PUSH(composing->arena, &stmt->rule.items)->name.text = call_get(call)->name;
	return stmt;
}

/* A rule that was made already, with its words. */
struct made_rule {
	const struct draft *rule;
	struct stmt *stmt;
};
struct made_rules {
	VEC(struct made_rule) items;
};

static void add_to_rules(struct composing *composing, struct stmt_list *list,
			 struct made_rules *made, const struct draft *rule, call_id call)
{
	struct made_rule *new;

	for (size_t i = 0; i < made->items.count; i++) {
		const struct made_rule *old = &made->items.items[i];

		if (strcmp(old->rule->action_text, rule->action_text) != 0 ||
		    strcmp(old->rule->where_text, rule->where_text) != 0)
			continue;
		VEC_PUSH(composing->arena, &old->stmt->rule.items)->name.text =
			call_get(call)->name;
		return;
	}
	new = VEC_PUSH(composing->arena, &made->items);
	new->rule = rule;
	new->stmt = add_rule(composing, list, rule, call);
}

static void separate(struct stmt_list *list, size_t first)
{
	if (list->items.count > first && first > 0)
		list->items.items[first]->blank_before = true;
}

/* The rules that hold on ABIS (0: all), plain ones first. */
static void add_rules(struct composing *composing, struct stmt_list *list, abi_set abis)
{
	struct made_rules made = {0};

	for (int pass = 0; pass < 3; pass++) {
		size_t first = list->items.count;

		for (size_t i = 0; i < composing->drafts.count; i++) {
			const struct placed_draft *placed = &composing->drafts.items[i];
			const struct call_draft *draft = &placed->draft;

			if (placed->abis != abis || is_ordered(draft) != (pass == 2))
				continue;
			for (size_t j = 0; j < draft->rules.count; j++) {
				const struct draft *rule = &draft->rules.items[j];

				if (pass == 2)
					add_rule(composing, list, rule, draft->call);
				else if (!rule->where == (pass == 0))
					add_to_rules(composing, list, &made, rule, draft->call);
			}
		}
		separate(list, first);
	}
}

static struct expr *arch_condition(struct composing *composing, abi_set abis)
{
	struct arena *arena = composing->arena;
	struct expr *arch = expr_new_name(arena, "arch", nowhere), *set;

	if (!(abis & (abis - 1)))
		return expr_new_binary(arena, EXPR_OP_EQUAL, arch,
				       expr_new_name(arena, abi_first(abis)->name, nowhere),
				       nowhere);
	set = expr_new_number(arena, 0, NULL, nowhere);
	set->kind = EXPR_SET;
	set->depth = 2;
	for (int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			VEC_PUSH(arena, &set->set)->first =
				expr_new_name(arena, abi_get((enum abi_id)id)->name, nowhere);
	return expr_new_binary(arena, EXPR_OP_IN, arch, set, nowhere);
}

static void add_branches(struct composing *composing)
{
	struct stmt_list *list = &composing->ast->statements;

	for (size_t i = 0; i < composing->drafts.count; i++) {
		abi_set abis = composing->drafts.items[i].abis;
		struct stmt *stmt;
		bool done = abis == 0;

		for (size_t j = 0; j < i; j++)
			done |= composing->drafts.items[j].abis == abis;
		if (done)
			continue;
		stmt = add_stmt(composing, list, STMT_WHEN);
		stmt->blank_before = true;
		stmt->when.condition = arch_condition(composing, abis);
		add_rules(composing, &stmt->when.then, abis);
	}
}

static uint32_t standing(const struct abi_answers *answers, enum stmt_kind kind)
{
	if (kind == STMT_DEFAULT)
		return answers->unmatched;
	return kind == STMT_UNKNOWN ? answers->unknown : answers->foreign;
}

/* `default` and its kin: once where they are the same in words, else for each set of ABIs. */
static bool add_standing(struct composing *composing, enum stmt_kind kind)
{
	struct stmt_list *list = &composing->ast->statements;
	struct {
		const char *text;
		struct ast_action action;
		abi_set abis;
	} found[ABI_COUNT];
	size_t count = 0;

	for (size_t i = 0; i < composing->answers.items.count; i++) {
		const struct abi_answers *answers = &composing->answers.items.items[i];
		struct ast_action action;
		const char *text;
		size_t same = 0;

		if (!draft_action(composing->arena, answers->abi, standing(answers, kind), &action,
				  &text)) {
			composing->refusal->why = "it returns errno 0 to calls that it does not "
						  "name, which no policy does";
			return false;
		}
		while (same < count && strcmp(found[same].text, text) != 0)
			same++;
		if (same == count) {
			found[count].text = text;
			found[count].abis = 0;
			found[count++].action = action;
		}
		found[same].abis |= ABI_BIT(answers->abi->id);
	}
	for (size_t i = 0; i < count; i++) {
		struct stmt_list *into = list;

		if (count > 1) {
			struct stmt *stmt = add_stmt(composing, list, STMT_WHEN);

			stmt->when.condition = arch_condition(composing, found[i].abis);
			into = &stmt->when.then;
		}
		add_stmt(composing, into, kind)->action = found[i].action;
	}
	return true;
}

static bool compose(struct composing *composing, const struct decompile_request *request,
		    bool baseline_needed)
{
	struct stmt_list *list = &composing->ast->statements;
	struct stmt *stmt;
	size_t first;

	if (baseline_needed) {
		stmt = add_stmt(composing, list, STMT_BASELINE);
		stmt->baseline.major = composing->baseline.major;
		stmt->baseline.minor = composing->baseline.minor;
	}
	stmt = add_stmt(composing, list, STMT_ARCH);
	for (size_t i = 0; i < composing->answers.items.count; i++)
		VEC_PUSH(composing->arena, &stmt->names)->text =
			composing->answers.items.items[i].abi->name;
	list->items.items[0]->comments = request->comments;
	first = list->items.count;
	if (!add_standing(composing, STMT_DEFAULT) || !add_standing(composing, STMT_UNKNOWN) ||
	    !add_standing(composing, STMT_FOREIGN))
		return false;
	separate(list, first);
	first = list->items.count;
	add_rules(composing, list, 0);
	separate(list, first);
	add_branches(composing);
	return true;
}

struct policy_ast *decompile(struct arena *arena, struct diagrams *diagrams,
			     const struct decompile_request *request,
			     struct decompile_refusal *refusal)
{
	struct composing composing = {
		.arena = arena,
		.diagrams = diagrams,
		.ast = arena_alloc(arena, sizeof(*composing.ast)),
		.refusal = refusal,
	};
	bool needed = false;

	*refusal = (struct decompile_refusal){0};
	if (!abi_answers_read(arena, diagrams, request, &composing.answers, refusal) ||
	    !abi_answers_settle(arena, diagrams, &composing.answers, &composing.baseline, &needed,
				refusal) ||
	    !draft_all(&composing) || !compose(&composing, request, needed))
		return NULL;
	return composing.ast;
}
