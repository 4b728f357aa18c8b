/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ebpf/ebpf_tracer.h"

#include "profiler/ebpf/run.h"
#include "profiler/process_info.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	INTERVAL = 200, /* milliseconds between looks at what nobody announces */
};

void ebpf_serve_all(struct ebpf_run *run)
{
	__atomic_store_n(&run->shared->serving, 1, __ATOMIC_SEQ_CST);
	recorder_serving(run->recorder);
}

/* Takes in how the command's own process is. */
static void look_at_child(struct ebpf_run *run)
{
	int status;

	if (run->launched.pid <= 0 || run->child_ended)
		return;
	while (!run->child_ended &&
	       waitpid(run->launched.pid, &status, WNOHANG | WUNTRACED | WCONTINUED) ==
		       run->launched.pid) {
		if (WIFCONTINUED(status) || WIFSTOPPED(status)) {
			run->child_stopped = WIFSTOPPED(status);
			if (run->child_stopped && run->wants_stop) {
				run->wants_stop = false;
				kill(getpid(), SIGSTOP);
			}
			continue;
		}
		run->child_ended = true;
		run->result->end = WIFEXITED(status) ? RECORDED_END_EXITED : RECORDED_END_KILLED;
		run->result->end_value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
		run->result->exec_error = launched_exec_error(&run->launched);
	}
}

static uint64_t live_tasks(const struct ebpf_run *run)
{
	return __atomic_load_n(&run->shared->live, __ATOMIC_SEQ_CST);
}

static bool is_over(struct ebpf_run *run)
{
	struct stat folder;

	if (run->over)
		return true;
	if (run->request->milliseconds &&
	    monotonic_milliseconds() - run->began >= (int64_t)run->request->milliseconds)
		return true;
	switch (run->request->scope) {
	case SCOPE_COMMAND:
		return run->child_ended && live_tasks(run) == 0;
	case SCOPE_PID: {
		struct pollfd end = {run->process, POLLIN, 0};

		return poll(&end, 1, 0) > 0;
	}
	default:
		/* One that is gone without ever having had a member ends it too. */
		return ((run->shared->threads || run->shared->waited) && live_tasks(run) == 0 &&
			!__atomic_load_n(&run->shared->waiting, __ATOMIC_SEQ_CST)) ||
		       stat(run->request->cgroup, &folder) < 0;
	}
}

static void show_progress(struct ebpf_run *run)
{
	struct recorder_figures figures;
	int64_t now = monotonic_milliseconds();

	if (!run->request->progress || now < run->next_progress)
		return;
	run->next_progress = now + INTERVAL;
	figures = ebpf_totals_figures(run);
	run->request->progress(run->request->progress_user, &figures);
}

static void look_around(struct ebpf_run *run)
{
	const struct serving_rule *rule = &run->request->serving;

	if (rule->kind == SERVING_AFTER && !run->shared->serving &&
	    monotonic_milliseconds() - run->began >= (int64_t)rule->milliseconds)
		ebpf_serve_all(run);
	if (run->moved) {
		run->moved = false;
		ebpf_walk(run, EBPF_WALK_MEET, NULL, NULL);
	}
	look_at_child(run);
	show_progress(run);
}

/* Milliseconds until the next thing to do that no descriptor tells of. */
static int next_wait(const struct ebpf_run *run)
{
	const struct serving_rule *rule = &run->request->serving;
	int64_t now = monotonic_milliseconds() - run->began, wait = INTERVAL;

	if (rule->kind == SERVING_AFTER && !run->shared->serving &&
	    (int64_t)rule->milliseconds - now < wait)
		wait = (int64_t)rule->milliseconds - now;
	if (run->request->milliseconds && (int64_t)run->request->milliseconds - now < wait)
		wait = (int64_t)run->request->milliseconds - now;
	return wait > 0 ? (int)wait : 0;
}

static void watch(struct ebpf_run *run)
{
	struct pollfd from[] = {
		{ring_buffer__epoll_fd(run->ring), POLLIN, 0},
		{run->signals, POLLIN, 0},
		{run->process, POLLIN, 0}, /* left out where it is -1 */
	};

	while (!is_over(run)) {
		poll(from, sizeof(from) / sizeof(from[0]), next_wait(run));
		ring_buffer__consume(run->ring);
		ebpf_signals_handle(run);
		look_around(run);
	}
	look_at_child(run);
}

