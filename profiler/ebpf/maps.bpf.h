/* SPDX-License-Identifier: Apache-2.0 */
/* The maps, and what the tracer sets before the programs are loaded. */
#ifndef PALE_PROFILER_EBPF_MAPS_BPF_H
#define PALE_PROFILER_EBPF_MAPS_BPF_H

/* kernel.bpf.h has the types that the others are made of. */
/* clang-format off */
#include "profiler/ebpf/kernel.bpf.h"
#include "profiler/ebpf/trace.h"
#include <bpf/bpf_helpers.h>
/* clang-format on */

#include <stdbool.h>

#define HASH_STEP 0x9e3779b97f4a7c15ULL /* 2^64 by the golden ratio */

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct trace_task);
} tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_RECORDS);
	__type(key, struct trace_key);
	__type(value, struct trace_record);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_TUPLES);
	__type(key, struct trace_tuple);
	__type(value, u64);
} tuples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_OPERATIONS);
	__type(key, struct trace_operation);
	__type(value, u64);
} operations SEC(".maps");

/* From what tells an executable apart to its number. */
struct identity {
	u64 device;
	u64 inode;
	u64 path;   /* made of the kernel's hashes of its components */
	u64 script; /* the same of what it interprets, or 0 */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_EXECUTABLES);
	__type(key, struct identity);
	__type(value, u32);
} identities SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 21);
} news SEC(".maps");

/* Room to put an announcement together. Each text may be taken for one that has room behind it. */
struct draft {
	struct trace_news news;
	char behind[256];
};

enum {
	DRAFT_EVENT, /* where nothing else can come between on this CPU */
	DRAFT_WALK,  /* in the walk over all tasks */
	DRAFTS,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DRAFTS);
	__type(key, u32);
	__type(value, struct draft);
} drafts SEC(".maps");

struct trace_shared shared;

const volatile u32 scope;     /* enum trace_scope */
const volatile u32 phases;    /* whether a call can begin to serve */
const volatile u32 from_exec; /* trace_request.from_exec */
const volatile u64 cgroup_id; /* TRACE_CGROUP */
const volatile int cgroup_hierarchy;

static __always_inline void lose(enum trace_loss reason, u64 count)
{
	__sync_fetch_and_add(&shared.lost[reason], count);
}

static __always_inline const struct trace_call *call_describe(u32 abi, u32 number)
{
	static const struct trace_call nothing = {.plain = 1, .quick = 1};
	u32 index = abi * TRACE_CALLS + number;

	if (number >= TRACE_CALLS || index >= TRACE_ABIS * TRACE_CALLS)
		return &nothing;
	return &shared.calls[index];
}

/* Tells the tracer that something has happened; it looks at SHARED for what. */
static __always_inline void tell(enum trace_news_kind kind)
{
	u64 words[TRACE_NEWS_SHORT / sizeof(u64)] = {kind};

	if (bpf_ringbuf_output(&news, words, sizeof(words), 0) < 0)
		lose(TRACE_LOST_NEWS, kind == TRACE_NEWS_MOVED);
}

#endif
