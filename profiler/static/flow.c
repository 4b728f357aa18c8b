/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/flow.h"

#include <elf.h>
#include <string.h>

enum {
	/*
	 * Above these, each block starts from nothing known: memory stays bounded, and a call's
	 * number is set in the block where the call is made nearly always.
	 */
	BLOCKS_MAX = 16384,
	PUSHED = REGISTERS,
};

/* What a call leaves unknown. System V's ABI for x86_64: rax rcx rdx rsi rdi r8 to r11. */
static const uint32_t x86_call_writes = 0x0fc7;
/* Procedure Call Standard of the Arm 64-bit Architecture: x0 to x18, and the link in x30. */
static const uint32_t aarch64_call_writes = 0x4007ffff;

static const struct value anything = {.kind = VALUE_ANY};

struct flow_work {
	struct arena *arena;
	struct flow *flow;
	struct decoder *decoder;
	const struct body *body;
};

static struct flow_state state_anything(void)
{
	struct flow_state state;

	for (unsigned int i = 0; i < FLOW_VALUES; i++)
		state.values[i] = anything;
	return state;
}

static struct flow_state state_entry(void)
{
	struct flow_state state = state_anything();

	for (uint8_t i = 0; i < REGISTERS; i++)
		state.values[i] = (struct value){.kind = VALUE_ENTRY, .entry = i};
	return state;
}

static struct value value_of(const struct flow_state *state, uint8_t reg)
{
	return reg < FLOW_VALUES ? state->values[reg] : anything;
}

static struct value address_of(const struct operation *operation, const struct value *base,
			       const struct value *index)
{
	struct value sum = value_constant(operation->value);
	unsigned int times = operation->other == REGISTER_NONE ? 0 : operation->scale;
	struct value scaled = times ? value_scale(index, times) : value_constant(0);

	sum = value_compute(ALU_ADD, &sum, &scaled);
	if (operation->source == REGISTER_NONE)
		return sum;
	/* One register twice has the same value twice. */
	if (operation->source == operation->other) {
		scaled = value_scale(index, times + 1);
		sum = value_constant(operation->value);
		return value_compute(ALU_ADD, &sum, &scaled);
	}
	return value_compute(ALU_ADD, &sum, base);
}

static struct value result_of(const struct operation *operation, const struct flow_state *state)
{
	struct value a = value_of(state, operation->source), b = value_of(state, operation->other);
	struct value zero = value_constant(0), one = value_constant(1);

	switch (operation->kind) {
	case OP_CONSTANT:
		return value_constant(operation->value);
	case OP_MOVE:
		return a;
	case OP_FLAG:
		return value_join(&zero, &one);
	case OP_SELECT:
		one = value_constant(operation->value);
		b = operation->value ? value_compute(ALU_ADD, &b, &one) : b;
		return value_join(&a, &b);
	case OP_COMPUTE:
		if (operation->other == REGISTER_NONE)
			b = value_constant(operation->value);
		return value_compute(operation->alu, &a, &b);
	case OP_ADDRESS:
		return address_of(operation, &a, &b);
	case OP_BORROW:
		one = value_constant(UINT64_MAX);
		return value_join(&zero, &one);
	case OP_TRUTH:
		a = value_of(state, operation->dst);
		b = value_join(&zero, &one);
		if (a.kind == VALUE_CONSTANT && a.count == 1 && a.constants[0] <= 1)
			return b;
		return (struct value){.kind = VALUE_TRUTH};
	case OP_POP:
		return state->values[PUSHED];
	default:
		return anything;
	}
}

