/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/partition.h"

#include <string.h>

struct policy_rules policy_rules_select(struct arena *arena, const struct policy_rules *rules,
					abi_set abis)
{
	struct policy_rules part = *rules;

	memset(&part.rulesets, 0, sizeof(part.rulesets));
	memset(&part.expectations, 0, sizeof(part.expectations));
	for (size_t i = 0; i < rules->rulesets.count; i++)
		if (abis & ABI_BIT(rules->rulesets.items[i].abi->id))
			*VEC_PUSH(arena, &part.rulesets) = rules->rulesets.items[i];
	for (size_t i = 0; i < rules->expectations.count; i++)
		if (abis & ABI_BIT(rules->expectations.items[i].abi->id))
			*VEC_PUSH(arena, &part.expectations) = rules->expectations.items[i];
	if (part.rulesets.count) {
		part.foreign = part.rulesets.items[0].foreign;
		part.foreign_span = part.rulesets.items[0].foreign_span;
	}
	return part;
}

struct policy_parts policy_partition(struct arena *arena, const struct policy_rules *rules)
{
	struct policy_parts parts = {0};
	abi_set left = policy_rules_abis(rules);

	while (left) {
		abi_set machine = abi_machine(abi_first(left));

		*VEC_PUSH(arena, &parts.items) = policy_rules_select(arena, rules, machine);
		left &= ~machine;
	}
	return parts;
}
