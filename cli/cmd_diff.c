/* SPDX-License-Identifier: Apache-2.0 */
/* pale diff: whether two policies or filters answer every call alike, and if not, which. */
#include "cli/command.h"
#include "cli/diff_input.h"
#include "cli/diff_report.h"
#include "cli/output.h"
#include "compiler/emit/emit.h"
#include "compiler/explain/budget.h"
#include "compiler/resolve/abi_list.h"

#include <string.h>

enum {
	KEY_NO_WIDER = OPTION_LONG_ONLY,
	KEY_PHASE,
};

static const struct option_row rows[] = {
	{'D', "define", "NAME=VALUE", "gives a param of the policies a value"},
	{'I', "include", "DIR", "looks for included files there too"},
	{POLICY_INPUT_ARCH, "arch", "LIST", "compares these ABIs only, as in x86_64,x86, or all"},
	{POLICY_INPUT_JSON, "json", NULL, "prints the differences, and diagnostics, as JSON"},
	{KEY_NO_WIDER, "no-wider", NULL, "looks only for what B lets pass and A does not"},
	{KEY_PHASE, "phase", "NAME", "compares this phase of what has several; see diff's manual"},
	{'v', "verbose", NULL, "prints remarks on the policies too"},
	{0},
};

static const struct usage usage = {
	.synopsis = "diff [OPTION]... A B",
	.description =
		"Compares what A and B answer to every call, and prints the calls that only one\n"
		"allows or that get different answers. Each is a policy, a bundle, a file of struct\n"
		"sock_filter, or pid:N for the filters that process N has. The exit status is 0 where\n"
		"they are equal, and 1 where they are not; with --no-wider, 0 where B lets no call do more than\n"
		"A.\n",
	.rows = rows,
};

enum {
	LIMIT_PEOPLE = 24, /* values of one list that are worth reading */
	LIMIT_PROGRAMS = 4096,
};

struct diffing {
	struct policy_input options;
	struct diff_input sides[2];
	struct diagrams diagrams;
	struct diff_report report;
	struct changes changes;
};

static int take(void *user, const struct options *options, int key)
{
	struct diffing *diffing = user;

	if (key == KEY_PHASE) {
		diffing->sides[0].phase = diffing->sides[1].phase = options->value;
		return COMMAND_GOOD;
	}
	if (key != KEY_NO_WIDER)
		return policy_input_option(&diffing->options, options, key);
	diffing->report.wider_only = true;
	return COMMAND_GOOD;
}

/* One machine, which both have a filter for. */
static void compare_machine(struct diffing *diffing, abi_set machine, const struct diff_answer *a,
			    const struct diff_answer *b)
{
	abi_set wanted = diffing->options.abis;
	struct change_request request = {
		.a = a->answer,
		.b = b->answer,
		.abis = (wanted ? wanted : a->abis | b->abis) & machine,
		.ignored = ABI_ALL & ~machine,
		.others = !wanted,
		.limit = diffing->options.style.json ? LIMIT_PROGRAMS : LIMIT_PEOPLE,
	};

	diffing->report.compared |= request.abis;
	changes_find(diffing->diagrams.arena, &diffing->diagrams, &request, &diffing->changes);
}

static int compare(struct diffing *diffing)
{
	abi_set all = diff_input_abis(&diffing->sides[0]) | diff_input_abis(&diffing->sides[1]);
	abi_set left = diffing->options.abis ? diffing->options.abis : all;

	if (!left) {
		command_error(
			"nothing in two bare filters tells their ABIs: name them with --arch");
		return COMMAND_USAGE;
	}
	while (left) {
		abi_set machine = abi_machine(abi_first(left));
		const struct diff_answer *a = diff_input_find(&diffing->sides[0], machine);
		const struct diff_answer *b = diff_input_find(&diffing->sides[1], machine);

		if (a && b)
			compare_machine(diffing, machine, a, b);
		else if (a)
			diffing->report.only_a |= left & machine;
		else if (b)
			diffing->report.only_b |= left & machine;
		left &= ~machine;
	}
	if (!(diffing->report.compared | diffing->report.only_a | diffing->report.only_b)) {
		command_error("neither has a filter for any ABI of --arch: they serve %s",
			      abi_list(diffing->diagrams.arena, all, ABI_ALL));
		return COMMAND_USAGE;
	}
	if (!diffing->changes.refusal)
		return COMMAND_GOOD;
	command_error("they cannot be compared: %s", diffing->changes.refusal);
	return COMMAND_USAGE;
}

