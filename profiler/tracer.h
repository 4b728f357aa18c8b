/* SPDX-License-Identifier: Apache-2.0 */
/* What watches a program: one interface, and a tracer for each way the kernel offers. */
#ifndef PALE_PROFILER_TRACER_H
#define PALE_PROFILER_TRACER_H

#include "profiler/recorder/recorder.h"

struct trace_request {
	char *const *command; /* NULL-terminated, one word at least; looked up as execvp() does */
	/* Called a few times a second while the program runs, where not NULL. */
	void (*progress)(void *user, const struct recorder_figures *figures);
	void *progress_user;
};

/* How a trace ended. */
struct trace_result {
	int exec_error;   /* errno of the command's own exec: nothing ran, nothing was recorded */
	const char *step; /* what failed, where run() returned an error; a constant */
	enum recorded_end_kind end;
	int end_value; /* exit status, or signal */
	bool killed;   /* the tracer was told twice to end, and killed what was left */
};

struct tracer {
	const char *name; /* as --tracer has it */
	/* Whether it can work here: 0, or negative errno and the reason in *WHY (a constant). */
	int (*probe)(const char **why);
	/*
	 * Runs the command and reports to RECORDER until it and all that it started have ended.
	 * While it runs, SIGINT, SIGQUIT, SIGTERM and SIGHUP to the calling process go on to the
	 * program (unless a terminal sent them to it already), and a second one kills what is
	 * left; SIGTSTP stops the caller once the program has stopped; what the caller ignores
	 * stays ignored. The calling process must have one thread. Its signal mask and actions are
	 * restored before the return.
	 * Returns 0, or negative errno with RESULT->step.
	 */
	int (*run)(const struct trace_request *request, struct recorder *recorder,
		   struct trace_result *result);
};

/* By name ("ptrace"), or NULL. */
const struct tracer *tracer_find(const char *name);
/* The best one that works here, for `auto`; NULL with the reason of the last one in *WHY. */
const struct tracer *tracer_choose(const char **why);

#endif
