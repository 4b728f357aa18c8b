/* SPDX-License-Identifier: Apache-2.0 */
/* The plain reading of rules that filters are held against: first match wins, rule by rule. */
#ifndef PALE_TESTS_ORACLE_H
#define PALE_TESTS_ORACLE_H

#include "compiler/resolve/ruleset.h"

static inline seccomp_action oracle_answer(const struct policy_rules *rules,
					   const uint32_t words[16])
{
	const struct abi *abi = abi_identify(words[1], words[0]);

	for (size_t i = 0; abi && i < rules->rulesets.count; i++) {
		const struct ruleset *ruleset = &rules->rulesets.items[i];

		if (ruleset->abi != abi)
			continue;
		for (size_t j = 0; j < ruleset->rules.count; j++)
			if (ruleset->rules.items[j].number == words[0] &&
			    condition_holds(ruleset->rules.items[j].condition, words))
				return ruleset->rules.items[j].action;
		return words[0] <= ruleset->highest ? ruleset->unmatched : ruleset->unknown;
	}
	return rules->foreign;
}

#endif
