/* SPDX-License-Identifier: Apache-2.0 */
/* pale check: whether a policy is good, on every ABI, without writing anything. */
#include "cli/command.h"
#include "cli/policy_filter.h"
#include "compiler/compile.h"

#include <string.h>

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

/* The part of RULES that is for one machine: its filter must have one byte order. */
static struct policy_rules check_select(struct arena *arena, const struct policy_rules *rules,
					const char *machine)
{
	struct policy_rules part = *rules;

	memset(&part.rulesets, 0, sizeof(part.rulesets));
	memset(&part.expectations, 0, sizeof(part.expectations));
	for (size_t i = 0; i < rules->rulesets.count; i++)
		if (strcmp(rules->rulesets.items[i].abi->machine, machine) == 0)
			*VEC_PUSH(arena, &part.rulesets) = rules->rulesets.items[i];
	for (size_t i = 0; i < rules->expectations.count; i++)
		if (strcmp(rules->expectations.items[i].abi->machine, machine) == 0)
			*VEC_PUSH(arena, &part.expectations) = rules->expectations.items[i];
	return part;
}

/* Whether an earlier ruleset than INDEX is for the same machine. */
static bool check_seen(const struct policy_rules *rules, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(rules->rulesets.items[i].abi->machine,
			   rules->rulesets.items[index].abi->machine) == 0)
			return true;
	return false;
}

static void check_compile(struct policy_input *input, const struct policy_rules *rules)
{
	struct compile_options options = {0};

	for (size_t i = 0; i < rules->rulesets.count; i++) {
		struct policy_rules part;

		if (check_seen(rules, i))
			continue;
		part = check_select(&input->arena, rules, rules->rulesets.items[i].abi->machine);
		policy_compile(&input->arena, &part, &input->sources, &options, &input->diags,
			       NULL);
	}
}

static int check_run(struct policy_input *input, const char *path)
{
	struct resolve_options options = policy_input_resolve_options(input);
	const struct policy_rules *rules;
	int status = policy_input_load(input, path);

	/* Behind what could not be read, names would seem to be missing. */
	if (status != COMMAND_GOOD)
		return status;
	options.abis_else = ABI_BIT(ABI_COUNT) - 1;
	options.lint = true;
	rules = policy_resolve(&input->arena, &input->sources, &input->library, input->ast,
			       &options, &input->diags);
	if (!input->diags.errors)
		check_compile(input, rules);
	return input->diags.errors ? policy_filter_verdict(&input->diags) : COMMAND_GOOD;
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
