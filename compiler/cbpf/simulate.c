/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a filter as the kernel's interpreter does, and as its action cache's little emulator does. */
#include "compiler/cbpf/filter.h"

#include <assert.h>
#include <stddef.h>

struct machine {
	uint32_t a;
	uint32_t x;
	uint32_t memory[BPF_MEMWORDS];
};

/* The value of an ALU instruction; a division by X == 0 ends a filter with 0 in the kernel. */
static bool machine_alu(struct machine *machine, const struct sock_filter *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? machine->x : insn->k;

	switch (BPF_OP(insn->code)) {
	case BPF_ADD:
		machine->a += operand;
		break;
	case BPF_SUB:
		machine->a -= operand;
		break;
	case BPF_MUL:
		machine->a *= operand;
		break;
	case BPF_DIV:
		if (operand == 0)
			return false;
		machine->a /= operand;
		break;
	case BPF_AND:
		machine->a &= operand;
		break;
	case BPF_OR:
		machine->a |= operand;
		break;
	case BPF_XOR:
		machine->a ^= operand;
		break;
	case BPF_LSH: /* eBPF, which runs it, takes a shift by X modulo 32 */
		machine->a <<= operand & 31;
		break;
	case BPF_RSH:
		machine->a >>= operand & 31;
		break;
	case BPF_NEG:
		machine->a = -machine->a;
		break;
	}
	return true;
}

static bool machine_test(const struct machine *machine, const struct sock_filter *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? machine->x : insn->k;

	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return machine->a == operand;
	case BPF_JGT:
		return machine->a > operand;
	case BPF_JGE:
		return machine->a >= operand;
	default:
		assert(BPF_OP(insn->code) == BPF_JSET);
		return machine->a & operand;
	}
}

static uint32_t machine_load(const struct machine *machine, const struct sock_filter *insn,
			     const uint32_t words[16])
{
	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		return words[insn->k / 4];
	case BPF_MEM:
		return machine->memory[insn->k];
	case BPF_LEN:
		return sizeof(struct seccomp_data);
	default:
		return insn->k;
	}
}

struct filter_run filter_simulate(const struct filter *filter, const uint32_t words[16])
{
	struct machine machine = {0};
	struct filter_run run = {0};

	for (uint32_t at = 0;; at++) {
		const struct sock_filter *insn = &filter->instructions[at];

		assert(at < filter->count);
		run.executed++;
		run.last = at;
		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			machine.a = machine_load(&machine, insn, words);
			break;
		case BPF_LDX:
			machine.x = machine_load(&machine, insn, words);
			break;
		case BPF_ST:
			machine.memory[insn->k] = machine.a;
			break;
		case BPF_STX:
			machine.memory[insn->k] = machine.x;
			break;
		case BPF_ALU:
			if (!machine_alu(&machine, insn))
				return run;
			break;
		case BPF_JMP:
			if (BPF_OP(insn->code) == BPF_JA)
				at += insn->k;
			else
				at += machine_test(&machine, insn) ? insn->jt : insn->jf;
			break;
		case BPF_RET:
			run.action = BPF_RVAL(insn->code) == BPF_A ? machine.a : insn->k;
			return run;
		default:
			if (BPF_MISCOP(insn->code) == BPF_TXA)
				machine.a = machine.x;
			else
				machine.x = machine.a;
		}
	}
}

bool filter_constant(const struct filter *filter, uint32_t audit_arch, uint32_t number,
		     uint32_t *answer)
{
	struct machine machine = {0};

	for (uint32_t at = 0; at < filter->count; at++) {
		const struct sock_filter *insn = &filter->instructions[at];

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (insn->k == offsetof(struct seccomp_data, nr))
				machine.a = number;
			else if (insn->k == offsetof(struct seccomp_data, arch))
				machine.a = audit_arch;
			else
				return false;
			break;
		case BPF_RET | BPF_K:
			*answer = insn->k;
			return true;
		case BPF_JMP | BPF_JA:
			at += insn->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			at += machine_test(&machine, insn) ? insn->jt : insn->jf;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			machine.a &= insn->k;
			break;
		default:
			return false;
		}
	}
	return false;
}

bool filter_cacheable(const struct filter *filter, uint32_t audit_arch, uint32_t number)
{
	uint32_t answer;

	return filter_constant(filter, audit_arch, number, &answer) && answer == SECCOMP_RET_ALLOW;
}
