/* SPDX-License-Identifier: Apache-2.0 */
/* How often calls are made, as a file says it. */
#ifndef PALE_CLI_FREQUENCIES_H
#define PALE_CLI_FREQUENCIES_H

#include "compiler/graph/weights.h"

/*
 * Lines of `count number-or-name`. Reads PATH ("-" is standard input). Names hold on every ABI that
 * has the call; numbers are those of the first of ABIS, which then have to be of one machine; `#`
 * begins a comment, and counts of the same call add up. What cannot be read as that is reported on
 * standard error as file:line. Returns an exit status, COMMAND_GOOD with WEIGHTS.
 */
int frequencies_read(struct arena *arena, const char *path, abi_set abis,
		     struct call_weights *weights);

/*
 * The counts of all calls in a recording. Returns an exit status, COMMAND_GOOD with WEIGHTS, having
 * said what is wrong.
 */
int frequencies_read_recording(struct arena *arena, const char *path, struct call_weights *weights);

#endif
