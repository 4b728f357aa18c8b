/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_filter.h"

#include "cli/command.h"

int policy_filter_verdict(const struct diags *diags)
{
	for (size_t i = 0; i < diags->list.count; i++)
		if (diags->list.items[i]->severity == DIAG_ERROR &&
		    diags->list.items[i]->code != DIAG_EXPECTATION)
			return COMMAND_USAGE;
	return COMMAND_NO;
}

int policy_filter_resolve(struct policy_input *input, struct policy_filter *made)
{
	struct resolve_options options = policy_input_resolve_options(input);

	made->rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
				     &options, &input->diags);
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

int policy_filter_compile(struct policy_input *input, const struct compile_options *options,
			  struct policy_filter *made)
{
	made->filter = policy_compile(&input->arena, made->rules, &input->sources, options,
				      &input->diags, &made->stats);
	return made->filter ? COMMAND_GOOD : policy_filter_verdict(&input->diags);
}

int policy_filter_make(struct policy_input *input, const struct compile_options *options,
		       struct policy_filter *made)
{
	int status = policy_filter_resolve(input, made);

	return status == COMMAND_GOOD ? policy_filter_compile(input, options, made) : status;
}

struct bundle_contents policy_filter_bundle(const struct policy_filter *made,
					    const struct filter *filters[1])
{
	filters[0] = made->filter;
	return (struct bundle_contents){
		.name = made->rules->name,
		.filters = filters,
		.filter_count = 1,
		.sandbox = made->rules->sandbox,
	};
}