static void step(uint16_t machine, const struct operation *operation, struct flow_state *state)
{
	struct value result = result_of(operation, state);
	uint32_t written = operation->written;

	if (operation->kind >= OP_CALL && operation->kind <= OP_CALL_REGISTER)
		written |= machine == EM_X86_64 ? x86_call_writes : aarch64_call_writes;
	for (unsigned int i = 0; written && i < REGISTERS; i++)
		if (written >> i & 1)
			state->values[i] = anything;
	if (operation->kind == OP_PUSH)
		state->values[PUSHED] = operation->source == REGISTER_NONE
						? value_constant(operation->value)
						: value_of(state, operation->source);
	else if (operation->kind == OP_POP || written >> 4 & 1 || operation->kind == OP_CALL)
		state->values[PUSHED] = anything;
	if (operation->dst >= REGISTERS || operation->kind == OP_OTHER)
		return;
	state->values[operation->dst] = operation->narrow ? value_narrow(&result) : result;
}

static void mark_leader(struct flow_work *work, uint64_t address)
{
	size_t index = body_find(work->body, address);

	if (index != SIZE_MAX)
		work->flow->leaders[index] = 1;
}

static bool ends_block(const struct operation *operation)
{
	return operation->kind >= OP_BRANCH || operation->final;
}

static void find_leaders(struct flow_work *work, uint64_t entry, const uint64_t *extra,
			 size_t extra_count)
{
	const struct body *body = work->body;
	struct flow *flow = work->flow;
	size_t count = body->operations.count;

	if (flow->leaders_room < count) {
		flow->leaders_room = count * 2;
		flow->leaders = arena_alloc_array(work->arena, flow->leaders_room, 1);
	}
	memset(flow->leaders, 0, count);
	flow->leaders[0] = 1;
	mark_leader(work, entry);
	for (size_t i = 0; i < extra_count; i++)
		mark_leader(work, extra[i]);
	for (size_t i = 0; i < body->targets.count; i++)
		mark_leader(work, body->targets.items[i]);
	for (size_t i = 0; i < count; i++) {
		const struct operation *operation = &body->operations.items[i];
		bool joined = i + 1 < count && operation->address + operation->length ==
						       body->operations.items[i + 1].address;

		if (operation->kind == OP_BRANCH || operation->kind == OP_JUMP)
			mark_leader(work, operation->value);
		if (!joined)
			mark_leader(work, operation->address + operation->length);
		if (i + 1 < count && (ends_block(operation) || !joined))
			flow->leaders[i + 1] = 1;
	}
}

static void make_blocks(struct flow_work *work)
{
	struct flow *flow = work->flow;
	struct flow_block *block = NULL;

	flow->blocks.count = 0;
	flow->waiting.count = 0;
	for (size_t i = 0; i < work->body->operations.count; i++) {
		if (flow->leaders[i]) {
			block = VEC_PUSH(work->arena, &flow->blocks);
			*block = (struct flow_block){.first = i};
		}
		block->count++;
	}
	if (flow->blocks.count > BLOCKS_MAX)
		return;
	if (flow->states_room < flow->blocks.count) {
		flow->states_room = flow->blocks.count * 2;
		flow->states =
			arena_alloc_array(work->arena, flow->states_room, sizeof(*flow->states));
	}
	memset(flow->states, 0, flow->blocks.count * sizeof(*flow->states));
}

static void wait_for(struct flow_work *work, size_t block)
{
	struct flow_block *waiting = &work->flow->blocks.items[block];

	if (waiting->waiting)
		return;
	waiting->waiting = true;
	*VEC_PUSH(work->arena, &work->flow->waiting) = block;
}

static void join_into(struct flow_work *work, size_t block, const struct flow_state *state)
{
	struct flow_state *into = &work->flow->states[block];
	bool changed = !work->flow->blocks.items[block].reached;

	work->flow->blocks.items[block].reached = true;
	for (unsigned int i = 0; i < FLOW_VALUES; i++) {
		struct value joined = value_join(&into->values[i], &state->values[i]);

		if (value_equal(&joined, &into->values[i]))
			continue;
		into->values[i] = joined;
		changed = true;
	}
	if (changed)
		wait_for(work, block);
}

