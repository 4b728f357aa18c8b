/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings as commands take them: files that are read and merged, and messages about them. */
#ifndef PALE_CLI_RECORDING_INPUT_H
#define PALE_CLI_RECORDING_INPUT_H

#include "cli/options.h"
#include "profiler/recording/recording.h"

struct recording_input {
	struct arena arena;
	struct sources sources; /* stays empty: recordings have no lines worth showing */
	struct diags diags;
	struct recording_pool *pool;
	struct recording recording;
	VEC(struct recorded_label) labels; /* runs without one of them are left out */
	VEC(const char *) others; /* of the runs that were left out: a few labels, each once */
};

/* Returns 0 or negative errno. End it with recording_input_release(), safe in each case. */
int recording_input_init(struct recording_input *input);
void recording_input_release(struct recording_input *input);

/*
 * Reads PATH ("-" is standard input), or each *.rec and *.rec.json in it where it is a folder, by name
 * and not the folders below, and merges it in. Returns COMMAND_GOOD, COMMAND_USAGE with
 * diagnostics where it is no good recording, or COMMAND_ENVIRONMENT, having said why.
 */
int recording_input_add(struct recording_input *input, const char *path);

/*
 * Adds what --label gave, to those that runs are chosen by or that they get. Returns COMMAND_GOOD, or
 * COMMAND_USAGE having said what is wrong with it.
 */
int recording_input_label(struct recording_input *input, const struct options *options);
/* COMMAND_GOOD, or COMMAND_USAGE having said that labels were given, and that no run has them. */
int recording_input_chosen(const struct recording_input *input);

/* Writes RECORDING to PATH whole. Returns the command's exit status, having said what failed. */
int recording_output(const struct recording *recording, const char *path);

#endif
