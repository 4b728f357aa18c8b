/* SPDX-License-Identifier: Apache-2.0 */
/* ELF files as `pale generate` takes them, and where their libraries are. */
#ifndef PALE_CLI_STATIC_INPUT_H
#define PALE_CLI_STATIC_INPUT_H

#include "cli/options.h"
#include "profiler/static/static.h"

enum {
	STATIC_INPUTS_MAX = 64, /* programs, and folders */
};

struct static_input {
	const char *programs[STATIC_INPUTS_MAX + 1]; /* NULL behind the last, as in the next */
	const char *folders[STATIC_INPUTS_MAX + 1];
	const char *sysroot;
	struct static_evidence evidence;
};

/*
 * Adds the option's value to LIST, of STATIC_INPUTS_MAX + 1. COMMAND_GOOD, or COMMAND_USAGE having
 * said that there are too many.
 */
int static_input_take(const struct options *options, const char **list);
/*
 * Analyses all programs into `evidence`, in ARENA. COMMAND_GOOD; COMMAND_USAGE with diagnostics, or
 * COMMAND_ENVIRONMENT, having said why.
 */
int static_input_read(struct static_input *input, struct arena *arena, struct diags *diags);

#endif
