/* SPDX-License-Identifier: Apache-2.0 */
/* pale generate: a policy from recordings. */
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/recording_input.h"
#include "cli/static_input.h"
#include "profiler/infer/infer.h"

#include <string.h>

enum {
	KEY_NAMES_ONLY = OPTION_LONG_ONLY,
	KEY_EXACT,
	KEY_ARCH,
	KEY_LABEL,
	KEY_NAME,
	KEY_NO_EXPECT,
	KEY_PHASE,
	KEY_PHASES,
	KEY_STATIC,
	KEY_SYSROOT,
	KEY_LIBRARIES,
	KEY_WIDEN,
};

static const struct option_row generate_rows[] = {
	{'o', "output", "FILE", "writes there instead of to standard output"},
	{KEY_ARCH, "arch", "LIST", "only these ABIs, as in x86_64,x86"},
	{KEY_EXACT, "exact", NULL, "no more than what was seen, on every argument"},
	{KEY_LABEL, "label", "KEY=VALUE", "takes only runs that have the label; may be repeated"},
	{KEY_NAME, "name", "NAME", "the policy's name, instead of the program's"},
	{KEY_NAMES_ONLY, "names-only", NULL, "no conditions on arguments"},
	{KEY_NO_EXPECT, "no-expect", NULL, "no expectations at the end"},
	{KEY_PHASE, "phase", "NAME", "only what was seen in a phase: start, serving"},
	{KEY_PHASES, "phases", NULL, "a tighter part for phase serving, in a block of its own"},
	{KEY_STATIC, "static", "ELF", "adds what this program and its libraries could call"},
	{KEY_SYSROOT, "sysroot", "DIR", "that program's loader and libraries stand under it"},
	{KEY_LIBRARIES, "libraries", "DIR", "where its libraries are looked for first"},
	{KEY_WIDEN, "widen", "LEVEL", "allow more: none, equivalents (usual), family, sets"},
	{0},
};

static const struct usage generate_usage = {
	.synopsis = "generate RECORDING... [-o FILE] [--names-only | --exact | --widen LEVEL]\n"
		    "              [--label KEY=VALUE]...\n"
		    "pale generate [RECORDING...] --static ELF [--sysroot DIR] [--libraries DIR]",
	.description =
		"Writes a policy that allows what the recordings show, with conditions on the\n"
		"arguments that decide what a call may reach, the evidence in a comment on each\n"
		"rule, the few calls that every program can come to need, and expectations. It says\n"
		"at its head what remains unsure.\n",
	.rows = generate_rows,
};

struct generate {
	struct recording_input input;
	struct infer_options infer;
	struct static_input statics;
	const char *output;
	bool names_only;
	bool exact;
	bool widen;
	bool phase;
	bool phases;
};

static const struct {
	const char *word;
	enum infer_widen level;
} levels[] = {
	{"none", INFER_WIDEN_NONE},
	{"equivalents", INFER_WIDEN_EQUIVALENTS},
	{"family", INFER_WIDEN_FAMILY},
	{"sets", INFER_WIDEN_SETS},
};

static int choose_level(struct generate *generate, const struct options *options)
{
	generate->widen = true;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(levels[i].word, options->value) != 0)
			continue;
		generate->infer.widen = levels[i].level;
		return COMMAND_GOOD;
	}
	return options_misuse(options, "--widen takes none, equivalents, family or sets, not '%s'",
			      options->value);
}

static int choose_phase(struct generate *generate, const struct options *options)
{
	static const enum infer_phases phases[PHASE_COUNT] = {
		[PHASE_START] = INFER_PHASES_START,
		[PHASE_SERVING] = INFER_PHASES_SERVING,
	};

	generate->phase = true;
	for (int phase = 0; phase < PHASE_COUNT; phase++) {
		if (strcmp(recorded_phase_word((enum recorded_phase)phase), options->value) != 0)
			continue;
		generate->infer.phases = phases[phase];
		return COMMAND_GOOD;
	}
	return options_misuse(options, "--phase takes start or serving, not '%s'", options->value);
}

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
	case KEY_LABEL:
		return recording_input_label(&generate->input, options);
	case KEY_NO_EXPECT:
		generate->infer.no_expectations = true;
		return COMMAND_GOOD;
	case KEY_PHASE:
		return choose_phase(generate, options);
	case KEY_PHASES:
		generate->phases = true;
		return COMMAND_GOOD;
	case KEY_WIDEN:
		return choose_level(generate, options);
	case KEY_STATIC:
		return static_input_take(options, generate->statics.programs);
	case KEY_LIBRARIES:
		return static_input_take(options, generate->statics.folders);
	default:
		generate->statics.sysroot = options->value;
		return COMMAND_GOOD;
	}
}

