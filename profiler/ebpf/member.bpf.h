/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks that are recorded: how they begin and end, and the phase of their processes. */
#ifndef PALE_PROFILER_EBPF_MEMBER_BPF_H
#define PALE_PROFILER_EBPF_MEMBER_BPF_H

#include "profiler/ebpf/identity.bpf.h"
#include "profiler/ebpf/memo.bpf.h"

enum {
	PHASE_START = 0, /* enum recorded_phase */
	PHASE_SERVING = 1,
	SECCOMP_STRICT = 1, /* <linux/seccomp.h> */
};

/*
 * A program's argument INDEX as a number: functions that are verified by themselves take no
 * pointers to the kernel's structures, and read them by probes.
 */
static __always_inline u64 address_of(const void *ctx, u32 index)
{
	u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), (const u64 *)ctx + index);
	return address;
}

static __always_inline struct trace_task *task_find(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

/* TASK is recorded from now on. NULL without memory, which is counted. */
static __always_inline struct trace_task *task_begin(struct task_struct *task)
{
	struct trace_task *state =
		bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!state) {
		lose(TRACE_LOST_TASKS, 1);
		return NULL;
	}
	if (state->membership == TRACE_MEMBER)
		return state;
	state->membership = TRACE_MEMBER;
	state->follows = task->pid != task->tgid;
	__sync_fetch_and_add(&shared.live, 1);
	__sync_fetch_and_add(&shared.threads, 1);
	if (task->pid == task->tgid)
		__sync_fetch_and_add(&shared.processes, 1);
	return state;
}

/* TASK is recorded from its next exec on. */
static __always_inline void task_wait(struct task_struct *task)
{
	struct trace_task *state =
		bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (state)
		state->membership = TRACE_LAUNCHED;
	else
		lose(TRACE_LOST_TASKS, 1);
}

/* What a filter of its own kept from us is for the tracer to say. */
static __always_inline void filters_note(struct task_struct *task, struct trace_task *state)
{
	u32 id = state->executable;

	if (task->seccomp.mode != SECCOMP_STRICT &&
	    task->seccomp.filter_count.counter <= state->filters)
		return;
	if (id < TRACE_EXECUTABLES && !(shared.executables[id].flags & TRACE_OWN_FILTER))
		__sync_fetch_and_or(&shared.executables[id].flags, TRACE_OWN_FILTER);
}

static __always_inline void task_end(struct task_struct *task, struct trace_task *state,
				     enum trace_membership now)
{
	memos_flush(state);
	filters_note(task, state);
	state->membership = now;
	if (__sync_fetch_and_add(&shared.live, -1) == 1)
		tell(TRACE_NEWS_EMPTY);
}

static __always_inline u32 task_executable(u64 address, u32 draft)
{
	struct task_struct *task = (struct task_struct *)address;

	return executable_identify(address, (u64)BPF_CORE_READ(task, mm, exe_file), 0, draft);
}

/*
 * A thread of a process that is recorded already, which nobody has told us of: the process was put
 * into the cgroup as a whole, or it is the one that was named.
 */
static __always_inline struct trace_task *task_adopt(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	struct trace_task *process, *state;

	if (!leader || leader == task)
		return NULL;
	process = task_find(leader);
	if (!process || process->membership != TRACE_MEMBER || process->alone)
		return NULL;
	state = task_begin(task);
	if (!state)
		return NULL;
	state->executable = process->executable;
	state->filters = process->filters;
	state->phase = process->phase;
	return state;
}

/*
 * What a call of the current task means for its phase. The process's own state is its leader's; other
 * threads follow it. It is verified by itself, since each place that
 * follows a pointer from task to task costs the verifier a search through all of the kernel's types,
 * once more for each way that leads there: it comes first.
 */
__noinline int phase_enter(struct trace_task *state, u32 abi, u32 number, u64 first)
{
	const struct trace_call *call = call_describe(abi, number);
	struct task_struct *leader = bpf_get_current_task_btf()->group_leader;
	struct trace_task *process = NULL;
	u32 bit = 1;

	if (!state)
		return 0;
	if (state->follows && leader)
		process = task_find(leader);
	if (process) {
		state->phase |= process->phase;
		state->listens |= process->listens;
	}
	if (state->phase != PHASE_START || (call->by_first && (u32)first > 31))
		return 0;
	if (call->by_first)
		bit = 1u << (first & 31);
	if (call->listens & bit)
		state->listens = 1;
	if ((call->begins & bit) || ((call->waits & bit) && state->listens))
		state->phase = PHASE_SERVING;
	if (process) {
		process->phase |= state->phase;
		process->listens |= state->listens;
	}
	if (state->phase == PHASE_SERVING && !shared.served) {
		shared.served = 1;
		tell(TRACE_NEWS_SERVING);
	}
	return 0;
}

#endif
