/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/reach.h"

#include "compiler/graph/witness.h"

void reach_init(struct reach *reach, struct arena *arena, const struct policy_rules *rules)
{
	reach->rules = rules;
	reach->budget = WITNESS_BUDGET;
	reach->items = arena_alloc_array(arena, rules->items.count + 1, sizeof(*reach->items));
}

static struct item_reach *reach_item(struct reach *reach, const struct rule *rule)
{
	/* The last one is for rules that no text stands for. */
	size_t index = rule->item == RULE_ITEM_NONE ? reach->rules->items.count : rule->item;
	struct item_reach *item = &reach->items[index];

	item->seen |= reach->abi;
	if (!item->rule)
		item->rule = rule;
	return item;
}

void reach_note_plain(struct reach *reach, const struct rule *rule)
{
	struct item_reach *item = reach_item(reach, rule);

	item->satisfiable |= reach->abi;
	item->reached |= reach->abi;
}

/* Whether some call satisfies an ordered yes-or-no graph. What cannot be decided counts as yes. */
static bool reach_holds(struct reach *reach, const struct selector *selector, node_id condition)
{
	uint32_t words[16] = {0};

	if (condition == selector->no)
		return false;
	return graph_witness(selector->graph, condition, LEAF_NO, words, &reach->budget) !=
	       WITNESS_NONE;
}

/* Which of the rules BEFORE, that some call reaches, take the calls of one that none does. */
static void find_cover(struct item_reach *item, struct selector *selector,
		       const struct rule *const *rules, const node_id *conditions,
		       const size_t *before, size_t count, size_t covered)
{
	for (size_t i = 0; i < count && !(item->covered_same && item->covered_other); i++) {
		const struct rule *rule = rules[before[i]];
		const struct rule **cover = rule->action == rules[covered]->action
						    ? &item->covered_same
						    : &item->covered_other;

		if (!*cover && graph_select(selector, conditions[before[i]], conditions[covered],
					    selector->no) != selector->no)
			*cover = rule;
	}
}

void reach_note_call(struct reach *reach, struct selector *selector,
		     const struct rule *const *rules, const node_id *conditions, size_t count)
{
	size_t *reached = arena_alloc_array(selector->graph->arena, count, sizeof(*reached));
	size_t reached_count = 0;
	node_id remaining = selector->yes;

	for (size_t i = 0; i < count; i++) {
		struct item_reach *item = reach_item(reach, rules[i]);
		node_id taken = graph_select(selector, remaining, conditions[i], selector->no);

		if (reach_holds(reach, selector, conditions[i]))
			item->satisfiable |= reach->abi;
		if (!reach_holds(reach, selector, taken)) {
			find_cover(item, selector, rules, conditions, reached, reached_count, i);
			if (item->covered_other)
				item->taken |= reach->abi;
			continue;
		}
		item->reached |= reach->abi;
		reached[reached_count++] = i;
		remaining = graph_select(selector, conditions[i], selector->no, remaining);
	}
}

static const struct rule_source *item_source(const struct reach *reach,
					     const struct item_reach *item)
{
	return &reach->rules->items.items[item->rule->item];
}

static void report_taken(const struct reach *reach, const struct item_reach *item, abi_set abis,
			 struct verdict *verdict)
{
	struct diag *diag =
		verdict_error(verdict, abis, DIAG_UNREACHABLE, item_source(reach, item)->item,
			      "this rule can never be reached: an earlier one with another "
			      "action takes every call that it means");

	diag_note(verdict->diags, diag, reach->rules->items.items[item->covered_other->item].item,
		  "the earlier rule");
}

static void report_idle(const struct reach *reach, const struct item_reach *item,
			struct verdict *verdict)
{
	const struct rule_source *source = item_source(reach, item);
	struct diag *diag;

	if (!item->covered_same || item->covered_same->span.file != source->item.file)
		return;
	diag = diag_warning(verdict->diags, DIAG_UNREACHABLE, source->item,
			    "this rule does nothing: an earlier one with the same action "
			    "takes every call that it means");
	diag_note(verdict->diags, diag, reach->rules->items.items[item->covered_same->item].item,
		  "the earlier rule");
}

static void report_contradiction(const struct item_reach *item, abi_set abis,
				 struct verdict *verdict)
{
	verdict_error(verdict, abis, DIAG_CONTRADICTION,
		      item->rule->condition->span.file ? item->rule->condition->span
						       : item->rule->span,
		      "this condition can never hold");
}

/* Each ABI by itself: the item has to be of use on all that see it. */
static void report_each(const struct reach *reach, const struct item_reach *item, abi_set looked_at,
			struct verdict *verdict)
{
	abi_set unreached = item->seen & ~item->reached & looked_at;
	abi_set never = unreached & ~item->satisfiable;
	abi_set taken = unreached & item->satisfiable & item->taken;

	if (never)
		report_contradiction(item, never, verdict);
	if (taken)
		report_taken(reach, item, taken, verdict);
}

void reach_report(const struct reach *reach, struct verdict *verdict)
{
	abi_set looked_at = verdict->all & ~verdict->failed;

	for (size_t i = 0; i < reach->rules->items.count; i++) {
		const struct item_reach *item = &reach->items[i];

		if (verdict->optional)
			report_each(reach, item, looked_at, verdict);
		else if (!item->seen || item->reached)
			continue;
		else if (!item->satisfiable)
			report_contradiction(item, item->seen, verdict);
		else if (item->covered_other)
			report_taken(reach, item, item->seen, verdict);
		else
			report_idle(reach, item, verdict);
	}
}
