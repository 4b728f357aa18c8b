/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the kernel's side, attaches it, and takes it out again. */
#include "profiler/ebpf/run.h"

#include "profiler/ebpf/trace.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

enum {
	SETTLE_MILLISECONDS = 10,
};

static int print_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* How io_uring's tracepoint for a request is called. */
enum operations_hook {
	HOOK_REQUEST, /* since Linux 6.3 */
	HOOK_ENTRY,   /* from 6.0 on; before that it has other arguments */
	HOOK_NONE,
};

/* Only what the scope needs, and the running kernel has. */
static void choose_programs(struct ebpf_run *run, enum operations_hook hook)
{
	struct trace_bpf *programs = run->programs;
	enum recorded_scope scope = run->request->scope;

	bpf_program__set_autoload(programs->progs.trace_operation, hook == HOOK_REQUEST);
	bpf_program__set_autoload(programs->progs.trace_operation_sqe, hook == HOOK_ENTRY);
	bpf_program__set_autoload(programs->progs.trace_attach, scope == SCOPE_CGROUP);
	bpf_program__set_autoload(programs->progs.walk_meet, scope != SCOPE_COMMAND);
	bpf_program__set_autoload(programs->progs.walk_begin, scope == SCOPE_PID);
	run->operations_seen = hook != HOOK_NONE;
}

static uint32_t scope_number(enum recorded_scope scope)
{
	static const uint32_t numbers[SCOPE_COUNT] = {
		[SCOPE_COMMAND] = TRACE_COMMAND,
		[SCOPE_PID] = TRACE_PROCESS,
		[SCOPE_CGROUP] = TRACE_CGROUP,
	};

	return numbers[scope];
}

static int load_with(struct ebpf_run *run, enum operations_hook hook)
{
	int error;

	run->result->step = "loading the programs into the kernel";
	run->programs = trace_bpf__open();
	if (!run->programs)
		return -errno;
	choose_programs(run, hook);
	run->programs->rodata->scope = scope_number(run->request->scope);
	run->programs->rodata->phases = run->request->serving.kind == SERVING_LISTEN ||
					run->request->serving.kind == SERVING_CALL;
	run->programs->rodata->from_exec = run->request->from_exec;
	run->programs->rodata->cgroup_id = run->cgroup_id;
	run->programs->rodata->cgroup_hierarchy = run->cgroup_hierarchy;
	ebpf_calls_describe((struct trace_shared *)&run->programs->bss->shared,
			    &run->request->serving);
	error = trace_bpf__load(run->programs);
	if (error) {
		trace_bpf__destroy(run->programs);
		run->programs = NULL;
	}
	return error;
}

int ebpf_programs_load(struct ebpf_run *run)
{
	int error = -ESRCH;

	libbpf_set_print(print_nothing);
	/* That a tracepoint is not there shows in the attempt, which costs least where it is. */
	for (int hook = HOOK_REQUEST; error && hook <= HOOK_NONE; hook++)
		error = load_with(run, (enum operations_hook)hook);
	if (error)
		return error;
	run->shared = (struct trace_shared *)&run->programs->bss->shared;
	run->ring =
		ring_buffer__new(bpf_map__fd(run->programs->maps.news), ebpf_news_take, run, NULL);
	return run->ring ? 0 : -errno;
}

int ebpf_programs_attach(struct ebpf_run *run)
{
	struct trace_bpf *programs = run->programs;
	struct {
		const struct bpf_program *program;
		struct bpf_link **link;
	} events[] = {
		/* Calls last: what makes them is known by then. */
		{programs->progs.trace_exit, &programs->links.trace_exit},
		{programs->progs.trace_exec, &programs->links.trace_exec},
		{programs->progs.trace_fork, &programs->links.trace_fork},
		{programs->progs.trace_attach, &programs->links.trace_attach},
		{programs->progs.trace_operation, &programs->links.trace_operation},
		{programs->progs.trace_operation_sqe, &programs->links.trace_operation_sqe},
		{programs->progs.trace_enter, &programs->links.trace_enter},
	};

	run->result->step = "attaching to the kernel's tracepoints";
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (!bpf_program__autoload(events[i].program))
			continue;
		*events[i].link = bpf_program__attach(events[i].program);
		if (!*events[i].link)
			return -errno;
	}
	return 0;
}

void ebpf_programs_stop(struct ebpf_run *run)
{
	static const struct timespec settle = {0, SETTLE_MILLISECONDS * 1000000L};

	__atomic_store_n(&run->shared->stopped, 1, __ATOMIC_SEQ_CST);
	trace_bpf__detach(run->programs);
	/*
	 * The programs cannot be interrupted for as long as a tick, and who was behind the look at
	 * STOPPED is through by then.
	 */
	nanosleep(&settle, NULL);
}

void ebpf_programs_release(struct ebpf_run *run)
{
	ring_buffer__free(run->ring);
	trace_bpf__destroy(run->programs);
}

int ebpf_walk(struct ebpf_run *run, enum ebpf_walk walk, void (*each)(void *user, pid_t pid),
	      void *user)
{
	struct bpf_program *programs[] = {
		[EBPF_WALK_MEET] = run->programs->progs.walk_meet,
		[EBPF_WALK_BEGIN] = run->programs->progs.walk_begin,
		[EBPF_WALK_FLUSH] = run->programs->progs.walk_flush,
		[EBPF_WALK_LIST] = run->programs->progs.walk_list,
	};
	struct bpf_link *link = bpf_program__attach_iter(programs[walk], NULL);
	uint32_t numbers[256];
	ssize_t got = 0;
	int fd, error = 0;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		error = -errno;
	while (!error && (got = read(fd, numbers, sizeof(numbers))) != 0) {
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			error = -errno;
		for (ssize_t i = 0; each && i < got / (ssize_t)sizeof(numbers[0]); i++)
			each(user, (pid_t)numbers[i]);
	}
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return error;
}
