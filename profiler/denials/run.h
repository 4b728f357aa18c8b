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
	struct ptrace_run base; /* first: tasks and signals, for what profiler/ptrace/ has */
	const struct denials_request *request;
	struct denials_result *result;
	struct arena *arena;
	struct denial_table table;
	enum launch_stage stage;
	const struct filter *policy; /* filled, once `loads` are known */
	uint64_t *loads;
	int own_filters; /* in force on the program if it installs none itself; 0: not known */
	bool launcher_recorded;
};

/* run->base.handle_stop (stops.c). */
void denials_handle_stop(struct ptrace_run *base, struct traced_task *task, int status);

/*
 * The values of the loads, as pale-run has filled them in, in the process that becomes the program
 * (answer.c).
 */
void denials_fill_policy(struct denials_run *run, const struct traced_task *task);
/* TASK stands at a filter's stop, and is to be resumed behind this. */
void denials_answer_call(struct denials_run *run, struct traced_task *task);
/*
 * The kernel has killed (TRAP is NULL) or trapped for a call, and TASK has not gone on from there.
 */
void denials_note_kernels(struct denials_run *run, struct traced_task *task, const siginfo_t *trap);

#endif
