/* SPDX-License-Identifier: Apache-2.0 */
/* What the policy says of a call, and how it is answered in the kernel's place. */
#include "profiler/denials/run.h"

#include "compiler/cbpf/watch.h"
#include "profiler/denials/registers.h"
#include "profiler/process_info.h"
#include "profiler/ptrace/follow.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>

enum {
	ERRNO_MAX = 4095, /* what the kernel cuts an errno of a filter to */
};

static void fail(struct denials_run *run, int error, const char *step)
{
	ptrace_run_fail(&run->base, error, step);
}

static int read_tracee(void *user, uint64_t address, void *bytes, size_t length)
{
	const struct traced_task *task = user;

	return process_read_memory(task->tid, address, bytes, length);
}

void denials_fill_policy(struct denials_run *run, const struct traced_task *task)
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
	size_t count;
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
		const struct recorded_executable *recorded =
			recorder_executables(run->base.recorder, &count)[executable];

		denial->program = recorded->path;
		denial->script = recorded->script;
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
 * Of a child that nobody traces the kernel would refuse all that the policy denies, and nobody would
 * hear of it.
 */
static void trace_child(struct denials_run *run, struct traced_task *task,
			const struct seccomp_data *data)
{
	enum abi_id abi = abi_identify(data->arch, (uint32_t)data->nr)->id;
	call_id call = call_by_number(abi, (uint32_t)data->nr);
	uint64_t args[CALL_ARGS_MAX], flags = 0;

	memcpy(args, data->args, sizeof(args));
	if (call == call_find("clone"))
		flags = args[call_arg_find(call, abi, "flags")];
	else
		read_tracee(task, args[0], &flags, sizeof(flags));
	if (flags & CLONE_UNTRACED && !ptrace_trace_child(task->tid, abi, call, args, flags))
		run->result->untraced++;
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
	case WATCH_CLONE:
		trace_child(run, task, data);
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

void denials_answer_call(struct denials_run *run, struct traced_task *task)
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
	denials_fill_policy(run, task);
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

void denials_note_kernels(struct denials_run *run, struct traced_task *task, const siginfo_t *trap)
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
