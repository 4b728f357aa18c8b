/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/program.h"

#include "compiler/prove/bits.h"

#include <string.h>

/* A place where a number is kept. */
enum {
	PLACE_A,
	PLACE_X,
	PLACE_MEMORY,
	PLACE_COUNT = PLACE_MEMORY + BPF_MEMWORDS
};

/*
 * What the places hold at an instruction, each as a number of program.values: two that hold the same
 * have the same. The instruction goes on to YES in the calls of HOLDS, and to NO in all others; where
 * it goes on to neither, ANSWER is what it returns.
 */
struct state {
	uint32_t places[PLACE_COUNT];
	diagram holds;
	struct state *yes;
	struct state *no;
	diagram answer;
	struct state *next; /* at the same instruction */
};

struct program {
	struct arena *arena;
	struct diagrams *diagrams;
	const struct filter *filter;
	VEC(struct bits) values; /* the first is 0 */
	uint32_t *buckets;       /* a table of values by content, VALUE_BUCKETS long */
	VEC(uint32_t) chain;
	struct state **states; /* one list an instruction */
	uint32_t state_count;
	uint32_t *needed; /* one set of places an instruction: whose content still matters there */
	struct program_reading *reading;
};
enum {
	VALUE_BUCKETS = 256
};

static const char too_involved[] = "its conditions are too involved";

static uint32_t value_intern(struct program *program, const struct bits *bits)
{
	uint32_t hash = 0, id;

	for (unsigned int i = 0; i < 32; i++)
		hash = (hash ^ bits->of[i]) * 16777619u;
	hash = (hash ^ hash >> 16) % VALUE_BUCKETS;
	for (id = program->buckets[hash]; id != UINT32_MAX; id = program->chain.items[id])
		if (!memcmp(&program->values.items[id], bits, sizeof(*bits)))
			return id;
	id = (uint32_t)program->values.count;
	*VEC_PUSH(program->arena, &program->values) = *bits;
	*VEC_PUSH(program->arena, &program->chain) = program->buckets[hash];
	program->buckets[hash] = id;
	return id;
}

static struct bits value_get(const struct program *program, uint32_t id)
{
	return program->values.items[id];
}

#define PLACE_BIT(place) ((uint32_t)1 << (place))

/* The places that an instruction reads, and the one that it writes (PLACE_COUNT for none). */
static uint32_t places_read(const struct sock_filter *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? PLACE_BIT(PLACE_X) : 0;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		return BPF_MODE(insn->code) == BPF_MEM ? PLACE_BIT(PLACE_MEMORY + insn->k) : 0;
	case BPF_ST:
		return PLACE_BIT(PLACE_A);
	case BPF_STX:
		return PLACE_BIT(PLACE_X);
	case BPF_ALU:
		return PLACE_BIT(PLACE_A) | (BPF_OP(insn->code) == BPF_NEG ? 0 : operand);
	case BPF_JMP:
		return BPF_OP(insn->code) == BPF_JA ? 0 : PLACE_BIT(PLACE_A) | operand;
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? PLACE_BIT(PLACE_A) : 0;
	default:
		return PLACE_BIT(BPF_MISCOP(insn->code) == BPF_TXA ? PLACE_X : PLACE_A);
	}
}

static uint32_t place_written(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_ALU:
		return PLACE_A;
	case BPF_LDX:
		return PLACE_X;
	case BPF_ST:
	case BPF_STX:
		return PLACE_MEMORY + insn->k;
	case BPF_MISC:
		return BPF_MISCOP(insn->code) == BPF_TXA ? PLACE_A : PLACE_X;
	default:
		return PLACE_COUNT;
	}
}

/* Jumps go forward, so that one walk from the end finds what matters at each instruction. */
static void program_find_needed(struct program *program)
{
	const struct filter *filter = program->filter;

	for (uint32_t i = filter->count; i-- > 0;) {
		const struct sock_filter *insn = &filter->instructions[i];
		uint32_t written = place_written(insn), behind = 0;

		if (BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) == BPF_JA)
			behind = program->needed[i + 1 + insn->k];
		else if (BPF_CLASS(insn->code) == BPF_JMP)
			behind = program->needed[i + 1 + insn->jt] |
				 program->needed[i + 1 + insn->jf];
		else if (BPF_CLASS(insn->code) != BPF_RET)
			behind = program->needed[i + 1];
		if (written < PLACE_COUNT)
			behind &= ~PLACE_BIT(written);
		program->needed[i] = behind | places_read(insn);
	}
}

