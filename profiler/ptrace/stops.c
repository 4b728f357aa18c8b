/* SPDX-License-Identifier: Apache-2.0 */
/* What each stop of a tracee means, and how it goes on. */
#include "profiler/process_info.h"
#include "profiler/ptrace/run.h"

#include <assert.h>
#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SYSCALL_STOP = SIGTRAP | 0x80, /* PTRACE_O_TRACESYSGOOD */
	RESTART_FIRST = 512,           /* ERESTARTSYS and its kin: the call is made again */
	RESTART_LAST = 516,
};

/* ESRCH is no failure anywhere here: the task was killed while it was stopped. */
static void resume(struct ptrace_run *run, pid_t tid, int signal)
{
	int request = run->armed ? PTRACE_SYSCALL : PTRACE_CONT;

	if (ptrace(request, tid, NULL, (void *)(intptr_t)signal) < 0 && errno != ESRCH)
		ptrace_run_fail(run, -errno, "letting the program go on");
}

static int read_tracee(void *user, uint64_t address, void *bytes, size_t length)
{
	const struct traced_task *task = user;

	return process_read_memory(task->tid, address, bytes, length);
}

/* Of a call that the tracer looks at itself. */
static void watch_entry(struct ptrace_run *run, struct traced_task *task,
			const struct recorded_call *call, const struct call_event *event)
{
	const struct watched_calls *watched = &run->watched;
	uint64_t flags = 0;

	if (call->name == watched->seccomp)
		task->installs_filter = event->args[0] == SECCOMP_SET_MODE_STRICT ||
					event->args[0] == SECCOMP_SET_MODE_FILTER;
	else if (call->name == watched->prctl)
		task->installs_filter = (uint32_t)event->args[0] == PR_SET_SECCOMP;
	else if (call->name == watched->clone)
		flags = event->args[call_arg_find(call_find("clone"), call->abi, "flags")];
	else if (call->name == watched->clone3)
		read_tracee(task, event->args[0], &flags, sizeof(flags));
	if (flags & CLONE_UNTRACED)
		recorder_unseen(run->recorder, UNSEEN_UNTRACED_CHILD, task->process->executable);
}

/* The phase in which TASK makes the call that EVENT tells of; its process may enter the next one. */
static enum recorded_phase enter_phase(struct ptrace_run *run, struct traced_task *task,
				       const struct call_event *event)
{
	struct traced_process *process = task->process;
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	enum serving_role role;

	if (run->serving || process->phase == PHASE_SERVING)
		return PHASE_SERVING;
	if (!abi)
		return PHASE_START;
	role = serving_role(&run->request->serving, call_by_number(abi->id, event->number),
			    event->args[0]);
	if (role == SERVING_ROLE_LISTEN)
		process->listens = true;
	else if (role == SERVING_ROLE_BEGIN || (role == SERVING_ROLE_WAIT && process->listens))
		process->phase = PHASE_SERVING;
	if (process->phase == PHASE_SERVING)
		recorder_serving(run->recorder);
	return process->phase;
}

static void handle_call_entry(struct ptrace_run *run, struct traced_task *task,
			      const struct __ptrace_syscall_info *info)
{
	struct call_event event = {
		.audit_arch = info->arch,
		.number = (uint32_t)info->entry.nr,
		.read_memory = read_tracee,
		.user = task,
	};

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		event.args[i] = info->entry.args[i];
	event.phase = enter_phase(run, task, &event);
	task->installs_filter = false;
	task->call = recorder_call(run->recorder, task->process->executable, &event);
	if (task->call)
		watch_entry(run, task, task->call, &event);
}

static void handle_call_exit(struct ptrace_run *run, struct traced_task *task,
			     const struct __ptrace_syscall_info *info)
{
	struct recorded_call *call = task->call;
	executable_id executable = task->process->executable;
	int64_t error = -info->exit.rval;

	task->call = NULL;
	if (!call) /* the launcher's execve, or a call that is not kept */
		return;
	if (info->exit.is_error) {
		if (error < RESTART_FIRST || error > RESTART_LAST)
			recorder_error(run->recorder, call, (int)error);
		if (call->name == run->watched.ptrace && error == EPERM)
			recorder_unseen(run->recorder, UNSEEN_OWN_TRACER, executable);
		return;
	}
	if (task->installs_filter)
		recorder_unseen(run->recorder, UNSEEN_OWN_FILTER, executable);
	if (call->name == run->watched.io_uring_setup)
		recorder_unseen(run->recorder, UNSEEN_IO_URING, executable);
}

static void handle_call_stop(struct ptrace_run *run, struct traced_task *task)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, (void *)sizeof(info), &info) < 0) {
		if (errno != ESRCH)
			ptrace_run_fail(run, -errno, "PTRACE_GET_SYSCALL_INFO (Linux 5.3 has it)");
		return;
	}
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		handle_call_entry(run, task, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		handle_call_exit(run, task, &info);
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

static executable_id start_executable(struct ptrace_run *run, pid_t pid)
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
	executable_id executable = start_executable(run, task->tid);

	if (!run->armed)
		arm(run);
	if (!task->process) {
		if (task_join(&run->tasks, task, task->tid, executable) < 0)
			ptrace_run_fail(run, -ENOMEM, "keeping track of processes");
		return;
	}
	task->process->executable = executable;
	task->call = NULL; /* what the leader was in is over, and the exec has succeeded */
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
		return process ? process->executable : start_executable(run, tid);
	if (process &&
	    recorder_executable_is(run->recorder, process->executable, image.device, image.inode))
		return process->executable;
	/* CLONE_PARENT gives it another parent, or its own has gone on to an exec or died. */
	if (recorder_executable_find(run->recorder, image.device, image.inode, &executable))
		return executable;
	return start_executable(run, tid);
}

/* A new process is in its parent's phase: where it would have its parent's filters. */
static void inherit_phase(struct ptrace_run *run, struct traced_task *task, pid_t parent)
{
	const struct traced_process *from = process_find(&run->tasks, parent);

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
}

static void handle_creation(struct ptrace_run *run, pid_t tid)
{
	unsigned long child;

	if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &child) < 0 || child == 0)
		return;
	if (task_announce(&run->tasks, (pid_t)child) < 0)
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
		handle_creation(run, tid);
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
		resume(run, tid, signal);
		return;
	}
	resume(run, tid, 0);
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
	if (run->armed && !task->process)
		meet(run, task);
	if (WSTOPSIG(status) == SYSCALL_STOP) {
		if (task->process)
			handle_call_stop(run, task);
		resume(run, tid, 0);
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
	}
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
