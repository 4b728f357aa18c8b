/* SPDX-License-Identifier: Apache-2.0 */
/* pale merge: several recordings as one. */
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/recording_input.h"
#include "cli/recording_summary.h"

#include <string.h>

enum {
	KEY_LABEL = OPTION_LONG_ONLY,
};

static const struct option_row merge_rows[] = {
	{'o', "output", "FILE", "writes there instead of to standard output"},
	{'v', "verbose", NULL, "says on standard error what the result holds"},
	{KEY_LABEL, "label", "KEY=VALUE", "takes only runs that have the label; may be repeated"},
	{0},
};

static const struct usage merge_usage = {
	.synopsis = "merge RECORDING... [-o FILE] [-v] [--label KEY=VALUE]...",
	.description =
		"Puts the runs of all recordings into one. A run that stands in several of them is\n"
		"taken once, so the order of recordings, and merging again, make no difference. A\n"
		"folder stands for each *.rec and *.rec.json in it. FILE may be one of the recordings.\n",
	.rows = merge_rows,
};

struct merge {
	struct recording_input input;
	const char *output;
	bool verbose;
};

static int merge_files(struct merge *merge, char **paths)
{
	struct recording_input *input = &merge->input;
	int status = COMMAND_GOOD;

	for (; *paths; paths++) {
		int added = recording_input_add(input, *paths);

		if (added != COMMAND_GOOD)
			status = added;
	}
	diagnostics_print(&input->diags, (struct diagnostics_style){0});
	if (status == COMMAND_GOOD)
		status = recording_input_chosen(input);
	if (status == COMMAND_GOOD)
		status = recording_output(&input->recording, merge->output);
	if (status == COMMAND_GOOD && merge->verbose)
		recording_summary_print(&input->recording);
	return status;
}

static int merge_command(struct merge *merge, struct options *options)
{
	int key, status;

	while ((key = options_next(options)) != OPTIONS_END) {
		switch (key) {
		case 'o':
			merge->output = options->value;
			break;
		case 'v':
			merge->verbose = true;
			break;
		case KEY_LABEL:
			status = recording_input_label(&merge->input, options);
			if (status != COMMAND_GOOD)
				return status;
			break;
		default:
			return options->status;
		}
	}
	if (options->index == options->argc)
		return options_misuse(options, "which recordings?");
	return merge_files(merge, options->argv + options->index);
}

int cmd_merge(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &merge_usage};
	struct merge merge = {.output = "-"};
	int status = recording_input_init(&merge.input);

	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = merge_command(&merge, &options);
	recording_input_release(&merge.input);
	return status;
}
