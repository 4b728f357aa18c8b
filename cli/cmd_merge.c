/* SPDX-License-Identifier: Apache-2.0 */
/* pale merge: several recordings as one. */
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/recording_input.h"

#include <string.h>

static const struct option_row merge_rows[] = {
	{'o', "output", "FILE", "writes there instead of to standard output"},
	{0},
};

static const struct usage merge_usage = {
	.synopsis = "merge RECORDING... [-o FILE]",
	.description =
		"Puts the runs of all recordings into one. A run that stands in several of them is\n"
		"taken once, so the order of recordings, and merging again, make no difference.\n",
	.rows = merge_rows,
};

static int merge_files(struct recording_input *input, char **paths, const char *output)
{
	int status = COMMAND_GOOD;

	for (; *paths; paths++) {
		int added = recording_input_add(input, *paths);

		if (added != COMMAND_GOOD)
			status = added;
	}
	diagnostics_print(&input->diags, (struct diagnostics_style){0});
	return status == COMMAND_GOOD ? recording_output(&input->recording, output) : status;
}

int cmd_merge(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &merge_usage};
	struct recording_input input;
	const char *output = "-";
	int key, status;

	while ((key = options_next(&options)) != OPTIONS_END) {
		if (key != 'o')
			return options.status;
		output = options.value;
	}
	if (options.index == argc)
		return options_misuse(&options, "which recordings?");
	status = recording_input_init(&input);
	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = merge_files(&input, argv + options.index, output);
	recording_input_release(&input);
	return status;
}
