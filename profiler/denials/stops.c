/* SPDX-License-Identifier: Apache-2.0 */
/* What each stop of the program means, and how it goes on. */
#include "profiler/denials/run.h"

#include "compiler/cbpf/watch.h"
#include "profiler/denials/registers.h"
#include "profiler/process_info.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ERRNO_MAX = 4095, /* what the kernel cuts an errno of a filter to */
};

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of SIGSYS */
#endif

static void fail(struct denials_run *run, int error, const char *step)
{
	ptrace_run_fail(&run->base, error, step);
}

/* ESRCH is no failure anywhere here: the task was killed while it was stopped. */
static void resume(struct denials_run *run, pid_t tid, int signal)
{
	if (ptrace(PTRACE_CONT, tid, NULL, (void *)(intptr_t)signal) < 0 && errno != ESRCH)
		fail(run, -errno, "letting the program go on");
}

static int read_tracee(void *user, uint64_t address, void *bytes, size_t length)
{
	const struct traced_task *task = user;

	return process_read_memory(task->tid, address, bytes, length);
}

/* The values of the loads, as pale-run has filled them in, in the process that becomes the program. */
static void fill_policy(struct denials_run *run, const struct traced_task *task)
{
	const struct denials_request *request = run->request;
	struct process_status status = {.inner = task->tid};

	if (run->policy)
		return;
	if (process_read_status(task->tid, &status) == 0)
		process_read_status(status.tgid, &status);
	for (uint32_t i = 0; i < request->policy->load_count; i++)
		run->loads[i] =
			request->loads[i].is_pid ? (uint32_t)status.inner : request->loads[i].value;
	run->policy = filter_fill(run->arena, request->policy, run->loads);
}

static uint32_t policy_answer(const struct denials_run *run, const struct seccomp_data *data)
{
	uint32_t words[16];

	_Static_assert(sizeof(words) == sizeof(*data), "struct seccomp_data has 16 words");
	memcpy(words, data, sizeof(words));
	return filter_simulate(run->policy, words).action;
}

static bool lets_through(uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

static bool is_fatal(uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ||
	       action == SECCOMP_RET_TRAP;
}

static void record(struct denials_run *run, const struct traced_task *task,
		   const struct call_event *event)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	call_id call = abi ? call_by_number(abi->id, event->number) : CALL_NONE;

	if (run->stage == LAUNCH_COMMAND && task->process) {
		recorder_call(run->base.recorder, task->process->executable, event);
	} else if (call == call_find("execve") && !run->launcher_recorded) {
		/* What else pale-run does behind the filter is to say why it could not go on. */
		run->launcher_recorded = true;
		recorder_launcher_call(run->base.recorder, abi->id, call);
	}
}

/* The call in DATA is one that the policy answers with ACTION, which denies it. */
static void note_denial(struct denials_run *run, struct traced_task *task,
			const struct seccomp_data *data, uint32_t action)
{
	const struct denials_request *request = run->request;
	struct call_event event = {
		.audit_arch = data->arch,
		.number = (uint32_t)data->nr,
		.read_memory = read_tracee,
		.user = task,
	};
	bool by_launcher = run->stage != LAUNCH_COMMAND || !task->process;
	executable_id executable = by_launcher ? EXECUTABLE_NONE : task->process->executable;
	struct denial *denial = denial_count(run->arena, &run->table, executable, data, action);

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		event.args[i] = data->args[i];
	run->result->calls++;
	if (request->let_through)
		record(run, task, &event);
	if (!denial) {
		run->result->further++;
		return;
	}
	if (denial->count > 1)
		return;
	denial->by_launcher = executable == EXECUTABLE_NONE;
	denial->program = "pale-run";
	if (!denial->by_launcher) {
		denial->program = run->programs.items[executable].path;
		denial->script = run->programs.items[executable].script;
	}
	if (request->denied)
		request->denied(request->user, denial, &event, run->loads);
}

static void skip(struct denials_run *run, const struct traced_task *task, int error)
{
	int failure = registers_skip_call(task->tid, -error);

	if (!failure || failure == -ESRCH)
		return;
	/* The call must not be made: without an answer of its own the process ends here. */
	fail(run, failure, "denying a call");
	kill(task->tid, SIGKILL);
}

/*
 * The policy lets the call through: it stopped by what filter_watch() has put in front, or by a filter
 * of the program's own that wants a tracer, which it would not have: ENOSYS.
 */
static void handle_allowed_call(struct denials_run *run, struct traced_task *task,
				const struct seccomp_data *data)
{
	uint64_t args[6];

	memcpy(args, data->args, sizeof(args));
	switch (filter_watch_asks(data->arch, (uint32_t)data->nr, args)) {
	case WATCH_NOTHING:
		run->result->own_filter = true;
		if (!run->request->let_through || registers_can_skip())
			skip(run, task, ENOSYS);
		break;
	case WATCH_UNTRACED:
		run->result->untraced++;
		break;
	case WATCH_LISTENER:
		/* Its answers would come before ours. The kernel says so of a second one. */
		if (!run->request->let_through) {
			run->result->listeners++;
			skip(run, task, EBUSY);
		}
		break;
	case WATCH_PTRACE:
		if (!run->request->let_through) {
			run->result->ptraces++;
			skip(run, task, EPERM);
		}
		break;
	}
}

