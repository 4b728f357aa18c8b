/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/backend.h"

#include "cli/command.h"
#include "compiler/backend/equal.h"
#include "compiler/graph/lower.h"
#include "compiler/partition.h"

#include <assert.h>
#include <string.h>

bool backend_find(const char *name, enum libseccomp_level *level)
{
	static const struct {
		const char *name;
		enum libseccomp_level level;
	} backends[] = {
		{"pale", BACKEND_PALE},
		{"libseccomp", LIBSECCOMP_TREE},
		{"libseccomp-1", LIBSECCOMP_CHAIN},
	};

	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		if (strcmp(name, backends[i].name) != 0)
			continue;
		*level = backends[i].level;
		return true;
	}
	return false;
}

/* What is at work: one machine of a policy. */
struct replacement {
	struct policy_input *input;
	const struct libseccomp *library;
	const struct policy_rules *rules;
	struct machine_filter *machine;
};

/* A call on which the two compilers do not agree, and what each answers. */
static void report_difference(const struct replacement *work,
			      const struct filters_comparison *found)
{
	struct diags *diags = &work->input->diags;
	uint32_t number = found->words[0];
	const struct abi *abi = abi_identify(found->words[1], number);
	abi_set abis = policy_rules_abis(work->rules);
	struct text call = {0}, ours = {0}, theirs = {0};
	struct span span = {0};

	for (size_t i = 0; abi && i < work->rules->rulesets.count; i++) {
		const struct ruleset *rules = &work->rules->rulesets.items[i];

		for (size_t j = rules->rules.count; rules->abi == abi && j-- > 0;)
			if (rules->rules.items[j].number == number)
				span = rules->rules.items[j].span;
	}
	seccomp_data_print(found->words, &call);
	seccomp_action_print_for(found->left, abis, &ours);
	seccomp_action_print_for(found->right, abis, &theirs);
	diag_error(diags, DIAG_NOT_EXPRESSIBLE, span,
		   "%s makes another filter of this policy: %s gets %s, and not %s",
		   work->library->version, call.bytes ? call.bytes : "?",
		   theirs.bytes ? theirs.bytes : "?", ours.bytes ? ours.bytes : "?");
	text_release(&call);
	text_release(&ours);
	text_release(&theirs);
}

static bool prove_equal(const struct replacement *work, const struct filter *filter)
{
	struct arena scratch;
	struct filters_comparison found;
	int error = arena_init(&scratch);

	if (error) {
		command_path_error("memory", error);
		return false;
	}
	found = filters_compare(&scratch, work->machine->filter, filter);
	if (found.verdict == FILTERS_DIFFER)
		report_difference(work, &found);
	else if (found.verdict == FILTERS_UNKNOWN)
		diag_error(&work->input->diags, DIAG_LIMIT, (struct span){0},
			   "the filter of %s cannot be proved right: %s", work->library->version,
			   found.refusal);
	arena_release(&scratch);
	return found.verdict == FILTERS_EQUAL;
}

/* The figures of FILTER by the weights that pale's own was laid out by. */
static struct filter_stats measure(const struct replacement *work, const struct filter *filter,
				   const struct compile_options *options)
{
	struct arena *arena = &work->input->arena;
	struct lowering *lowering = arena_alloc(arena, sizeof(*lowering));
	struct graph_budget budget = {0};
	struct diags unheard = {.arena = arena, .sources = &work->input->sources};
	struct verdict verdict = {.diags = &unheard, .all = policy_rules_abis(work->rules)};
	struct weighing weighing = {.given = options->weights, .uncached = options->uncached};

	policy_lower(arena, work->rules, &budget, lowering, &verdict);
	assert(!lowering->graph.overflow); /* pale compiled the same */
	return filter_measure(arena, filter, lowering, &weighing);
}

static int replace_phase(struct policy_input *input, const struct libseccomp *library,
			 enum libseccomp_level level, const struct compile_options *options,
			 const struct policy_rules *rules, struct machine_filters *machines)
{
	struct policy_parts parts = policy_partition(&input->arena, rules);

	for (size_t i = 0; i < rules->loads.count; i++)
		diag_error(&input->diags, DIAG_NOT_EXPRESSIBLE, rules->loads.items[i].span,
			   "%s has no place for a value that is known only when the filter is "
			   "loaded: write its number",
			   library->version);
	if (input->diags.errors)
		return COMMAND_USAGE;
	assert(parts.items.count == machines->items.count);
	for (size_t i = 0; i < parts.items.count; i++) {
		struct replacement work = {input, library, &parts.items.items[i],
					   &machines->items.items[i]};
		struct filter *filter = libseccomp_compile(&input->arena, library, work.rules,
							   level, &input->diags);

		if (!filter || !prove_equal(&work, filter))
			continue;
		work.machine->filter = filter;
		work.machine->stats = measure(&work, filter, options);
	}
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

static int replace_all(struct policy_input *input, const struct libseccomp *library,
		       enum libseccomp_level level, const struct compile_options *options,
		       struct policy_filters *made)
{
	int status = replace_phase(input, library, level, options, made->rules, &made->machines);

	for (size_t i = 0; i < made->later.count && status == COMMAND_GOOD; i++)
		status = replace_phase(input, library, level, options, made->later.items[i].rules,
				       &made->later.items[i].machines);
	return status;
}

int backend_replace(struct policy_input *input, enum libseccomp_level level,
		    const struct compile_options *options, struct policy_filters *made)
{
	struct libseccomp library;
	const char *why;
	int status;

	if (libseccomp_open(&input->arena, &library, &why)) {
		command_error("--backend libseccomp: %s", why);
		return COMMAND_ENVIRONMENT;
	}
	status = replace_all(input, &library, level, options, made);
	libseccomp_close(&library);
	return status;
}
