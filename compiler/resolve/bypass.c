/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/bypass.h"

#include "compiler/resolve/action.h"
#include "compiler/resolve/report.h"

/* For each call, 1 + the index of the first rule that takes it whatever its arguments; or 0. */
static uint32_t *index_plain_rules(struct resolver *resolver)
{
	const struct ruleset *ruleset = resolver->ruleset;
	uint32_t *first = arena_alloc_array(resolver->arena, call_count(), sizeof(*first));

	for (size_t i = ruleset->rules.count; i-- > 0;)
		if (ruleset->rules.items[i].condition->kind == CONDITION_TRUE)
			first[ruleset->rules.items[i].call] = (uint32_t)i + 1;
	return first;
}

static void check_way(struct resolver *resolver, const struct rule *rule, call_id way,
		      const uint32_t *first)
{
	const struct ruleset *ruleset = resolver->ruleset;
	const struct rule *plain = first[way] ? &ruleset->rules.items[first[way] - 1] : NULL;
	int64_t number = call_number(way, resolver->abi->id);
	struct diag *diag;

	if (number < 0 || (!plain && number > ruleset->highest) ||
	    !action_lets_through(plain ? plain->action : ruleset->unmatched))
		return;
	diag = resolver_warning(resolver, DIAG_BYPASS, rule->span,
				"%s goes around this rule for %s", call_get(way)->name,
				call_get(rule->call)->name);
	resolver_note(resolver, diag, plain ? plain->span : ruleset->unmatched_span,
		      "this lets %s through, whose arguments cannot be seen", call_get(way)->name);
}

static void check_rule(struct resolver *resolver, const struct rule *rule, const uint32_t *first)
{
	bool conditional = rule->condition->kind != CONDITION_TRUE;
	call_id multiplexer = call_multiplexer(rule->call, resolver->abi->id);
	const struct equivalent *list;
	unsigned int count;

	if (!conditional && action_lets_through(rule->action))
		return;
	if (multiplexer != CALL_NONE)
		check_way(resolver, rule, multiplexer, first);
	if (!conditional)
		return;
	list = call_equivalents(rule->call, resolver->abi->id, &count);
	for (unsigned int i = 0; i < count; i++)
		if (list[i].sight == EQUIVALENT_HIDDEN && list[i].call != rule->call &&
		    list[i].call != multiplexer)
			check_way(resolver, rule, list[i].call, first);
}

void bypass_check(struct resolver *resolver)
{
	const struct ruleset *ruleset = resolver->ruleset;
	const uint32_t *first;

	if (resolver->exhausted)
		return;
	first = index_plain_rules(resolver);
	for (size_t i = 0; i < ruleset->rules.count; i++)
		check_rule(resolver, &ruleset->rules.items[i], first);
}