/* Written with the same filters: what then differs is the sandbox. */
static bool same_sandbox(const struct filter_input *a, const struct filter_input *b)
{
	struct bundle_contents contents = {.filters = a->filters.items,
					   .filter_count = a->filters.count,
					   .sandbox = a->sandbox};
	struct text first = {0}, second = {0};
	const char *why;
	bool same = bundle_write(&contents, &first, &why) == 0;

	contents.sandbox = b->sandbox;
	same = same && bundle_write(&contents, &second, &why) == 0 &&
	       first.length == second.length && !memcmp(first.bytes, second.bytes, first.length);
	text_release(&first);
	text_release(&second);
	return same;
}

static void compare_sandboxes(struct diffing *diffing)
{
	const struct filter_input *a = &diffing->sides[0].input, *b = &diffing->sides[1].input;

	if (!a->sandbox && !b->sandbox)
		return;
	if (a->is_bare || b->is_bare)
		command_error("the sandbox of %s is not compared: %s is a filter alone",
			      diffing->sides[a->is_bare].name, diffing->sides[b->is_bare].name);
	else
		diffing->report.sandbox_differs = !same_sandbox(a, b);
}

/* Leaves out what B does less than A. Of two sandboxes it is not told which is the wider. */
static void leave_narrower(struct diffing *diffing)
{
	diffing->report.only_a = 0;
	if (!diffing->sides[0].input.sandbox)
		diffing->report.sandbox_differs = false;
}

static void say_compared(struct diffing *diffing)
{
	if (!diffing->options.style.json && !diffing->options.abis &&
	    (diffing->sides[0].input.is_of_host || diffing->sides[1].input.is_of_host))
		command_error("compared on %s only, since a policy without 'arch' is for this "
			      "machine: --arch all compares all",
			      abi_list(diffing->diagrams.arena, diffing->report.compared, ABI_ALL));
}

static int report(struct diffing *diffing)
{
	struct arena *arena = diffing->diagrams.arena;
	struct text out = {0};
	int status;

	say_compared(diffing);
	compare_sandboxes(diffing);
	diff_report_group(arena, &diffing->changes, &diffing->report);
	if (diffing->report.wider_only)
		leave_narrower(diffing);
	if (diffing->options.style.json)
		diff_report_print_json(arena, &diffing->report, diffing->sides[0].name,
				       diffing->sides[1].name, &out);
	else
		diff_report_print(arena, &diffing->report, &out);
	status = output_text("-", &out);
	if (status == COMMAND_GOOD && !diff_report_is_empty(&diffing->report))
		status = COMMAND_NO;
	return status;
}

static int run(struct diffing *diffing, char **names)
{
	int status;

	if (!strcmp(names[0], "-") && !strcmp(names[1], "-")) {
		command_error("standard input can be read once only");
		return COMMAND_USAGE;
	}
	diagrams_init(&diffing->diagrams, &diffing->options.arena);
	budget_set(&diffing->diagrams);
	for (unsigned int i = 0; i < 2; i++) {
		status = diff_input_load(&diffing->sides[i], &diffing->diagrams, names[i],
					 &diffing->options, i ? &diffing->sides[0] : NULL);
		if (status == COMMAND_NO) /* its own expectations fail: there is no filter */
			status = COMMAND_USAGE;
		if (status != COMMAND_GOOD)
			return status;
	}
	policy_input_finish(&diffing->sides[1].input.policy, COMMAND_GOOD);
	if (diffing->sides[0].phase && !diffing->sides[0].input.has_phases &&
	    !diffing->sides[1].input.has_phases) {
		command_error("--phase %s: neither of the two has phases", diffing->sides[0].phase);
		return COMMAND_USAGE;
	}
	status = compare(diffing);
	return status == COMMAND_GOOD ? report(diffing) : status;
}

int cmd_diff(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct diffing diffing = {0};
	int status = policy_input_init(&diffing.options);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take, &diffing, &status))
		goto out;
	if (options.index + 2 == argc)
		status = run(&diffing, argv + options.index);
	else
		status = options_misuse(&options, "diff takes two of a policy, a bundle, a filter "
						  "and pid:N");
out:
	diff_input_release(&diffing.sides[0]);
	diff_input_release(&diffing.sides[1]);
	policy_input_release(&diffing.options);
	return status;
}
