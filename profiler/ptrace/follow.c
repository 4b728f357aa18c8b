/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/follow.h"

#include "profiler/process_info.h"
#include "profiler/ptrace/machine.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SIGNALS_EVERY = 64, /* how many stops are handled between looks at our own signals */
	LINGER_TRIES = 3,
	LINGER_MILLISECONDS = 20,
	STUCK_MILLISECONDS = 1000, /* all that is left is stopped so long: it is for good */
};

void ptrace_run_fail(struct ptrace_run *run, int error, const char *step)
{
	if (run->error)
		return;
	run->error = error;
	run->result->step = step;
}

int ptrace_launch(struct ptrace_run *run, char *const *command, const struct signals_before *before,
		  unsigned long options)
{
	int error;

	run->result->step = "starting the program";
	error = launch_held(command, before, &run->launched);
	if (error)
		return error;
	if (task_announce(&run->tasks, run->launched.pid, &(struct heritage){0}) < 0) {
		error = -ENOMEM;
		run->result->step = "keeping track of processes";
	} else if (ptrace(PTRACE_SEIZE, run->launched.pid, NULL, (void *)(uintptr_t)options) < 0) {
		error = -errno;
		run->result->step = "tracing the program with ptrace";
	} else {
		error = launch_go(&run->launched);
	}
	if (error)
		launch_abandon(&run->launched);
	else
		run->result->step = NULL;
	return error;
}

/* ESRCH is no failure anywhere here: the task was killed while it was stopped. */
void ptrace_resume(struct ptrace_run *run, const struct traced_task *task, int request, int signal)
{
	if (ptrace(request, task->tid, NULL, (void *)(intptr_t)signal) < 0 && errno != ESRCH)
		ptrace_run_fail(run, -errno, "letting the program go on");
}

/* Whether the kernel kept from the program what its file would give it, since it is traced. */
static bool is_neutered(pid_t pid, const struct process_image *image)
{
	const bool has_group = (image->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	struct process_status status;

	/* The kernel takes some microseconds to write it, and few files give anything. */
	if (!(image->mode & S_ISUID) && !has_group && !image->has_capabilities)
		return false;
	if (process_read_status(pid, &status) < 0)
		return false;
	if ((image->mode & S_ISUID) && status.effective_uid != image->uid)
		return true;
	if (has_group && status.effective_gid != image->gid)
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
	if (!run->sandboxed && is_neutered(pid, &image))
		recorder_unseen(run->recorder, UNSEEN_NEUTERED, executable);
	return executable;
}

/* Which executable a new process runs: its parent's, where /proc agrees. */
static executable_id inherited_executable(struct ptrace_run *run, pid_t tid, pid_t parent)
{
	const struct traced_process *process = process_find(&run->tasks, parent);
	struct process_image image;
	executable_id executable;

	if (!run->armed)
		return EXECUTABLE_NONE;
	if (process_stat_image(tid, &image) < 0)
		return process ? process->executable : ptrace_start_executable(run, tid);
	if (process && process->executable != EXECUTABLE_NONE &&
	    recorder_executable_is(run->recorder, process->executable, image.device, image.inode))
		return process->executable;
	/* CLONE_PARENT gives it another parent, or its own has gone on to an exec or died. */
	if (recorder_executable_find(run->recorder, image.device, image.inode, &executable))
		return executable;
	return ptrace_start_executable(run, tid);
}

bool ptrace_meet(struct ptrace_run *run, struct traced_task *task, pid_t *parent)
{
	struct process_status status = {.tgid = task->tid};
	const struct traced_process *process = NULL;
	executable_id executable;

	if (task->announced && task->heritage.creator) {
		/* It has done nothing since, so that it is what its creator was. */
		status.parent = task->heritage.creator;
		executable = task->heritage.executable;
	} else {
		if (process_read_status(task->tid, &status) < 0)
			status.tgid = task->tid; /* killed in the meantime: any process will do */
		if (status.tgid != task->tid)
			process = process_find(&run->tasks, status.tgid);
		executable = process ? process->executable
				     : inherited_executable(run, task->tid, status.parent);
	}
	if (run->armed)
		recorder_task_begin(run->recorder, status.tgid == task->tid);
	*parent = status.parent;
	if (task_join(&run->tasks, task, status.tgid, executable) == 0)
		return true;
	ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
	return false;
}

void ptrace_forget_former(struct ptrace_run *run, const struct traced_task *task)
{
	struct traced_task *former;
	unsigned long former_tid;

	if (ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &former_tid) < 0 ||
	    (pid_t)former_tid == task->tid)
		return;
	former = task_find(&run->tasks, (pid_t)former_tid);
	if (former)
		task_remove(&run->tasks, former);
}

void ptrace_handle_creation(struct ptrace_run *run, const struct traced_task *creator,
			    const struct heritage *heritage)
{
	unsigned long child;

	if (ptrace(PTRACE_GETEVENTMSG, creator->tid, NULL, &child) < 0 || child == 0)
		return;
	if (task_announce(&run->tasks, (pid_t)child, heritage) < 0)
		ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
}

