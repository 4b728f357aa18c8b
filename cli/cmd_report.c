/* SPDX-License-Identifier: Apache-2.0 */
/* pale report: recordings beside a policy, as a page for people. */
#include "cli/command.h"
#include "cli/diff_input.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/policy_filter.h"
#include "cli/recording_input.h"
#include "compiler/explain/budget.h"
#include "profiler/infer/infer.h"
#include "profiler/report/report.h"

#include <errno.h>
#include <string.h>

enum {
	KEY_POLICY = OPTION_LONG_ONLY,
	KEY_TITLE,
};

static const struct option_row report_rows[] = {
	{'o', "output", "FILE", "writes there instead of to standard output"},
	{KEY_POLICY, "policy", "FILE", "judges this policy instead of what pale generate infers"},
	{KEY_TITLE, "title", "TEXT", "the page's title, instead of the program's name"},
	{'D', "define", "NAME=VALUE", "gives a param of the policy a value"},
	{'I', "include", "DIR", "looks for included files there too"},
	{POLICY_INPUT_ARCH, "arch", "LIST", "the policy's ABIs, as in x86_64,x86, or all"},
	{0},
};

static const struct usage report_usage = {
	.synopsis = "report RECORDING... [-o FILE] [--policy FILE] [--title TEXT]",
	.description =
		"Writes a page of HTML about the recordings: every call with its arguments, phases\n"
		"and executables, which dangerous calls are used and by whom, and what the policy\n"
		"takes away from the kernel's surface. It stands alone, has no script and asks no\n"
		"network. The policy is compiled and proved, and its filters are asked.\n",
	.rows = report_rows,
};

struct reporting {
	const char *output;
	const char *policy_path; /* or NULL: it is inferred */
	const char *title;       /* or NULL */
	struct recording_input recordings;
	struct policy_input policy;
	struct policy_filters filters;
	struct diagrams diagrams;
	struct report_policy judged;
};

static int take(void *user, const struct options *options, int key)
{
	struct reporting *reporting = user;

	switch (key) {
	case 'o':
		reporting->output = options->value;
		return COMMAND_GOOD;
	case KEY_POLICY:
		reporting->policy_path = options->value;
		return COMMAND_GOOD;
	case KEY_TITLE:
		reporting->title = options->value;
		return COMMAND_GOOD;
	default:
		return policy_input_option(&reporting->policy, options, key);
	}
}

/* The program of the run that began first, or the cgroup. */
static const char *program_name(const struct recording *recording)
{
	const struct recorded_run *run = recording->runs.items[0];
	const char *word, *slash;

	for (size_t i = 1; i < recording->runs.count; i++)
		if (recording->runs.items[i]->started < run->started)
			run = recording->runs.items[i];
	word = run->command.count ? run->command.items[0] : run->scope_name;
	slash = word ? strrchr(word, '/') : NULL;
	if (!word || !word[0])
		return "program";
	return slash && slash[1] ? slash + 1 : word;
}

/* What pale generate writes, read as it would be read from its file. */
static int infer(struct reporting *reporting)
{
	struct recording_input *from = &reporting->recordings;
	struct infer_options options = {.abis = reporting->policy.abis,
					.name = program_name(&from->recording)};
	struct policy_ast *ast =
		infer_policy(&from->arena, &from->recording, &options, &from->diags);
	struct text text = {0};
	uint32_t file;

	if (!ast)
		return COMMAND_USAGE;
	ast_print(ast, &text);
	if (text.failed) {
		text_release(&text);
		return command_path_error("memory", -ENOMEM);
	}
	file = sources_add(&reporting->policy.sources, "<inferred>", text.bytes,
			   (uint32_t)text.length);
	text_release(&text);
	reporting->policy.abis = 0; /* the policy has them now */
	return policy_input_parse(&reporting->policy, file);
}

static int compile(struct reporting *reporting)
{
	const struct compile_options options = {0};
	int status = reporting->policy_path
			     ? policy_input_load(&reporting->policy, reporting->policy_path)
			     : infer(reporting);

	if (status == COMMAND_GOOD)
		status = policy_filters_make(&reporting->policy, &options, &reporting->filters);
	/* What is wrong with a policy that was inferred is told of the recording. */
	return policy_input_finish(&reporting->policy, status);
}

