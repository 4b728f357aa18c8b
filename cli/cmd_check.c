/* SPDX-License-Identifier: Apache-2.0 */
/* pale check: whether a policy is good, on every ABI, without writing anything. */
#include "cli/against.h"
#include "cli/command.h"
#include "cli/differences.h"
#include "cli/output.h"
#include "cli/policy_filter.h"
#include "compiler/compile.h"
#include "compiler/partition.h"

enum {
	KEY_AGAINST = OPTION_LONG_ONLY,
	KEY_LOAD,
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
					    POLICY_INPUT_ROWS,
					    {0}},
};

struct check_command {
	struct policy_input input;
	const char *against; /* a bundle or a bare filter; or NULL */
	struct given_loads loads;
};

/* What the policy is for, as `pale compile` would; then what else there is, which only warns. */
static void check_compile(struct policy_input *input, struct policy_rules *rules)
{
	struct compile_options options = {.text = policy_input_text(input)};
	struct machine_filters filters;
	struct policy_rules part;
	abi_set others = policy_rules_abis(rules) & ~rules->asked & ~rules->failed, failed;

	part = policy_rules_select(&input->arena, rules, rules->asked);
	if (!policy_compile_machines(&input->arena, &part, &input->sources, &options, &input->diags,
				     &filters, NULL) ||
	    !others)
		return;
	part = policy_rules_select(&input->arena, rules, others);
	options.optional = true;
	policy_compile_machines(&input->arena, &part, &input->sources, &options, &input->diags,
				&filters, &failed);
	rules->failed |= failed;
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
	struct policy_rules *rules;
	int status = policy_input_load(input, path);

	/* Behind what could not be read, names would seem to be missing. */
	if (status != COMMAND_GOOD)
		return status == COMMAND_ENVIRONMENT ? status : policy_input_finish(input, status);
	options.survey = !command->against;
	options.compare = !command->against;
	options.lint = true;
	rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
			       &options, &input->diags);
	if (!input->diags.errors)
		check_compile(input, rules);
	if (input->diags.errors)
		status = policy_filters_verdict(&input->diags);
	else if (command->against)
		status = against_prove(input, rules, command->against, &command->loads);
	status = policy_input_finish(input, status);
	return status == COMMAND_GOOD && !command->against ? check_compare(input, rules) : status;
}

static int take_option(void *user, const struct options *options, int key)
{
	struct check_command *command = user;

	if (key == KEY_LOAD)
		return loads_take(&command->input.arena, &command->loads, options);
	if (key != KEY_AGAINST)
		return policy_input_option(&command->input, options, key);
	command->against = options->value;
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
	if (options.index + 1 == argc)
		status = check_run(&command, argv[options.index]);
	else
		status = options_misuse(&options, "check takes one file");
out:
	policy_input_release(&command.input);
	return status;
}
