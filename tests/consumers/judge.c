/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what a consumer does to a policy.
 *	judge [--arch LIST] POLICY answers CALL...
 *		for each `ABI:NAME[,ARGUMENT...]` (hexadecimal, whole registers) prints the
 *		policy's answer (allow, -ERRNO, kill, ...), and the word that makes tests/consumers'
 *		probe make the call
 *	judge [--arch LIST] [--lossy] [--launcher docker|lxc] POLICY filter FILE
 *		proves that a filter answers as the policy does, for each number of each ABI up to
 *		600 and all arguments; with --lossy, that it lets nothing more through; but for the
 *		calls that --allow-launcher adds
 */
#include "cli/command.h"
#include "cli/policy_filter.h"
#include "compiler/exchange/consumer.h"
#include "tests/consumers/decision.h"

#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_LOSSY = OPTION_LONG_ONLY,
	OPTION_LAUNCHER
};

struct judge {
	struct policy_input input;
	const struct policy_rules *rules;
	struct decisions *all;
	struct filter filter;
	bool lossy;
	const char *launcher; /* or NULL */
	unsigned int compared;
};

static const struct option_row rows[] = {
	{OPTION_LOSSY, "lossy", NULL, "only asks whether more is let through"},
	{OPTION_LAUNCHER, "launcher", "FORMAT", "the profile allows what the launcher calls"},
	POLICY_INPUT_ROWS,
	{0},
};
static const struct usage usage = {
	.synopsis = "judge POLICY answers CALL... | filter FILE",
	.description = "Holds what a consumer does to a policy.\n",
	.rows = rows,
	.operands_end_options = true,
};

static const struct ruleset *judge_ruleset(const struct judge *judge, enum abi_id abi)
{
	for (size_t i = 0; i < judge->rules->rulesets.count; i++)
		if (judge->rules->rulesets.items[i].abi->id == abi)
			return &judge->rules->rulesets.items[i];
	return NULL;
}

static void print_answer(seccomp_action action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		printf("-%u", action & SECCOMP_RET_DATA);
		break;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
		printf("kill");
		break;
	default:
		printf("allow");
		break;
	}
}

/* By the conditions themselves, first match first. */
static seccomp_action judge_answer(const struct judge *judge, const struct ruleset *rules,
				   const uint32_t words[16])
{
	if (!rules)
		return judge->rules->foreign;
	for (size_t i = 0; i < rules->rules.count; i++) {
		const struct rule *rule = &rules->rules.items[i];

		if (rule->number == words[0] && condition_holds(rule->condition, words))
			return rule->action;
	}
	return words[0] <= rules->highest ? rules->unmatched : rules->unknown;
}

static int judge_call(const struct judge *judge, const char *spec)
{
	char abi_name[16] = "", name[40] = "";
	const struct abi *abi;
	const char *at = spec + strcspn(spec, ",");
	uint32_t words[16] = {0};
	int64_t number;

	if (sscanf(spec, "%15[^:]:%39[^,]", abi_name, name) != 2)
		return command_path_error(spec, -22);
	abi = abi_find(abi_name);
	number = abi && call_find(name) != CALL_NONE ? call_number(call_find(name), abi->id) : -1;
	if (number < 0)
		number = (int64_t)strtoul(name, NULL, 16);
	words[0] = (uint32_t)number;
	words[1] = abi->audit_arch;
	printf("%s ", spec);
	for (unsigned int i = 0; i < 6 && *at == ','; i++) {
		uint64_t value = strtoull(at + 1, NULL, 16);

		/* An i386 program has only these. */
		words[4 + 2 * i] = (uint32_t)value;
		words[5 + 2 * i] = abi->id == ABI_X86 ? 0 : (uint32_t)(value >> 32);
		at += 1 + strcspn(at + 1, ",");
	}
	print_answer(judge_answer(judge, judge_ruleset(judge, abi->id), words));
	printf(" %s%x%s\n", abi->id == ABI_X86 ? "i" : "", words[0], spec + strcspn(spec, ","));
	return 0;
}

static bool is_launcher_call(const struct judge *judge, call_id call)
{
	const char *const *name;

	if (!judge->launcher || call == CALL_NONE)
		return false;
	name = consumer_launcher_calls(strcmp(judge->launcher, "lxc") ? EXPORT_OCI : EXPORT_LXC,
				       true);
	for (; *name; name++)
		if (!strcmp(*name, call_get(call)->name))
			return true;
	return false;
}

