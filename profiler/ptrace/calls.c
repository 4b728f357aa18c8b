/* SPDX-License-Identifier: Apache-2.0 */
/* Stops at calls: what is recorded of each, and what the tracer itself heeds. */
#include "profiler/process_info.h"
#include "profiler/ptrace/follow.h"
#include "profiler/ptrace/machine.h"

#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

enum {
	RESTART_FIRST = 512, /* ERESTARTSYS and its kin: the call is made again */
	RESTART_LAST = 516,
};

static int read_tracee(void *user, uint64_t address, void *bytes, size_t length)
{
	const struct traced_task *task = user;

	return process_read_memory(task->tid, address, bytes, length);
}

/*
 * A child that nobody traces would be refused all that its filters send to a tracer, ours among
 * them. So it is traced: the flag is taken from the call. Where it cannot be, no filter is to come.
 */
static void trace_child(struct ptrace_run *run, struct traced_task *task,
			const struct recorded_call *call, const struct call_event *event,
			uint64_t flags)
{
	if (run->adaptation.active &&
	    ptrace_trace_child(task->tid, call->abi, call_find(call->name), event->args, flags))
		return;
	task->process->unfit = true;
	recorder_unseen(run->recorder, UNSEEN_UNTRACED_CHILD, task->process->executable);
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
	task->creating = call->name == watched->clone || call->name == watched->clone3 ||
			 call->name == watched->fork || call->name == watched->vfork;
	/* The event does not tell: a thread may come with CLONE_VFORK, or SIGCHLD among its flags. */
	task->makes_process = task->creating && !(flags & CLONE_THREAD);
	if (flags & CLONE_UNTRACED)
		trace_child(run, task, call, event, flags);
}

static void process_serves(struct ptrace_run *run, struct traced_task *task)
{
	struct traced_process *process = task->process;

	process->phase = PHASE_SERVING;
	recorder_serving(run->recorder);
	adapt_watch_again(run, process, task);
}

static void begin_serving(void *user, struct traced_process *process)
{
	process->phase = PHASE_SERVING;
	adapt_watch_again(user, process, NULL);
}

void ptrace_begin_serving(struct ptrace_run *run)
{
	if (run->serving)
		return;
	run->serving = true;
	run->serving_at = 0;
	recorder_serving(run->recorder);
	task_table_each_process(&run->tasks, begin_serving, run);
}

/* The phase in which TASK makes the call that EVENT tells of; its process may enter the next one. */
static enum recorded_phase enter_phase(struct ptrace_run *run, struct traced_task *task,
				       const struct call_event *event)
{
	struct traced_process *process = task->process;
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	enum serving_role role;

	if (run->serving)
		process->phase = PHASE_SERVING;
	if (process->phase == PHASE_SERVING || !abi)
		return process->phase;
	role = serving_role(&run->request->serving, call_by_number(abi->id, event->number),
			    event->args[0]);
	if (role == SERVING_ROLE_LISTEN && !process->listens) {
		process->listens = true;
		adapt_watch_again(run, process, task);
	} else if (role == SERVING_ROLE_BEGIN || (role == SERVING_ROLE_WAIT && process->listens)) {
		process_serves(run, task);
	}
	return process->phase;
}

/* Whether the tracer itself made the kernel restart the call: untraced, this one would not be. */
static bool is_own_restart(struct traced_task *task, const struct call_event *event)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	bool was_interrupted = task->interrupted;

	task->interrupted = false;
	return was_interrupted && abi &&
	       call_by_number(abi->id, event->number) == call_find("restart_syscall");
}

/* Records the call; returns whether it was news. */
static bool begin_call(struct ptrace_run *run, struct traced_task *task, struct call_event *event)
{
	uint64_t before;
	bool news;

	task->call = NULL;
	task->installs_filter = false;
	task->creating = task->makes_process = false;
	if (is_own_restart(task, event))
		return false;
	before = recorder_figures(run->recorder).news;
	event->phase = enter_phase(run, task, event);
	task->call = recorder_call(run->recorder, task->process->executable, event);
	news = recorder_figures(run->recorder).news != before;
	adapt_learn(run, task, news);
	if (task->call)
		watch_entry(run, task, task->call, event);
	return news;
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
	begin_call(run, task, &event);
	task->entered = true;
	task->wants_exit = true;
}

