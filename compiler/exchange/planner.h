/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of planning a profile share; for compiler/exchange/ alone. */
#ifndef PALE_EXCHANGE_PLANNER_H
#define PALE_EXCHANGE_PLANNER_H

#include "compiler/exchange/plan.h"

struct planner {
	struct arena *arena;
	const struct export_options *options;
	const struct policy_rules *policy; /* as written */
	struct policy_rules rules;         /* with the actions that the consumer will give */
	struct diags *diags;
	struct export_plan *plan;
	abi_set serves;         /* the ABIs that the consumer will serve */
	VEC(const char *) said; /* reports, so that each is made once */
};

/* Reports what the format cannot say, as an error. */
void planner_refuse(struct planner *planner, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Reports a difference that lets no more through: an error, or with `lossy` a warning. */
void planner_lose(struct planner *planner, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Reports what depends on the age or the settings of the consumer, as a warning. */
void planner_warn(struct planner *planner, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The rules of an ABI, with the consumer's actions, or NULL where the policy leaves it out. */
const struct ruleset *planner_ruleset(const struct planner *planner, enum abi_id abi);
/* The text of an action, in the arena. */
const char *planner_action(const struct planner *planner, seccomp_action action);

/* Fills `rules`: each action becomes the one that the consumer will give. */
void planner_map_actions(struct planner *planner);
/* Compares each call on each ABI with what the consumer will make of the plan's entries. */
void planner_check_calls(struct planner *planner);
/* Compares numbers that no rule names, and calls of other ABIs. */
void planner_check_strangers(struct planner *planner);
/* Looks at the calls that the launcher makes; with the option for it adds them. */
void planner_check_launcher(struct planner *planner);

#endif
