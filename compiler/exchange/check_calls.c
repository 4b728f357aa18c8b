/* SPDX-License-Identifier: Apache-2.0 */
/* The plan's entries read back, as libseccomp reads them on each ABI, and held to the policy. */
#include "compiler/exchange/planner.h"

#include <linux/seccomp.h>
#include <string.h>

/* What a consumer makes of ENTRY on ABI, whose layout the result has. */
static struct cube entry_on_abi(const struct export_entry *entry, const struct abi *abi)
{
	struct cube cube = {{0}, {0}};

	for (unsigned int i = 0; i < 6; i++) {
		struct export_test test = export_entry_test(entry, i);
		unsigned int low = cube_word(abi_word_low(abi, i));
		unsigned int high = cube_word(abi_word_high(abi, i));

		cube.mask[low] = (uint32_t)test.mask;
		cube.value[low] = (uint32_t)test.value;
		if (!consumer_tests_high_words(abi->id))
			continue;
		cube.mask[high] = (uint32_t)(test.mask >> 32);
		cube.value[high] = (uint32_t)(test.value >> 32);
	}
	return cube;
}

static void given_push(struct planner *planner, part_list *given, const struct export_entry *entry,
		       const struct cube *cube)
{
	struct part *part = VEC_PUSH(planner->arena, given);

	part->cube = *cube;
	part->action = entry->action;
	part->span = entry->span;
}

/*
 * What the entries for calls behind a multiplexer add to CALL, if it is that one: the first
 * argument, whole, has the call's index in place of what the entry tests there.
 */
static void given_muxed(struct planner *planner, call_id call, const struct abi *abi,
			part_list *given)
{
	for (size_t i = 0; i < planner->plan->entries.count; i++) {
		const struct export_entry *entry = &planner->plan->entries.items[i];
		unsigned int first = cube_word(abi_word_low(abi, 0));
		unsigned int high = cube_word(abi_word_high(abi, 0));
		struct cube cube;
		uint32_t index;

		if (consumer_reach(planner->options->format, entry->call, abi->id) != REACH_MUXED ||
		    consumer_multiplexer(entry->call, &index) != call)
			continue;
		cube = entry_on_abi(entry, abi);
		cube.mask[first] = UINT32_MAX;
		cube.value[first] = index;
		cube.mask[high] = consumer_tests_high_words(abi->id) ? UINT32_MAX : 0;
		cube.value[high] = 0;
		given_push(planner, given, entry, &cube);
	}
}

/* An entry without a condition takes the whole call, the first such one if there are several. */
static void given_reduce(part_list *given)
{
	for (size_t i = 0; i < given->count; i++) {
		if (!cube_is_everything(&given->items[i].cube))
			continue;
		given->items[0] = given->items[i];
		given->count = 1;
		return;
	}
}

static part_list call_given(struct planner *planner, call_id call, const struct abi *abi)
{
	part_list given = {0};

	for (size_t i = 0; i < planner->plan->entries.count; i++) {
		const struct export_entry *entry = &planner->plan->entries.items[i];
		struct cube cube;

		if (entry->call != call ||
		    consumer_reach(planner->options->format, call, abi->id) == REACH_NONE)
			continue;
		cube = entry_on_abi(entry, abi);
		given_push(planner, &given, entry, &cube);
	}
	given_muxed(planner, call, abi, &given);
	return given;
}

/*
 * libseccomp refuses a rule (EEXIST), or takes it by chance, where another one with a different
 * action meets it. In a policy none meet; on an ABI that tests less of them, they may.
 */
static bool given_conflicts(const part_list *given)
{
	for (size_t i = 0; i < given->count; i++)
		for (size_t j = i + 1; j < given->count; j++)
			if (given->items[i].action != given->items[j].action &&
			    cube_meets(&given->items[i].cube, &given->items[j].cube))
				return true;
	return false;
}

/* Whether a rule without a condition settles the call: it is written first, and others yield. */
static bool call_is_settled(const struct planner *planner, call_id call)
{
	for (size_t i = 0; i < planner->plan->entries.count; i++)
		if (planner->plan->entries.items[i].call == call &&
		    cube_is_everything(&planner->plan->entries.items[i].cube))
			return true;
	return false;
}

static part_list call_wanted(struct planner *planner, struct cube_work *work, call_id call,
			     enum abi_id abi)
{
	const struct ruleset *rules = planner_ruleset(planner, abi);
	part_list wanted = {0};

	if (rules) {
		parts_read(work, rules, (uint32_t)call_number(call, abi), planner->plan->fallback,
			   &wanted);
	} else if (planner->rules.foreign != planner->plan->fallback) {
		struct part *part = VEC_PUSH(planner->arena, &wanted);

		part->action = planner->rules.foreign;
		part->span = planner->rules.foreign_span;
	}
	return wanted;
}

/* Why the consumer's answer differs, for the messages. */
static const char *call_reason(const struct planner *planner, call_id call, const struct abi *abi)
{
	enum export_format format = planner->options->format;
	bool lxc = format == EXPORT_LXC;

	/* The policy has the call there, so that it is no other reach. */
	if (consumer_reach(format, call, abi->id) == (lxc ? REACH_NONE : REACH_MUXED))
		return lxc ? "LXC passes over calls on x86 that a multiplexer can make too"
			   : arena_printf(planner->arena,
					  "libseccomp gives a rule for it on %s to its multiplexer "
					  "as well",
					  abi->name);
	if (!strcmp(call_get(call)->name, "socketcall") || !strcmp(call_get(call)->name, "ipc"))
		return arena_printf(planner->arena,
				    "libseccomp gives the rules of the calls behind it to it on %s "
				    "as well; a rule of its own without a condition settles it",
				    abi->name);
	if (!consumer_tests_high_words(abi->id) && planner_ruleset(planner, abi->id) &&
	    abi->long_bits == 64)
		return "libseccomp tests only the low 32 bits of an argument there";
	return "a profile names calls, and has one set of conditions for all ABIs";
}

