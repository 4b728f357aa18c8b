/* SPDX-License-Identifier: Apache-2.0 */
/* pale check: whether a policy is good, on every ABI, without writing anything. */
#include "cli/command.h"
#include "cli/policy_filter.h"
#include "compiler/compile.h"
#include "compiler/partition.h"

static const struct usage check_usage = {
	.synopsis = "check [OPTION...] FILE.pale",
	.description =
		"Says whether the policy FILE.pale (- is standard input) is good: it is compiled for\n"
		"each ABI, its expectations are proved, and what is allowed and yet hardly meant is\n"
		"warned of. Nothing is written. The ABIs are those of --arch, else those of the\n"
		"policy's own `arch`, else all that the catalogue has.\n"
		"\n"
		"The exit status is 1 where only expectations fail, and 2 for other mistakes.\n",
	.rows = (const struct option_row[]){POLICY_INPUT_ROWS, {0}},
};

/* What the policy is for, as `pale compile` would; then what else there is, which only warns. */
static void check_compile(struct policy_input *input, struct policy_rules *rules)
{
	struct compile_options options = {0};
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

static int check_run(struct policy_input *input, const char *path)
{
	struct resolve_options options = policy_input_resolve_options(input);
	struct policy_rules *rules;
	int status = policy_input_load(input, path);

	/* Behind what could not be read, names would seem to be missing. */
	if (status != COMMAND_GOOD)
		return status;
	options.survey = true;
	options.lint = true;
	rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
			       &options, &input->diags);
	if (!input->diags.errors)
		check_compile(input, rules);
	return input->diags.errors ? policy_filters_verdict(&input->diags) : COMMAND_GOOD;
}

int cmd_check(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &check_usage};
	struct policy_input input;
	int status = policy_input_init(&input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, policy_input_take, &input, &status))
		goto out;
	if (options.index + 1 != argc) {
		status = options_misuse(&options, "check takes one file");
		goto out;
	}
	status = check_run(&input, argv[options.index]);
	if (status != COMMAND_ENVIRONMENT)
		status = policy_input_finish(&input, status);
out:
	policy_input_release(&input);
	return status;
}