static void handle_seccomp_stop(struct denials_run *run, struct traced_task *task)
{
	struct __ptrace_syscall_info info;
	struct seccomp_data data;
	uint32_t action;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, (void *)sizeof(info), &info) < 0) {
		if (errno == ESRCH)
			return;
		fail(run, -errno, "PTRACE_GET_SYSCALL_INFO (Linux 5.3 has it)");
		kill(task->tid, SIGKILL);
		return;
	}
	if (info.op != PTRACE_SYSCALL_INFO_SECCOMP) {
		fail(run, -EPROTO, "reading a call at a seccomp stop");
		kill(task->tid, SIGKILL);
		return;
	}
	data = (struct seccomp_data){
		.nr = (int)info.seccomp.nr,
		.arch = info.arch,
		.instruction_pointer = info.instruction_pointer,
	};
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		data.args[i] = info.seccomp.args[i];
	fill_policy(run, task);
	action = policy_answer(run, &data);
	if (lets_through(action)) {
		handle_allowed_call(run, task, &data);
		return;
	}
	note_denial(run, task, &data, action);
	if (run->request->let_through)
		return;
	if (run->stage != LAUNCH_COMMAND) {
		/* pale-run, which has nothing left to do and may be denied to end, too. */
		run->result->launch_denied = true;
		kill(task->tid, SIGKILL);
	}
	if (is_fatal(action)) {
		/* ptrace, which stops whatever the policy says: for other calls the kernel kills. */
		skip(run, task, EPERM);
		kill(task->tid, SIGKILL);
	} else if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		skip(run, task, ENOSYS); /* `notify`, and nobody listens */
	else if ((action & SECCOMP_RET_DATA) > ERRNO_MAX)
		skip(run, task, ERRNO_MAX);
	else
		skip(run, task, action & SECCOMP_RET_DATA);
}

/* The kernel has killed or trapped for a call, and the task has not gone on from there. */
static void note_kernel_denial(struct denials_run *run, struct traced_task *task,
			       const siginfo_t *trap)
{
	struct __ptrace_syscall_info info;
	struct seccomp_data data = {0};
	uint32_t action;

	if (!run->policy || run->request->let_through ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, (void *)sizeof(info), &info) < 0)
		return;
	data.arch = info.arch;
	if (registers_read_call(task->tid, &data) < 0 && !trap)
		return;
	if (trap) {
		data.nr = trap->si_syscall;
		data.arch = trap->si_arch;
	}
	action = policy_answer(run, &data);
	/* One that ends by a trap has been noted as the trap came. */
	if (!lets_through(action) &&
	    (trap || (action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_TRAP))
		note_denial(run, task, &data, action);
}

static void handle_exit_stop(struct denials_run *run, struct traced_task *task)
{
	struct process_status status;
	unsigned long ending;

	if (ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &ending) == 0 &&
	    WTERMSIG((int)ending) == SIGSYS)
		note_kernel_denial(run, task, NULL);
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
		note_kernel_denial(run, task, &info);
}

static executable_id start_executable(struct denials_run *run, pid_t pid)
{
	struct recorder *recorder = run->base.recorder;
	struct executable_identity identity;
	struct process_image image;
	executable_id executable;
	struct denial_program *program;

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
	executable = recorder_executable_start(recorder, &identity);
	while (run->programs.count <= executable)
		VEC_PUSH(run->arena, &run->programs)->path = NULL;
	program = &run->programs.items[executable];
	if (program->path)
		return executable;
	program->path = recording_escape(run->arena, image.path, strlen(image.path));
	if (identity.script)
		program->script = recording_escape(run->arena, image.script, strlen(image.script));
	return executable;
}

/* The program begins, or another takes its place. See profiler/ptrace/stops.c of exec by a thread. */
static void handle_exec(struct denials_run *run, struct traced_task *task)
{
	struct traced_task *former;
	unsigned long former_tid;

	if (run->stage == LAUNCH_FORKED) {
		run->stage = LAUNCH_SHIM;
		return;
	}
	if (run->stage == LAUNCH_SHIM) {
		fill_policy(run, task);
		run->stage = LAUNCH_COMMAND;
		recorder_task_begin(run->base.recorder, true);
	}
	if (!task->process) /* killed before its own first stop */
		return;
	task->process->executable = start_executable(run, task->tid);
	if (ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &former_tid) < 0 ||
	    (pid_t)former_tid == task->tid)
		return;
	former = task_find(&run->base.tasks, (pid_t)former_tid);
	if (former)
		task_remove(&run->base.tasks, former);
}

