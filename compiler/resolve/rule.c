/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/rule.h"

#include "compiler/resolve/action.h"
#include "compiler/resolve/any.h"
#include "compiler/resolve/difference.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "compiler/resolve/where.h"

#include <assert.h>

void rule_emit(struct resolver *resolver, const struct group_member *member)
{
	struct rule *rule;

	if (resolver->untaken || !resolver_work(resolver, 1))
		return;
	if (resolver->group) {
		*VEC_PUSH(resolver->arena, &resolver->group->members) = *member;
		return;
	}
	if (resolver->ruleset->rules.count >= RULES_MAX) {
		resolver_error(resolver, DIAG_LIMIT, resolver->item_span,
			       "up to here the policy stands for more than %u rules", RULES_MAX);
		resolver->exhausted = true;
		return;
	}
	rule = VEC_PUSH(resolver->arena, &resolver->ruleset->rules);
	rule->number = member->number;
	rule->call = member->call;
	rule->action = member->hidden ? action_absent(resolver) : resolver->action;
	rule->condition = member->condition;
	rule->span = resolver->item_span;
	rule->item = resolver->item;
}

/* Warns of a call that a kernel of the baseline does not have. The rule stands all the same. */
static void check_baseline(struct resolver *resolver, call_id call, const struct ast_name *name)
{
	struct kernel_version since = call_since(call, resolver->abi->id);
	struct kernel_version baseline = call_baseline(resolver->abi->id, resolver->baseline);

	if (resolver->shipped || kernel_version_compare(since, baseline) <= 0)
		return;
	resolver_warning(resolver, DIAG_BASELINE_NEWER, name->span,
			 "%s came with Linux %u.%u, after the policy's baseline %u.%u",
			 call_get(call)->name, since.major, since.minor, resolver->baseline.major,
			 resolver->baseline.minor);
}

/* Warns of a rule that the kernel never asks a filter about. */
static void check_transparent(struct resolver *resolver, call_id call, const struct rule_item *item)
{
	struct diag *diag;

	if (resolver->shipped || !call_is_transparent(call))
		return;
	diag = resolver_warning(resolver, DIAG_NEVER_SEEN, item->span,
				"no filter ever sees %s: this rule decides nothing",
				call_get(call)->name);
	resolver_note(resolver, diag, (struct span){0},
		      "the kernel shows the call that is made by it, with its own arguments");
}

/* A plain call. */
static void resolve_call(struct resolver *resolver, const struct rule_item *item, call_id call,
			 const struct expr *where)
{
	int64_t number = call_number(call, resolver->abi->id);
	struct group_member member = {.call = call, .condition = condition_true()};

	if (number < 0) {
		difference_note_absent(resolver, call);
		if (!resolver->shipped)
			resolver_remark(resolver, DIAG_CALL_ABSENT, item->span,
					"there is no %s, which is left out", call_get(call)->name);
		return;
	}
	check_baseline(resolver, call, &item->name);
	check_transparent(resolver, call, item);
	if (where)
		member.condition = where_resolve(resolver, call, where);
	if (!member.condition)
		return;
	member.number = (uint32_t)number;
	rule_emit(resolver, &member);
}

/* `allow @name where ...`: the condition joins each member's own. */
static void resolve_group_item(struct resolver *resolver, const struct rule_item *item,
			       const struct expr *where, bool restricts)
{
	const struct group *group = group_resolve(resolver, &item->name);

	if (!group)
		return;
	if (resolver->group && resolver->group->height <= group->height)
		resolver->group->height = group->height + 1;
	if (resolver->group && group->left_out)
		resolver->group->left_out = group->left_out;
	if (group->left_out && restricts)
		resolver_warning(resolver, DIAG_EQUIVALENT, item->span,
				 "an `any` in this group leaves out %s: this rule does not hold "
				 "for what is left out",
				 group->left_out);
	for (size_t i = 0; i < group->members.count && !resolver->exhausted; i++) {
		struct group_member member = group->members.items[i];

		/* A hidden member is denied whatever its arguments are, and stays so. */
		if (where && !member.hidden) {
			const struct condition *added = where_resolve(resolver, member.call, where);

			if (!added)
				continue;
			member.condition = condition_and(resolver->arena, member.condition, added,
							 where->span);
		}
		rule_emit(resolver, &member);
	}
}

/*
 * Numbers the item. Items are met in the same order on each ABI, since branches that are not
 * taken are walked too.
 */
static void item_begin(struct resolver *resolver, const struct stmt *stmt,
		       const struct rule_item *item)
{
	struct policy_rules *rules = resolver->rules;
	struct rule_source *source;

	if (resolver->group)
		return;
	resolver->item = resolver->next_item++;
	resolver->item_span = item->span;
	assert(resolver->item <= rules->items.count);
	if (resolver->item < rules->items.count)
		return;
	source = VEC_PUSH(resolver->arena, &rules->items);
	source->item = item->span;
	source->stmt = stmt->span;
}

static void resolve_item(struct resolver *resolver, const struct stmt *stmt,
			 const struct rule_item *item, bool restricts)
{
	call_id call;

	item_begin(resolver, stmt, item);
	if (item->is_group) {
		resolve_group_item(resolver, item, stmt->rule.where, restricts);
		return;
	}
	call = name_resolve_call(resolver, &item->name, item->optional);
	if (call == CALL_NONE)
		return;
	if (item->any)
		any_resolve(resolver, item, call, stmt->rule.where, restricts);
	else
		resolve_call(resolver, item, call, stmt->rule.where);
}

void resolve_rule(struct resolver *resolver, const struct stmt *stmt)
{
	bool good = true;

	if (stmt->rule.has_action != !resolver->group) {
		resolver_error(resolver, DIAG_MISPLACED, stmt->span,
			       resolver->group ? "a rule in a group has no action"
					       : "a rule begins with an action");
		return;
	}
	if (stmt->rule.has_action)
		good = action_resolve(resolver, &stmt->rule.action, &resolver->action);
	/* In a group it is not known what becomes of the calls. */
	for (size_t i = 0; i < stmt->rule.items.count && !resolver->exhausted; i++)
		resolve_item(resolver, stmt, &stmt->rule.items.items[i],
			     good && !resolver->group && !action_lets_through(resolver->action));
}