static void call_report(struct planner *planner, call_id call, const struct abi *abi,
			enum parts_verdict verdict, struct span where)
{
	const char *name = call_get(call)->name;

	if (verdict == PARTS_WIDER)
		planner_refuse(planner, where,
			       "a profile would let more of %s through on %s than the policy: %s",
			       name, abi->name, call_reason(planner, call, abi));
	else if (verdict == PARTS_STRICTER && planner_ruleset(planner, abi->id))
		planner_lose(planner, where, "%s is answered differently on %s: %s", name,
			     abi->name, call_reason(planner, call, abi));
	else if (verdict == PARTS_STRICTER)
		planner_lose(planner, where, "calls of x86 and x32 get the default, %s",
			     planner_action(planner, planner->plan->fallback));
}

static void call_compare(struct planner *planner, call_id call, const struct abi *abi)
{
	struct cube_work work = {.arena = planner->arena};
	part_list wanted = call_wanted(planner, &work, call, abi->id);
	part_list given = call_given(planner, call, abi);
	struct span where = {0};
	enum parts_verdict verdict;

	if (!call_is_settled(planner, call) && given_conflicts(&given)) {
		planner_refuse(planner, given.items[0].span,
			       "the rules for %s cannot be told apart on %s: %s",
			       call_get(call)->name, abi->name, call_reason(planner, call, abi));
		return;
	}
	given_reduce(&given);
	if (planner->plan->guarded && abi->id != ABI_X86_64)
		given.count = 0;
	verdict = parts_compare(&work, &wanted, &given, planner->plan->fallback, &where);
	if (work.overflow)
		diag_error(planner->diags, DIAG_LIMIT, where,
			   "the conditions on %s are too many to prove that the profile has them",
			   call_get(call)->name);
	else
		call_report(planner, call, abi, verdict, where);
}

/* A name that an older libseccomp lacks is dropped without a word. */
static void calls_dropped(struct planner *planner)
{
	const struct export_plan *plan = planner->plan;
	const char *names = "";
	struct span first = {0};
	call_id last = CALL_NONE;

	for (size_t i = 0; i < plan->entries.count; i++) {
		const struct export_entry *entry = &plan->entries.items[i];
		const char *name = call_get(entry->call)->name;

		if (entry->call == last || !consumer_may_drop(entry->call, entry->abi->id))
			continue;
		last = entry->call;
		if (!*names)
			first = entry->span;
		names = arena_printf(planner->arena, "%s%s%s", names, *names ? ", " : "", name);
		if (action_is_permissive(plan->fallback))
			planner_refuse(planner, entry->span,
				       "%s is newer than Linux 5.17: a consumer whose libseccomp "
				       "does not know it drops the rule without a word, and the "
				       "call gets the default, %s",
				       name, planner_action(planner, plan->fallback));
	}
	if (*names && !action_is_permissive(plan->fallback))
		planner_warn(planner, first,
			     "newer than Linux 5.17, and stopped by a consumer whose libseccomp "
			     "does not know them: %s",
			     names);
}

/*
 * libseccomp 2.5.4 gives a call that an ABI lacks (or has behind a multiplexer only) a pseudo
 * number there, sorts it among the others by how short its conditions are, and then leaves it out.
 * Where it comes first, the load of the call's number goes with it, and the filter compares
 * something else. A rule without a condition for a call that all ABIs have comes first instead.
 */
static void calls_need_anchor(struct planner *planner)
{
	const struct export_plan *plan = planner->plan;
	const struct export_entry *pseudo = NULL;
	bool anchored = planner->options->format == EXPORT_LXC; /* it adds no such call */

	for (size_t i = 0; i < plan->entries.count; i++) {
		const struct export_entry *entry = &plan->entries.items[i];
		bool everywhere = true;

		for (unsigned int id = 0; id < ABI_COUNT; id++)
			if ((planner->serves & ABI_BIT(id)) &&
			    (call_number(entry->call, (enum abi_id)id) < 0 ||
			     consumer_may_drop(entry->call, (enum abi_id)id)))
				everywhere = false;
		if (!everywhere)
			pseudo = entry;
		else if (cube_is_everything(&entry->cube))
			anchored = true;
	}
	if (pseudo && !anchored)
		planner_refuse(planner, pseudo->span,
			       "not all ABIs have %s, for which libseccomp makes a wrong filter "
			       "unless another rule, without a condition, names a call that all of "
			       "them have",
			       call_get(pseudo->call)->name);
}

void planner_check_calls(struct planner *planner)
{
	calls_need_anchor(planner);
	for (size_t call = 0; call < call_count(); call++)
		for (unsigned int id = 0; id < ABI_COUNT; id++)
			if ((planner->serves & ABI_BIT(id)) &&
			    call_number((call_id)call, (enum abi_id)id) >= 0)
				call_compare(planner, (call_id)call, abi_get((enum abi_id)id));
	calls_dropped(planner);
}
