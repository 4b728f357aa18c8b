/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one run whose denials are seen. For this folder alone. */
#ifndef PALE_PROFILER_DENIALS_RUN_H
#define PALE_PROFILER_DENIALS_RUN_H

#include "profiler/denials/count.h"
#include "profiler/denials/denials.h"
#include "profiler/ptrace/run.h"

/* How far the launch has come. */
enum launch_stage {
	LAUNCH_FORKED,  /* pale's own child */
	LAUNCH_SHIM,    /* pale-run */
	LAUNCH_COMMAND, /* the program has begun; pale-run may wait outside of its namespace */
};

struct denials_run {
	struct ptrace_run base; /* tasks and signals, for what profiler/ptrace/ has */
	const struct denials_request *request;
	struct denials_result *result;
	struct arena *arena;
	struct denial_table table;
	enum launch_stage stage;
	const struct filter *policy; /* filled, once `loads` are known */
	uint64_t *loads;
	int own_filters; /* in force on the program if it installs none itself; 0: not known */
	bool launcher_recorded;
	/* Names of executables, by executable_id. */
	VEC(struct denial_program) programs;
};

/* What wait(2) said of a task (stops.c). */
void denials_handle_wait(struct denials_run *run, pid_t tid, int status);

#endif
