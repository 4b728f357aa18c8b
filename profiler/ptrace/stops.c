/* SPDX-License-Identifier: Apache-2.0 */
/* What each stop of a tracee means, and how it goes on. */
#include "profiler/process_info.h"
#include "profiler/ptrace/run.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SYSCALL_STOP = SIGTRAP | 0x80, /* PTRACE_O_TRACESYSGOOD */
};

/* ESRCH is no failure anywhere here: the task was killed while it was stopped. */
static void resume(struct ptrace_run *run, const struct traced_task *task, int signal)
{
	bool free = task->process && task->process->free && !task->wants_exit;
	int request = run->armed && !free ? PTRACE_SYSCALL : PTRACE_CONT;

	if (ptrace(request, task->tid, NULL, (void *)(intptr_t)signal) < 0 && errno != ESRCH)
		ptrace_run_fail(run, -errno, "letting the program go on");
}

/* Whether the kernel kept from the program what its file would give it, since it is traced. */
static bool is_neutered(pid_t pid, const struct process_image *image)
{
	struct process_status status;

	if (process_read_status(pid, &status) < 0)
		return false;
	if ((image->mode & S_ISUID) && status.effective_uid != image->uid)
		return true;
	if ((image->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
	    status.effective_gid != image->gid)
		return true;
	return image->has_capabilities && geteuid() != 0;
}

executable_id ptrace_start_executable(struct ptrace_run *run, pid_t pid)
{
	struct process_image image;
	struct executable_identity identity;
	executable_id executable;

	if (process_read_image(pid, &image) < 0) {
		/* Killed while it stopped, or /proc is not there: it still has to have a name. */
		image = (struct process_image){.path = "(unknown)"};
	}
	identity = (struct executable_identity){
		.path = image.path,
		.script = image.script[0] ? image.script : NULL,
		.device = image.device,
		.inode = image.inode,
	};
	executable = recorder_executable_start(run->recorder, &identity);
	if (is_neutered(pid, &image))
		recorder_unseen(run->recorder, UNSEEN_NEUTERED, executable);
	return executable;
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

/*
 * TASK is the leader's entry. Where another thread made the call, it has taken the leader's id,
 * and its own is gone without a further word; the other threads' ends are reported.
 */
static void handle_exec(struct ptrace_run *run, struct traced_task *task)
{
	struct traced_task *former;
	unsigned long former_tid;
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
	if (ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &former_tid) < 0 ||
	    (pid_t)former_tid == task->tid)
		return;
	former = task_find(&run->tasks, (pid_t)former_tid);
	if (former)
		task_remove(&run->tasks, former);
}

/* Which executable a new process runs: its parent's, where /proc agrees. */
static executable_id inherited_executable(struct ptrace_run *run, pid_t tid, pid_t parent)
{
	const struct traced_process *process = process_find(&run->tasks, parent);
	struct process_image image;
	executable_id executable;

	if (process_stat_image(tid, &image) < 0)
		return process ? process->executable : ptrace_start_executable(run, tid);
	if (process &&
	    recorder_executable_is(run->recorder, process->executable, image.device, image.inode))
		return process->executable;
	/* CLONE_PARENT gives it another parent, or its own has gone on to an exec or died. */
	if (recorder_executable_find(run->recorder, image.device, image.inode, &executable))
		return executable;
	return ptrace_start_executable(run, tid);
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

/* A task at its first stop: finds its process. */
static void meet(struct ptrace_run *run, struct traced_task *task)
{
	struct process_status status = {.tgid = task->tid};
	const struct traced_process *process;
	executable_id executable;

	if (process_read_status(task->tid, &status) < 0)
		status.tgid = task->tid; /* killed in the meantime: any process will do */
	process = status.tgid != task->tid ? process_find(&run->tasks, status.tgid) : NULL;
	executable =
		process ? process->executable : inherited_executable(run, task->tid, status.parent);
	recorder_task_begin(run->recorder, status.tgid == task->tid);
	if (task_join(&run->tasks, task, status.tgid, executable) < 0) {
		ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
		return;
	}
	inherit_phase(run, task, status.parent);
	if (task->announced && task->process->tgid == task->tid)
		task_inherit(task);
}

static void handle_creation(struct ptrace_run *run, struct traced_task *creator, int event)
{
	const struct traced_process *process = creator->process;
	struct heritage heritage = {.borrows_memory = event == PTRACE_EVENT_VFORK};
	unsigned long child;

	creator->creating = false;
	if (ptrace(PTRACE_GETEVENTMSG, creator->tid, NULL, &child) < 0 || child == 0)
		return;
	if (process) {
		heritage.free = process->free;
		heritage.filtered = process->filtered;
		heritage.unfit = process->unfit;
		heritage.listens = process->listens;
		heritage.executable = process->executable;
		heritage.phase = process->phase;
	}
	if (task_announce(&run->tasks, (pid_t)child, &heritage) < 0)
		ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
}

static bool is_stopping_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* A group stop is to last until SIGCONT, as it would untraced. */
static void handle_group_stop(struct ptrace_run *run, pid_t tid)
{
	if (ptrace(PTRACE_LISTEN, tid, NULL, NULL) < 0 && errno != ESRCH)
		ptrace_run_fail(run, -errno, "leaving the program stopped");
	if (tid != run->launched.pid)
		return;
	run->main_stopped = true;
	if (run->wants_stop) {
		run->wants_stop = false;
		kill(getpid(), SIGSTOP);
	}
}

/* A stop that is neither an end nor a call: an event, or a signal on its way. */
static void handle_event(struct ptrace_run *run, struct traced_task *task, int event, int signal)
{
	pid_t tid = task->tid;

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
		if (is_stopping_signal(signal)) {
			handle_group_stop(run, tid);
			return;
		}
		if (tid == run->launched.pid)
			run->main_stopped = false;
		break;
	default:
		resume(run, task, signal);
		return;
	}
	resume(run, task, 0);
}

static void handle_stop(struct ptrace_run *run, pid_t tid, int status)
{
	struct traced_task *task = task_find(&run->tasks, tid);

	if (!task)
		task = task_add(&run->tasks, tid);
	if (!task) {
		ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
		return;
	}
	if (run->killing) {
		kill(tid, SIGKILL);
		return;
	}
	if (run->detaching) {
		bool is_signal = status >> 16 == 0 && WSTOPSIG(status) != SYSCALL_STOP;

		ptrace_detach(run, task, is_signal ? WSTOPSIG(status) : 0);
		return;
	}
	if (run->armed && !task->process)
		meet(run, task);
	if (WSTOPSIG(status) == SYSCALL_STOP) {
		if (!task->process || ptrace_handle_call_stop(run, task))
			resume(run, task, 0);
		return;
	}
	handle_event(run, task, status >> 16, WSTOPSIG(status));
}

static void handle_end(struct ptrace_run *run, pid_t tid, int status)
{
	struct traced_task *task = task_find(&run->tasks, tid);

	if (tid == run->launched.pid) {
		run->main_ended = true;
		run->result->end = WIFEXITED(status) ? RECORDED_END_EXITED : RECORDED_END_KILLED;
		run->result->end_value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
		if (!run->armed)
			run->result->exec_error = launched_exec_error(&run->launched);
		if (run->request->scope == SCOPE_PID)
			ptrace_detach_all(run);
	}
	if (task && task->process && task->process->tasks == 1)
		adapt_leave(run, task->process);
	/* A child that this process had before, from whoever ran it, is not ours. */
	if (task && task_end(&run->tasks, task) < 0)
		ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
}

void ptrace_handle_wait(struct ptrace_run *run, pid_t tid, int status)
{
	if (WIFSTOPPED(status))
		handle_stop(run, tid, status);
	else
		handle_end(run, tid, status);
}