static int read_filters(struct reporting *reporting)
{
	struct report_policy *judged = &reporting->judged;
	struct arena *arena = &reporting->policy.arena;
	const struct machine_filters *machines = &reporting->filters.machines;
	const char *name = reporting->filters.rules->name;

	diagrams_init(&reporting->diagrams, arena);
	budget_set(&reporting->diagrams);
	judged->diagrams = &reporting->diagrams;
	judged->inferred = !reporting->policy_path;
	judged->name = name && name[0] ? name : reporting->policy_path;
	if (!judged->name)
		judged->name = "the policy";
	if (reporting->filters.later.count) {
		command_error("%s: the page judges by the rules that stand before the phases",
			      judged->name);
		judged->name = arena_printf(arena, "%s (before its phases)", judged->name);
	}
	judged->name = recording_escape(arena, judged->name, strlen(judged->name));
	judged->abis = policy_rules_abis(reporting->filters.rules);
	for (size_t i = 0; i < machines->items.count; i++) {
		const struct machine_filter *machine = &machines->items.items[i];
		struct report_machine *into = VEC_PUSH(arena, &judged->machines);

		if (!diff_input_read(arena, &reporting->diagrams, machine->filter, judged->name,
				     &into->answer))
			return COMMAND_USAGE;
		into->answer = answer_normalise(arena, &reporting->diagrams, into->answer);
		into->abis = abi_machine(machine->abi);
	}
	return COMMAND_GOOD;
}

static int write_page(struct reporting *reporting)
{
	struct arena *arena = &reporting->policy.arena;
	const char *title = reporting->title ? recording_escape(arena, reporting->title,
								strlen(reporting->title))
					     : program_name(&reporting->recordings.recording);
	struct report_input input = {
		.arena = arena,
		.recording = &reporting->recordings.recording,
		.policy = &reporting->judged,
		.title = title,
	};
	struct text page = {0};
	int error = report_write(&input, &page);

	if (!error)
		return output_text(reporting->output, &page);
	text_release(&page);
	if (error == -E2BIG) {
		command_error("%s: what it does is too involved to be told within the limits "
			      "[limit]",
			      reporting->judged.name);
		return COMMAND_USAGE;
	}
	return command_path_error("memory", error);
}

static int report(struct reporting *reporting, char **paths)
{
	struct recording_input *recordings = &reporting->recordings;
	int status = COMMAND_GOOD;

	for (; *paths; paths++) {
		int added = recording_input_add(recordings, *paths);

		if (added != COMMAND_GOOD)
			status = added;
	}
	if (status == COMMAND_GOOD && !recordings->recording.runs.count) {
		command_error("there is no run in what was given: nothing to report");
		status = COMMAND_USAGE;
	}
	if (status == COMMAND_GOOD)
		status = compile(reporting);
	diagnostics_print(&recordings->diags, (struct diagnostics_style){0});
	if (status == COMMAND_GOOD)
		status = inputs_spare(reporting->output, &reporting->policy.sources, NULL, 0);
	if (status == COMMAND_GOOD)
		status = read_filters(reporting);
	return status == COMMAND_GOOD ? write_page(reporting) : status;
}

int cmd_report(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &report_usage};
	struct reporting reporting = {.output = "-"};
	int status, error = policy_input_init(&reporting.policy);

	if (!error)
		error = recording_input_init(&reporting.recordings);
	if (error) {
		policy_input_release(&reporting.policy);
		return command_path_error("memory", error);
	}
	if (options_take(&options, take, &reporting, &status)) {
		if (options.index == argc)
			status = options_misuse(&options, "which recordings?");
		else
			status = inputs_spare(reporting.output, NULL,
					      (const char *const *)argv + options.index,
					      (size_t)(argc - options.index));
		if (status == COMMAND_GOOD)
			status = report(&reporting, argv + options.index);
	}
	recording_input_release(&reporting.recordings);
	policy_input_release(&reporting.policy);
	return status;
}