static void program_refuse(struct program *program, uint32_t at, const char *why)
{
	if (program->reading->refusal)
		return;
	program->reading->refusal = why;
	program->reading->at = at;
}

/* The state in which some way comes to the instruction AT, with what FROM holds. */
static struct state *program_reach(struct program *program, uint32_t at, const struct state *from)
{
	struct state *state, wanted = *from;

	for (unsigned int i = 0; i < PLACE_COUNT; i++)
		if (!(program->needed[at] & PLACE_BIT(i)))
			wanted.places[i] = 0;
	for (state = program->states[at]; state; state = state->next) {
		if (!memcmp(state->places, wanted.places, sizeof(wanted.places)))
			return state;
	}
	if (++program->state_count > PROGRAM_STATES_MAX) {
		program_refuse(program, at, "it computes too many different values");
		return NULL;
	}
	state = arena_alloc(program->arena, sizeof(*state));
	memcpy(state->places, wanted.places, sizeof(wanted.places));
	state->next = program->states[at];
	program->states[at] = state;
	return state;
}

/* The second operand of an ALU or jump instruction. */
static struct bits operand(const struct program *program, const struct sock_filter *insn,
			   const struct state *state)
{
	return BPF_SRC(insn->code) == BPF_X ? value_get(program, state->places[PLACE_X])
					    : bits_constant(insn->k);
}

static diagram test_holds(struct program *program, const struct sock_filter *insn,
			  const struct state *state)
{
	struct bits a = value_get(program, state->places[PLACE_A]);
	struct bits b = operand(program, insn, state);

	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return bits_equal(program->diagrams, &a, &b);
	case BPF_JGT:
		return bits_greater(program->diagrams, &a, &b);
	case BPF_JGE:
		return diagram_not(program->diagrams, bits_greater(program->diagrams, &b, &a));
	default:
		return bits_meet(program->diagrams, &a, &b);
	}
}

/* A comparison for equality with a value that is known only when the filter is loaded. */
static diagram patch_holds(struct program *program, uint32_t at, const struct state *state)
{
	const struct filter_patch *patch = filter_patch_find(program->filter, at);
	struct diagram_atom atom = {program->filter->loads[patch->load].name, 0, 0, patch->high};
	struct bits a = value_get(program, state->places[PLACE_A]);
	unsigned int word;

	if (program->filter->instructions[at].code != (BPF_JMP | BPF_JEQ | BPF_K) ||
	    !bits_are_word(program->diagrams, &a, &word, &atom.mask)) {
		program_refuse(program, at,
			       "what it compares with a value known only at load is "
			       "no word of the call");
		return DIAGRAM_NONE;
	}
	atom.word = (uint8_t)word;
	return diagram_of_atom(program->diagrams, atom);
}

/* A way that no call can go is not followed. */
static void step_jump(struct program *program, uint32_t at, struct state *state)
{
	const struct sock_filter *insn = &program->filter->instructions[at];

	state->holds = DIAGRAM_ALL;
	if (BPF_OP(insn->code) == BPF_JA) {
		state->yes = program_reach(program, at + 1 + insn->k, state);
		return;
	}
	state->holds = filter_patch_find(program->filter, at) ? patch_holds(program, at, state)
							      : test_holds(program, insn, state);
	if (state->holds != DIAGRAM_NONE)
		state->yes = program_reach(program, at + 1 + insn->jt, state);
	if (state->holds != DIAGRAM_ALL)
		state->no = program_reach(program, at + 1 + insn->jf, state);
}

static void step_return(struct program *program, uint32_t at, struct state *state)
{
	const struct sock_filter *insn = &program->filter->instructions[at];
	struct bits a = value_get(program, state->places[PLACE_A]);

	state->answer = diagram_leaf(program->diagrams, insn->k);
	if (BPF_RVAL(insn->code) == BPF_A && !bits_function(program->diagrams, &a, &state->answer))
		program_refuse(program, at,
			       "it returns a number that the call has too much say in");
}

