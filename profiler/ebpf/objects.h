/* SPDX-License-Identifier: Apache-2.0 */
/* The maps and programs of trace.bpf.c once they are in the kernel. */
#ifndef PALE_PROFILER_EBPF_OBJECTS_H
#define PALE_PROFILER_EBPF_OBJECTS_H

#include "profiler/ebpf/trace.h"

struct trace_bpf;

enum ebpf_map {
	EBPF_MAP_TASKS,
	EBPF_MAP_RECORDS,
	EBPF_MAP_TUPLES,
	EBPF_MAP_OPERATIONS,
	EBPF_MAP_NEWS,
	EBPF_MAP_SHARED,
	EBPF_MAPS,
};

/* Those of events stand in the order in which they are attached. */
enum ebpf_program {
	EBPF_TRACE_EXIT,
	EBPF_TRACE_EXEC,
	EBPF_TRACE_FORK,
	EBPF_TRACE_ATTACH,
	EBPF_TRACE_OPERATION,
	EBPF_TRACE_OPERATION_SQE,
	EBPF_TRACE_ENTER, /* calls last: what makes them is known by then */
	EBPF_EVENTS,
	EBPF_WALK_MEET = EBPF_EVENTS,
	EBPF_WALK_BEGIN,
	EBPF_WALK_FLUSH,
	EBPF_WALK_LIST,
	EBPF_PROGRAMS,
};

/* Descriptors, -1 for none; of a program, that the scope does not need or the kernel has no event for. */
struct ebpf_objects {
	int maps[EBPF_MAPS];
	int programs[EBPF_PROGRAMS];
	struct trace_shared *shared; /* EBPF_MAP_SHARED as memory, or NULL */
};

/* Who works out where the running kernel has the members of its structures, and loads. */
enum ebpf_loader {
	EBPF_LOADER_KERNEL,  /* a program of type BPF_PROG_TYPE_SYSCALL; since Linux 5.17 */
	EBPF_LOADER_LIBRARY, /* libbpf, which reads and searches all of the kernel's types */
	EBPF_LOADERS,
};

/*
 * Loads what SOURCE, opened and not loaded, has by now, through LOADER. Returns 0, or negative errno
 * with nothing loaded. SOURCE can only be destroyed afterwards; OBJECTS, to be released, does not need
 * it.
 */
int ebpf_objects_load(struct ebpf_objects *objects, struct trace_bpf *source,
		      enum ebpf_loader loader);
/* Safe for what was not loaded, if it was set up by ebpf_objects_init(). */
void ebpf_objects_init(struct ebpf_objects *objects);
void ebpf_objects_release(struct ebpf_objects *objects);

#endif
