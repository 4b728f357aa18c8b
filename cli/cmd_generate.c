/* SPDX-License-Identifier: Apache-2.0 */
/* pale generate: a policy from recordings. */
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/recording_input.h"
#include "profiler/infer/infer.h"

#include <string.h>

enum {
	KEY_NAMES_ONLY = OPTION_LONG_ONLY,
	KEY_EXACT,
	KEY_ARCH,
	KEY_NAME,
	KEY_STATIC,
};

static const struct option_row generate_rows[] = {
	{'o', "output", "FILE", "writes there instead of to standard output"},
	{KEY_ARCH, "arch", "LIST", "only these ABIs, as in x86_64,x86"},
	{KEY_EXACT, "exact", NULL, "no more than what was seen, on every argument"},
	{KEY_NAME, "name", "NAME", "the policy's name, instead of the program's"},
	{KEY_NAMES_ONLY, "names-only", NULL, "no conditions on arguments"},
	{KEY_STATIC, "static", "ELF", "comes in a later version"},
	{0},
};

static const struct usage generate_usage = {
	.synopsis = "generate RECORDING... [-o FILE] [--names-only | --exact] [--arch LIST]",
	.description =
		"Writes a policy that allows what the recordings show, with conditions on the\n"
		"arguments that decide what a call may reach, the evidence in a comment on each\n"
		"rule, and the few calls that every program can come to need.\n",
	.rows = generate_rows,
};

struct generate {
	struct infer_options infer;
	const char *output;
	bool names_only;
	bool exact;
};

static int choose_abis(struct generate *generate, const struct options *options)
{
	char name[64];

	for (const char *at = options->value;; at++) {
		size_t length = strcspn(at, ",");
		const struct abi *abi = NULL;

		if (length < sizeof(name)) {
			memcpy(name, at, length);
			name[length] = '\0';
			abi = abi_find(name);
		}
		if (!abi)
			return options_misuse(options, "there is no ABI '%.*s'", (int)length, at);
		if (generate->infer.abis & ABI_BIT(abi->id))
			return options_misuse(options, "--arch has %s already", abi->name);
		generate->infer.abis |= ABI_BIT(abi->id);
		at += length;
		if (!*at)
			return COMMAND_GOOD;
	}
}

static int take_option(struct generate *generate, const struct options *options, int key)
{
	switch (key) {
	case 'o':
		generate->output = options->value;
		return COMMAND_GOOD;
	case KEY_NAMES_ONLY:
		generate->names_only = true;
		return COMMAND_GOOD;
	case KEY_EXACT:
		generate->exact = true;
		return COMMAND_GOOD;
	case KEY_NAME:
		generate->infer.name = options->value;
		return COMMAND_GOOD;
	case KEY_ARCH:
		return choose_abis(generate, options);
	default:
		return options_misuse(options, "--static is not there yet: a later version brings "
					       "it");
	}
}

/* The program of the first run. */
static const char *name_from(const struct recording *recording)
{
	const struct recorded_run *run;
	const char *word, *slash;

	if (!recording->runs.count || !recording->runs.items[0]->command.count)
		return "program";
	run = recording->runs.items[0];
	word = run->command.items[0];
	slash = strrchr(word, '/');
	return slash && slash[1] ? slash + 1 : word;
}

static int write_policy(const struct generate *generate, const struct policy_ast *ast)
{
	struct text policy = {0};
	int status = COMMAND_ENVIRONMENT;

	ast_print(ast, &policy);
	if (policy.failed)
		command_error("not enough memory");
	else
		status = output_write_or_complain(generate->output, policy.bytes, policy.length);
	text_release(&policy);
	return status;
}

static int generate_policy(struct generate *generate, struct recording_input *input, char **paths)
{
	const struct policy_ast *ast = NULL;
	int status = COMMAND_GOOD;

	for (; *paths; paths++) {
		int added = recording_input_add(input, *paths);

		if (added != COMMAND_GOOD)
			status = added;
	}
	if (status == COMMAND_GOOD) {
		if (!generate->infer.name)
			generate->infer.name = name_from(&input->recording);
		ast = infer_policy(&input->arena, &input->recording, &generate->infer,
				   &input->diags);
		status = ast ? COMMAND_GOOD : COMMAND_USAGE;
	}
	diagnostics_print(&input->diags, (struct diagnostics_style){0});
	return status == COMMAND_GOOD ? write_policy(generate, ast) : status;
}

int cmd_generate(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &generate_usage};
	struct generate generate = {.output = "-"};
	struct recording_input input;
	int key, status;

	while ((key = options_next(&options)) != OPTIONS_END) {
		if (key == OPTIONS_STOP)
			return options.status;
		status = take_option(&generate, &options, key);
		if (status != COMMAND_GOOD)
			return status;
	}
	if (options.index == argc)
		return options_misuse(&options, "which recordings?");
	if (generate.exact && generate.names_only)
		return options_misuse(&options, "--exact and --names-only contradict");
	if (generate.exact)
		generate.infer.detail = INFER_EXACT;
	if (generate.names_only)
		generate.infer.detail = INFER_NAMES_ONLY;
	status = recording_input_init(&input);
	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = inputs_spare(generate.output, NULL, (const char *const *)argv + options.index,
			      (size_t)(argc - options.index));
	if (status == COMMAND_GOOD)
		status = generate_policy(&generate, &input, argv + options.index);
	recording_input_release(&input);
	return status;
}