/* From here on nothing is missed. */
static int begin(struct ebpf_run *run)
{
	const struct abi *abi = abi_host();
	int error;

	error = ebpf_scope_prepare(run);
	if (!error)
		error = ebpf_programs_load(run);
	if (!error && run->request->scope == SCOPE_COMMAND)
		error = ebpf_launch(run);
	if (!error)
		error = ebpf_programs_attach(run);
	if (!error)
		error = ebpf_scope_begin(run);
	run->began = monotonic_milliseconds();
	if (!error && run->request->scope == SCOPE_COMMAND)
		error = launch_go(&run->launched);
	if (error)
		return error;
	run->result->step = NULL;
	if (run->request->scope == SCOPE_COMMAND)
		recorder_launcher_call(run->recorder, abi->id, call_find("execve"));
	else if (run->request->ready)
		run->request->ready(run->request->ready_user);
	return 0;
}

static int finish(struct ebpf_run *run)
{
	int error;

	ebpf_programs_stop(run);
	ring_buffer__consume(run->ring);
	error = ebpf_totals_report(run);
	return error;
}

static void release(struct ebpf_run *run)
{
	launched_close(&run->launched);
	if (run->launched.pid > 0 && !run->child_ended)
		waitpid(run->launched.pid, NULL, 0); /* its gate closed unopened */
	ebpf_programs_release(run);
	if (run->process >= 0)
		close(run->process);
	close(run->signals);
}

static int ebpf_tracer_run(const struct trace_request *request, struct recorder *recorder,
			   struct trace_result *result)
{
	struct ebpf_run *run = calloc(1, sizeof(*run));
	struct process_status own = {0};
	int error;

	*result = (struct trace_result){0};
	if (!run) {
		result->step = "tracing with eBPF";
		return -ENOMEM;
	}
	run->request = request;
	run->recorder = recorder;
	run->result = result;
	run->process = -1;
	run->launched = (struct launched){0, -1, -1};
	ebpf_objects_init(&run->objects);
	for (size_t i = 0; i < EBPF_EVENTS; i++)
		run->links[i] = -1;
	run->uring_setup = call_find("io_uring_setup");
	run->lost_executable = EXECUTABLE_NONE;
	for (size_t i = 0; i < TRACE_EXECUTABLES; i++)
		run->executables[i] = EXECUTABLE_NONE;
	if (process_read_status(getpid(), &own) == 0 && own.seccomp &&
	    request->scope == SCOPE_COMMAND)
		recorder_unseen(recorder, UNSEEN_RECORDER_FILTERED, EXECUTABLE_NONE);
	run->filters = own.filters;
	error = ebpf_signals_take(run);
	if (!error) {
		error = begin(run);
		if (!error) {
			watch(run);
			error = finish(run);
		}
		release(run);
		signals_return(&run->before);
	}
	free(run);
	return error;
}

/* Whether this process has capability NUMBER in force. */
static bool has_capability(unsigned int number)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0}};

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[number / 32].effective >> (number % 32) & 1);
}

static int ebpf_tracer_probe(const struct trace_request *request, const char **why)
{
	*why = NULL;
	if (request->known) {
		*why = "--replay needs the ptrace tracer: eBPF counts what is known too";
		return -ENOTSUP;
	}
	if (request->exact) {
		*why = "--exact needs the ptrace tracer: eBPF does not see what calls return";
		return -ENOTSUP;
	}
	if (!has_capability(CAP_SYS_ADMIN) &&
	    !(has_capability(CAP_BPF) && has_capability(CAP_PERFMON))) {
		*why = "eBPF needs root, or the capabilities CAP_BPF and CAP_PERFMON";
		return -EPERM;
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK) < 0) {
		*why = "the kernel tells nothing of its types: /sys/kernel/btf/vmlinux is missing "
		       "(CONFIG_DEBUG_INFO_BTF, or /sys is not mounted)";
		return -ENOENT;
	}
	if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_TASK_STORAGE, NULL) != 1) {
		*why = "the kernel gives eBPF no storage for tasks: it is older than Linux 5.12, or "
		       "locked down";
		return -ENOTSUP;
	}
	return 0;
}

const struct tracer ebpf_tracer = {
	.name = "ebpf",
	.results_seen = false,
	.probe = ebpf_tracer_probe,
	.run = ebpf_tracer_run,
};
