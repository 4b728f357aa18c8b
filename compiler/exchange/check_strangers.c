/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that no entry names: numbers beyond the policy's baseline, and other ABIs; and the calls
 * that a container's launcher makes. Formats have no words for the first two, so that what their
 * consumers do by themselves has to be what the policy wants.
 */
#include "compiler/exchange/planner.h"
#include "compiler/resolve/abi_list.h"
#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <linux/seccomp.h>

/* ENOSYS as a program of that ABI knows it, and so the runc of its machine. */
static seccomp_action answer_enosys(const struct abi *abi)
{
	uint64_t number = 0;
	bool known = constant_value(constant_find("ENOSYS"), abi->id, &number);

	assert(known);
	(void)known;
	return SECCOMP_RET_ERRNO | (seccomp_action)number;
}

/*
 * runc (patchbpf): where a profile names its ABIs and its default is not permissive, each number
 * above the highest that the profile names on an ABI gets ENOSYS there, whatever the default.
 */
static bool stranger_stubbed(const struct planner *planner)
{
	return planner->options->format != EXPORT_LXC && planner->plan->lists_abis &&
	       !action_is_permissive(planner->plan->fallback);
}

static uint32_t plan_highest(const struct export_plan *plan, enum abi_id abi)
{
	int64_t highest = 0;

	for (size_t i = 0; i < plan->entries.count; i++) {
		int64_t number = call_number(plan->entries.items[i].call, abi);

		highest = number > highest ? number : highest;
	}
	for (size_t i = 0; i < plan->markers.count; i++) {
		int64_t number = call_number(plan->markers.items[i], abi);

		highest = number > highest ? number : highest;
	}
	return (uint32_t)highest;
}

/* Names the newest call of the baseline, so that runc takes the numbers above it as unknown. */
static void stranger_mark(struct planner *planner, const struct ruleset *rules)
{
	call_id call = call_by_number(rules->abi->id, rules->highest);

	if (call == CALL_NONE || plan_highest(planner->plan, rules->abi->id) >= rules->highest)
		return;
	*VEC_PUSH(planner->arena, &planner->plan->markers) = call;
	if (consumer_may_drop(call, rules->abi->id))
		planner_warn(planner, rules->unknown_span,
			     "runc tells known numbers from unknown ones by %s, the newest call of "
			     "the baseline; with a libseccomp that does not know it, ENOSYS begins "
			     "earlier",
			     call_get(call)->name);
}

/* One consumer's ANSWER to numbers above the baseline. */
static void stranger_compare(struct planner *planner, const struct ruleset *rules,
			     seccomp_action wanted, seccomp_action answer, const char *consumer)
{
	if (answer == wanted)
		return;
	if (action_is_permissive(answer))
		planner_refuse(planner, rules->unknown_span,
			       "%s gives calls that are newer than the baseline %s, not %s",
			       consumer, planner_action(planner, answer),
			       planner_action(planner, wanted));
	else
		planner_lose(planner, rules->unknown_span,
			     "%s gives calls that are newer than the baseline %s, not %s", consumer,
			     planner_action(planner, answer), planner_action(planner, wanted));
}

static void stranger_numbers(struct planner *planner, const struct ruleset *rules,
			     seccomp_action wanted)
{
	enum export_format format = planner->options->format;
	seccomp_action fallback = planner->plan->fallback;
	bool stubbed = stranger_stubbed(planner);

	if (stubbed)
		stranger_mark(planner, rules);
	if (format != EXPORT_LXC)
		stranger_compare(planner, rules, wanted,
				 stubbed ? answer_enosys(rules->abi) : fallback, "runc");
	if (stubbed && wanted != fallback &&
	    plan_highest(planner->plan, rules->abi->id) > rules->highest)
		planner_lose(planner, rules->unknown_span,
			     "numbers between the baseline's newest call and the newest that a "
			     "rule names get the default, %s, on %s",
			     planner_action(planner, fallback), rules->abi->name);
	if (format != EXPORT_DOCKER)
		stranger_compare(planner, rules, wanted, fallback,
				 format == EXPORT_LXC ? "LXC" : "a runtime other than runc");
}

