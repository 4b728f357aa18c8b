/* SPDX-License-Identifier: Apache-2.0 */
/* pale compile: a policy to a bundle or a bare filter. */
#include "cli/command.h"
#include "cli/frequencies.h"
#include "cli/loads.h"
#include "cli/output.h"
#include "cli/policy_filter.h"
#include "cli/stats.h"
#include "compiler/partition.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	KEY_FORMAT = OPTION_LONG_ONLY,
	KEY_STATS,
	KEY_DUMP,
	KEY_PLAIN,
	KEY_FREQUENCIES,
	KEY_PROFILE,
	KEY_BACKEND,
	KEY_LOAD,
};

static const struct option_row rows[] = {
	{'o', "output", "FILE", "where to; FILE.bundle or FILE.bpf without"},
	{KEY_FORMAT, "format", "FORMAT", "bundle (for pale-run) or raw (struct sock_filter)"},
	{KEY_STATS, "stats", NULL, "prints what the filter costs"},
	{KEY_DUMP, "dump", "PASS", "prints the result of rules, graph, optimise or emit"},
	{KEY_PLAIN, "no-optimise", NULL, "skips the passes that only make it smaller"},
	{KEY_FREQUENCIES, "frequencies", "FILE", "how often calls are made: lines of COUNT CALL"},
	{KEY_PROFILE, "profile", "REC", "the same, from a recording"},
	{KEY_BACKEND, "backend", "NAME", "the compiler: pale"},
	{KEY_LOAD, "load", "NAME=N", "gives a value that the policy leaves open, for good"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "compile [OPTION]... FILE.pale",
	.description = "Compiles a policy for the ABIs that it names, or those of --arch.\n"
		       "Nothing is written where the policy has a mistake.\n",
	.rows = rows,
};

enum format {
	FORMAT_BUNDLE,
	FORMAT_RAW,
};

struct compile_command {
	struct policy_input input;
	const char *output;
	const char *frequencies;
	const char *profile;
	struct given_loads loads;
	enum format format;
	bool stats;
	enum compile_pass dump; /* PASS_COUNT: none */
	bool plain;
};

/* What a later version brings is told apart from what does not exist. */
static int take_format(struct compile_command *command, const struct options *options)
{
	static const char *const later[] = {"c", "elf", "asm"};

	if (!strcmp(options->value, "bundle")) {
		command->format = FORMAT_BUNDLE;
		return COMMAND_GOOD;
	}
	if (!strcmp(options->value, "raw")) {
		command->format = FORMAT_RAW;
		return COMMAND_GOOD;
	}
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (!strcmp(options->value, later[i]))
			return options_misuse(options, "--format %s is not there yet", later[i]);
	return options_misuse(options, "--format takes bundle or raw, not '%s'", options->value);
}

static int take_backend(const struct options *options)
{
	if (!strcmp(options->value, "pale"))
		return COMMAND_GOOD;
	if (!strcmp(options->value, "libseccomp"))
		return options_misuse(options, "--backend libseccomp is not there yet");
	return options_misuse(options, "--backend takes pale, not '%s'", options->value);
}

static int take_option(void *user, const struct options *options, int key)
{
	struct compile_command *command = user;

	switch (key) {
	case 'o':
		command->output = options->value;
		return COMMAND_GOOD;
	case KEY_FORMAT:
		return take_format(command, options);
	case KEY_STATS:
		command->stats = true;
		return COMMAND_GOOD;
	case KEY_DUMP:
		command->dump = compile_pass_find(options->value);
		if (command->dump == PASS_COUNT)
			return options_misuse(options, "there is no pass '%s' to dump",
					      options->value);
		return COMMAND_GOOD;
	case KEY_PLAIN:
		command->plain = true;
		return COMMAND_GOOD;
	case KEY_FREQUENCIES:
		command->frequencies = options->value;
		return COMMAND_GOOD;
	case KEY_PROFILE:
		command->profile = options->value;
		return COMMAND_GOOD;
	case KEY_BACKEND:
		return take_backend(options);
	case KEY_LOAD:
		return loads_take(&command->input.arena, &command->loads, options);
	default:
		return policy_input_option(&command->input, options, key);
	}
}

static void print_dump(void *user, enum compile_pass pass, const char *text)
{
	const struct compile_command *command = user;

	if (pass == command->dump)
		fputs(text, stdout);
}

/* FILE.pale becomes FILE.bundle or FILE.bpf; standard input goes to standard output. */
static const char *default_output(struct arena *arena, const char *path, enum format format)
{
	size_t length = strlen(path);

	if (!strcmp(path, "-"))
		return "-";
	if (length > 5 && !strcmp(path + length - 5, ".pale"))
		length -= 5;
	return arena_printf(arena, "%.*s.%s", (int)length, path,
			    format == FORMAT_RAW ? "bpf" : "bundle");
}

static int write_output(struct compile_command *command, const struct policy_filters *made)
{
	struct bundle_contents contents = policy_filters_bundle(&command->input.arena, made);
	struct text bytes = {0};
	const char *why = NULL;
	int error;

	if (command->format == FORMAT_RAW)
		error = raw_write(made->machines.items.items[0].filter, &bytes);
	else
		error = bundle_write(&contents, &bytes, &why);
	if (error == -EINVAL) {
		text_release(&bytes);
		command_error("this policy makes no bundle: %s", why);
		return COMMAND_USAGE;
	}
	bytes.failed |= error != 0;
	return output_text(command->output, &bytes);
}

/* Only a bundle can have values that are open; once one is given, all have to be. */
static int fill_loads(struct compile_command *command, struct policy_filters *made)
{
	int status = COMMAND_GOOD;

	if (command->format == FORMAT_BUNDLE && !command->loads.items.count)
		return COMMAND_GOOD;
	for (size_t i = 0; i < made->machines.items.count && status == COMMAND_GOOD; i++)
		status = loads_fill(&command->input.arena, &command->loads,
				    made->machines.items.items[i].filter,
				    &made->machines.items.items[i].filter);
	return status;
}

/* The weights that the command line gives; *WEIGHTS stays NULL where it gives none. */
static int read_weights(struct compile_command *command, const struct policy_filters *made,
			struct call_weights *room, const struct call_weights **weights)
{
	struct arena *arena = &command->input.arena;
	int status = COMMAND_GOOD;

	if (command->frequencies)
		status = frequencies_read(arena, command->frequencies,
					  policy_rules_abis(made->rules), room);
	else if (command->profile)
		status = frequencies_read_recording(arena, command->profile, room);
	else
		return COMMAND_GOOD;
	*weights = room;
	return status;
}

/* A raw filter says nothing of its machine, so there can be one in a file. */
static int check_raw(struct compile_command *command, const struct policy_filters *made)
{
	struct policy_parts parts = policy_partition(&command->input.arena, made->rules);
	const char *names = "";

	if (command->format != FORMAT_RAW || parts.items.count == 1)
		return COMMAND_GOOD;
	for (size_t i = 0; i < parts.items.count; i++)
		names = arena_printf(&command->input.arena, "%s%s%s", names, i ? "; " : "",
				     abi_machine_name(parts.items.items[i].rulesets.items[0].abi));
	command_error("--format raw holds one filter, and the policy is for %zu machines (%s): "
		      "pick ABIs of one with --arch",
		      parts.items.count, names);
	return COMMAND_USAGE;
}

static int make_filters(struct compile_command *command, const char *path,
			struct policy_filters *made)
{
	struct compile_options options = {.plain = command->plain};
	struct call_weights weights;
	int status = policy_input_load(&command->input, path);

	if (command->dump != PASS_COUNT) {
		options.dump = print_dump;
		options.dump_user = command;
	}
	if (status == COMMAND_GOOD)
		status = policy_filters_resolve(&command->input, made);
	if (status == COMMAND_GOOD)
		status = check_raw(command, made);
	if (status == COMMAND_GOOD)
		status = read_weights(command, made, &weights, &options.weights);
	if (status == COMMAND_GOOD)
		status = policy_filters_compile(&command->input, &options, made);
	return policy_input_finish(&command->input, status);
}

static int compile_file(struct compile_command *command, const char *path)
{
	struct policy_filters made = {0};
	int status = make_filters(command, path, &made);

	if (status == COMMAND_GOOD)
		status = fill_loads(command, &made);
	if (status != COMMAND_GOOD)
		return status;
	if (!command->output)
		command->output = default_output(&command->input.arena, path, command->format);
	if (command->stats)
		stats_print(&made.machines, strcmp(command->output, "-") ? stdout : stderr);
	return write_output(command, &made);
}

int cmd_compile(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct compile_command command = {.dump = PASS_COUNT};
	int status = policy_input_init(&command.input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take_option, &command, &status))
		goto out;
	if (command.frequencies && command.profile)
		status = options_misuse(&options, "--frequencies and --profile exclude each other");
	else if (options.index + 1 == argc)
		status = compile_file(&command, argv[options.index]);
	else
		status = options_misuse(&options, "compile takes one policy");
out:
	policy_input_release(&command.input);
	return status;
}
