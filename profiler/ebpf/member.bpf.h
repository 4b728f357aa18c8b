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

/* Where the state of TASK is, or comes to be. NULL without memory, which is counted. */
static __always_inline struct trace_task *task_room(struct task_struct *task)
{
	struct trace_task *state =
		bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!state)
		lose(TRACE_LOST_TASKS, 1);
	return state;
}

/*
 * TASK, which was WAS and whose executable is known, is recorded from now on; not if somebody else
 * has made it something else meanwhile.
 */
static __always_inline void task_join(struct task_struct *task, struct trace_task *state, u32 was)
{
	state->follows = task->pid != task->tgid;
	if (was == TRACE_MEMBER ||
	    __sync_val_compare_and_swap(&state->membership, was, TRACE_MEMBER) != was)
		return;
	__sync_fetch_and_add(&shared.live, 1);
	if (was == TRACE_LEAVING)
		__sync_fetch_and_add(&shared.leaving, -1);
	if (was == TRACE_LAUNCHED && scope == TRACE_CGROUP)
		__sync_fetch_and_add(&shared.waiting, -1);
	if (state->counted)
		return;
	state->counted = 1;
	__sync_fetch_and_add(&shared.threads, 1);
	if (task->pid == task->tgid)
		__sync_fetch_and_add(&shared.processes, 1);
}

/* TASK, which was WAS, is recorded from its next exec on. NULL without memory. */
static __always_inline struct trace_task *task_wait(struct task_struct *task, u32 was)
{
	struct trace_task *state = task_room(task);

	if (state && __sync_val_compare_and_swap(&state->membership, was, TRACE_LAUNCHED) == was &&
	    scope == TRACE_CGROUP)
		__sync_fetch_and_add(&shared.waiting, 1);
	return state;
}

/*
 * TASK waited for its exec in vain. It is its process's first thread that counts. A launcher often
 * makes another process that becomes the program, and ends: that is nothing to tell.
 */
static __always_inline void task_give_up(struct task_struct *task, struct trace_task *state)
{
	if (__sync_val_compare_and_swap(&state->membership, TRACE_LAUNCHED, TRACE_LEFT) !=
		    TRACE_LAUNCHED ||
	    !from_exec)
		return;
	if (task->pid == task->tgid && (state->early || !state->passed))
		__sync_fetch_and_add(&shared.waited, 1);
	if (scope == TRACE_CGROUP && __sync_fetch_and_add(&shared.waiting, -1) == 1)
		tell(TRACE_NEWS_EMPTY);
}

/* CHILD waits like FROM, which made it and may be NULL. A thread of its own is none that counts. */
static __always_inline void task_pass(struct trace_task *from, struct task_struct *child)
{
	task_wait(child, 0);
	if (from && child->pid == child->tgid)
		from->passed = 1;
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

static __always_inline void live_less(void)
{
	if (__sync_fetch_and_add(&shared.live, -1) == 1)
		tell(TRACE_NEWS_EMPTY);
}

/* The current task ends. */
static __always_inline void task_end(struct task_struct *task, struct trace_task *state)
{
	u32 was;

	memos_flush(state);
	filters_note(task, state);
	was = __sync_lock_test_and_set(&state->membership, TRACE_LEFT);
	if (was == TRACE_MEMBER)
		live_less();
	else if (was == TRACE_LEAVING)
		__sync_fetch_and_add(&shared.leaving, -1);
}

/*
 * TASK is not recorded any more. It may run meanwhile, on another CPU: what it remembers is its own
 * to count, with its next call or its end.
 */
static __always_inline void task_send_off(struct task_struct *task, struct trace_task *state)
{
	filters_note(task, state);
	__sync_fetch_and_add(&shared.leaving, 1);
	if (__sync_val_compare_and_swap(&state->membership, TRACE_MEMBER, TRACE_LEAVING) ==
	    TRACE_MEMBER)
		live_less();
	else
		__sync_fetch_and_add(&shared.leaving, -1);
}

/* The current task, which was sent off, counts what it remembers; unless it has come back. */
__noinline int task_leave(struct trace_task *state)
{
	if (!state)
		return 0;
	memos_flush(state);
	if (__sync_val_compare_and_swap(&state->membership, TRACE_LEAVING, TRACE_LEFT) ==
	    TRACE_LEAVING)
		__sync_fetch_and_add(&shared.leaving, -1);
	return 0;
}

static __always_inline u32 task_executable(u64 address, u32 draft)
{
	struct task_struct *task = (struct task_struct *)address;

	return executable_identify(address, (u64)BPF_CORE_READ(task, mm, exe_file), 0, draft);
}

/*
 * A thread of a process that is recorded already, which nobody has told us of: the process was put
 * into the cgroup as a whole, be it for the first time, or it is the one that was named. NULL where
 * it is not recorded.
 */
static __always_inline struct trace_task *task_adopt(struct task_struct *task,
						     struct trace_task *state)
{
	struct task_struct *leader = task->group_leader;
	struct trace_task *process;
	u32 was = 0;

	if (state) {
		was = state->membership;
		if (was == TRACE_LAUNCHED || was == TRACE_LEAVING || state->alone)
			return NULL;
	}
	if (!leader || leader == task)
		return NULL;
	process = task_find(leader);
	if (!process || process->membership != TRACE_MEMBER || process->alone)
		return NULL;
	if (!state)
		state = task_room(task);
	if (!state)
		return NULL;
	state->executable = process->executable;
	state->known = 1;
	state->filters = process->filters;
	state->phase |= process->phase;
	task_join(task, state, was);
	return state->membership == TRACE_MEMBER ? state : NULL;
}

/* TASK was put out of the cgroup. */
static __always_inline void task_out(struct task_struct *task, struct trace_task *state)
{
	if (state->membership == TRACE_MEMBER)
		task_send_off(task, state);
	else if (state->membership == TRACE_LAUNCHED)
		task_give_up(task, state);
}

/*
 * TASK, at ADDRESS, is in the cgroup and no member yet, or not any more. One that comes back is what
 * it was. NULL without memory.
 */
static __always_inline struct trace_task *task_in(struct task_struct *task,
						  struct trace_task *state, u64 address, u32 draft)
{
	u32 was = state ? state->membership : 0;
	bool known = state && state->known;

	if (from_exec && !known)
		return was == TRACE_LAUNCHED ? state : task_wait(task, was);
	if (!state)
		state = task_room(task);
	if (!state)
		return NULL;
	if (!known) {
		state->executable = task_executable(address, draft);
		state->known = 1;
	}
	task_join(task, state, was);
	if (was == TRACE_LEAVING && state->membership == TRACE_LEFT)
		task_join(task, state, TRACE_LEFT); /* it has counted meanwhile */
	if (known && !state->known) {               /* an exec came between */
		state->executable = task_executable(address, draft);
		state->known = 1;
	}
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