static int judge_number(struct judge *judge, const struct abi *abi, uint32_t number)
{
	const struct ruleset *rules = judge_ruleset(judge, abi->id);
	struct difference difference;
	decision wanted, given;

	if (is_launcher_call(judge, call_by_number(abi->id, number)))
		return 0;
	decisions_clear(judge->all);
	wanted = rules ? decision_of_rules(judge->all, rules, number)
		       : decision_leaf(judge->all, judge->rules->foreign);
	given = decision_of_filter(judge->all, &judge->filter, abi->audit_arch, number);
	judge->compared++;
	if (!decision_difference(judge->all, wanted, given, judge->lossy, &difference))
		return 0;
	printf("%s %#x differs:", abi->name, number);
	for (unsigned int i = 0; i < 12; i += 2)
		printf(" %#llx",
		       (unsigned long long)difference.words[i + 1] << 32 | difference.words[i]);
	printf("\n\tpolicy %08x, filter %08x\n", difference.wanted, difference.given);
	return 1;
}

static int judge_filter(struct judge *judge)
{
	static const uint32_t more[] = {1000, 4096, 0x3fffffff, 0x10000000};
	const struct abi stranger = {
		.id = ABI_COUNT, .name = "sparc64", .audit_arch = AUDIT_ARCH_SPARC64};
	int bad = 0;

	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get((enum abi_id)id);

		for (uint32_t i = 0; i <= 600; i++)
			bad += judge_number(judge, abi, abi->number_base + i);
		for (unsigned int i = 0; i < sizeof(more) / sizeof(more[0]); i++)
			bad += judge_number(judge, abi, abi->number_base + more[i]);
	}
	judge->launcher = NULL;
	for (uint32_t i = 0; i < 10; i++) {
		decision wanted, given;
		struct difference difference;

		decisions_clear(judge->all);
		wanted = decision_leaf(judge->all, judge->rules->foreign);
		given = decision_of_filter(judge->all, &judge->filter, stranger.audit_arch, i);
		if (decision_difference(judge->all, wanted, given, judge->lossy, &difference))
			bad++;
	}
	printf("%u numbers proved, %d differ; %u instructions\n", judge->compared, bad,
	       judge->filter.count);
	return bad != 0;
}

static int judge_load_filter(struct judge *judge, const char *path)
{
	static struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX + 1];
	FILE *file = fopen(path, "r");
	const char *why = NULL;
	uint32_t at;

	if (!file)
		return command_path_error(path, -2);
	judge->filter.instructions = instructions;
	judge->filter.count = (uint32_t)fread(instructions, sizeof(instructions[0]),
					      FILTER_INSTRUCTIONS_MAX + 1, file);
	fclose(file);
	if (filter_check(&judge->filter, &at, &why)) {
		command_error("%s: instruction %u: %s", path, at, why);
		return COMMAND_USAGE;
	}
	return COMMAND_GOOD;
}

static int judge_run(struct judge *judge, int count, char **words)
{
	struct resolve_options options = policy_input_resolve_options(&judge->input);
	int status = count < 3 ? COMMAND_USAGE : policy_input_load(&judge->input, words[0]);

	if (status != COMMAND_GOOD)
		return status;
	judge->rules =
		policy_resolve(&judge->input.arena, &judge->input.sources, &judge->input.library,
			       judge->input.ast, &options, &judge->input.diags);
	if (judge->input.diags.errors)
		return COMMAND_USAGE;
	if (!strcmp(words[1], "filter")) {
		status = judge_load_filter(judge, words[2]);
		return status == COMMAND_GOOD ? judge_filter(judge) : status;
	}
	for (int i = 2; i < count && !status; i++)
		status = judge_call(judge, words[i]);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = {argc, argv, &usage, NULL, 0, 0, false};
	struct judge judge = {.all = decisions_new()};
	int status = COMMAND_USAGE;
	int key;

	if (policy_input_init(&judge.input))
		return COMMAND_ENVIRONMENT;
	while ((key = options_next(&options)) != OPTIONS_END) {
		if (key == OPTIONS_STOP)
			return options.status;
		if (key == OPTION_LOSSY)
			judge.lossy = true;
		else if (key == OPTION_LAUNCHER)
			judge.launcher = options.value;
		else if (policy_input_option(&judge.input, &options, key) != COMMAND_GOOD)
			return COMMAND_USAGE;
	}
	status = judge_run(&judge, argc - options.index, argv + options.index);
	status = policy_input_finish(&judge.input, status);
	policy_input_release(&judge.input);
	decisions_free(judge.all);
	return status;
}
