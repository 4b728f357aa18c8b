/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one trace, and its parts: stops of tracees, and signals to the tracer. */
#ifndef PALE_PROFILER_PTRACE_RUN_H
#define PALE_PROFILER_PTRACE_RUN_H

#include "profiler/launch.h"
#include "profiler/ptrace/adapt.h"
#include "profiler/ptrace/tasks.h"
#include "profiler/tracer.h"

/* Names of the calls that the tracer itself looks at, as recorded_call.name points to them. */
struct watched_calls {
	const char *clone;
	const char *clone3;
	const char *fork;
	const char *vfork;
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
	/* TASK has stopped, with what wait(2) says, and is to go on. */
	void (*handle_stop)(struct ptrace_run *run, struct traced_task *task, int status);
	struct watched_calls watched;
	struct adaptation adaptation;
	bool sandboxed; /* pale-run keeps from the program all that tracing might */
	bool filtered;  /* the tracer itself runs behind a filter, and so does all that it starts */
	sigset_t taken; /* signals that the tracer takes in with sigtimedwait(2) */
	bool armed;     /* the program's own exec has come: calls are counted */
	bool main_ended; /* the process that was launched, or is recorded; others may go on */
	bool main_stopped;
	bool wants_stop; /* a terminal's SIGTSTP came: stop once the program has */
	bool killing;
	bool detaching;       /* the recording is over, and the program goes on */
	bool serving;         /* all processes at once: the rule was a time or a signal */
	int64_t serving_at;   /* monotonic milliseconds of that, where it is a time; or 0 */
	int64_t over_at;      /* the same for the recording's end */
	int64_t last_request; /* monotonic milliseconds of the last request to end */
	int64_t next_progress;
	int64_t stuck_at; /* the same for the time when what is stopped is woken, or 0 */
	int error;        /* negative errno, with result->step */
};

/* Notes the first failure that ends the trace. */
void ptrace_run_fail(struct ptrace_run *run, int error, const char *step);

/* The executable that PID runs, recorded as started once more. */
executable_id ptrace_start_executable(struct ptrace_run *run, pid_t pid);

/* What wait(2) said of a task (follow.c). */
void ptrace_handle_wait(struct ptrace_run *run, pid_t tid, int status);
/* How the recording tracer handles a stop (stops.c). */
void ptrace_handle_stop(struct ptrace_run *run, struct traced_task *task, int status);

/*
 * A stop at a call's beginning, end, or at a filter that says so. Returns whether the task is still
 * there to be resumed (calls.c).
 */
bool ptrace_handle_call_stop(struct ptrace_run *run, struct traced_task *task);
bool ptrace_handle_filter_stop(struct ptrace_run *run, struct traced_task *task);
/* All processes serve from now on. */
void ptrace_begin_serving(struct ptrace_run *run);
/* The recording is over: lets go of all that is traced, as it stops (attach.c). */
void ptrace_detach_all(struct ptrace_run *run);
/* Lets go of TASK, which stands still; SIGNAL is on its way to it, or 0. It is no task any more. */
void ptrace_detach(struct ptrace_run *run, struct traced_task *task, int signal);
/* Seizes request->pid with all of its threads: 0, or negative errno with the result's step. */
int ptrace_attach(struct ptrace_run *run, unsigned long options);

/* Kills all that is traced (signals.c); the other notes that the recording lacks what was to come. */
void ptrace_kill_all(struct ptrace_run *run);
void ptrace_cut_short(struct ptrace_run *run);
/*
 * Handles signals to the tracer until none is left, or one SIGCHLD came. Waits for the first one
 * where WAIT is set, and otherwise only looks.
 */
void ptrace_handle_signals(struct ptrace_run *run, bool wait);
/* Does what was to be done by now: begins to serve, or ends the recording. */
void ptrace_heed_time(struct ptrace_run *run);
#endif
