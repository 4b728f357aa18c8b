/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_filter.h"

#include "cli/command.h"
#include "compiler/phase_proof.h"
#include "policy-lang/phases.h"

#include <string.h>

int policy_filters_verdict(const struct diags *diags)
{
	for (size_t i = 0; i < diags->list.count; i++)
		if (diags->list.items[i]->severity == DIAG_ERROR &&
		    diags->list.items[i]->code != DIAG_EXPECTATION)
			return COMMAND_USAGE;
	return COMMAND_NO;
}

static bool said_before(const struct diags *diags, size_t until, const struct diag *diag)
{
	for (size_t i = 0; i < until; i++) {
		const struct diag *other = diags->list.items[i];

		if (other->code == diag->code && other->severity == diag->severity &&
		    other->span.file == diag->span.file && other->span.begin == diag->span.begin &&
		    other->span.end == diag->span.end && !strcmp(other->text, diag->text))
			return true;
	}
	return false;
}

/* What all phases share is walked for each: what was said of it before is dropped from FROM on. */
static void drop_repeated(struct diags *diags, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < diags->list.count; i++) {
		struct diag *diag = diags->list.items[i];

		if (!said_before(diags, from, diag))
			diags->list.items[kept++] = diag;
		else if (diag->severity == DIAG_WARNING)
			diags->warnings--;
		else if (diag->severity == DIAG_ERROR)
			diags->errors--;
	}
	diags->list.count = kept;
}

struct phase_filters policy_phase_resolve(struct policy_input *input,
					  const struct resolve_options *options)
{
	size_t from = input->diags.list.count;
	struct phase_filters made = {.phase = options->phase};

	made.rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
				    options, &input->diags);
	drop_repeated(&input->diags, from);
	return made;
}

int policy_filters_resolve(struct policy_input *input, struct policy_filters *made)
{
	struct resolve_options options = policy_input_resolve_options(input);
	struct phase_list phases = phases_list(&input->arena, input->ast);

	made->rules = policy_phase_resolve(input, &options).rules;
	for (size_t i = 0; i < phases.items.count && !input->diags.errors; i++) {
		options.phase = phases.items.items[i];
		*VEC_PUSH(&input->arena, &made->later) = policy_phase_resolve(input, &options);
	}
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

static bool phase_compile(struct policy_input *input, const struct compile_options *options,
			  const struct stmt *phase, const struct policy_rules *rules,
			  struct machine_filters *machines)
{
	struct compile_options proving = *options;

	proving.text = policy_input_text(input, phase);
	if (!policy_compile_machines(&input->arena, rules, &input->sources, &proving, &input->diags,
				     machines, NULL))
		return false;
	for (size_t i = 0; i < machines->items.count; i++)
		if (!machines->items.items[i].proved)
			diag_error(&input->diags, DIAG_PROOF, (struct span){0},
				   "a filter was not proved, and is of no use");
	return !input->diags.errors;
}

int policy_filters_compile(struct policy_input *input, const struct compile_options *options,
			   struct policy_filters *made)
{
	struct verdict verdict = {.diags = &input->diags, .all = policy_rules_abis(made->rules)};
	bool good = phase_compile(input, options, NULL, made->rules, &made->machines);
	const struct stmt *before = NULL;

	for (size_t i = 0; i < made->later.count; i++) {
		struct phase_filters *later = &made->later.items[i];

		good &= phase_compile(input, options, later->phase, later->rules, &later->machines);
		if (good)
			good = phase_prove(&input->arena, policy_input_text(input, before),
					   policy_input_text(input, later->phase), verdict.all,
					   &verdict);
		before = later->phase;
	}
	return input->diags.errors ? policy_filters_verdict(&input->diags) : COMMAND_GOOD;
}

int policy_filters_make(struct policy_input *input, const struct compile_options *options,
			struct policy_filters *made)
{
	int status = policy_filters_resolve(input, made);

	return status == COMMAND_GOOD ? policy_filters_compile(input, options, made) : status;
}

static bool phase_prove_filled(struct policy_input *input, const struct stmt *phase,
			       const struct machine_filters *machines,
			       const struct proof_value *values, size_t count,
			       struct verdict *verdict)
{
	struct second_reading *reading = arena_alloc(&input->arena, sizeof(*reading));
	bool good = findings_read(&input->arena, policy_input_text(input, phase), verdict->all,
				  reading, verdict);

	for (size_t i = 0; good && i < machines->items.count; i++)
		good = findings_prove_filled(&input->arena, reading,
					     machines->items.items[i].filter, values, count,
					     verdict);
	return good;
}

int policy_filters_prove(struct policy_input *input, const struct policy_filters *made,
			 const struct proof_value *values, size_t count)
{
	struct verdict verdict = {.diags = &input->diags, .all = policy_rules_abis(made->rules)};
	bool good =
		phase_prove_filled(input, made->phase, &made->machines, values, count, &verdict);

	for (size_t i = 0; good && i < made->later.count; i++)
		good = phase_prove_filled(input, made->later.items[i].phase,
					  &made->later.items[i].machines, values, count, &verdict);
	return good ? COMMAND_GOOD : COMMAND_USAGE;
}

static const char *phase_names(struct arena *arena, const struct policy_filters *made)
{
	const char *names = PHASE_START;

	for (size_t i = 0; i < made->later.count; i++)
		names = arena_printf(arena, "%s, %s", names,
				     phase_name(made->later.items[i].phase));
	return names;
}

int policy_filters_pick(struct arena *arena, struct policy_filters *made, const char *name,
			const char *path)
{
	if (!name && !made->later.count)
		return COMMAND_GOOD;
	if (!name) {
		command_error("%s: the policy has phases (%s): name one with --phase", path,
			      phase_names(arena, made));
		return COMMAND_USAGE;
	}
	for (size_t i = 0; i < made->later.count; i++) {
		struct phase_filters later = made->later.items[i];

		if (strcmp(phase_name(later.phase), name) != 0)
			continue;
		*made = (struct policy_filters){
			.rules = later.rules, .machines = later.machines, .phase = later.phase};
		return COMMAND_GOOD;
	}
	if (strcmp(name, PHASE_START) != 0) {
		command_error("%s: the policy has no phase '%s': it has %s", path, name,
			      phase_names(arena, made));
		return COMMAND_USAGE;
	}
	made->later.count = 0;
	return COMMAND_GOOD;
}

static void list_filters(struct arena *arena, const struct machine_filters *machines,
			 const struct filter *const **list, size_t *count)
{
	const struct filter **filters =
		arena_alloc_array(arena, machines->items.count + 1, sizeof(*filters));

	for (size_t i = 0; i < machines->items.count; i++)
		filters[i] = machines->items.items[i].filter;
	*list = filters;
	*count = machines->items.count;
}

struct bundle_contents policy_filters_bundle(struct arena *arena, const struct policy_filters *made)
{
	struct bundle_contents contents = {
		.name = made->rules->name,
		.sandbox = made->rules->sandbox,
		.phase_count = made->later.count,
	};
	struct bundle_phase *phases =
		arena_alloc_array(arena, made->later.count + 1, sizeof(*phases));

	list_filters(arena, &made->machines, &contents.filters, &contents.filter_count);
	for (size_t i = 0; i < made->later.count; i++) {
		phases[i].name = phase_name(made->later.items[i].phase);
		list_filters(arena, &made->later.items[i].machines, &phases[i].filters,
			     &phases[i].filter_count);
	}
	contents.phases = phases;
	return contents;
}
