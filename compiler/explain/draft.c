/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/draft.h"

#include "compiler/explain/budget.h"
#include "policy-lang/base/text.h"
#include "policy-lang/catalog/constant.h"

#include <linux/seccomp.h>

static const struct span nowhere;

enum {
	LIST_MAX = 4096,  /* values in one list */
	ANSWERS_MAX = 64, /* different answers for one call */
};

static const char *kept(struct arena *arena, struct text *text)
{
	const char *copy = arena_copy(arena, text->bytes ? text->bytes : "", text->length);

	text_release(text);
	return copy;
}

static struct expr *errno_value(struct arena *arena, const struct abi *abi, uint32_t number)
{
	constant_id name = constant_name("E", abi->id, number);

	return name == CONSTANT_NONE ? expr_new_number(arena, number, NULL, nowhere)
				     : expr_new_name(arena, constant_get(name)->name, nowhere);
}

bool draft_action(struct arena *arena, const struct abi *abi, uint32_t answer,
		  struct ast_action *action, const char **text)
{
	uint32_t data = answer & SECCOMP_RET_DATA;
	struct text printed = {0};

	*action = (struct ast_action){0};
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		action->kind = ACTION_ALLOW;
		break;
	case SECCOMP_RET_ERRNO:
		if (data == 0)
			return false;
		action->kind = ACTION_DENY;
		action->value = errno_value(arena, abi, data);
		break;
	case SECCOMP_RET_KILL_THREAD:
		action->kind = ACTION_KILL_THREAD;
		break;
	case SECCOMP_RET_TRAP:
		action->kind = ACTION_TRAP;
		action->value = expr_new_number(arena, data, NULL, nowhere);
		break;
	case SECCOMP_RET_TRACE:
		action->kind = ACTION_TRACE;
		action->value = expr_new_number(arena, data, NULL, nowhere);
		break;
	case SECCOMP_RET_LOG:
		action->kind = ACTION_LOG;
		break;
	case SECCOMP_RET_USER_NOTIF:
		action->kind = ACTION_NOTIFY;
		break;
	default:
		action->kind = ACTION_KILL_PROCESS;
	}
	ast_print_action(action, &printed);
	*text = kept(arena, &printed);
	return true;
}

/* One of the answers to a call. */
struct part {
	uint32_t answer;
	diagram calls;
	struct wording wording;
	size_t size;
	bool said;
};
struct parts {
	struct part items[ANSWERS_MAX];
	size_t count;
};

struct drafting {
	struct arena *arena;
	struct diagrams *diagrams;
	const struct abi *abi;
	const struct named_answer *call;
	uint32_t otherwise;
	struct call_draft *draft;
	struct decompile_refusal *refusal;
};

static bool add_rule(struct drafting *drafting, const struct part *part, struct expr *where)
{
	struct draft *rule = VEC_PUSH(drafting->arena, &drafting->draft->rules);
	struct text text = {0};

	if (!draft_action(drafting->arena, drafting->abi, part->answer, &rule->action,
			  &rule->action_text)) {
		decompile_refuse(drafting->diagrams, drafting->refusal, drafting->abi,
				 drafting->call->number, part->calls,
				 "it returns errno 0, by which a call that was not made seems to "
				 "have worked");
		return false;
	}
	rule->where = where;
	if (where)
		ast_print_expr(where, &text);
	rule->where_text = kept(drafting->arena, &text);
	drafting->draft->text =
		arena_printf(drafting->arena, "%s%s where %s;", drafting->draft->text,
			     rule->action_text, rule->where_text);
	return true;
}

/* False where the call has more answers than are worth a rule each. */
static bool say_parts(struct drafting *drafting, struct parts *parts)
{
	struct phrasing phrasing = {
		.arena = drafting->arena,
		.diagrams = drafting->diagrams,
		.form = {drafting->abi, drafting->call->call},
		.limit = LIST_MAX,
	};
	struct value_list values = {0};

	apply_values(drafting->arena, drafting->diagrams, drafting->call->answer, &values);
	if (values.items.count > ANSWERS_MAX) {
		decompile_refuse(drafting->diagrams, drafting->refusal, drafting->abi,
				 drafting->call->number, DIAGRAM_ALL,
				 "the call has more different answers than can be written down");
		return false;
	}
	for (size_t i = 0; i < values.items.count && budget_take(drafting->diagrams, 0); i++) {
		struct part *part = &parts->items[parts->count++];

		part->answer = values.items.items[i];
		part->calls =
			diagram_where(drafting->diagrams, drafting->call->answer, part->answer);
		part->wording = condition_say(&phrasing, part->calls);
		part->said = part->wording.where && part->wording.rest == DIAGRAM_NONE;
		part->size = part->said ? condition_size(part->wording.where) : SIZE_MAX;
	}
	if (!budget_take(drafting->diagrams, 0))
		drafting->refusal->why = "it is too involved";
	return !drafting->refusal->why;
}

/* How much a condition is worth leaving out: people write what they allow, and deny the rest. */
static size_t burden(const struct part *part)
{
	return part->said && part->answer == SECCOMP_RET_ALLOW ? part->size / 3 : part->size;
}

/*
 * The part that needs no condition: it comes last. Where a part is what the call gets anyway, it is
 * that one unless another cannot be said.
 */
static struct part *choose_last(const struct drafting *drafting, struct parts *parts)
{
	struct part *last = NULL;

	for (size_t i = 0; i < parts->count; i++)
		if (!last || burden(&parts->items[i]) > burden(last))
			last = &parts->items[i];
	for (size_t i = 0; i < parts->count && last && last->said; i++)
		if (parts->items[i].answer == drafting->otherwise)
			last = &parts->items[i];
	return last;
}

static bool refuse_part(struct drafting *drafting, const struct part *part)
{
	decompile_refuse(drafting->diagrams, drafting->refusal, drafting->abi,
			 drafting->call->number, part->calls,
			 part->wording.refusal
				 ? part->wording.refusal
				 : "its condition is too involved to be written down");
	return false;
}

static bool draft_parts(struct drafting *drafting)
{
	struct parts *parts = arena_alloc(drafting->arena, sizeof(*parts));
	struct part *last;

	if (!say_parts(drafting, parts))
		return false;
	last = choose_last(drafting, parts);
	for (size_t i = 0; i < parts->count; i++) {
		struct part *part = &parts->items[i];

		if (part == last)
			continue;
		if (!part->said)
			return refuse_part(drafting, part);
		if (!add_rule(drafting, part, part->wording.where))
			return false;
	}
	return !last || last->answer == drafting->otherwise || add_rule(drafting, last, NULL);
}

bool draft_call(struct arena *arena, struct diagrams *diagrams, const struct abi *abi,
		const struct named_answer *call, uint32_t otherwise, struct call_draft *draft,
		struct decompile_refusal *refusal)
{
	struct drafting drafting = {arena, diagrams, abi, call, otherwise, draft, refusal};

	*draft = (struct call_draft){.call = call->call, .text = ""};
	if (!diagram_is_leaf(diagrams, call->answer))
		return draft_parts(&drafting);
	if (diagram_value(diagrams, call->answer) == otherwise)
		return true;
	return add_rule(&drafting,
			&(struct part){.answer = diagram_value(diagrams, call->answer),
				       .calls = DIAGRAM_ALL},
			NULL);
}
