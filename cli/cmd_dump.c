/* SPDX-License-Identifier: Apache-2.0 */
/* pale dump: the filters of a running process. */
#include "cli/command.h"
#include "cli/filter_policy.h"
#include "cli/live_filter.h"
#include "cli/options.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

enum {
	KEY_AS = OPTION_LONG_ONLY,
	KEY_FILTER,
};

static const struct option_row rows[] = {
	{KEY_AS, "as", "FORM", "disasm (the default), raw or policy"},
	{KEY_FILTER, "filter", "N", "that filter only: 1 is the first that was installed"},
	{'o', "output", "FILE", "where to write, instead of standard output"},
	{0},
};

static const struct usage usage = {
	.synopsis = "dump [OPTION]... PID",
	.description =
		"Reads the filters that a process or thread has from the kernel, and prints their\n"
		"instructions; with --as raw, one of them as an array of struct sock_filter; with\n"
		"--as policy, a policy that does what they do together, proved to. The process is\n"
		"stopped for a moment and then goes on as it was. This takes CAP_SYS_ADMIN in the\n"
		"first user namespace.\n",
	.rows = rows,
};

enum form {
	FORM_DISASM,
	FORM_RAW,
	FORM_POLICY,
	FORM_COUNT
};
static const char *const form_names[] = {
	[FORM_DISASM] = "disasm", [FORM_RAW] = "raw", [FORM_POLICY] = "policy"};

struct dump {
	struct arena arena;
	enum form form;
	size_t chosen; /* --filter, 0 for all */
	const char *output;
	struct live_filters filters;
};

static int take(void *user, const struct options *options, int key)
{
	struct dump *dump = user;

	if (key == 'o') {
		dump->output = options->value;
		return COMMAND_GOOD;
	}
	if (key == KEY_FILTER) {
		dump->chosen = (size_t)live_filter_pid(options->value);
		return dump->chosen ? COMMAND_GOOD
				    : options_misuse(options, "--filter takes a number from 1 up");
	}
	for (unsigned int form = 0; form < FORM_COUNT; form++) {
		if (strcmp(form_names[form], options->value) != 0)
			continue;
		dump->form = (enum form)form;
		return COMMAND_GOOD;
	}
	return options_misuse(options, "--as takes disasm, raw or policy, not '%s'",
			      options->value);
}

static void print_filter(const struct dump *dump, size_t index, struct text *out)
{
	const struct filter *filter = dump->filters.items.items[index];
	const struct abi *host = abi_host();
	struct sources none = {0};

	text_printf(out, "; filter %zu of %zu", index + 1, dump->filters.items.count);
	if (dump->filters.items.count > 1 && index == 0)
		text_add_string(out, ", the first installed");
	text_printf(out, ": %u instruction%s\n", filter->count, filter->count == 1 ? "" : "s");
	filter_print(filter, host ? abi_machine(host) : ABI_ALL, &none, out);
}

static int write_filters(struct dump *dump, const char *pid, struct text *out)
{
	size_t first = dump->chosen ? dump->chosen - 1 : 0;
	size_t count = dump->chosen ? 1 : dump->filters.items.count;
	struct filter_policy_request request = {
		.name = arena_printf(&dump->arena, "pid:%s", pid),
		.filters = dump->filters.items.items + first,
		.count = count,
		.stacked = true,
		.host = true,
	};

	if (dump->chosen > dump->filters.items.count) {
		command_error("process %s has %zu filter%s, and no filter %zu", pid,
			      dump->filters.items.count, dump->filters.items.count == 1 ? "" : "s",
			      dump->chosen);
		return COMMAND_USAGE;
	}
	if (dump->form == FORM_POLICY)
		return filter_policy_write(&request, out);
	if (dump->form == FORM_RAW && count > 1) {
		command_error("process %s has %zu filters, and a file of struct sock_filter holds "
			      "one: choose with --filter",
			      pid, count);
		return COMMAND_USAGE;
	}
	for (size_t i = first; i < first + count; i++) {
		if (dump->form == FORM_RAW)
			raw_write(dump->filters.items.items[i], out);
		else
			print_filter(dump, i, out);
	}
	return COMMAND_GOOD;
}

static int run(struct dump *dump, const struct options *options, const char *operand)
{
	struct text out = {0};
	int pid = live_filter_pid(operand), status;

	if (!pid)
		return options_misuse(options, "'%s' is no process: dump takes a number", operand);
	status = live_filter_read(&dump->arena, pid, &dump->filters);
	if (status == COMMAND_GOOD)
		status = write_filters(dump, operand, &out);
	if (status == COMMAND_GOOD)
		return output_text(dump->output, &out);
	text_release(&out);
	return status;
}

int cmd_dump(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct dump dump = {.output = "-"};
	int status = arena_init(&dump.arena);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take, &dump, &status))
		goto out;
	if (options.index + 1 == argc)
		status = run(&dump, &options, argv[options.index]);
	else
		status = options_misuse(&options, "dump takes one process");
out:
	arena_release(&dump.arena);
	return status;
}
