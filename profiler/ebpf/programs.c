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
	HOOKS,
};

/* Only what the scope needs, and the running kernel has. */
static void choose_programs(struct trace_bpf *source, enum recorded_scope scope,
			    enum operations_hook hook)
{
	bpf_program__set_autoload(source->progs.trace_operation, hook == HOOK_REQUEST);
	bpf_program__set_autoload(source->progs.trace_operation_sqe, hook == HOOK_ENTRY);
	bpf_program__set_autoload(source->progs.trace_attach, scope == SCOPE_CGROUP);
	bpf_program__set_autoload(source->progs.walk_meet, scope != SCOPE_COMMAND);
	bpf_program__set_autoload(source->progs.walk_begin, scope == SCOPE_PID);
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

static int load_with(struct ebpf_run *run, enum ebpf_loader loader, enum operations_hook hook)
{
	const struct trace_request *request = run->request;
	struct trace_bpf *source = trace_bpf__open();
	int error;

	if (!source)
		return -errno;
	choose_programs(source, request->scope, hook);
	source->rodata->scope = scope_number(request->scope);
	source->rodata->phases =
		request->serving.kind == SERVING_LISTEN || request->serving.kind == SERVING_CALL;
	source->rodata->from_exec = request->from_exec;
	source->rodata->cgroup_id = run->cgroup_id;
	source->rodata->cgroup_hierarchy = run->cgroup_hierarchy;
	ebpf_calls_describe((struct trace_shared *)&source->bss->shared, &request->serving);
	error = ebpf_objects_load(&run->objects, source, loader);
	run->operations_seen = hook != HOOK_NONE;
	trace_bpf__destroy(source);
	return error;
}

int ebpf_programs_load(struct ebpf_run *run)
{
	int error = -ESRCH;

	run->result->step = "loading the programs into the kernel";
	libbpf_set_print(print_nothing);
	/*
	 * What a kernel does not have shows in the attempt, which costs least where it has it. Why
	 * libbpf failed is the better reason of the two.
	 */
	for (int loader = 0; error && loader < EBPF_LOADERS; loader++)
		for (int hook = 0; error && hook < HOOKS; hook++)
			error = load_with(run, (enum ebpf_loader)loader,
					  (enum operations_hook)hook);
	if (error)
		return error;
	run->shared = run->objects.shared;
	run->ring = ring_buffer__new(run->objects.maps[EBPF_MAP_NEWS], ebpf_news_take, run, NULL);
	return run->ring ? 0 : -errno;
}

int ebpf_programs_attach(struct ebpf_run *run)
{
	run->result->step = "attaching to the kernel's tracepoints";
	for (size_t i = 0; i < EBPF_EVENTS; i++) {
		if (run->objects.programs[i] < 0)
			continue;
		run->links[i] =
			bpf_link_create(run->objects.programs[i], 0, BPF_TRACE_RAW_TP, NULL);
		if (run->links[i] < 0)
			return -errno;
	}
	return 0;
}

static void detach(struct ebpf_run *run)
{
	for (size_t i = 0; i < EBPF_EVENTS; i++) {
		if (run->links[i] >= 0)
			close(run->links[i]);
		run->links[i] = -1;
	}
}

void ebpf_programs_stop(struct ebpf_run *run)
{
	static const struct timespec settle = {0, SETTLE_MILLISECONDS * 1000000L};

	__atomic_store_n(&run->shared->stopped, 1, __ATOMIC_SEQ_CST);
	detach(run);
	/*
	 * The programs cannot be interrupted for as long as a tick, and who was behind the look at
	 * STOPPED is through by then. A task that has ended counts nothing: its end came last.
	 */
	if (__atomic_load_n(&run->shared->live, __ATOMIC_SEQ_CST) ||
	    __atomic_load_n(&run->shared->leaving, __ATOMIC_SEQ_CST))
		nanosleep(&settle, NULL);
}

void ebpf_programs_release(struct ebpf_run *run)
{
	detach(run);
	ring_buffer__free(run->ring);
	ebpf_objects_release(&run->objects);
}

int ebpf_walk(struct ebpf_run *run, enum ebpf_program walk, void (*each)(void *user, pid_t pid),
	      void *user)
{
	int link = bpf_link_create(run->objects.programs[walk], 0, BPF_TRACE_ITER, NULL);
	uint32_t numbers[256];
	ssize_t got = 0;
	int fd, error = 0;

	if (link < 0)
		return -errno;
	fd = bpf_iter_create(link);
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
	close(link);
	return error;
}
