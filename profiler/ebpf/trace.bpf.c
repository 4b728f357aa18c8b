/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's side of the eBPF tracer: counts the calls of the tasks that are recorded, follows
 * them through fork, exec and exit, and knows which cgroup they are in.
 */
#include "profiler/ebpf/cgroup.bpf.h"
#include "profiler/ebpf/member.bpf.h"
#include "profiler/ebpf/walk.bpf.h"

char LICENSE[] SEC("license") = "GPL";

enum {
	TS_COMPAT = 2,        /* <asm/thread_info.h>: the call came by an entry of 32 bits */
	X32_BIT = 0x40000000, /* __X32_SYSCALL_BIT of <asm/unistd.h> */
};

/* What stands behind a pointer; 0 where it cannot be read. */
static __always_inline u64 behind_read(const struct trace_value *value, const struct words *raw,
				       struct trace_task *state)
{
	u64 address = raw->at[value->low & (TRACE_WORDS - 1)], word = 0;
	u64 size = raw->at[value->high & (TRACE_WORDS - 1)];
	u32 id = state->executable;

	if (!value->wide) {
		address = (u32)address;
		size = (u32)size;
	}
	if (!address || size < value->offset + sizeof(word))
		return 0;
	if (bpf_probe_read_user(&word, sizeof(word), (void *)(address + value->offset)) == 0)
		return word;
	if (id < TRACE_EXECUTABLES)
		__sync_fetch_and_or(&shared.executables[id].flags, TRACE_POINTER);
	return 0;
}

/* A value of a call that is not simply a register. */
__noinline u64 value_gather(struct trace_task *state, const struct trace_value *value,
			    const struct words *raw)
{
	u64 low;

	if (!state || !value || !raw)
		return 0;
	if (value->source == TRACE_BEHIND)
		return behind_read(value, raw, state);
	low = raw->at[value->low & (TRACE_WORDS - 1)];
	if (value->source == TRACE_PAIR)
		return (u32)low | raw->at[value->high & (TRACE_WORDS - 1)] << 32;
	return low;
}

/* A call that is not quick. RAW are its registers. */
__noinline int call_count(struct trace_task *state, u64 tag, const struct words *raw)
{
	struct words words = {0};
	const struct trace_call *call;

	if (!state || !raw)
		return 0;
	call = call_describe(tag >> TAG_ABI & 3, (u32)tag);
	for (u32 i = 0; i < TRACE_VALUES; i++) {
		const struct trace_value *value = &call->values[i];
		u64 word = raw->at[i];

		if (i >= call->count)
			break;
		if (!call->plain)
			word = value_gather(state, value, raw);
		words.at[i] = word_clean(value, word);
	}
	return memo_count(state, tag, &words);
}