/* Which executable a new process runs: its parent's, where /proc agrees. */
static executable_id inherited_executable(struct denials_run *run, pid_t tid, pid_t parent)
{
	const struct traced_process *process = process_find(&run->base.tasks, parent);
	struct process_image image;
	executable_id executable;

	if (run->stage != LAUNCH_COMMAND)
		return EXECUTABLE_NONE;
	if (process_stat_image(tid, &image) < 0)
		return process ? process->executable : start_executable(run, tid);
	if (process && process->executable != EXECUTABLE_NONE &&
	    recorder_executable_is(run->base.recorder, process->executable, image.device,
				   image.inode))
		return process->executable;
	/* CLONE_PARENT gives it another parent, or its own has gone on to an exec or died. */
	if (recorder_executable_find(run->base.recorder, image.device, image.inode, &executable))
		return executable;
	return start_executable(run, tid);
}

/* A task at its first stop: finds its process. */
static void meet(struct denials_run *run, struct traced_task *task)
{
	struct process_status status = {.tgid = task->tid};
	const struct traced_process *process;
	executable_id executable;

	if (process_read_status(task->tid, &status) < 0)
		status.tgid = task->tid; /* killed in the meantime: any process will do */
	process = status.tgid != task->tid ? process_find(&run->base.tasks, status.tgid) : NULL;
	executable =
		process ? process->executable : inherited_executable(run, task->tid, status.parent);
	if (run->stage == LAUNCH_COMMAND)
		recorder_task_begin(run->base.recorder, status.tgid == task->tid);
	if (task_join(&run->base.tasks, task, status.tgid, executable) < 0)
		fail(run, -ENOMEM, "keeping track of processes");
}

static void handle_creation(struct denials_run *run, pid_t tid)
{
	unsigned long child;

	if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &child) < 0 || child == 0)
		return;
	if (task_announce(&run->base.tasks, (pid_t)child, &(struct heritage){0}) < 0)
		fail(run, -ENOMEM, "keeping track of processes");
}

static bool is_stopping_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
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

/* A group stop is to last until SIGCONT, as it would untraced. */
static void handle_group_stop(struct denials_run *run, const struct traced_task *task, int signal)
{
	struct ptrace_run *base = &run->base;

	if (ptrace(PTRACE_LISTEN, task->tid, NULL, NULL) < 0 && errno != ESRCH)
		fail(run, -errno, "leaving the program stopped");
	if (task->tid != base->launched.pid)
		return;
	base->main_stopped = true;
	if (!stops_too(run, task, signal))
		return;
	base->wants_stop = false;
	kill(getpid(), SIGSTOP);
}

/* Any stop: an event, or a signal on its way. */
static void handle_event(struct denials_run *run, struct traced_task *task, int event, int signal)
{
	pid_t tid = task->tid;

	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		handle_seccomp_stop(run, task);
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
		handle_creation(run, tid);
		break;
	case PTRACE_EVENT_STOP:
		if (is_stopping_signal(signal)) {
			handle_group_stop(run, task, signal);
			return;
		}
		if (tid == run->base.launched.pid)
			run->base.main_stopped = false;
		break;
	default:
		if (signal == SIGSYS)
			handle_trap(run, task);
		resume(run, tid, signal);
		return;
	}
	resume(run, tid, 0);
}

static void handle_stop(struct denials_run *run, pid_t tid, int status)
{
	struct traced_task *task = task_find(&run->base.tasks, tid);

	if (!task)
		task = task_add(&run->base.tasks, tid);
	if (!task) {
		fail(run, -ENOMEM, "keeping track of processes");
		return;
	}
	if (run->base.killing) {
		kill(tid, SIGKILL);
		/* One that is at its end already goes on to it. */
		if (status >> 16 == PTRACE_EVENT_EXIT)
			resume(run, tid, 0);
		return;
	}
	if (!task->process)
		meet(run, task);
	handle_event(run, task, status >> 16, WSTOPSIG(status));
}

static void handle_end(struct denials_run *run, pid_t tid, int status)
{
	struct traced_task *task = task_find(&run->base.tasks, tid);
	struct trace_result *result = &run->result->trace;

	if (tid == run->base.launched.pid) {
		run->base.main_ended = true;
		result->end = WIFEXITED(status) ? RECORDED_END_EXITED : RECORDED_END_KILLED;
		result->end_value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
		if (run->stage == LAUNCH_FORKED)
			result->exec_error = launched_exec_error(&run->base.launched);
	}
	/* A child that this process had before, from whoever ran it, is not ours. */
	if (task && task_end(&run->base.tasks, task) < 0)
		fail(run, -ENOMEM, "keeping track of processes");
}

void denials_handle_wait(struct denials_run *run, pid_t tid, int status)
{
	if (WIFSTOPPED(status))
		handle_stop(run, tid, status);
	else
		handle_end(run, tid, status);
}
