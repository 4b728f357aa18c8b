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
	struct item_reach *item = &reach->items[rule->item];

	item->seen = true;
	if (!item->rule)
		item->rule = rule;
	return item;
}

void reach_note_plain(struct reach *reach, const struct rule *rule)
{
	struct item_reach *item = reach_item(reach, rule);

	item->satisfiable = true;
	item->reached = true;
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
			item->satisfiable = true;
		if (!reach_holds(reach, selector, taken)) {
			find_cover(item, selector, rules, conditions, reached, reached_count, i);
			continue;
		}
		item->reached = true;
		reached[reached_count++] = i;
		remaining = graph_select(selector, conditions[i], selector->no, remaining);
	}
}

static void report_covered(const struct reach *reach, const struct item_reach *item,
			   struct diags *diags)
{
	const struct rule_source *source = &reach->rules->items.items[item->rule->item];
	const struct rule *cover = item->covered_other ? item->covered_other : item->covered_same;
	struct diag *diag;

	if (!cover)
		return;
	if (item->covered_other) {
		diag = diag_error(diags, DIAG_UNREACHABLE, source->item,
				  "this rule can never be reached: an earlier one with another "
				  "action takes every call that it means");
	} else if (cover->span.file == source->item.file) {
		diag = diag_warning(diags, DIAG_UNREACHABLE, source->item,
				    "this rule does nothing: an earlier one with the same action "
				    "takes every call that it means");
	} else {
		return;
	}
	diag_note(diags, diag, reach->rules->items.items[cover->item].item, "the earlier rule");
}

void reach_report(const struct reach *reach, struct diags *diags)
{
	for (size_t i = 0; i < reach->rules->items.count; i++) {
		const struct item_reach *item = &reach->items[i];

		if (!item->seen || item->reached)
			continue;
		if (item->satisfiable) {
			report_covered(reach, item, diags);
			continue;
		}
		diag_error(diags, DIAG_CONTRADICTION,
			   item->rule->condition->span.file ? item->rule->condition->span
							    : item->rule->span,
			   "this condition can never hold");
	}
}
