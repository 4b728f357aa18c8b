/* SPDX-License-Identifier: Apache-2.0 */
/* pale disasm: a filter as text. */
#include "cli/command.h"
#include "cli/filter_input.h"
#include "cli/output.h"

static const struct option_row rows[] = {
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "disasm [OPTION]... FILE",
	.description =
		"Prints the instructions of a policy's filter, each with the policy's line that\n"
		"made it, of each filter in a bundle, or of a file of struct sock_filter.\n",
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
	text_printf(out, "%s%s %u instructions\n", first && several ? ")" : "", first ? ":" : "",
		    filter->count);
}

/* A bare filter's ABIs are those of --arch, and without that any. */
static abi_set filter_abis(const struct filter *filter, abi_set wanted)
{
	if (filter->abis)
		return filter->abis;
	return wanted ? wanted : ABI_ALL;
}

static int disassemble(struct filter_input *input, const char *path)
{
	abi_set wanted = input->policy.abis;
	struct text out = {0};
	int status = filter_input_load(input, path);

	if (status == COMMAND_GOOD)
		status = filter_input_narrow(input, wanted);
	if (status != COMMAND_GOOD)
		return status;
	for (size_t i = 0; i < input->filters.count; i++) {
		const struct filter *filter = input->filters.items[i];

		print_heading(filter, input->filters.count > 1, &out);
		filter_print(filter, filter_abis(filter, wanted), &input->policy.sources, &out);
	}
	return output_text("-", &out);
}

int cmd_disasm(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct filter_input input;
	int status = filter_input_init(&input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, policy_input_take, &input.policy, &status))
		goto out;
	if (options.index + 1 == argc)
		status = disassemble(&input, argv[options.index]);
	else
		status = options_misuse(&options, "disasm takes one file");
out:
	filter_input_release(&input);
	return status;
}