SEC("tp_btf/sys_enter")
int trace_enter(u64 *ctx)
{
	const struct pt_regs *regs = (const struct pt_regs *)ctx[0];
	struct task_struct *task = bpf_get_current_task_btf();
	struct trace_task *state = task_find(task);
	const struct trace_call *call;
	struct words words = {0};
	u32 number = (u32)ctx[1], abi = TRACE_ABI_X86_64;
	bool compat;
	u64 tag;

	if (shared.stopped)
		return 0;
	if (!state || state->membership != TRACE_MEMBER) {
		if (scope == TRACE_COMMAND)
			return 0;
		if (state && state->membership == TRACE_LEAVING)
			task_leave(state);
		state = task_adopt(task, state);
		if (!state)
			return 0;
	}
	compat = task->thread_info.status & TS_COMPAT;
	if (compat)
		abi = TRACE_ABI_X86;
	else if (number & X32_BIT) {
		abi = TRACE_ABI_X32;
		number &= ~X32_BIT;
	}
	call = call_describe(abi, number);
	words.at[0] = compat ? regs->bx : regs->di;
	words.at[1] = compat ? regs->cx : regs->si;
	words.at[2] = regs->dx;
	/* Of a thread the phase is its process's, which may have begun to serve since. */
	if (phases && state->phase == PHASE_START &&
	    (call->roles || (state->follows && shared.served)))
		phase_enter(state, abi, number, words.at[0]);
	tag = tag_make(number, abi, state->phase | (shared.serving & 1));
	if (call->quick) {
		memo_count_quick(state, tag, call, &words);
		return 0;
	}
	words.at[3] = compat ? regs->si : regs->r10;
	words.at[4] = compat ? regs->di : regs->r8;
	words.at[5] = compat ? regs->bp : regs->r9;
	call_count(state, tag, &words);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int trace_fork(u64 *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	struct trace_task *from = task_find(parent), *state;
	bool member;

	if (!from && scope != TRACE_COMMAND)
		from = task_adopt(parent, NULL);
	member = from && from->membership == TRACE_MEMBER;
	if (scope == TRACE_CGROUP) {
		if (!cgroup_has_task(address_of(ctx, 1)))
			return 0;
	} else if (!member) {
		if (from_exec && from && from->membership == TRACE_LAUNCHED)
			task_pass(from, child);
		return 0;
	}
	if (shared.stopped)
		return 0;
	if (from_exec && !member) {
		task_pass(from, child);
		return 0;
	}
	state = task_room(child);
	if (!state || state->membership == TRACE_MEMBER)
		return 0;
	if (member && from) {
		state->executable = from->executable;
		state->filters = from->filters;
		state->phase = from->phase;
		state->listens = from->listens;
	} else if (scope == TRACE_CGROUP) {
		state->executable = task_executable(address_of(ctx, 1), DRAFT_EVENT);
	}
	state->known = 1;
	task_join(child, state, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int trace_exec(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct linux_binprm *bprm = (struct linux_binprm *)ctx[2];
	struct trace_task *state = task_find(task);
	u32 was;

	if (!state || shared.stopped)
		return 0;
	/* Before the look at the membership: who makes it a member looks behind that. */
	__sync_lock_test_and_set(&state->known, 0);
	was = state->membership;
	if (was == TRACE_LEAVING)
		task_leave(state);
	if (was == TRACE_MEMBER) {
		memos_flush(state);
		filters_note(task, state);
	} else if (was != TRACE_LAUNCHED) {
		return 0;
	} else if (from_exec && !state->alone && (int)ctx[1] != task->pid) {
		/* A thread has taken its process over, whose first thread ended for that. */
		__sync_fetch_and_add(&shared.waited, -1);
	}
	state->executable = executable_identify(address_of(ctx, 0), (u64)BPF_CORE_READ(bprm, file),
						address_of(ctx, 2), DRAFT_EVENT);
	state->known = 1;
	task_join(task, state, was);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int trace_exit(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct trace_task *state = task_find(task);

	if (!state)
		return 0;
	if (state->membership == TRACE_MEMBER || state->membership == TRACE_LEAVING)
		task_end(task, state);
	else
		task_give_up(task, state);
	return 0;
}

/* Whole processes and single threads that are put into a cgroup, or out of it. */
SEC("tp_btf/cgroup_attach_task")
int trace_attach(u64 *ctx)
{
	struct cgroup *to = (struct cgroup *)ctx[0];
	struct task_struct *task = (struct task_struct *)ctx[2];
	bool whole = ctx[3] & 1;
	struct trace_task *state;

	if (shared.stopped || !cgroup_has_hierarchy(to))
		return 0;
	state = task_find(task);
	if (!cgroup_is_inside(address_of(ctx, 0))) {
		if (state) {
			state->alone = !whole;
			task_out(task, state);
		}
	} else if (!state || state->membership != TRACE_MEMBER) {
		state = task_in(task, state, address_of(ctx, 2), DRAFT_EVENT);
		if (state)
			state->alone = !whole;
	}
	if (whole)
		tell(TRACE_NEWS_MOVED);
	return 0;
}

static __always_inline void operation_count(struct trace_task *state, u16 opcode)
{
	struct trace_operation key = {state->executable, state->phase | (shared.serving & 1),
				      opcode};
	u64 one = 1, *count = bpf_map_lookup_elem(&operations, &key);

	if (!count) {
		if (bpf_map_update_elem(&operations, &key, &one, BPF_NOEXIST) == 0)
			return;
		count = bpf_map_lookup_elem(&operations, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		lose(TRACE_LOST_OPERATIONS, 1);
}

/* The kernel's own thread that polls a ring is a thread of the process whose ring it is. */
static __always_inline void operation_seen(const struct io_kiocb *request)
{
	struct task_struct *task = bpf_get_current_task_btf(), *leader = task->group_leader;
	struct trace_task *state = task_find(task);

	if (!state && leader)
		state = task_find(leader);
	if (state && state->membership == TRACE_MEMBER && !shared.stopped)
		operation_count(state, request->opcode);
}

SEC("?tp_btf/io_uring_submit_req")
int trace_operation(u64 *ctx)
{
	operation_seen((const struct io_kiocb *)ctx[0]);
	return 0;
}

/* The same by the name that it had from Linux 6.0 to 6.2. */
SEC("?tp_btf/io_uring_submit_sqe")
int trace_operation_sqe(u64 *ctx)
{
	operation_seen((const struct io_kiocb *)ctx[0]);
	return 0;
}
