/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/judge.h"

/* Which of the rules before CALL's rule COVERED take calls that it means; all came to some call. */
static void find_cover(struct diagrams *diagrams, const struct call_meaning *call,
		       const bool *reached, uint32_t covered, struct item_finding *finding)
{
	const struct read_rule *rule = call->rules[covered];

	for (uint32_t i = 0; i < covered && !(finding->covered_same && finding->covered_other);
	     i++) {
		const struct read_rule *before = call->rules[i];
		const struct read_rule **cover = before->action == rule->action
							 ? &finding->covered_same
							 : &finding->covered_other;

		if (reached[i] && !*cover &&
		    diagram_and(diagrams, before->condition, rule->condition) != DIAGRAM_NONE)
			*cover = before;
	}
}

static void judge_call(struct diagrams *diagrams, const struct call_meaning *call, abi_set abi,
		       struct item_finding *findings)
{
	bool *reached = arena_alloc_array(diagrams->arena, call->rule_count, sizeof(*reached));
	diagram remaining = DIAGRAM_ALL;

	for (uint32_t i = 0; i < call->rule_count && !diagrams->overflow; i++) {
		const struct read_rule *rule = call->rules[i];
		struct item_finding *finding;

		reached[i] = diagram_and(diagrams, remaining, rule->condition) != DIAGRAM_NONE;
		remaining = diagram_without(diagrams, remaining, rule->condition);
		if (rule->item == READ_ITEM_NONE)
			continue;
		finding = &findings[rule->item];
		finding->seen |= abi;
		if (!finding->rule)
			finding->rule = rule;
		if (rule->condition != DIAGRAM_NONE)
			finding->satisfiable |= abi;
		if (reached[i]) {
			finding->reached |= abi;
			continue;
		}
		find_cover(diagrams, call, reached, i, finding);
		if (finding->covered_other)
			finding->taken |= abi;
	}
}

void judge_items(struct diagrams *diagrams, const struct policy_meaning *meaning,
		 struct item_finding *findings)
{
	for (size_t i = 0; i < meaning->abis.count; i++) {
		const struct abi_meaning *abi = &meaning->abis.items[i];

		for (size_t j = 0; j < abi->calls.count; j++)
			judge_call(diagrams, &abi->calls.items[j], ABI_BIT(abi->reading->abi->id),
				   findings);
	}
}

static const struct abi_meaning *find_abi(const struct policy_meaning *meaning,
					  const struct abi *abi)
{
	for (size_t i = 0; i < meaning->abis.count; i++)
		if (meaning->abis.items[i].reading->abi == abi)
			return &meaning->abis.items[i];
	return NULL;
}

bool judge_expectation(struct diagrams *diagrams, const struct policy_meaning *meaning,
		       const struct read_expectation *expectation,
		       struct expectation_failure *failure)
{
	const struct abi_meaning *abi = find_abi(meaning, expectation->abi);
	diagram answer = meaning_of_number(diagrams, abi, expectation->number);
	diagram right = diagram_where(diagrams, answer, expectation->action);

	*failure = (struct expectation_failure){.expectation = expectation};
	if (!diagram_witness(diagrams, diagram_without(diagrams, expectation->condition, right),
			     failure->words, failure->atoms))
		return true;
	failure->words[WORD_NR] = expectation->number;
	failure->words[WORD_ARCH] = expectation->abi->audit_arch;
	failure->answer = diagram_evaluate(diagrams, answer, failure->words, failure->atoms);
	failure->place = meaning_place(diagrams, meaning, ABI_BIT(expectation->abi->id),
				       failure->words, failure->atoms);
	return false;
}