/* Whether the profile has to name its ABIs, or is better off if it does. */
static bool plan_must_list(const struct planner *planner)
{
	if (planner->policy->rulesets.count > 1)
		return true;
	for (size_t i = 0; i < planner->policy->rulesets.count; i++) {
		const struct ruleset *rules = &planner->policy->rulesets.items[i];

		if (rules->unknown == answer_enosys(rules->abi))
			return true;
	}
	return false;
}

void planner_check_strangers(struct planner *planner)
{
	abi_set lacks = consumer_lacks(planner->options->format, planner->plan->abis);

	planner->plan->lists_abis = plan_must_list(planner);
	if (lacks && planner->plan->lists_abis)
		planner_warn(
			planner, (struct span){0},
			"runc 1.1 takes no profile that lists %s: the container would not start",
			abi_list(planner->arena, lacks, lacks));
	for (size_t i = 0; i < planner->policy->rulesets.count; i++)
		stranger_numbers(planner, &planner->rules.rulesets.items[i],
				 planner->policy->rulesets.items[i].unknown);
	/* Each machine has its own. */
	for (size_t i = 0; i < planner->policy->rulesets.count; i++) {
		const struct ruleset *rules = &planner->policy->rulesets.items[i];

		if (rules->foreign != CONSUMER_FOREIGN)
			planner_lose(planner, rules->foreign_span,
				     "calls of other ABIs get %s from every consumer, not %s",
				     planner_action(planner, CONSUMER_FOREIGN),
				     planner_action(planner, rules->foreign));
	}
}

/* Whether the policy lets every call of that name through, whatever its arguments. */
static bool launcher_allowed(struct planner *planner, call_id call)
{
	const struct export_plan *plan = planner->plan;

	for (size_t i = 0; i < plan->entries.count; i++) {
		const struct export_entry *entry = &plan->entries.items[i];

		if (entry->call == call)
			return cube_is_everything(&entry->cube) &&
			       entry->action == SECCOMP_RET_ALLOW;
	}
	return plan->fallback == SECCOMP_RET_ALLOW;
}

static void launcher_add(struct planner *planner, call_id call)
{
	struct export_plan *plan = planner->plan;
	size_t kept = 0;

	for (size_t i = 0; i < plan->entries.count; i++)
		if (plan->entries.items[i].call != call)
			plan->entries.items[kept++] = plan->entries.items[i];
	plan->entries.count = kept;
	if (plan->fallback == SECCOMP_RET_ALLOW)
		return;
	*VEC_PUSH(planner->arena, &plan->entries) =
		(struct export_entry){.call = call,
				      .action = SECCOMP_RET_ALLOW,
				      .abi = planner->policy->rulesets.items[0].abi};
}

/* Which of the launcher's calls there are on the policy's ABIs: the list was found on x86_64. */
static bool launcher_makes(const struct planner *planner, call_id call)
{
	for (size_t i = 0; call != CALL_NONE && i < planner->policy->rulesets.count; i++)
		if (call_number(call, planner->policy->rulesets.items[i].abi->id) >= 0)
			return true;
	return false;
}

void planner_check_launcher(struct planner *planner)
{
	enum export_format format = planner->options->format;
	seccomp_action kind = planner->plan->fallback & SECCOMP_RET_ACTION_FULL;
	const char *const *name = consumer_launcher_calls(format, kind != SECCOMP_RET_ERRNO);
	const char *missing = "";

	for (; *name; name++) {
		call_id call = call_find(*name);

		if (!launcher_makes(planner, call) || launcher_allowed(planner, call))
			continue;
		missing = arena_printf(planner->arena, "%s%s%s", missing, *missing ? ", " : "",
				       *name);
		if (planner->options->launcher)
			launcher_add(planner, call);
	}
	if (!*missing)
		return;
	if (planner->options->launcher)
		planner_warn(planner, (struct span){0}, "added for %s, beyond the policy: allow %s",
			     consumer_launcher(format), missing);
	else if (format == EXPORT_LXC)
		planner_refuse(planner, (struct span){0},
			       "lxc-execute needs calls behind the filter that the policy does "
			       "not allow whatever their arguments: %s; --allow-launcher adds them",
			       missing);
	else
		planner_warn(planner, (struct span){0},
			     "runc makes calls behind the filter that the policy does not allow "
			     "whatever their arguments: %s; --allow-launcher adds them",
			     missing);
}