/* The block that begins at ADDRESS, or SIZE_MAX. */
static size_t block_at(const struct flow_work *work, uint64_t address)
{
	const struct flow *flow = work->flow;
	size_t index = body_find(work->body, address), low = 0, high = flow->blocks.count;

	if (index == SIZE_MAX)
		return SIZE_MAX;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (flow->blocks.items[middle].first < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < flow->blocks.count && flow->blocks.items[low].first == index ? low : SIZE_MAX;
}

static void join_at(struct flow_work *work, uint64_t address, const struct flow_state *state)
{
	size_t block = block_at(work, address);

	if (block != SIZE_MAX)
		join_into(work, block, state);
}

static void join_targets(struct flow_work *work, const struct flow_state *state)
{
	if (work->decoder->machine == EM_X86_64)
		for (size_t i = 0; i < work->body->targets.count; i++)
			join_at(work, work->body->targets.items[i], state);
	else
		for (size_t i = 0; i < work->flow->blocks.count; i++)
			join_into(work, i, state);
}

static bool run_block(struct flow_work *work, size_t index)
{
	const struct flow_block *block = &work->flow->blocks.items[index];
	const struct operation *last =
		&work->body->operations.items[block->first + block->count - 1];
	struct flow_state state = work->flow->states[index];

	for (size_t i = 0; i < block->count; i++)
		step(work->decoder->machine, &work->body->operations.items[block->first + i],
		     &state);
	if (last->kind == OP_BRANCH || last->kind == OP_JUMP)
		join_at(work, last->value, &state);
	if (last->kind == OP_JUMP_REGISTER)
		join_targets(work, &state);
	if (last->kind <= OP_BRANCH && !last->final)
		join_at(work, last->address + last->length, &state);
	return decoder_spend(
		work->decoder,
		block->count + (last->kind == OP_JUMP_REGISTER ? work->flow->blocks.count : 0));
}

static bool settle(struct flow_work *work)
{
	while (work->flow->waiting.count) {
		size_t block = work->flow->waiting.items[--work->flow->waiting.count];

		work->flow->blocks.items[block].waiting = false;
		if (!run_block(work, block))
			return false;
	}
	return true;
}

/* Nothing but padding: nobody comes here, and what follows is not come to from here. */
static bool is_padding(const struct flow_work *work, const struct flow_block *block)
{
	for (size_t i = 0; i < block->count; i++)
		if (!work->body->operations.items[block->first + i].padding)
			return false;
	return true;
}

/* States of all blocks. */
static bool find_states(struct flow_work *work, uint64_t entry, const uint64_t *extra,
			size_t extra_count)
{
	struct flow_state state = state_entry();

	join_at(work, entry, &state);
	state = state_anything();
	for (size_t i = 0; i < extra_count; i++)
		join_at(work, extra[i], &state);
	if (!settle(work))
		return false;
	for (size_t i = 0; i < work->flow->blocks.count; i++) {
		if (work->flow->blocks.items[i].reached ||
		    is_padding(work, &work->flow->blocks.items[i]))
			continue;
		join_into(work, i, &state);
		if (!settle(work))
			return false;
	}
	return true;
}

bool flow_run(struct arena *arena, struct flow *flow, struct decoder *decoder,
	      const struct body *body, uint64_t entry, const uint64_t *extra, size_t count,
	      flow_visit visit, void *context)
{
	struct flow_work work = {arena, flow, decoder, body};
	bool few;

	if (!body->operations.count)
		return true;
	find_leaders(&work, entry, extra, count);
	make_blocks(&work);
	few = flow->blocks.count <= BLOCKS_MAX;
	if (few && !find_states(&work, entry, extra, count))
		return false;
	for (size_t i = 0; i < flow->blocks.count; i++) {
		const struct flow_block *block = &flow->blocks.items[i];
		struct flow_state state = few ? flow->states[i] : state_anything();

		for (size_t j = 0; j < block->count; j++) {
			const struct operation *operation =
				&body->operations.items[block->first + j];

			visit(context, operation, &state);
			step(decoder->machine, operation, &state);
		}
		if (!decoder_spend(decoder, block->count))
			return false;
	}
	return true;
}
