/* SPDX-License-Identifier: Apache-2.0 */
/* pale export: a policy in the words of others. */
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/policy_filter.h"
#include "compiler/exchange/export.h"

#include <string.h>

enum export_key {
	EXPORT_TO = OPTION_LONG_ONLY,
	EXPORT_LOSSY,
	EXPORT_LAUNCHER,
	EXPORT_GUARD,
};

static const struct option_row rows[] = {
	{EXPORT_TO, "to", "FORMAT", "docker, oci or lxc"},
	{'o', "output", "FILE", "writes to FILE, not to standard output"},
	{EXPORT_LOSSY, "lossy", NULL, "accepts differences that let no more through"},
	{EXPORT_LAUNCHER, "allow-launcher", NULL, "adds what the container's launcher calls"},
	{EXPORT_GUARD, "lxc-guard", NULL, "keeps x86 and x32 out of LXC's rules for x86_64"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "export --to docker|oci|lxc [OPTION]... FILE.pale",
	.description =
		"Writes the policy FILE.pale (- is standard input) as the seccomp profile of a\n"
		"container engine: docker for --security-opt seccomp=FILE, oci for linux.seccomp in\n"
		"config.json, lxc for lxc.seccomp.profile. The profile means what the policy means;\n"
		"what the format cannot say is an error that shows the rule.\n",
	.rows = rows,
};

static const struct {
	const char *name;
	bool there;
	enum export_format format;
} targets[] = {
	{"docker", true, EXPORT_DOCKER}, {"oci", true, EXPORT_OCI},
	{"lxc", true, EXPORT_LXC},       {"podman", false, 0},
	{"kubernetes", false, 0},        {"systemd", false, 0},
	{"minijail", false, 0},          {"procd", false, 0},
};

struct export_command {
	struct policy_input input;
	struct export_options options;
	const char *target;
	const char *output;
};

static int export_set_target(struct export_command *command, const struct options *options)
{
	struct word_guess guess = {.word = options->value};

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		word_guess_offer(&guess, targets[i].name);
		if (strcmp(targets[i].name, options->value) != 0)
			continue;
		if (!targets[i].there)
			return options_misuse(options,
					      "exports to %s come in a later version; docker, oci "
					      "and lxc are there (podman and containerd read what "
					      "docker reads)",
					      options->value);
		command->options.format = targets[i].format;
		command->target = targets[i].name;
		return COMMAND_GOOD;
	}
	if (guess.best)
		return options_misuse(options, "there is no format '%s'; did you mean '%s'?",
				      options->value, guess.best);
	return options_misuse(options, "there is no format '%s'; there are docker, oci and lxc",
			      options->value);
}

static int export_option(struct export_command *command, const struct options *options, int key)
{
	switch (key) {
	case EXPORT_TO:
		return export_set_target(command, options);
	case 'o':
		command->output = options->value;
		return COMMAND_GOOD;
	case EXPORT_LOSSY:
		command->options.lossy = true;
		return COMMAND_GOOD;
	case EXPORT_LAUNCHER:
		command->options.launcher = true;
		return COMMAND_GOOD;
	case EXPORT_GUARD:
		command->options.guard = true;
		return COMMAND_GOOD;
	default:
		return policy_input_option(&command->input, options, key);
	}
}

/* Where the policy says more than a profile can, nobody shall think that it is in there. */
static void warn_of_sandbox(const struct export_command *command, const struct policy_rules *rules)
{
	if (rules->sandbox && !command->input.style.json)
		command_error("--to %s holds the filter alone: the policy's sandbox is in a "
			      "bundle only",
			      command->target);
}

/* A profile is put on once: what would come later is lost, and what is left lets more through. */
static void report_phases(struct export_command *command, const struct policy_filters *made)
{
	struct diags *diags = &command->input.diags;

	for (size_t i = 0; i < made->later.count; i++) {
		const struct ast_name *name = &made->later.items[i].phase->group.name;
		struct diag *diag = diag_report(
			diags, command->options.lossy ? DIAG_WARNING : DIAG_ERROR,
			DIAG_NOT_EXPRESSIBLE, name->span,
			"--to %s holds one filter: phase '%s', which comes later, is not in it",
			command->target, name->text);

		if (!command->options.lossy)
			diag_note(diags, diag, (struct span){0},
				  "--lossy leaves it out: then the first phase holds to the end");
	}
}

/* The policy is compiled first: what is wrong with it is not the format's fault. */
static int export_write(struct export_command *command, const char *path)
{
	struct policy_input *input = &command->input;
	struct compile_options compile = {0};
	struct policy_filters made = {0};
	struct text profile = {0};
	int status = policy_input_load(input, path);

	if (status == COMMAND_ENVIRONMENT)
		return status;
	if (status == COMMAND_GOOD)
		status = policy_filters_make(input, &compile, &made);
	if (status == COMMAND_GOOD)
		report_phases(command, &made);
	if (status == COMMAND_GOOD)
		policy_export(&input->arena, made.rules, &command->options, &input->diags,
			      &profile);
	status = policy_input_finish(input, status);
	if (status == COMMAND_GOOD)
		status = inputs_spare(command->output, &input->sources, NULL, 0);
	if (status == COMMAND_GOOD && profile.failed) {
		command_error("out of memory");
		status = COMMAND_ENVIRONMENT;
	}
	if (status == COMMAND_GOOD) {
		warn_of_sandbox(command, made.rules);
		status = output_write_or_complain(command->output, profile.bytes, profile.length);
	}
	text_release(&profile);
	return status;
}

static int export_operand(struct export_command *command, const struct options *options)
{
	if (!command->target)
		return options_misuse(options, "--to FORMAT is missing: docker, oci or lxc");
	if (command->options.guard && command->options.format != EXPORT_LXC)
		return options_misuse(options, "--lxc-guard goes with --to lxc");
	if (options->argc - options->index != 1)
		return options_misuse(options, "export takes one file");
	return export_write(command, options->argv[options->index]);
}

int cmd_export(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct export_command command = {.output = "-"};
	int status = policy_input_init(&command.input);
	int key;

	if (status)
		return command_path_error("memory", status);
	while ((key = options_next(&options)) != OPTIONS_END) {
		status = key == OPTIONS_STOP ? options.status
					     : export_option(&command, &options, key);
		if (key == OPTIONS_STOP || status != COMMAND_GOOD)
			goto out;
	}
	status = export_operand(&command, &options);
out:
	policy_input_release(&command.input);
	return status;
}
