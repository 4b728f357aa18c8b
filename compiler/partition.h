/* SPDX-License-Identifier: Apache-2.0 */
/* The machines that a policy is for: each gets a filter of its own. */
#ifndef PALE_COMPILER_PARTITION_H
#define PALE_COMPILER_PARTITION_H

#include "compiler/resolve/ruleset.h"

/* RULES as far as they are for ABIS. What both share is not copied. */
struct policy_rules policy_rules_select(struct arena *arena, const struct policy_rules *rules,
					abi_set abis);

/* RULES by machine (see abi_machine()), in the order in which the first ABI of each comes. */
struct policy_parts {
	VEC(struct policy_rules) items;
};
struct policy_parts policy_partition(struct arena *arena, const struct policy_rules *rules);

#endif
