/* SPDX-License-Identifier: Apache-2.0 */
/* The tracer that works everywhere: ptrace, with a stop before and behind each call. */
#include "profiler/ptrace/tracer.h"
#include "profiler/process_info.h"
#include "profiler/ptrace/follow.h"

#include <errno.h>
#include <sys/ptrace.h>
#include <unistd.h>

enum {
	/*
	 * Of a command EXITKILL too: whatever becomes of the tracer, nobody runs on behind a filter
	 * that asks for it. Who ran before goes on without it.
	 */
	TRACE_OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACESECCOMP,
};

static struct watched_calls watched_calls(void)
{
	return (struct watched_calls){
		.clone = call_get(call_find("clone"))->name,
		.clone3 = call_get(call_find("clone3"))->name,
		.fork = call_get(call_find("fork"))->name,
		.vfork = call_get(call_find("vfork"))->name,
		.io_uring_setup = call_get(call_find("io_uring_setup"))->name,
		.prctl = call_get(call_find("prctl"))->name,
		.ptrace = call_get(call_find("ptrace"))->name,
		.seccomp = call_get(call_find("seccomp"))->name,
	};
}

/* Starts, or attaches to, what is to be traced: 0, or negative errno with the result's step. */
static int begin(struct ptrace_run *run, const struct signals_before *before)
{
	const struct trace_request *request = run->request;
	int64_t now = monotonic_milliseconds();
	int error;

	if (request->scope == SCOPE_PID) {
		run->launched.pid = request->pid;
		error = ptrace_attach(run, TRACE_OPTIONS);
	} else {
		error = ptrace_launch(run, request->command, before,
				      TRACE_OPTIONS | PTRACE_O_EXITKILL);
	}
	if (error)
		return error;
	if (request->serving.kind == SERVING_AFTER)
		run->serving_at = now + (int64_t)request->serving.milliseconds;
	if (request->milliseconds)
		run->over_at = now + (int64_t)request->milliseconds;
	if (request->ready)
		request->ready(request->ready_user);
	return 0;
}

static int ptrace_tracer_run(const struct trace_request *request, struct recorder *recorder,
			     struct trace_result *result)
{
	struct ptrace_run run = {
		.request = request,
		.recorder = recorder,
		.result = result,
		.handle_stop = ptrace_handle_stop,
	};
	struct process_status own;
	struct signals_before before;

	*result = (struct trace_result){0};
	run.watched = watched_calls();
	if (process_read_status(getpid(), &own) == 0 && own.seccomp)
		run.filtered = true;
	if (run.filtered)
		recorder_unseen(recorder, UNSEEN_RECORDER_FILTERED, EXECUTABLE_NONE);
	if (task_table_init(&run.tasks) < 0) {
		result->step = "keeping track of processes";
		return -ENOMEM;
	}
	adapt_begin(&run);
	signals_take(request, &run.taken, &before);
	run.error = begin(&run, &before);
	if (!run.error)
		ptrace_follow(&run);
	if (request->scope == SCOPE_COMMAND && run.launched.pid)
		launched_close(&run.launched);
	task_table_release(&run.tasks);
	adapt_end(&run);
	signals_return(&before);
	return run.error;
}

static int ptrace_tracer_probe(const struct trace_request *request, const char **why)
{
	/* Where ptrace is refused, run() says so: there is no asking without a child to trace. */
	*why = NULL;
	if (request->scope != SCOPE_CGROUP && !request->from_exec)
		return 0;
	if (request->from_exec) {
		*why = "the ptrace tracer records a process from where it is; the ebpf tracer can "
		       "wait for its exec";
		return -ENOTSUP;
	}
	*why = "the ptrace tracer follows processes, and cannot watch a cgroup; the "
	       "ebpf tracer can, with root or CAP_BPF and CAP_PERFMON";
	return -ENOTSUP;
}

const struct tracer ptrace_tracer = {
	.name = "ptrace",
	.results_seen = true,
	.probe = ptrace_tracer_probe,
	.run = ptrace_tracer_run,
};
