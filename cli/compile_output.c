/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/compile_output.h"

#include "cli/command.h"
#include "cli/dependencies.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "compiler/emit/program_text.h"
#include "compiler/partition.h"
#include "policy-lang/phases.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	const char *suffix;
	bool several; /* one file holds filters of several machines */
} formats[FORMAT_COUNT] = {
	[FORMAT_BUNDLE] = {"bundle", "bundle", true},
	[FORMAT_RAW] = {"raw", "bpf", false},
	[FORMAT_C] = {"c", "h", true},
	[FORMAT_ELF] = {"elf", "o", false},
	[FORMAT_ASM] = {"asm", "asm", false},
};

int compile_output_format(struct compile_output *output, const struct options *options)
{
	for (int format = 0; format < FORMAT_COUNT; format++) {
		if (strcmp(options->value, formats[format].name) != 0)
			continue;
		output->format = (enum output_format)format;
		return COMMAND_GOOD;
	}
	return options_misuse(options, "--format takes bundle, raw, c, elf or asm, not '%s'",
			      options->value);
}

int compile_output_symbol(struct compile_output *output, const struct options *options)
{
	if (!symbol_valid(options->value))
		return options_misuse(options, "--symbol takes an identifier of C, not '%s'",
				      options->value);
	output->symbol = options->value;
	return COMMAND_GOOD;
}

int compile_output_finish(struct compile_output *output, const struct options *options,
			  struct arena *arena, const char *policy)
{
	size_t length = strlen(policy);

	if (output->symbol && output->format != FORMAT_C && output->format != FORMAT_ELF)
		return options_misuse(options, "--symbol is for --format c and elf");
	if (!output->path && !strcmp(policy, "-"))
		output->path = "-";
	if (output->dependencies && output->path && !strcmp(output->path, "-"))
		return options_misuse(options, "-M says what a file depends on: it needs -o FILE");
	if (output->path)
		return COMMAND_GOOD;
	if (length > 5 && !strcmp(policy + length - 5, ".pale"))
		length -= 5;
	output->path =
		arena_printf(arena, "%.*s.%s", (int)length, policy, formats[output->format].suffix);
	return COMMAND_GOOD;
}

int compile_output_check(const struct compile_output *output, struct arena *arena,
			 const struct policy_rules *rules)
{
	struct policy_parts parts = policy_partition(arena, rules);
	const char *names = "";

	if (formats[output->format].several || parts.items.count == 1)
		return COMMAND_GOOD;
	for (size_t i = 0; i < parts.items.count; i++)
		names = arena_printf(arena, "%s%s%s", names, i ? "; " : "",
				     abi_machine_name(parts.items.items[i].rulesets.items[0].abi));
	command_error("--format %s holds one filter, and the policy is for %zu machines (%s): "
		      "pick ABIs of one with --arch",
		      formats[output->format].name, parts.items.count, names);
	return COMMAND_USAGE;
}

static struct program_text describe(const struct compile_output *output, struct arena *arena,
				    const struct policy_input *input,
				    const struct policy_filters *made,
				    const struct bundle_contents *contents, const char *policy)
{
	const char *symbol = symbol_make(arena, made->rules->name, policy);

	/* The headers of two phases go into one program. */
	if (made->phase)
		symbol = arena_printf(arena, "%s_%s", symbol, phase_name(made->phase));
	return (struct program_text){
		.symbol = output->symbol ? output->symbol : symbol,
		.phase = output->phase,
		.policy = made->rules->name,
		.path = policy,
		.filters = contents->filters,
		.filter_count = contents->filter_count,
		.sources = &input->sources,
		.sandbox = made->rules->sandbox != NULL,
		.loads = output->loads,
	};
}

/* The output's bytes; negative errno, and of -EINVAL the reason in *WHY. */
static int make_bytes(const struct compile_output *output, struct policy_input *input,
		      const struct policy_filters *made, const char *policy, struct text *bytes,
		      const char **why)
{
	struct bundle_contents contents = policy_filters_bundle(&input->arena, made);
	struct program_text program =
		describe(output, &input->arena, input, made, &contents, policy);

	switch (output->format) {
	case FORMAT_RAW:
		return raw_write(contents.filters[0], bytes);
	case FORMAT_C:
		return c_header_write(&program, bytes);
	case FORMAT_ELF:
		return elf_object_write(&program,
					input->first_abi ? input->first_abi
							 : made->machines.items.items[0].abi,
					bytes);
	case FORMAT_ASM:
		return asm_write(&program, bytes);
	default:
		return bundle_write(&contents, bytes, why);
	}
}

/* Where the policy says more than a filter can hold, nobody shall think that it is in there. */
static void warn_of_sandbox(const struct compile_output *output, const struct policy_input *input,
			    const struct policy_rules *rules)
{
	if (rules->sandbox && output->format != FORMAT_BUNDLE && !input->style.json)
		command_error("--format %s holds the filter alone: the policy's sandbox is in a "
			      "bundle only",
			      formats[output->format].name);
}

int compile_output_spare(const struct compile_output *output, const struct sources *sources,
			 const char *const *further, size_t further_count)
{
	int status = inputs_spare(output->path, sources, further, further_count);

	if (status == COMMAND_GOOD)
		status = inputs_spare(output->dependencies, sources, further, further_count);
	if (status != COMMAND_GOOD || !output->dependencies ||
	    !inputs_same(output->path, output->dependencies))
		return status;
	command_error("%s: -o and -M name the same file", output->dependencies);
	return COMMAND_USAGE;
}

int compile_output_write(const struct compile_output *output, struct policy_input *input,
			 const struct policy_filters *made, const char *policy,
			 const char *const *further, size_t further_count)
{
	struct text bytes = {0};
	const char *why = NULL;
	int error = make_bytes(output, input, made, policy, &bytes, &why);
	int status = COMMAND_GOOD;

	if (error == -EINVAL)
		command_error("this policy makes no bundle: %s", why);
	if (error == -EINVAL || (error && error != -ENOMEM)) {
		text_release(&bytes);
		return error == -EINVAL ? COMMAND_USAGE : command_path_error(output->path, error);
	}
	bytes.failed |= error != 0;
	/* A file that is there has been written whole, and so has what it depends on. */
	if (output->dependencies)
		status = dependencies_write(output->dependencies, output->path, &input->sources,
					    further, further_count);
	if (status != COMMAND_GOOD) {
		text_release(&bytes);
		return status;
	}
	warn_of_sandbox(output, input, made->rules);
	return output_text(output->path, &bytes);
}
