/* SPDX-License-Identifier: Apache-2.0 */
/* pale disasm: a filter as text. */
#include "cli/command.h"
#include "cli/filter_input.h"
#include "cli/filter_policy.h"
#include "cli/output.h"

#include <string.h>

enum {
	KEY_AS = OPTION_LONG_ONLY,
	KEY_PHASE,
};

static const struct option_row rows[] = {
	{KEY_AS, "as", "FORM", "disasm (the default) or policy"},
	{KEY_PHASE, "phase", "NAME", "that phase alone, of a policy or bundle with phases"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "disasm [OPTION]... FILE",
	.description =
		"Prints the instructions of a policy's filter, each with the policy's line that\n"
		"made it, of each filter in a bundle, or of a file of struct sock_filter; of each phase\n"
		"where there are several. With --as policy, writes a policy that does the same, proved\n"
		"to.\n",
	.rows = rows,
};

/* With the machine where there are SEVERAL. */
static void print_heading(const struct filter *filter, bool several, struct text *out)
{
	const struct abi *first = abi_first(filter->abis);
	const char *separator = " (";

	text_add_string(out, ";");
	if (first && several)
		text_printf(out, " %s", abi_machine_name(first));
	else
		separator = " ";
	for (int id = 0; id < ABI_COUNT; id++) {
		if (!(filter->abis & ABI_BIT(id)))
			continue;
		text_printf(out, "%s%s", separator, abi_get((enum abi_id)id)->name);
		separator = several ? ", " : " ";
	}
	text_printf(out, "%s%s %u instruction%s\n", first && several ? ")" : "", first ? ":" : "",
		    filter->count, filter->count == 1 ? "" : "s");
}

/* A bare filter's ABIs are those of --arch, and without that any. */
static abi_set filter_abis(const struct filter *filter, abi_set wanted)
{
	if (filter->abis)
		return filter->abis;
	return wanted ? wanted : ABI_ALL;
}

struct disassembly {
	struct filter_input input;
	bool as_policy;
};

static int take(void *user, const struct options *options, int key)
{
	struct disassembly *disassembly = user;

	if (key == KEY_PHASE) {
		disassembly->input.phase = options->value;
		return COMMAND_GOOD;
	}
	if (key != KEY_AS)
		return policy_input_option(&disassembly->input.policy, options, key);
	disassembly->as_policy = !strcmp(options->value, "policy");
	if (disassembly->as_policy || !strcmp(options->value, "disasm"))
		return COMMAND_GOOD;
	return options_misuse(options, "--as takes disasm or policy, not '%s'", options->value);
}

static int write_policy(struct filter_input *input, const char *path, abi_set wanted)
{
	struct filter_policy_request request = {
		.name = path,
		.filters = input->filters.items,
		.count = input->filters.count,
		.sandboxed = input->sandbox != NULL,
		.wanted = filter_input_abis(input) ? 0 : wanted,
	};
	struct text out = {0};
	int status = filter_policy_write(&request, &out);

	if (status == COMMAND_GOOD)
		return output_text("-", &out);
	text_release(&out);
	return status;
}

static int disassemble(struct filter_input *input, const char *path, bool as_policy)
{
	abi_set wanted = input->policy.abis;
	struct text out = {0};
	int status;

	input->every_phase = !as_policy;
	status = filter_input_load(input, path);
	if (status == COMMAND_GOOD)
		status = filter_input_narrow(input, wanted);
	if (status != COMMAND_GOOD)
		return status;
	if (as_policy)
		return write_policy(input, path, wanted);
	for (size_t i = 0; i < input->filters.count; i++) {
		const struct filter *filter = input->filters.items[i];

		if (input->phases.count &&
		    (i == 0 || strcmp(input->phases.items[i], input->phases.items[i - 1]) != 0))
			text_printf(&out, "; phase %s\n", input->phases.items[i]);
		print_heading(filter, input->filters.count > 1, &out);
		filter_print(filter, filter_abis(filter, wanted), &input->policy.sources, &out);
	}
	return output_text("-", &out);
}

int cmd_disasm(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct disassembly disassembly = {.as_policy = false};
	struct filter_input *input = &disassembly.input;
	int status = filter_input_init(input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take, &disassembly, &status))
		goto out;
	if (options.index + 1 == argc)
		status = disassemble(input, argv[options.index], disassembly.as_policy);
	else
		status = options_misuse(&options, "disasm takes one file");
out:
	filter_input_release(input);
	return status;
}
