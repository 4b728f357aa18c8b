/* SPDX-License-Identifier: Apache-2.0 */
/* pale check: whether a policy is good, on every ABI, without writing anything. */
#include "cli/against.h"
#include "cli/command.h"
#include "cli/differences.h"
#include "cli/output.h"
#include "cli/policy_filter.h"
#include "compiler/compile.h"
#include "compiler/partition.h"
#include "compiler/phase_proof.h"
#include "policy-lang/phases.h"

enum {
	KEY_AGAINST = OPTION_LONG_ONLY,
	KEY_LOAD,
	KEY_PHASE,
};

static const struct usage check_usage = {
	.synopsis = "check [OPTION...] FILE.pale",
	.description =
		"Says whether the policy FILE.pale (- is standard input) is good: it is compiled for\n"
		"each ABI, its expectations are proved, and what is allowed and yet hardly meant is\n"
		"warned of. Nothing is written. The ABIs are those of --arch, else those of the\n"
		"policy's own `arch`, else this machine's. In the last case the policy is held to all\n"
		"others as well, and what is wrong there is a warning that names them.\n"
		"\n"
		"With --against, FILE must be a bundle or a bare filter that does what the policy says,\n"
		"for every call there can be.\n"
		"\n"
		"Standard output tells what differs between the ABIs. The exit status is 1 where only\n"
		"expectations fail or FILE is another one, and 2 for other mistakes.\n",
	.rows = (const struct option_row[]){{KEY_AGAINST, "against", "FILE",
					     "proves that FILE is what the policy says"},
					    {KEY_LOAD, "load", "NAME=N",
					     "what was filled into FILE for a value that is open"},
					    {KEY_PHASE, "phase", "NAME",
					     "the phase that FILE, a bare filter, is"},
					    POLICY_INPUT_ROWS,
					    {0}},
};

struct check_command {
	struct policy_input input;
	struct against_request against;
};

/* All phases of a policy, which are for the same ABIs. */
struct check_phases {
	VEC(struct phase_filters) items;
	abi_set failed; /* where one of them would not compile */
};

static void check_resolve(struct policy_input *input, const struct resolve_options *given,
			  struct check_phases *phases)
{
	struct resolve_options options = *given;
	struct phase_list later = phases_list(&input->arena, input->ast);

	for (size_t i = 0; i <= later.items.count && !input->diags.errors; i++) {
		struct phase_filters made;

		options.phase = i ? later.items.items[i - 1] : NULL;
		made = policy_phase_resolve(input, &options);
		options.differences = made.rules->differences;
		phases->failed |= made.rules->failed;
		*VEC_PUSH(&input->arena, &phases->items) = made;
	}
}

/* Compiles all phases for ABIS, and proves each to be tighter than the one before it. */
static void check_abis(struct policy_input *input, struct check_phases *phases, abi_set abis,
		       bool optional)
{
	struct compile_options options = {.optional = optional};
	struct verdict verdict = {.diags = &input->diags, .optional = optional, .all = abis};
	const struct policy_text *before = NULL;
	struct machine_filters filters;

	for (size_t i = 0; i < phases->items.count; i++) {
		const struct phase_filters *phase = &phases->items.items[i];
		struct policy_rules part = policy_rules_select(&input->arena, phase->rules, abis);
		abi_set failed = 0;
		bool good;

		options.text = policy_input_text(input, phase->phase);
		good = policy_compile_machines(&input->arena, &part, &input->sources, &options,
					       &input->diags, &filters, &failed);
		phases->failed |= failed;
		if (before && good && (abis & ~phases->failed))
			phase_prove(&input->arena, before, options.text, abis & ~phases->failed,
				    &verdict);
		before = options.text;
	}
	phases->failed |= verdict.failed;
}

/* What the policy is for, as `pale compile` would; then what else there is, which only warns. */
static void check_compile(struct policy_input *input, struct check_phases *phases)
{
	const struct policy_rules *rules = phases->items.items[0].rules;
	abi_set others = policy_rules_abis(rules) & ~rules->asked & ~phases->failed;

	check_abis(input, phases, rules->asked, false);
	if (others && !input->diags.errors)
		check_abis(input, phases, others, true);
}

/* The summary of what differs; standard output has nothing else. */
static int check_compare(struct policy_input *input, const struct policy_rules *rules)
{
	struct difference_list list = differences_list(&input->arena, rules);
	struct text out = {0};

	if (input->style.json)
		out.failed |= !differences_print_json(rules, &list, &out);
	else
		differences_print(&input->arena, rules, &list, &out);
	if (!out.length && !out.failed)
		return COMMAND_GOOD;
	return output_text("-", &out);
}

static int check_run(struct check_command *command, const char *path)
{
	struct policy_input *input = &command->input;
	struct resolve_options options = policy_input_resolve_options(input);
	struct check_phases phases = {.failed = 0};
	struct policy_rules rules;
	int status = policy_input_load(input, path);

	/* Behind what could not be read, names would seem to be missing. */
	if (status != COMMAND_GOOD)
		return status == COMMAND_ENVIRONMENT ? status : policy_input_finish(input, status);
	options.survey = !command->against.path;
	options.compare = !command->against.path;
	options.lint = true;
	check_resolve(input, &options, &phases);
	if (!input->diags.errors)
		check_compile(input, &phases);
	rules = *phases.items.items[0].rules;
	rules.failed = phases.failed;
	if (input->diags.errors)
		status = policy_filters_verdict(&input->diags);
	else if (command->against.path)
		status = against_prove(input, &rules, &command->against);
	status = policy_input_finish(input, status);
	return status == COMMAND_GOOD && !command->against.path ? check_compare(input, &rules)
								: status;
}

static int take_option(void *user, const struct options *options, int key)
{
	struct check_command *command = user;

	if (key == KEY_LOAD)
		return loads_take(&command->input.arena, &command->against.loads, options);
	if (key == KEY_PHASE) {
		command->against.phase = options->value;
		return COMMAND_GOOD;
	}
	if (key != KEY_AGAINST)
		return policy_input_option(&command->input, options, key);
	command->against.path = options->value;
	return COMMAND_GOOD;
}

int cmd_check(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &check_usage};
	struct check_command command = {0};
	int status = policy_input_init(&command.input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take_option, &command, &status))
		goto out;
	if (command.against.phase && !command.against.path)
		status = options_misuse(&options, "--phase goes with --against: check looks at all "
						  "phases");
	else if (options.index + 1 == argc)
		status = check_run(&command, argv[options.index]);
	else
		status = options_misuse(&options, "check takes one file");
out:
	policy_input_release(&command.input);
	return status;
}
