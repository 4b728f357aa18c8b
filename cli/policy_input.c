/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_input.h"

#include "cli/command.h"
#include "cli/kinds.h"

#include <errno.h>
#include <string.h>

int policy_input_init(struct policy_input *input)
{
	int error;

	*input = (struct policy_input){0};
	error = arena_init(&input->arena);
	if (error)
		return error;
	input->sources.arena = &input->arena;
	input->diags.arena = &input->arena;
	input->diags.sources = &input->sources;
	return 0;
}

void policy_input_release(struct policy_input *input)
{
	arena_release(&input->arena);
}

static int input_add_definition(struct policy_input *input, const struct options *options)
{
	const char *equals = strchr(options->value, '=');
	struct definition *definition;

	if (!equals || equals == options->value)
		return options_misuse(options, "-D takes NAME=VALUE, not '%s'", options->value);
	definition = VEC_PUSH(&input->arena, &input->definitions);
	definition->name =
		arena_copy(&input->arena, options->value, (size_t)(equals - options->value));
	definition->value = equals + 1;
	return COMMAND_GOOD;
}

static int arch_unknown(const struct options *options, const char *name)
{
	struct word_guess guess = {.word = name};

	for (int id = 0; id < ABI_COUNT; id++)
		word_guess_offer(&guess, abi_get((enum abi_id)id)->name);
	if (guess.best)
		return options_misuse(options, "there is no ABI '%s'; did you mean '%s'?", name,
				      guess.best);
	return options_misuse(options, "there is no ABI '%s'", name);
}

/* Names with commas between them, none of them twice: the rule of `arch` in a policy. */
static int input_add_abis(struct policy_input *input, const struct options *options)
{
	const char *at = options->value;

	for (;;) {
		size_t length = strcspn(at, ",");
		const char *name = arena_copy(&input->arena, at, length);
		const struct abi *abi = abi_find(name);
		bool all = strcmp(name, "all") == 0;
		abi_set added;

		if (!abi && !all)
			return arch_unknown(options, name);
		added = all ? ABI_ALL : ABI_BIT(abi->id);
		if (input->abis & added)
			return options_misuse(options,
					      all ? "--arch all holds what --arch has already"
						  : "--arch has %s already",
					      all ? "" : abi->name);
		if (!input->abis)
			input->first_abi = abi;
		input->abis |= added;
		if (!at[length])
			return COMMAND_GOOD;
		at += length + 1;
	}
}

int policy_input_option(struct policy_input *input, const struct options *options, int key)
{
	switch (key) {
	case 'D':
		return input_add_definition(input, options);
	case 'I':
		*VEC_PUSH(&input->arena, &input->folders) = options->value;
		return COMMAND_GOOD;
	case POLICY_INPUT_ARCH:
		return input_add_abis(input, options);
	case POLICY_INPUT_JSON:
		input->style.json = true;
		return COMMAND_GOOD;
	case 'v':
		input->style.remarks = true;
		return COMMAND_GOOD;
	default:
		return COMMAND_USAGE;
	}
}

int policy_input_take(void *user, const struct options *options, int key)
{
	return policy_input_option(user, options, key);
}

int policy_input_parse(struct policy_input *input, uint32_t file)
{
	struct include_path folders = {input->folders.items, input->folders.count};

	input->ast = policy_parse(&input->arena, &input->sources, file, &input->diags);
	policy_load_includes(&input->arena, &input->sources, input->ast, &folders, &input->diags);
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

int policy_input_load(struct policy_input *input, const char *path)
{
	const char *kind;
	uint32_t file;
	int error = sources_read(&input->sources, path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than the %u bytes that a policy may have", path,
			      SOURCE_SIZE_MAX);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(path, error);
	kind = kind_no_policy(&input->arena, sources_get(&input->sources, file));
	if (!kind)
		return policy_input_parse(input, file);
	command_error("%s: %s", path, kind);
	return COMMAND_USAGE;
}

struct resolve_options policy_input_resolve_options(const struct policy_input *input)
{
	return (struct resolve_options){
		.abis = input->abis,
		.definitions = input->definitions.items,
		.definition_count = input->definitions.count,
	};
}

const struct policy_text *policy_input_text(struct policy_input *input, const struct stmt *phase)
{
	struct policy_text *text = arena_alloc(&input->arena, sizeof(*text));

	*text = (struct policy_text){
		.ast = input->ast,
		.sources = &input->sources,
		.library = &input->library,
		.definitions = input->definitions.items,
		.definition_count = input->definitions.count,
		.phase = phase,
	};
	return text;
}

int policy_input_finish(struct policy_input *input, int status)
{
	diagnostics_print(&input->diags, input->style);
	return status == COMMAND_GOOD && input->diags.errors ? COMMAND_USAGE : status;
}
