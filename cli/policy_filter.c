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

/* From the parsed policy on, where STATUS says that there is one. */
static int filter_make(struct policy_input *input, int status,
		       const struct compile_options *options, struct policy_filter *made)
{
	struct resolve_options resolve = policy_input_resolve_options(input);

	if (status != COMMAND_GOOD)
		return status;
	made->rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
				     &resolve, &input->diags);
	if (input->diags.errors)
		return COMMAND_USAGE;
	made->filter = policy_compile(&input->arena, made->rules, &input->sources, options,
				      &input->diags, &made->stats);
	return made->filter ? COMMAND_GOOD : policy_filter_verdict(&input->diags);
}

int policy_filter_make(struct policy_input *input, const char *path,
		       const struct compile_options *options, struct policy_filter *made)
{
	return filter_make(input, policy_input_load(input, path), options, made);
}

int policy_filter_make_source(struct policy_input *input, uint32_t file,
			      const struct compile_options *options, struct policy_filter *made)
{
	return filter_make(input, policy_input_parse(input, file), options, made);
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
