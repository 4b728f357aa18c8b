/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/planner.h"
#include "compiler/resolve/abi_list.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <stdlib.h>

struct export_test export_entry_test(const struct export_entry *entry, unsigned int index)
{
	unsigned int low = cube_word(abi_word_low(entry->abi, index));
	unsigned int high = cube_word(abi_word_high(entry->abi, index));

	return (struct export_test){
		.mask = (uint64_t)entry->cube.mask[high] << 32 | entry->cube.mask[low],
		.value = (uint64_t)entry->cube.value[high] << 32 | entry->cube.value[low],
	};
}

/*
 * The first of the policy's ABIs that has the call: the one that entries are read from. One whose
 * words are tested whole comes before others, on which libseccomp cuts what is too wide.
 */
static const struct ruleset *plan_reference(const struct planner *planner, call_id call)
{
	const struct ruleset *first = NULL;

	for (size_t i = 0; i < planner->rules.rulesets.count; i++) {
		const struct ruleset *rules = &planner->rules.rulesets.items[i];

		if (call_number(call, rules->abi->id) < 0)
			continue;
		if (consumer_tests_high_words(rules->abi->id))
			return rules;
		first = first ? first : rules;
	}
	return first;
}

static void plan_entry(struct planner *planner, call_id call, const struct abi *abi,
		       const struct part *part)
{
	struct export_entry *entry = VEC_PUSH(planner->arena, &planner->plan->entries);
	seccomp_action mapped;
	const char *why;

	/* Only `unknown` comes here unmapped, as what the condition of a newer call leaves. */
	if (consumer_action(planner->options->format, part->action, &mapped, &why) != ACTION_SAID)
		planner_refuse(planner, part->span, "%s cannot be said: %s",
			       planner_action(planner, part->action), why);
	*entry = (struct export_entry){
		.call = call,
		.action = part->action,
		.cube = part->cube,
		.abi = abi,
		.span = part->span,
	};
	if (planner->plan->guarded && export_entry_test(entry, EXPORT_GUARD_ARGUMENT).mask)
		planner_refuse(
			planner, part->span,
			"--lxc-guard needs the sixth argument for itself, which the rule tests");
}

static void plan_call(struct planner *planner, call_id call)
{
	const struct ruleset *rules = plan_reference(planner, call);
	struct cube_work work = {.arena = planner->arena};
	part_list parts = {0};

	if (!rules)
		return;
	parts_read(&work, rules, (uint32_t)call_number(call, rules->abi->id),
		   planner->plan->fallback, &parts);
	if (work.overflow || parts.count > EXPORT_CALL_ENTRIES_MAX) {
		struct span span = parts.count ? parts.items[0].span : (struct span){0};

		diag_error(planner->diags, DIAG_LIMIT, span,
			   "the conditions on %s need more than %d entries of a profile",
			   call_get(call)->name, EXPORT_CALL_ENTRIES_MAX);
		return;
	}
	for (size_t i = 0; i < parts.count; i++)
		plan_entry(planner, call, rules->abi, &parts.items[i]);
}

static int entry_compare(const void *left, const void *right)
{
	const struct export_entry *a = left;
	const struct export_entry *b = right;
	bool plain_a = cube_is_everything(&a->cube);
	bool plain_b = cube_is_everything(&b->cube);

	if (plain_a != plain_b)
		return plain_a ? -1 : 1;
	if (plain_a && a->action != b->action)
		return a->action > b->action ? -1 : 1;
	if (a->call != b->call)
		return a->call < b->call ? -1 : 1;
	/* One call's conditions, in the order of their arguments. */
	for (unsigned int i = 0; i < CUBE_WORDS; i++) {
		if (a->cube.mask[i] != b->cube.mask[i])
			return a->cube.mask[i] < b->cube.mask[i] ? -1 : 1;
		if (a->cube.value[i] != b->cube.value[i])
			return a->cube.value[i] < b->cube.value[i] ? -1 : 1;
	}
	return 0;
}

/* Whether one profile can have the rules' default, and the ABIs of the policy at all. */
static bool plan_frame(struct planner *planner)
{
	struct export_plan *plan = planner->plan;
	const struct ruleset *first;

	assert(planner->rules.rulesets.count);
	first = &planner->rules.rulesets.items[0];
	plan->fallback = first->unmatched;
	for (size_t i = 0; i < planner->rules.rulesets.count; i++) {
		const struct ruleset *rules = &planner->rules.rulesets.items[i];

		plan->abis |= ABI_BIT(rules->abi->id);
		if (rules->unmatched != plan->fallback) {
			planner_refuse(planner, rules->unmatched_span,
				       "the default differs between %s and %s, and a profile has "
				       "one for all",
				       first->abi->name, rules->abi->name);
			return false;
		}
	}
	planner->serves = consumer_serves(planner->options->format, plan->abis);
	return true;
}

/* Where the ABIs of the policy are none that consumers can serve, or serve with others. */
static bool plan_abis(struct planner *planner)
{
	enum export_format format = planner->options->format;
	abi_set abis = policy_rules_abis(planner->policy);
	const char *why = consumer_refuses(planner->arena, format, abis);
	abi_set more = consumer_may_add(format, abis);

	if (why) {
		planner_refuse(planner, (struct span){0}, "%s", why);
		return false;
	}
	if (more)
		planner_warn(planner, (struct span){0},
			     "this is for machines whose own ABI is in the profile: where it is "
			     "%s, consumers give the rules to that too",
			     abi_list(planner->arena, more, more));
	return true;
}

