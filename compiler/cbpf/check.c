/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel accepts as a seccomp filter: bpf_check_classic() in net/core/filter.c and
 * seccomp_check_filter() in kernel/seccomp.c.
 */
#include "compiler/cbpf/filter.h"

#include <errno.h>

static const char *check_memory(uint32_t k)
{
	return k < BPF_MEMWORDS ? NULL : "scratch memory has words 0 to 15 only";
}

static const char *check_constant(const struct sock_filter *insn)
{
	switch (insn->code) {
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_K:
		return insn->k ? NULL : "a division by the constant 0";
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return insn->k < 32 ? NULL : "a shift by 32 bits or more";
	default:
		return NULL;
	}
}

/* The opcodes of seccomp_check_filter(), with their operands. */
static const char *check_opcode(const struct sock_filter *insn)
{
	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (insn->k >= sizeof(struct seccomp_data) || insn->k & 3)
			return "a load from outside of struct seccomp_data, or not from a word";
		return NULL;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return check_memory(insn->k);
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_ALU | BPF_NEG:
	case BPF_JMP | BPF_JA:
		return NULL;
	}
	if (BPF_CLASS(insn->code) == BPF_ALU && !(insn->code & ~0xffu)) {
		switch (BPF_OP(insn->code)) {
		case BPF_ADD:
		case BPF_SUB:
		case BPF_MUL:
		case BPF_DIV:
		case BPF_AND:
		case BPF_OR:
		case BPF_XOR:
		case BPF_LSH:
		case BPF_RSH:
			return check_constant(insn);
		}
	}
	if (BPF_CLASS(insn->code) == BPF_JMP && !(insn->code & ~0xffu)) {
		switch (BPF_OP(insn->code)) {
		case BPF_JEQ:
		case BPF_JGE:
		case BPF_JGT:
		case BPF_JSET:
			return NULL;
		}
	}
	return "an instruction that seccomp does not accept";
}

static const char *check_jump(const struct filter *filter, uint32_t index)
{
	const struct sock_filter *insn = &filter->instructions[index];
	uint32_t room = filter->count - index - 1;

	if (BPF_CLASS(insn->code) != BPF_JMP)
		return NULL;
	if (BPF_OP(insn->code) == BPF_JA)
		return insn->k < room ? NULL : "a jump out of the program";
	return insn->jt < room && insn->jf < room ? NULL : "a jump out of the program";
}

/*
 * Every word of scratch memory is written on all ways to where it is read: check_load_and_stores()
 * in the kernel, word by word as bits.
 */
static const char *check_scratch(const struct filter *filter, uint16_t *valid, uint32_t *at)
{
	for (uint32_t i = 0; i < filter->count; i++)
		valid[i] = 0xffff;
	valid[0] = 0;
	for (uint32_t i = 0; i < filter->count; i++) {
		const struct sock_filter *insn = &filter->instructions[i];
		uint16_t now = valid[i];

		*at = i;
		switch (insn->code) {
		case BPF_ST:
		case BPF_STX:
			now |= (uint16_t)(1u << insn->k);
			break;
		case BPF_LD | BPF_MEM:
		case BPF_LDX | BPF_MEM:
			if (!(now >> insn->k & 1))
				return "a read of scratch memory that was not written";
			break;
		}
		if (BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) == BPF_JA) {
			valid[i + 1 + insn->k] &= now;
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			valid[i + 1 + insn->jt] &= now;
			valid[i + 1 + insn->jf] &= now;
		} else if (BPF_CLASS(insn->code) != BPF_RET && i + 1 < filter->count) {
			valid[i + 1] &= now;
		}
	}
	return NULL;
}

int filter_check(const struct filter *filter, uint32_t *at, const char **why)
{
	uint16_t valid[FILTER_INSTRUCTIONS_MAX];

	*at = 0;
	*why = "it is empty";
	if (filter->count == 0)
		return -EINVAL;
	*why = "more than 4096 instructions";
	*at = FILTER_INSTRUCTIONS_MAX;
	if (filter->count > FILTER_INSTRUCTIONS_MAX)
		return -EINVAL;
	for (*at = 0; *at < filter->count; ++*at) {
		*why = check_opcode(&filter->instructions[*at]);
		if (!*why)
			*why = check_jump(filter, *at);
		if (*why)
			return -EINVAL;
	}
	*at = filter->count - 1;
	*why = "the last instruction is no return";
	if (BPF_CLASS(filter->instructions[*at].code) != BPF_RET)
		return -EINVAL;
	*why = check_scratch(filter, valid, at);
	return *why ? -EINVAL : 0;
}