/* From now on calls are refused and hidden that the tracer's filters would let pass. */
static void handle_own_filter(struct ptrace_run *run, struct traced_task *task)
{
	task->process->unfit = true;
	recorder_unseen(run->recorder, UNSEEN_OWN_FILTER, task->process->executable);
	adapt_watch_again(run, task->process, task);
}

static void end_call(struct ptrace_run *run, struct traced_task *task, struct recorded_call *call,
		     const struct __ptrace_syscall_info *info)
{
	executable_id executable = task->process->executable;
	int64_t error = -info->exit.rval;

	if (info->exit.is_error) {
		if (error < RESTART_FIRST || error > RESTART_LAST)
			recorder_error(run->recorder, call, (int)error);
		if (call->name == run->watched.ptrace && error == EPERM)
			recorder_unseen(run->recorder, UNSEEN_OWN_TRACER, executable);
		return;
	}
	if (task->installs_filter)
		handle_own_filter(run, task);
	if (call->name == run->watched.io_uring_setup)
		recorder_unseen(run->recorder, UNSEEN_IO_URING, executable);
}

/* Whether nothing is left to do of the call but to return to the program. */
static bool is_done(const struct recorded_call *call, const struct __ptrace_syscall_info *info)
{
	int64_t error = -info->exit.rval;

	if (info->exit.is_error)
		return error != EINTR && (error < RESTART_FIRST || error > RESTART_LAST);
	/* These leave registers behind that no call does. */
	return call->name && strcmp(call->name, "rt_sigreturn") != 0 &&
	       strcmp(call->name, "sigreturn") != 0;
}

static bool handle_call_exit(struct ptrace_run *run, struct traced_task *task,
			     const struct __ptrace_syscall_info *info)
{
	/* Whoever was made is told of before its maker's call ends, unless it is not traced. */
	const bool untold = task->creating && !info->exit.is_error && info->exit.rval > 0;
	struct recorded_call *call = task->call;
	pid_t tid = task->tid;
	int status;

	if (untold)
		recorder_unseen(run->recorder, UNSEEN_UNTRACED_CHILD, task->process->executable);
	if (task->refused)
		machine_end_refusal(tid);
	task->call = NULL;
	task->refused = task->entered = task->wants_exit = task->creating = false;
	if (!call) /* the launcher's execve, or a call that is not kept */
		return true;
	end_call(run, task, call, info);
	if (!is_done(call, info) || adapt_consider(run, task, &status))
		return true;
	if (status != -1)
		ptrace_handle_wait(run, tid, status);
	return false;
}

static bool read_call(struct ptrace_run *run, const struct traced_task *task,
		      struct __ptrace_syscall_info *info)
{
	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, (void *)sizeof(*info), info) >= 0)
		return true;
	if (errno != ESRCH)
		ptrace_run_fail(run, -errno, "PTRACE_GET_SYSCALL_INFO (Linux 5.3 has it)");
	return false;
}

bool ptrace_handle_call_stop(struct ptrace_run *run, struct traced_task *task)
{
	struct __ptrace_syscall_info info;

	if (!read_call(run, task, &info))
		return true;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		handle_call_entry(run, task, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		return handle_call_exit(run, task, &info);
	return true;
}

bool ptrace_handle_filter_stop(struct ptrace_run *run, struct traced_task *task)
{
	struct __ptrace_syscall_info info;
	struct call_event event = {.read_memory = read_tracee, .user = task};
	bool news;

	if (!read_call(run, task, &info) || info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return true;
	/* Until its creator's event has come, nobody knows what filters a process has from it. */
	if (info.seccomp.ret_data != LEARNED_MARK ||
	    (task->process->announced && !task->process->filtered)) {
		/* A filter of the program's own. Where its tracer is not there: seccomp(2). */
		if (machine_refuse_call(task->tid) < 0)
			kill(task->tid, SIGKILL); /* better than to let it pass */
		task->refused = task->wants_exit = true;
		return true;
	}
	if (task->entered) /* it stood at the call's beginning already */
		return true;
	event.audit_arch = info.arch;
	event.number = (uint32_t)info.seccomp.nr;
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		event.args[i] = info.seccomp.args[i];
	news = begin_call(run, task, &event);
	/* What a known call returns is of use only where the tracer heeds it. */
	task->wants_exit =
		news || !task->process->free || task->creating || task->installs_filter ||
		(task->call && task->call->name && learned_is_watched(call_find(task->call->name)));
	if (!task->wants_exit)
		task->call = NULL;
	return true;
}