bool ptrace_trace_child(pid_t tid, enum abi_id abi, call_id call,
			const uint64_t args[CALL_ARGS_MAX], uint64_t flags)
{
	uint64_t traced = flags & ~(uint64_t)CLONE_UNTRACED;
	struct iovec local = {&traced, sizeof(traced)};
	struct iovec remote = {(void *)(uintptr_t)args[0], sizeof(traced)};

	if (call == call_find("clone"))
		return machine_set_argument(tid, abi,
					    (unsigned int)call_arg_find(call, abi, "flags"),
					    traced) == 0;
	return process_vm_writev(tid, &local, 1, &remote, 1, 0) == (ssize_t)sizeof(traced);
}

bool ptrace_is_group_stop(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

bool ptrace_stay_stopped(struct ptrace_run *run, struct traced_task *task)
{
	if (ptrace(PTRACE_LISTEN, task->tid, NULL, NULL) < 0 && errno != ESRCH)
		ptrace_run_fail(run, -errno, "leaving the program stopped");
	task->stopped = true;
	if (task->tid != run->launched.pid)
		return false;
	run->main_stopped = true;
	return true;
}

void ptrace_stop_too(struct ptrace_run *run)
{
	run->wants_stop = false;
	kill(getpid(), SIGSTOP);
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
	task->stopped = false;
	if (run->killing) {
		kill(tid, SIGKILL);
		/* One that is at its end already goes on to it. */
		if (status >> 16 == PTRACE_EVENT_EXIT)
			ptrace_resume(run, task, PTRACE_CONT, 0);
		return;
	}
	if (run->detaching) {
		bool is_signal = status >> 16 == 0 && WSTOPSIG(status) != SYSCALL_STOP;

		ptrace_detach(run, task, is_signal ? WSTOPSIG(status) : 0);
		return;
	}
	run->handle_stop(run, task, status);
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

/*
 * With no task left there may still be one that nobody has heard of: its creator was killed
 * before it could tell. Its first stop comes at once.
 */
static bool is_over(struct ptrace_run *run)
{
	static const struct timespec pause = {0, LINGER_MILLISECONDS * 1000000L};
	int status;

	for (int i = 0; i < LINGER_TRIES; i++) {
		pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);

		if (tid < 0)
			return true;
		if (tid > 0) {
			ptrace_handle_wait(run, tid, status);
			return false;
		}
		nanosleep(&pause, NULL);
	}
	return true;
}

/* The trace has failed: what it started ends with it, and what ran before goes on. */
static void give_up(struct ptrace_run *run)
{
	if (run->request->scope == SCOPE_COMMAND)
		ptrace_kill_all(run);
	else
		ptrace_detach_all(run);
}

/* Whether all that is left of the command stands in a group stop. */
static bool is_stuck(const struct ptrace_run *run)
{
	if (!run->main_ended || run->request->scope != SCOPE_COMMAND || run->killing ||
	    run->detaching)
		return false;
	for (size_t i = 0; i < run->tasks.bucket_count; i++)
		for (struct traced_task *task = run->tasks.buckets[i]; task; task = task->next)
			if (!task->stopped)
				return false;
	return run->tasks.count > 0;
}

static void hang_up(void *user, struct traced_process *process)
{
	(void)user;
	kill(process->tgid, SIGHUP);
	kill(process->tgid, SIGCONT);
}

/*
 * This process waits for all that is left, and its own parent for this process: so nobody is there to
 * wake what is stopped. The kernel sends SIGHUP and SIGCONT where nobody can wake a group any more
 * (_exit(2)), and so does this one. What stops again behind it is killed.
 */
static void heed_stuck(struct ptrace_run *run)
{
	int64_t now = monotonic_milliseconds();

	if (!is_stuck(run)) {
		run->stuck_at = 0;
	} else if (!run->stuck_at) {
		run->stuck_at = now + STUCK_MILLISECONDS;
	} else if (now >= run->stuck_at) {
		run->stuck_at = 0;
		if (run->result->hung_up)
			ptrace_cut_short(run);
		else
			task_table_each_process(&run->tasks, hang_up, NULL);
		run->result->hung_up = true;
	}
}

void ptrace_follow(struct ptrace_run *run)
{
	unsigned int handled = 0;

	while (run->tasks.count > 0 || !is_over(run)) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);

		if (run->error && !run->killing)
			give_up(run);
		if (tid > 0) {
			run->stuck_at = 0;
			ptrace_handle_wait(run, tid, status);
			if (++handled % SIGNALS_EVERY == 0)
				ptrace_handle_signals(run, false);
		} else if (tid == 0) {
			heed_stuck(run);
			ptrace_handle_signals(run, true);
		} else if (errno != EINTR) {
			/* No child at all: what is in the table has vanished. */
			break;
		}
	}
}
