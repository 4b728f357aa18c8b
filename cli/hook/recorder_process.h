/* SPDX-License-Identifier: Apache-2.0 */
/* The `pale profile` that records a container: started by one run of the hook, ended by another. */
#ifndef PALE_CLI_HOOK_RECORDER_PROCESS_H
#define PALE_CLI_HOOK_RECORDER_PROCESS_H

#include "cli/hook/container_state.h"

struct hook_folders {
	const char *pale;       /* the program, by its path */
	const char *recordings; /* where recordings and the recorders' messages go */
	const char *state;      /* where one run of the hook leaves word for the next */
};

/*
 * Starts the recorder of a container that has not begun, and waits until it sees everything. Returns
 * the exit status, having said on standard error what went wrong.
 */
int recorder_process_start(struct arena *arena, const struct hook_folders *folders,
			   const struct container_state *container);

/* Ends it, once the container has, and waits until the recording is written. Likewise. */
int recorder_process_stop(struct arena *arena, const struct hook_folders *folders,
			  const struct container_state *container);

#endif
