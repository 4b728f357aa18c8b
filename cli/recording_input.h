/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings as commands take them: files that are read and merged, and messages about them. */
#ifndef PALE_CLI_RECORDING_INPUT_H
#define PALE_CLI_RECORDING_INPUT_H

#include "profiler/recording/recording.h"

struct recording_input {
	struct arena arena;
	struct sources sources; /* stays empty: recordings have no lines worth showing */
	struct diags diags;
	struct recording recording;
};

/* Returns 0 or negative errno. End it with recording_input_release(), safe in each case. */
int recording_input_init(struct recording_input *input);
void recording_input_release(struct recording_input *input);

/*
 * Reads PATH ("-" is standard input) and merges it in. Returns COMMAND_GOOD, COMMAND_USAGE with
 * diagnostics where it is no good recording, or COMMAND_ENVIRONMENT, having said why.
 */
int recording_input_add(struct recording_input *input, const char *path);

/* Writes RECORDING to PATH whole. Returns the command's exit status, having said what failed. */
int recording_output(const struct recording *recording, const char *path);

#endif
