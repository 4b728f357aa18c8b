/* SPDX-License-Identifier: Apache-2.0 */
/* What each stop of a tracee means, and how it goes on. */
#include "profiler/ptrace/follow.h"

#include <errno.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum {
	CREATORS_AT_ONCE = 16,
};

static void resume(struct ptrace_run *run, const struct traced_task *task, int signal)
{
	bool free = task->process && task->process->free && !task->wants_exit;

	ptrace_resume(run, task, run->armed && !free ? PTRACE_SYSCALL : PTRACE_CONT, signal);
}

/* The program's own beginning: from here on calls are counted. */
static void arm(struct ptrace_run *run)
{
	const struct abi *abi = abi_host();

	if (!abi) {
		ptrace_run_fail(run, -ENOTSUP,
				"the ABI of this machine, which the catalogue lacks");
		return;
	}
	run->armed = true;
	recorder_launcher_call(run->recorder, abi->id, call_find("execve"));
	recorder_task_begin(run->recorder, true);
}

static void handle_exec(struct ptrace_run *run, struct traced_task *task)
{
	executable_id before, executable = ptrace_start_executable(run, task->tid);

	if (!run->armed)
		arm(run);
	if (!task->process) {
		if (task_join(&run->tasks, task, task->tid, executable) < 0)
			ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
		else
			task->process->announced = true;
		return;
	}
	before = task->process->executable;
	task->process->executable = executable;
	adapt_exec(run, task->process, before);
	/* What the leader was in is over, and the exec has succeeded. */
	task->call = NULL;
	task->entered = task->wants_exit = task->creating = task->interrupted = false;
	ptrace_forget_former(run, task);
}

/* A new process is in its parent's phase: where it would have its parent's filters. */
static void inherit_phase(struct ptrace_run *run, struct traced_task *task, pid_t parent)
{
	const struct traced_process *from = process_find(&run->tasks, parent);

	if (run->serving)
		task->process->phase = PHASE_SERVING;
	if (!from || task->process->tasks > 1 || task->process->phase == PHASE_SERVING)
		return;
	task->process->listens = from->listens;
	task->process->phase = from->phase;
}

/* A task at its first stop. */
static void meet(struct ptrace_run *run, struct traced_task *task)
{
	pid_t parent;

	if (!ptrace_meet(run, task, &parent))
		return;
	inherit_phase(run, task, parent);
	if (task->announced && task->process->tgid == task->tid)
		task_inherit(task);
}

static void handle_creation(struct ptrace_run *run, struct traced_task *creator, int event)
{
	const struct traced_process *process = creator->process;
	struct heritage heritage = {.borrows_memory = event == PTRACE_EVENT_VFORK};

	creator->creating = false;
	if (process && process->free) {
		/* It has succeeded, and nobody waits for more. */
		creator->call = NULL;
		creator->entered = creator->wants_exit = false;
	}
	if (process) {
		heritage.free = process->free;
		heritage.filtered = process->filtered;
		heritage.unfit = process->unfit;
		heritage.listens = process->listens;
		heritage.executable = process->executable;
		heritage.phase = process->phase;
		if (event != PTRACE_EVENT_CLONE && creator->makes_process)
			heritage.creator = process->tgid;
	}
	ptrace_handle_creation(run, creator, &heritage);
}

/* A stop that is neither an end nor a call: an event, or a signal on its way. */
static void handle_event(struct ptrace_run *run, struct traced_task *task, int event, int signal)
{
	switch (event) {
	case PTRACE_EVENT_EXEC:
		handle_exec(run, task);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		handle_creation(run, task, event);
		break;
	case PTRACE_EVENT_SECCOMP:
		if (task->process && !ptrace_handle_filter_stop(run, task))
			return;
		break;
	case PTRACE_EVENT_STOP:
		if (ptrace_is_group_stop(signal)) {
			if (ptrace_stay_stopped(run, task) && run->wants_stop)
				ptrace_stop_too(run);
			return;
		}
		if (task->tid == run->launched.pid)
			run->main_stopped = false;
		break;
	default:
		resume(run, task, signal);
		return;
	}
	resume(run, task, 0);
}

/*
 * A new task's first stop comes before its creator's event, or behind it; and wait(2) gives the stops
 * of the newest tasks first, so that a creator is heard late where its child stops often. What it
 * has to tell is wanted at once: until then its child gets no filter.
 */
static void hear_creators(struct ptrace_run *run)
{
	pid_t creators[CREATORS_AT_ONCE];
	size_t count = 0;
	int status;

	for (size_t i = 0; i < run->tasks.bucket_count; i++)
		for (const struct traced_task *task = run->tasks.buckets[i];
		     task && count < CREATORS_AT_ONCE; task = task->next)
			if (task->creating)
				creators[count++] = task->tid;
	for (size_t i = 0; i < count; i++)
		if (waitpid(creators[i], &status, __WALL | WNOHANG) == creators[i])
			ptrace_handle_wait(run, creators[i], status);
}

void ptrace_handle_stop(struct ptrace_run *run, struct traced_task *task, int status)
{
	if (run->adaptation.active && run->armed && !task->announced && !task->creating)
		hear_creators(run);
	if (run->armed && !task->process)
		meet(run, task);
	if (WSTOPSIG(status) == SYSCALL_STOP) {
		if (!task->process || ptrace_handle_call_stop(run, task))
			resume(run, task, 0);
		return;
	}
	handle_event(run, task, status >> 16, WSTOPSIG(status));
}
