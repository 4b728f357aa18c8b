/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a filter in its head, to see before it is loaded whether it lets the command start. */
#include "runtime/simulate.h"

#include <stddef.h>

struct machine {
	uint32_t a;
	uint32_t x;
	uint32_t memory[BPF_MEMWORDS];
};

/* ld and ldx. */
static bool machine_load(const struct sock_filter *at, const struct machine *machine,
			 const struct seccomp_data *data, uint32_t *value)
{
	switch (BPF_MODE(at->code)) {
	case BPF_IMM:
		*value = at->k;
		return true;
	case BPF_LEN:
		*value = sizeof(*data);
		return true;
	case BPF_MEM:
		if (at->k >= BPF_MEMWORDS)
			return false;
		*value = machine->memory[at->k];
		return true;
	case BPF_ABS:
		if (at->k % 4 || at->k >= sizeof(*data) || BPF_CLASS(at->code) != BPF_LD)
			return false;
		*value = ((const uint32_t *)data)[at->k / 4];
		return true;
	default:
		return false;
	}
}

/* By hand, as some machines would take it from their compiler's library. Requires BY. */
static uint32_t divide(uint32_t value, uint32_t by)
{
	uint32_t result = 0, rest = 0;

	for (int bit = 31; bit >= 0; bit--) {
		bool carry = rest >> 31;

		rest = rest << 1 | (value >> bit & 1);
		if (carry || rest >= by) {
			rest -= by;
			result |= 1u << bit;
		}
	}
	return result;
}

static bool machine_calculate(uint16_t code, uint32_t by, uint32_t *a)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		*a += by;
		return true;
	case BPF_SUB:
		*a -= by;
		return true;
	case BPF_MUL:
		*a *= by;
		return true;
	case BPF_DIV:
		if (!by)
			return false;
		*a = divide(*a, by);
		return true;
	case BPF_AND:
		*a &= by;
		return true;
	case BPF_OR:
		*a |= by;
		return true;
	case BPF_XOR:
		*a ^= by;
		return true;
	case BPF_LSH:
		if (by > 31)
			return false;
		*a <<= by;
		return true;
	case BPF_RSH:
		if (by > 31)
			return false;
		*a >>= by;
		return true;
	case BPF_NEG:
		*a = -*a;
		return true;
	default:
		return false;
	}
}

static bool machine_compare(uint16_t code, uint32_t by, uint32_t a, bool *holds)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		*holds = a == by;
		return true;
	case BPF_JGT:
		*holds = a > by;
		return true;
	case BPF_JGE:
		*holds = a >= by;
		return true;
	case BPF_JSET:
		*holds = a & by;
		return true;
	default:
		return false;
	}
}

/* One instruction that is no return. Adds what it jumps over to *PLACE. */
static bool machine_step(struct machine *machine, const struct sock_filter *at,
			 const struct seccomp_data *data, uint32_t *place)
{
	uint32_t by = BPF_SRC(at->code) == BPF_X ? machine->x : at->k;
	bool holds;

	switch (BPF_CLASS(at->code)) {
	case BPF_LD:
		return machine_load(at, machine, data, &machine->a);
	case BPF_LDX:
		return machine_load(at, machine, data, &machine->x);
	case BPF_ST:
	case BPF_STX:
		if (at->k >= BPF_MEMWORDS)
			return false;
		machine->memory[at->k] = BPF_CLASS(at->code) == BPF_ST ? machine->a : machine->x;
		return true;
	case BPF_ALU:
		return machine_calculate(at->code, by, &machine->a);
	case BPF_MISC:
		if (BPF_MISCOP(at->code) == BPF_TXA)
			machine->a = machine->x;
		else
			machine->x = machine->a;
		return true;
	case BPF_JMP:
		if (BPF_OP(at->code) == BPF_JA) {
			*place = at->k > BPF_MAXINSNS ? BPF_MAXINSNS : *place + at->k;
			return true;
		}
		if (!machine_compare(at->code, by, machine->a, &holds))
			return false;
		*place += holds ? at->jt : at->jf;
		return true;
	default:
		return false;
	}
}

bool filter_answer(const struct sock_fprog *program, const struct seccomp_data *data,
		   uint32_t *answer)
{
	struct machine machine = {0};

	for (uint32_t place = 0; place < program->len; place++) {
		const struct sock_filter *at = &program->filter[place];

		if (BPF_CLASS(at->code) == BPF_RET) {
			*answer = BPF_RVAL(at->code) == BPF_A ? machine.a : at->k;
			return true;
		}
		if (!machine_step(&machine, at, data, &place))
			return false;
	}
	return false;
}