/* The calls in which an instruction goes on: the kernel ends a filter that divides by X == 0 with 0. */
static diagram step_divisor(struct program *program, const struct sock_filter *insn,
			    const struct state *state)
{
	struct bits zero = bits_constant(0), x = value_get(program, state->places[PLACE_X]);

	if (insn->code != (BPF_ALU | BPF_DIV | BPF_X))
		return DIAGRAM_ALL;
	return diagram_not(program->diagrams, bits_equal(program->diagrams, &x, &zero));
}

static struct bits step_load(struct program *program, const struct sock_filter *insn,
			     const struct state *state)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		return bits_of_word(program->diagrams, insn->k / 4);
	case BPF_MEM:
		return value_get(program, state->places[PLACE_MEMORY + insn->k]);
	case BPF_LEN:
		return bits_constant(sizeof(struct seccomp_data));
	default:
		return bits_constant(insn->k);
	}
}

/* An instruction that computes, and goes on to the next. */
static void step_compute(struct program *program, uint32_t at, struct state *state)
{
	const struct sock_filter *insn = &program->filter->instructions[at];
	struct bits a = value_get(program, state->places[PLACE_A]), b, result;
	struct state after = *state;

	state->holds = DIAGRAM_ALL;
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		result = step_load(program, insn, state);
		break;
	case BPF_ST:
		result = a;
		break;
	case BPF_ALU:
		state->holds = step_divisor(program, insn, state);
		b = operand(program, insn, state);
		result = bits_operate(program->diagrams, BPF_OP(insn->code), &a, &b);
		break;
	case BPF_MISC:
		result = BPF_MISCOP(insn->code) == BPF_TXA
				 ? value_get(program, state->places[PLACE_X])
				 : a;
		break;
	default: /* BPF_STX */
		result = value_get(program, state->places[PLACE_X]);
	}
	after.places[place_written(insn)] = value_intern(program, &result);
	state->yes = program_reach(program, at + 1, &after);
}

static void program_step(struct program *program, uint32_t at, struct state *state)
{
	switch (BPF_CLASS(program->filter->instructions[at].code)) {
	case BPF_JMP:
		step_jump(program, at, state);
		break;
	case BPF_RET:
		step_return(program, at, state);
		break;
	default:
		step_compute(program, at, state);
	}
}

/* The answers of all states, those of later instructions first: no jump goes back. */
static void program_answer(struct program *program)
{
	for (uint32_t at = program->filter->count; at-- > 0;) {
		for (struct state *state = program->states[at]; state; state = state->next) {
			diagram yes = state->yes ? state->yes->answer : DIAGRAM_NONE;
			diagram no = state->no ? state->no->answer : DIAGRAM_NONE;

			if (BPF_CLASS(program->filter->instructions[at].code) != BPF_RET)
				state->answer =
					diagram_select(program->diagrams, state->holds, yes, no);
		}
		if (program->diagrams->overflow) {
			program_refuse(program, at, too_involved);
			return;
		}
	}
	program->reading->answer = program->states[0]->answer;
}

bool program_read(struct arena *arena, struct diagrams *diagrams, const struct filter *filter,
		  struct program_reading *reading)
{
	const struct bits zero = bits_constant(0);
	struct program program = {
		.arena = arena,
		.diagrams = diagrams,
		.filter = filter,
		.buckets = arena_alloc_array(arena, VALUE_BUCKETS, sizeof(uint32_t)),
		.states = arena_alloc_array(arena, filter->count, sizeof(struct state *)),
		.needed = arena_alloc_array(arena, filter->count, sizeof(uint32_t)),
		.reading = reading,
	};

	*reading = (struct program_reading){0};
	memset(program.buckets, 0xff, VALUE_BUCKETS * sizeof(uint32_t));
	value_intern(&program, &zero);
	program_find_needed(&program);
	program_reach(&program, 0, &(struct state){0});
	for (uint32_t at = 0; at < filter->count && !reading->refusal; at++) {
		for (struct state *state = program.states[at]; state; state = state->next)
			program_step(&program, at, state);
		if (diagrams->overflow)
			program_refuse(&program, at, too_involved);
	}
	if (!reading->refusal)
		program_answer(&program);
	return !reading->refusal;
}
