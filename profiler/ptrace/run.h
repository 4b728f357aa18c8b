/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one trace, and its parts: stops of tracees, and signals to the tracer. */
#ifndef PALE_PROFILER_PTRACE_RUN_H
#define PALE_PROFILER_PTRACE_RUN_H

#include "profiler/ptrace/launch.h"
#include "profiler/ptrace/tasks.h"
#include "profiler/tracer.h"

#include <signal.h>

/* Names of the calls that the tracer itself looks at, as recorded_call.name points to them. */
struct watched_calls {
	const char *clone;
	const char *clone3;
	const char *io_uring_setup;
	const char *prctl;
	const char *ptrace;
	const char *seccomp;
};

struct ptrace_run {
	const struct trace_request *request;
	struct recorder *recorder;
	struct trace_result *result;
	struct task_table tasks;
	struct launched launched;
	struct watched_calls watched;
	sigset_t taken;  /* signals that the tracer takes in with sigtimedwait(2) */
	bool armed;      /* the program's own exec has come: calls are counted */
	bool main_ended; /* the process that was launched; others may go on */
	bool main_stopped;
	bool wants_stop; /* a terminal's SIGTSTP came: stop once the program has */
	bool killing;
	bool serving;         /* all processes at once: the rule was a time or a signal */
	int64_t last_request; /* monotonic milliseconds of the last request to end */
	int64_t next_progress;
	int error; /* negative errno, with result->step */
};

/* Notes the first failure that ends the trace. */
void ptrace_run_fail(struct ptrace_run *run, int error, const char *step);

/* What wait(2) said of a task (ptrace_stops.c). */
void ptrace_handle_wait(struct ptrace_run *run, pid_t tid, int status);

/* Kills all that is traced (ptrace_signals.c). */
void ptrace_kill_all(struct ptrace_run *run);
/* What taking over the signals changed in this process. */
struct signals_before {
	sigset_t mask;
	struct sigaction child; /* of SIGCHLD */
};
/*
 * Blocks the signals that the tracer is to take in, SIGCHLD among them, and none that this process
 * ignores: whoever ran it so (nohup, a shell's background job) wants them to do nothing.
 */
void ptrace_take_signals(struct ptrace_run *run, struct signals_before *before);
void ptrace_return_signals(const struct signals_before *before);
/*
 * Handles signals to the tracer until none is left, or one SIGCHLD came. Waits for the first one
 * where WAIT is set, and otherwise only looks.
 */
void ptrace_handle_signals(struct ptrace_run *run, bool wait);
/* Milliseconds on a clock that nobody sets. */
int64_t monotonic_milliseconds(void);

#endif
