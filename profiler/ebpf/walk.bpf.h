/* SPDX-License-Identifier: Apache-2.0 */
/* The tracer's own walks over all tasks. */
#ifndef PALE_PROFILER_EBPF_WALK_BPF_H
#define PALE_PROFILER_EBPF_WALK_BPF_H

#include "profiler/ebpf/cgroup.bpf.h"
#include "profiler/ebpf/member.bpf.h"

enum {
	PF_EXITING = 4, /* <linux/sched.h> */
	PF_KTHREAD = 0x200000,
};

/* Walks are the tracer's own reads: they know its namespace. */
static __always_inline void namespace_note(void)
{
	struct task_struct *tracer = bpf_get_current_task_btf();

	shared.pid_level = BPF_CORE_READ(tracer, thread_pid, level);
}

static __always_inline void met(void)
{
	__sync_fetch_and_add(&shared.met, 1);
}

/* A thread of the process that was named. */
static __always_inline void meet_thread(struct task_struct *task, struct trace_task *state)
{
	struct trace_task *process;

	if (state)
		return;
	if (!from_exec) {
		if (task_adopt(task, NULL))
			met();
		return;
	}
	process = task_find(task->group_leader);
	if (process && process->membership == TRACE_LAUNCHED) {
		task_wait(task, 0);
		met();
	}
}

/* Takes in what is there when the recording begins, and what a move of a process has left over. */
SEC("iter/task")
int walk_meet(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct trace_task *state;

	if (!task || (task->flags & (PF_KTHREAD | PF_EXITING)))
		return 0;
	namespace_note();
	state = task_find(task);
	if (scope == TRACE_PROCESS) {
		meet_thread(task, state);
		return 0;
	}
	if (!cgroup_has_task(address_of(ctx, 1))) {
		/* A thread of a process that has left as a whole. */
		if (state) {
			state->alone = 0;
			task_out(task, state);
		}
		return 0;
	}
	if (state && state->membership == TRACE_MEMBER)
		return 0;
	if (from_exec && state && state->membership == TRACE_LAUNCHED)
		return 0;
	if (!(task->pid != task->tgid && task_adopt(task, state)))
		state = task_in(task, state, address_of(ctx, 1), DRAFT_WALK);
	if (state)
		state->early = 1;
	met();
	return 0;
}

/* The process that was named begins to be recorded: its leader, whose other threads follow. */
SEC("iter/task")
int walk_begin(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct trace_task *state;

	if (!task)
		return 0;
	state = task_find(task);
	if (!state || state->membership != TRACE_LAUNCHED)
		return 0;
	namespace_note();
	state->executable = task_executable(address_of(ctx, 1), DRAFT_WALK);
	state->known = 1;
	task_join(task, state, TRACE_LAUNCHED);
	return 0;
}

/* Behind the recording's end: what the tasks still remember. */
SEC("iter/task")
int walk_flush(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct trace_task *state;

	if (!task)
		return 0;
	state = task_find(task);
	if (!state)
		return 0;
	task_give_up(task, state);
	memos_flush(state);
	if (state->membership == TRACE_MEMBER)
		filters_note(task, state);
	return 0;
}

/* Writes the ids of the processes that are recorded. */
SEC("iter/task")
int walk_list(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct trace_task *state;
	u32 number;

	if (!task || task->pid != task->tgid)
		return 0;
	state = task_find(task);
	if (!state || state->membership != TRACE_MEMBER)
		return 0;
	namespace_note();
	number = task_number(task);
	bpf_seq_write(ctx->meta->seq, &number, sizeof(number));
	return 0;
}

#endif
