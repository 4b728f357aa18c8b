/* SPDX-License-Identifier: Apache-2.0 */
/* pale compile: a policy to a bundle, or to a filter in one of the forms that builds take. */
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/compile_output.h"
#include "cli/frequencies.h"
#include "cli/loads.h"
#include "cli/stats.h"

#include <stdio.h>
#include <string.h>

enum {
	KEY_FORMAT = OPTION_LONG_ONLY,
	KEY_SYMBOL,
	KEY_STATS,
	KEY_DUMP,
	KEY_PLAIN,
	KEY_FREQUENCIES,
	KEY_PROFILE,
	KEY_BACKEND,
	KEY_LOAD,
	KEY_OPTIMISE,
	KEY_KERNEL,
	KEY_PHASE,
};

static const struct option_row rows[] = {
	{'o', "output", "FILE", "where to; FILE.bundle, .bpf, .h, .o or .asm without"},
	{KEY_FORMAT, "format", "FORMAT", "bundle, raw (struct sock_filter), c, elf or asm"},
	{KEY_SYMBOL, "symbol", "NAME", "what names in C begin with; without, the policy's name"},
	{'M', NULL, "FILE", "writes there, for make, what the output depends on"},
	{KEY_STATS, "stats", NULL, "prints what the filter costs"},
	{KEY_DUMP, "dump", "PASS", "prints the result of rules, graph, optimise or emit"},
	{KEY_PLAIN, "no-optimise", NULL, "skips the passes that only make it smaller"},
	{KEY_PLAIN, "no-optimize", NULL, NULL},
	{KEY_FREQUENCIES, "frequencies", "FILE", "how often calls are made: lines of COUNT CALL"},
	{KEY_PROFILE, "profile", "REC", "the same, from a recording"},
	{KEY_OPTIMISE, "optimise", "AIM", "speed (default), or size: few instructions"},
	{KEY_OPTIMISE, "optimize", "AIM", NULL},
	{KEY_KERNEL, "kernel", "X.Y", "the kernel that runs it; before 5.11 it caches no actions"},
	{KEY_BACKEND, "backend", "NAME", "the compiler: pale, libseccomp or libseccomp-1"},
	{KEY_LOAD, "load", "NAME=N", "gives a value that the policy leaves open, for good"},
	{KEY_PHASE, "phase", "NAME",
	 "of a policy with phases, the one that raw, c, elf or asm holds"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "compile [OPTION]... FILE.pale",
	.description = "Compiles a policy for the ABIs that it names, or those of --arch.\n"
		       "Nothing is written where the policy has a mistake.\n",
	.rows = rows,
};

struct compile_command {
	struct policy_input input;
	struct compile_output output;
	const char *frequencies;
	const char *profile;
	struct given_loads loads;
	enum libseccomp_level backend;
	const char *aim;    /* --optimise; NULL: not given */
	const char *kernel; /* the same */
	bool stats;
	enum compile_pass dump; /* PASS_COUNT: none */
	bool plain;
	bool small;
	bool uncached;
};

static int take_optimise(struct compile_command *command, const struct options *options)
{
	command->aim = options->value;
	command->small = !strcmp(options->value, "size");
	if (command->small || !strcmp(options->value, "speed"))
		return COMMAND_GOOD;
	return options_misuse(options, "--optimise takes speed or size, not '%s'", options->value);
}

/* Up to three digits at *AT, which goes behind them. False where there is none. */
static bool read_digits(const char **at, unsigned int *number)
{
	const char *begin = *at;

	for (*number = 0; **at >= '0' && **at <= '9' && *at - begin < 3; ++*at)
		*number = *number * 10 + (unsigned int)(**at - '0');
	return *at != begin;
}

/* X.Y, or X.Y.Z, whose Z makes no difference. Filters came with Linux 3.5, their cache with 5.11. */
static int take_kernel(struct compile_command *command, const struct options *options)
{
	const char *at = options->value;
	unsigned int major, minor, patch;
	bool good = read_digits(&at, &major) && *at++ == '.' && read_digits(&at, &minor);

	if (good && *at == '.')
		good = (at++, read_digits(&at, &patch));
	if (!good || *at)
		return options_misuse(options, "--kernel takes a version as 5.10, not '%s'",
				      options->value);
	if (major < 3 || (major == 3 && minor < 5))
		return options_misuse(options,
				      "--kernel %s: there are no seccomp filters before Linux 3.5",
				      options->value);
	command->kernel = options->value;
	command->uncached = major < 5 || (major == 5 && minor < 11);
	return COMMAND_GOOD;
}

static int take_backend(struct compile_command *command, const struct options *options)
{
	if (backend_find(options->value, &command->backend))
		return COMMAND_GOOD;
	return options_misuse(options, "--backend takes pale, libseccomp or libseccomp-1, not '%s'",
			      options->value);
}

static int take_option(void *user, const struct options *options, int key)
{
	struct compile_command *command = user;

	switch (key) {
	case 'o':
		command->output.path = options->value;
		return COMMAND_GOOD;
	case 'M':
		command->output.dependencies = options->value;
		return COMMAND_GOOD;
	case KEY_FORMAT:
		return compile_output_format(&command->output, options);
	case KEY_SYMBOL:
		return compile_output_symbol(&command->output, options);
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
	case KEY_OPTIMISE:
		return take_optimise(command, options);
	case KEY_KERNEL:
		return take_kernel(command, options);
	case KEY_BACKEND:
		return take_backend(command, options);
	case KEY_PHASE:
		command->output.phase = options->value;
		return COMMAND_GOOD;
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

static int fill_machines(struct compile_command *command, struct machine_filters *machines)
{
	int status = COMMAND_GOOD;

	for (size_t i = 0; i < machines->items.count && status == COMMAND_GOOD; i++)
		status = loads_fill(&command->input.arena, &command->loads,
				    machines->items.items[i].filter,
				    &machines->items.items[i].filter);
	return status;
}

/*
 * Only a bundle can have values that are open; once one is given, all have to be. What was proved for
 * every number is then proved for these.
 */
static int fill_loads(struct compile_command *command, struct policy_filters *made)
{
	const struct proof_value *values;
	size_t count;
	int status = COMMAND_GOOD;

	if (command->output.format == FORMAT_BUNDLE && !command->loads.items.count)
		return COMMAND_GOOD;
	status = fill_machines(command, &made->machines);
	for (size_t i = 0; i < made->later.count && status == COMMAND_GOOD; i++)
		status = fill_machines(command, &made->later.items[i].machines);
	command->output.loads = loads_text(&command->input.arena, &command->loads);
	if (status != COMMAND_GOOD || !made->rules->loads.count)
		return status;
	values = loads_values(&command->input.arena, &command->loads, &count);
	return policy_filters_prove(&command->input, made, values, count);
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

static int make_filters(struct compile_command *command, const char *path,
			struct policy_filters *made)
{
	struct compile_options options = {
		.plain = command->plain,
		.small = command->small,
		.uncached = command->uncached,
		.bound = command->stats,
	};
	struct call_weights weights;
	int status = policy_input_load(&command->input, path);

	if (command->dump != PASS_COUNT) {
		options.dump = print_dump;
		options.dump_user = command;
	}
	if (status == COMMAND_GOOD)
		status = policy_filters_resolve(&command->input, made);
	if (status == COMMAND_GOOD)
		status = compile_output_check(&command->output, &command->input.arena, made->rules);
	if (status == COMMAND_GOOD)
		status = read_weights(command, made, &weights, &options.weights);
	if (status == COMMAND_GOOD)
		status = policy_filters_compile(&command->input, &options, made);
	if (status == COMMAND_GOOD && command->backend != BACKEND_PALE)
		status = backend_replace(&command->input, command->backend, &options, made);
	if (status == COMMAND_GOOD && command->output.format != FORMAT_BUNDLE)
		status = policy_filters_pick(&command->input.arena, made, command->output.phase,
					     path);
	if (status == COMMAND_GOOD)
		status = fill_loads(command, made);
	return policy_input_finish(&command->input, status);
}

static int compile_file(struct compile_command *command, const char *path)
{
	const char *const further[] = {command->frequencies, command->profile};
	struct policy_filters made = {0};
	int status = make_filters(command, path, &made);

	if (status == COMMAND_GOOD)
		status = compile_output_spare(&command->output, &command->input.sources, further,
					      sizeof(further) / sizeof(further[0]));
	if (status != COMMAND_GOOD)
		return status;
	if (command->stats)
		stats_print(&made, strcmp(command->output.path, "-") ? stdout : stderr);
	return compile_output_write(&command->output, &command->input, &made, path, further,
				    sizeof(further) / sizeof(further[0]));
}

/* What the options ask of a compiler that is not pale's own and has no such thing. */
static int check_backend(const struct compile_command *command, const struct options *options)
{
	if (command->backend == BACKEND_PALE)
		return COMMAND_GOOD;
	if (command->dump < PASS_COUNT && command->dump > PASS_RULES)
		return options_misuse(options, "--dump=%s is a pass of pale's own compiler",
				      compile_pass_name(command->dump));
	if (command->aim)
		return options_misuse(options, "--optimise is for pale's own compiler");
	if (command->kernel && !command->stats)
		return options_misuse(options, "--kernel is for pale's own compiler; with another "
					       "it concerns --stats alone");
	if (command->loads.items.count)
		return options_misuse(options,
				      "--load is for pale's own compiler: with another, write "
				      "the number in the policy, `let %.*s = NUMBER;`",
				      (int)command->loads.items.items[0].name_length,
				      command->loads.items.items[0].name);
	return COMMAND_GOOD;
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
	else if (options.index + 1 != argc)
		status = options_misuse(&options, "compile takes one policy");
	else if (command.output.phase && command.output.format == FORMAT_BUNDLE)
		status = options_misuse(&options, "--phase is for formats that hold one phase: a "
						  "bundle has all of them");
	else
		status = check_backend(&command, &options);
	if (status == COMMAND_GOOD)
		status = compile_output_finish(&command.output, &options, &command.input.arena,
					       argv[options.index]);
	if (status == COMMAND_GOOD)
		status = compile_file(&command, argv[options.index]);
out:
	policy_input_release(&command.input);
	return status;
}
