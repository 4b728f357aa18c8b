/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/ruling.h"

#include "compiler/resolve/action.h"

static bool holds(const struct condition *condition, const uint32_t words[16],
		  const uint64_t *loads)
{
	uint64_t value;

	switch (condition->kind) {
	case CONDITION_AND:
		return holds(condition->left, words, loads) &&
		       holds(condition->right, words, loads);
	case CONDITION_OR:
		return holds(condition->left, words, loads) ||
		       holds(condition->right, words, loads);
	case CONDITION_NOT:
		return !holds(condition->left, words, loads);
	case CONDITION_TEST:
		if (condition->load == LOAD_NONE)
			return condition_holds(condition, words);
		value = loads[load_index(condition->load)];
		return (words[condition->word / 4] & condition->mask) ==
		       (uint32_t)(load_is_high(condition->load) ? value >> 32 : value);
	default:
		return condition_holds(condition, words);
	}
}

static const struct ruleset *ruleset_find(const struct policy_rules *rules,
					  const uint32_t words[16])
{
	const struct abi *abi = abi_identify(words[1], words[0]);

	for (size_t i = 0; abi && i < rules->rulesets.count; i++)
		if (rules->rulesets.items[i].abi == abi)
			return &rules->rulesets.items[i];
	return NULL;
}

struct ruling policy_rule_on(const struct policy_rules *rules, const uint32_t words[16],
			     const uint64_t *loads)
{
	const struct ruleset *ruleset = ruleset_find(rules, words);
	struct ruling ruling = {RULING_FOREIGN, rules->foreign, rules->foreign_span, {0}};

	if (!ruleset)
		return ruling;
	for (size_t i = 0; i < ruleset->rules.count; i++) {
		const struct rule *rule = &ruleset->rules.items[i];

		if (rule->number != words[0])
			continue;
		if (holds(rule->condition, words, loads)) {
			ruling.source = rule->item == RULE_ITEM_NONE ? RULING_DEFAULT : RULING_RULE;
			ruling.action = rule->action;
			ruling.span = rule->span;
			return ruling;
		}
		if (!ruling.near.file && action_lets_through(rule->action))
			ruling.near = rule->span;
	}
	if (words[0] <= ruleset->highest) {
		ruling.source = RULING_DEFAULT;
		ruling.action = ruleset->unmatched;
		ruling.span = ruleset->unmatched_span;
	} else {
		ruling.source = RULING_UNKNOWN;
		ruling.action = ruleset->unknown;
		ruling.span = ruleset->unknown_span;
	}
	return ruling;
}
