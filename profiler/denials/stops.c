/* SPDX-License-Identifier: Apache-2.0 */
/* What each stop of the program means, and how it goes on. */
#include "profiler/denials/run.h"

#include "profiler/process_info.h"
#include "profiler/ptrace/follow.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of SIGSYS */
#endif

static void handle_exit_stop(struct denials_run *run, struct traced_task *task)
{
	struct process_status status;
	unsigned long ending;

	task->stopped = true; /* a leader may have ended long before its threads */
	if (ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &ending) == 0 &&
	    WTERMSIG((int)ending) == SIGSYS)
		denials_note_kernels(run, task, NULL);
	if (run->stage != LAUNCH_COMMAND || !task->process || task->process->tgid != task->tid ||
	    task->process->executable == EXECUTABLE_NONE || !run->own_filters ||
	    process_read_status(task->tid, &status) < 0)
		return;
	if (status.filters > run->own_filters)
		run->result->own_filter = true;
}

static void handle_trap(struct denials_run *run, struct traced_task *task)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, task->tid, NULL, &info) == 0 && info.si_signo == SIGSYS &&
	    info.si_code == SYS_SECCOMP)
		denials_note_kernels(run, task, &info);
}

/* The program begins, or another takes its place. */
static void handle_exec(struct denials_run *run, struct traced_task *task)
{
	if (run->stage == LAUNCH_FORKED) {
		run->stage = LAUNCH_SHIM;
		return;
	}
	if (run->stage == LAUNCH_SHIM) {
		denials_fill_policy(run, task);
		run->stage = LAUNCH_COMMAND;
		run->base.armed = true;
		recorder_task_begin(run->base.recorder, true);
	}
	if (!task->process) /* killed before its own first stop */
		return;
	task->process->executable = ptrace_start_executable(&run->base, task->tid);
	ptrace_forget_former(&run->base, task);
}

/*
 * Whether this process stops when TASK, which a shell takes for it, has been stopped by SIGNAL. From a
 * SIGSTOP somebody else may wake it again, who knows nothing of this process; but the one that
 * pale-run sends itself, where it waits for a program in a namespace, stands for the program's stop.
 */
static bool stops_too(const struct denials_run *run, const struct traced_task *task, int signal)
{
	bool waits = run->stage == LAUNCH_COMMAND && task->process &&
		     task->process->executable == EXECUTABLE_NONE;

	return run->base.wants_stop || signal != SIGSTOP || waits;
}

/* Any stop: an event, or a signal on its way. */
static void handle_event(struct denials_run *run, struct traced_task *task, int event, int signal)
{
	struct ptrace_run *base = &run->base;

	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		denials_answer_call(run, task);
		break;
	case PTRACE_EVENT_EXIT:
		handle_exit_stop(run, task);
		break;
	case PTRACE_EVENT_EXEC:
		handle_exec(run, task);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		ptrace_handle_creation(base, task, &(struct heritage){0});
		break;
	case PTRACE_EVENT_STOP:
		if (ptrace_is_group_stop(signal)) {
			if (ptrace_stay_stopped(base, task) && stops_too(run, task, signal))
				ptrace_stop_too(base);
			return;
		}
		if (task->tid == base->launched.pid)
			base->main_stopped = false;
		break;
	default:
		if (signal == SIGSYS)
			handle_trap(run, task);
		ptrace_resume(base, task, PTRACE_CONT, signal);
		return;
	}
	ptrace_resume(base, task, PTRACE_CONT, 0);
}

void denials_handle_stop(struct ptrace_run *base, struct traced_task *task, int status)
{
	struct denials_run *run = (struct denials_run *)base;
	pid_t parent;

	if (!task->process)
		ptrace_meet(base, task, &parent);
	handle_event(run, task, status >> 16, WSTOPSIG(status));
}
