/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one trace with eBPF, and its parts. */
#ifndef PALE_PROFILER_EBPF_RUN_H
#define PALE_PROFILER_EBPF_RUN_H

#include "profiler/ebpf/objects.h"
#include "profiler/launch.h"
#include "profiler/tracer.h"

struct ring_buffer;

struct ebpf_run {
	const struct trace_request *request;
	struct recorder *recorder;
	struct trace_result *result;
	struct ebpf_objects objects;
	struct trace_shared *shared; /* the objects' own */
	int links[EBPF_EVENTS];      /* of the programs to their events, or -1 */
	struct ring_buffer *ring;
	/* The recorder's numbers of the kernel's; EXECUTABLE_NONE where it has not told of one. */
	executable_id executables[TRACE_EXECUTABLES];
	executable_id lost_executable; /* the one for calls of those */
	struct launched launched;      /* SCOPE_COMMAND; else its pid is 0 */
	int process;                   /* SCOPE_PID: its pidfd, or -1 */
	bool operations_seen;
	bool child_ended;
	bool child_stopped;
	bool wants_stop;
	bool moved; /* threads were put into another cgroup with their process */
	bool over;
	call_id uring_setup;
	uint64_t cgroup_id; /* SCOPE_CGROUP */
	int cgroup_hierarchy;
	int filters; /* seccomp filters of this process, which the command inherits */
	int64_t began;
	int64_t last_request;
	int64_t next_progress;
	int signals; /* signalfd */
	struct signals_before before;
};

/* programs.c: loads and attaches the programs. Returns 0, or negative errno with the result's step. */
int ebpf_programs_load(struct ebpf_run *run);
int ebpf_programs_attach(struct ebpf_run *run);
/* No program runs behind this, and nothing more is counted. */
void ebpf_programs_stop(struct ebpf_run *run);
void ebpf_programs_release(struct ebpf_run *run);
/* Has an EBPF_WALK_* go over all tasks, and calls EACH, which may be NULL, with what it writes. */
int ebpf_walk(struct ebpf_run *run, enum ebpf_program walk, void (*each)(void *user, pid_t pid),
	      void *user);

/* calls.c: puts what the catalogue knows of calls into SHARED. */
void ebpf_calls_describe(struct trace_shared *shared, const struct serving_rule *rule);
/* The ABI of a TRACE_ABI_*. */
enum abi_id ebpf_abi(unsigned int abi);

/* news.c: an announcement of the kernel's side. */
int ebpf_news_take(void *user, void *bytes, size_t size);

/* totals.c: gives the recorder what the maps hold. 0, or negative errno with the result's step. */
int ebpf_totals_report(struct ebpf_run *run);
/* What they hold by now, for progress. */
struct recorder_figures ebpf_totals_figures(struct ebpf_run *run);

/* launch.c: the command, held before its exec. 0, or negative errno with the result's step. */
int ebpf_launch(struct ebpf_run *run);

/* scope.c: what is there when the recording begins. */
int ebpf_scope_prepare(struct ebpf_run *run);
int ebpf_scope_begin(struct ebpf_run *run);

/* signals.c: signals to the tracer. */
int ebpf_signals_take(struct ebpf_run *run);
void ebpf_signals_handle(struct ebpf_run *run);

/* ebpf_tracer.c: every process is in PHASE_SERVING from now on. */
void ebpf_serve_all(struct ebpf_run *run);

#endif