/* Docker 20.10 does not hand the default's number on, and runc takes 1 then. */
static void plan_check_docker(struct planner *planner)
{
	seccomp_action fallback = planner->plan->fallback;
	seccomp_action kind = fallback & SECCOMP_RET_ACTION_FULL;

	if (planner->options->format != EXPORT_DOCKER || (fallback & SECCOMP_RET_DATA) == 1 ||
	    (kind != SECCOMP_RET_ERRNO && kind != SECCOMP_RET_TRACE))
		return;
	planner_warn(planner, planner->policy->rulesets.items[0].unmatched_span,
		     "Docker 20.10 drops the default's number: the default is %s there, not %s",
		     planner_action(planner, kind | 1), planner_action(planner, fallback));
}

/* LXC serves ABIs that the policy may leave out; only the guard keeps entries from them. */
static bool plan_guard(struct planner *planner)
{
	abi_set more = planner->serves & ~planner->plan->abis;
	bool all = planner->plan->abis == ABI_BIT(ABI_X86_64);

	planner->plan->guarded = more && all && planner->options->guard;
	if (!more)
		return true;
	if (action_is_permissive(planner->plan->fallback) &&
	    planner->plan->fallback != planner->rules.foreign) {
		planner_refuse(planner, planner->policy->foreign_span,
			       "LXC gives calls of x86 and x32 the default too, %s: name all three "
			       "ABIs with `arch` or --arch",
			       planner_action(planner, planner->plan->fallback));
		return false;
	}
	if (planner->plan->guarded) {
		planner_lose(planner, planner->policy->foreign_span,
			     "--lxc-guard stops a call whose sixth argument is exactly 2^63");
		return true;
	}
	planner_refuse(planner, planner->policy->foreign_span,
		       "LXC gives each rule to calls of x86_64, x86 and x32 alike, and the policy "
		       "leaves out %s%s%s: name all three with `arch` or --arch%s",
		       more & ABI_BIT(ABI_X86) ? "x86" : "",
		       more == (ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32)) ? " and " : "",
		       more & ABI_BIT(ABI_X32) ? "x32" : "",
		       all ? ", or have them kept out with --lxc-guard" : "");
	return false;
}

/*
 * About how many instructions come of the entries, and seldom more: each word that is tested takes
 * a load, a mask and a comparison, a guard two or four of them. Equal ends are shared, which is why
 * the guards of entries without a condition do not count.
 */
static size_t plan_instructions(const struct planner *planner)
{
	size_t count = 0;

	for (size_t i = 0; i < planner->plan->entries.count; i++) {
		const struct export_entry *entry = &planner->plan->entries.items[i];
		size_t tests = 0;

		for (unsigned int j = 0; j < 6; j++)
			if (export_entry_test(entry, j).mask)
				tests++;
		if (tests && planner->plan->guarded)
			tests += 2;
		for (unsigned int id = 0; id < ABI_COUNT; id++)
			if (planner->serves & ABI_BIT(id))
				count += 1 + tests * (consumer_tests_high_words(id) ? 6 : 3);
	}
	return count;
}

static void plan_check_size(struct planner *planner)
{
	size_t count = planner->plan->entries.count;

	if (count > EXPORT_ENTRIES_MAX)
		diag_error(planner->diags, DIAG_LIMIT, (struct span){0},
			   "the policy needs %zu entries of a profile, which may have %d", count,
			   EXPORT_ENTRIES_MAX);
	else if (plan_instructions(planner) > 4096)
		diag_warning(planner->diags, DIAG_LIMIT, (struct span){0},
			     "libseccomp may make more than 4096 instructions of this profile, "
			     "which the kernel refuses: the container would not start");
}

/* No profile has a place for what is known only when the filter is loaded. */
static bool plan_loads(struct planner *planner)
{
	for (size_t i = 0; i < planner->policy->loads.count; i++)
		planner_refuse(planner, planner->policy->loads.items[i].span,
			       "'%s' is known only when the filter is loaded, and a profile has "
			       "all of its numbers: give it one with `let`",
			       planner->policy->loads.items[i].name);
	return planner->policy->loads.count == 0;
}

void plan_make(struct arena *arena, const struct policy_rules *rules,
	       const struct export_options *options, struct diags *diags, struct export_plan *plan)
{
	struct planner planner = {
		.arena = arena, .options = options, .policy = rules, .diags = diags, .plan = plan};

	*plan = (struct export_plan){0};
	planner_map_actions(&planner);
	if (!plan_loads(&planner) || !plan_abis(&planner) || !plan_frame(&planner) ||
	    !plan_guard(&planner))
		return;
	for (size_t call = 0; call < call_count(); call++)
		plan_call(&planner, (call_id)call);
	planner_check_calls(&planner);
	plan_check_docker(&planner);
	planner_check_launcher(&planner);
	planner_check_strangers(&planner);
	plan_check_size(&planner);
	if (plan->entries.count)
		qsort(plan->entries.items, plan->entries.count, sizeof(*plan->entries.items),
		      entry_compare);
}
