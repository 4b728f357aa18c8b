/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_filter.h"

#include "cli/command.h"

int policy_filters_verdict(const struct diags *diags)
{
	for (size_t i = 0; i < diags->list.count; i++)
		if (diags->list.items[i]->severity == DIAG_ERROR &&
		    diags->list.items[i]->code != DIAG_EXPECTATION)
			return COMMAND_USAGE;
	return COMMAND_NO;
}

int policy_filters_resolve(struct policy_input *input, struct policy_filters *made)
{
	struct resolve_options options = policy_input_resolve_options(input);

	made->rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
				     &options, &input->diags);
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

int policy_filters_compile(struct policy_input *input, const struct compile_options *options,
			   struct policy_filters *made)
{
	struct compile_options proving = *options;

	proving.text = policy_input_text(input);
	if (policy_compile_machines(&input->arena, made->rules, &input->sources, &proving,
				    &input->diags, &made->machines, NULL)) {
		for (size_t i = 0; i < made->machines.items.count; i++)
			if (!made->machines.items.items[i].proved)
				diag_error(&input->diags, DIAG_PROOF, (struct span){0},
					   "a filter was not proved, and is of no use");
	}
	return input->diags.errors ? policy_filters_verdict(&input->diags) : COMMAND_GOOD;
}

int policy_filters_make(struct policy_input *input, const struct compile_options *options,
			struct policy_filters *made)
{
	int status = policy_filters_resolve(input, made);

	return status == COMMAND_GOOD ? policy_filters_compile(input, options, made) : status;
}

int policy_filters_prove(struct policy_input *input, const struct policy_filters *made,
			 const struct proof_value *values, size_t count)
{
	struct second_reading *reading = arena_alloc(&input->arena, sizeof(*reading));
	struct verdict verdict = {.diags = &input->diags, .all = policy_rules_abis(made->rules)};
	bool good = findings_read(&input->arena, policy_input_text(input), verdict.all, reading,
				  &verdict);

	for (size_t i = 0; good && i < made->machines.items.count; i++)
		good = findings_prove_filled(&input->arena, reading,
					     made->machines.items.items[i].filter, values, count,
					     &verdict);
	return good ? COMMAND_GOOD : COMMAND_USAGE;
}

struct bundle_contents policy_filters_bundle(struct arena *arena, const struct policy_filters *made)
{
	size_t count = made->machines.items.count;
	const struct filter **filters = arena_alloc_array(arena, count, sizeof(*filters));

	for (size_t i = 0; i < count; i++)
		filters[i] = made->machines.items.items[i].filter;
	return (struct bundle_contents){
		.name = made->rules->name,
		.filters = filters,
		.filter_count = count,
		.sandbox = made->rules->sandbox,
	};
}