/* The program of the first run, or of the first file. */
static const char *name_from(const struct generate *generate, const struct recording *recording)
{
	const char *word = generate->statics.programs[0], *slash;

	if (recording->runs.count && recording->runs.items[0]->command.count)
		word = recording->runs.items[0]->command.items[0];
	if (!word)
		return "program";
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

static int generate_policy(struct generate *generate, char **paths)
{
	struct recording_input *input = &generate->input;
	const struct policy_ast *ast = NULL;
	int status = COMMAND_GOOD;

	for (; *paths; paths++) {
		int added = recording_input_add(input, *paths);

		if (added != COMMAND_GOOD)
			status = added;
	}
	if (status == COMMAND_GOOD)
		status = recording_input_chosen(input);
	if (status == COMMAND_GOOD)
		status = static_input_read(&generate->statics, &input->arena, &input->diags);
	if (status == COMMAND_GOOD) {
		if (generate->statics.programs[0])
			generate->infer.statics = &generate->statics.evidence;
		if (!generate->infer.name)
			generate->infer.name = name_from(generate, &input->recording);
		ast = infer_policy(&input->arena, &input->recording, &generate->infer,
				   &input->diags);
		status = ast ? COMMAND_GOOD : COMMAND_USAGE;
	}
	diagnostics_print(&input->diags, (struct diagnostics_style){0});
	return status == COMMAND_GOOD ? write_policy(generate, ast) : status;
}

/* What contradicts, and what of the options is known when all are. */
static int check_options(struct generate *generate, const struct options *options)
{
	bool recordings = options->index < options->argc, statics = generate->statics.programs[0];

	if (!recordings && !statics)
		return options_misuse(options, "which recordings?");
	if (!recordings && generate->input.labels.count)
		return options_misuse(options, "--label is for recordings");
	if (!statics && (generate->statics.sysroot || generate->statics.folders[0]))
		return options_misuse(options, "--sysroot and --libraries are for --static");
	if (generate->exact && generate->names_only)
		return options_misuse(options, "--exact and --names-only contradict");
	if (generate->widen && (generate->exact || generate->names_only))
		return options_misuse(options, "--widen contradicts %s",
				      generate->exact ? "--exact" : "--names-only");
	if (generate->phase && generate->phases)
		return options_misuse(options, "--phase and --phases contradict");
	if (generate->exact)
		generate->infer.detail = INFER_EXACT;
	if (generate->names_only)
		generate->infer.detail = INFER_NAMES_ONLY;
	if (generate->phases)
		generate->infer.phases = INFER_PHASES_BOTH;
	return COMMAND_GOOD;
}

static int generate_command(struct generate *generate, struct options *options)
{
	char **paths;
	int key, status;

	while ((key = options_next(options)) != OPTIONS_END) {
		if (key == OPTIONS_STOP)
			return options->status;
		status = take_option(generate, options, key);
		if (status != COMMAND_GOOD)
			return status;
	}
	status = check_options(generate, options);
	if (status != COMMAND_GOOD)
		return status;
	paths = options->argv + options->index;
	status = inputs_spare(generate->output, NULL, (const char *const *)paths,
			      (size_t)(options->argc - options->index));
	if (status == COMMAND_GOOD)
		status = inputs_spare(generate->output, NULL, generate->statics.programs,
				      STATIC_INPUTS_MAX);
	return status == COMMAND_GOOD ? generate_policy(generate, paths) : status;
}

int cmd_generate(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &generate_usage};
	struct generate generate = {.output = "-"};
	int status = recording_input_init(&generate.input);

	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = generate_command(&generate, &options);
	recording_input_release(&generate.input);
	return status;
}
