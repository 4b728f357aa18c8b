/* SPDX-License-Identifier: Apache-2.0 */
/* Which line of a policy decides on a call. */
#ifndef PALE_COMPILER_RULING_H
#define PALE_COMPILER_RULING_H

#include "compiler/resolve/ruleset.h"

enum ruling_source {
	RULING_RULE,
	RULING_DEFAULT, /* no rule took it */
	RULING_UNKNOWN, /* its number is above those of the baseline */
	RULING_FOREIGN, /* it came by an ABI that the policy is not for */
};

struct ruling {
	enum ruling_source source;
	seccomp_action action;
	struct span span; /* of the item or statement; {0}: nothing is written, see below */
	struct span near; /* of the first rule that lets this call through with other arguments */
};

/*
 * What RULES say of the call in WORDS, struct seccomp_data in memory order, by reading them from the
 * first to the last. LOADS are the values of rules->loads. The span is {0} where the language itself
 * says what is not written (no `default` statement, ...).
 */
struct ruling policy_rule_on(const struct policy_rules *rules, const uint32_t words[16],
			     const uint64_t *loads);

#endif
