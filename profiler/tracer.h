/* SPDX-License-Identifier: Apache-2.0 */
/* What watches a program: one interface, and a tracer for each way the kernel offers. */
#ifndef PALE_PROFILER_TRACER_H
#define PALE_PROFILER_TRACER_H

#include "profiler/recorder/recorder.h"
#include "profiler/serving.h"

struct trace_request {
	enum recorded_scope scope;
	/* SCOPE_COMMAND: NULL-terminated, one word at least; looked up as execvp() does */
	char *const *command;
	pid_t pid;          /* SCOPE_PID */
	const char *cgroup; /* SCOPE_CGROUP: its folder below where cgroups are mounted */
	/*
	 * SCOPE_PID, SCOPE_CGROUP: what is there already, or comes from outside, is recorded from its
	 * next exec on: what a launcher does before that is not the program's.
	 */
	bool from_exec;
	struct serving_rule serving;
	uint64_t milliseconds; /* ends the recording after so long; 0: with the program */
	bool exact;            /* ptrace: stops at each call, and injects no filter */
	/*
	 * ptrace: what an earlier recording knows need not be seen again: its calls are let pass from
	 * the start. NULL: nothing is known.
	 */
	const struct recording *known;
	/*
	 * Called once, where not NULL, as soon as nothing that a pid or cgroup does is missed any
	 * more.
	 */
	void (*ready)(void *user);
	void *ready_user;
	/* Called a few times a second while the program runs, where not NULL. */
	void (*progress)(void *user, const struct recorder_figures *figures);
	void *progress_user;
};

/* How a trace ended. */
/* What trace_result.hung_up means to people. */
#define TRACE_HUNG_UP                                                                              \
	"the command had ended, and all that it left was stopped, with nobody to wake it: it got " \
	"SIGHUP and SIGCONT"

struct trace_result {
	int exec_error;   /* errno of the command's own exec: nothing ran, nothing was recorded */
	const char *step; /* what failed, where run() returned an error; a constant */
	enum recorded_end_kind end;
	int end_value; /* exit status, or signal */
	bool killed;   /* the tracer was told twice to end, and killed what was left */
	/*
	 * ptrace: the command had ended, and all that was left of it was stopped, with nobody to wake
	 * it. It got SIGHUP and SIGCONT, and where it stopped again was killed.
	 */
	bool hung_up;
};

struct tracer {
	const char *name; /* as --tracer has it */
	/* Whether its recordings tell what calls returned. */
	bool results_seen;
	/*
	 * Whether it can do REQUEST here: 0, or negative errno and the reason in *WHY (a constant),
	 * which says what is missing and what would help.
	 */
	int (*probe)(const struct trace_request *request, const char **why);
	/*
	 * Runs the command and reports to RECORDER until it and all that it started have ended; or
	 * watches the process or cgroup until that has ended, a signal comes, or the time is over.
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
/*
 * The best one that can do REQUEST here, for `auto`; NULL with the reason of the last one in *WHY.
 * Where it is not the best of all, *WHY is why not.
 */
const struct tracer *tracer_choose(const struct trace_request *request, const char **why);

#endif
