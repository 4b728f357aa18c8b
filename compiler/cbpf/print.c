/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/filter.h"

#include <assert.h>
#include <errno.h>

static const char *const alu_names[] = {
	[BPF_ADD >> 4] = "add", [BPF_SUB >> 4] = "sub", [BPF_MUL >> 4] = "mul",
	[BPF_DIV >> 4] = "div", [BPF_OR >> 4] = "or",   [BPF_AND >> 4] = "and",
	[BPF_LSH >> 4] = "lsh", [BPF_RSH >> 4] = "rsh", [BPF_NEG >> 4] = "neg",
	[BPF_MOD >> 4] = "mod", [BPF_XOR >> 4] = "xor",
};

static const char *const jump_names[] = {
	[BPF_JA >> 4] = "ja",   [BPF_JEQ >> 4] = "jeq",   [BPF_JGT >> 4] = "jgt",
	[BPF_JGE >> 4] = "jge", [BPF_JSET >> 4] = "jset",
};

static void print_load(const struct sock_filter *insn, const char *name, struct text *out)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		text_printf(out, "%s [%u]", name, insn->k);
		break;
	case BPF_IMM:
		text_printf(out, "%s #0x%x", name, insn->k);
		break;
	case BPF_MEM:
		text_printf(out, "%s M[%u]", name, insn->k);
		break;
	case BPF_LEN:
		text_printf(out, "%s len", name);
		break;
	default:
		text_printf(out, "%s ?0x%x, 0x%x", name, insn->code, insn->k);
	}
}

static void print_alu(const struct sock_filter *insn, struct text *out)
{
	unsigned int op = BPF_OP(insn->code) >> 4;

	if (op >= sizeof(alu_names) / sizeof(alu_names[0]))
		text_printf(out, "alu ?0x%x, 0x%x", insn->code, insn->k);
	else if (BPF_OP(insn->code) == BPF_NEG)
		text_add_string(out, "neg");
	else if (BPF_SRC(insn->code) == BPF_X)
		text_printf(out, "%s x", alu_names[op]);
	else
		text_printf(out, "%s #0x%x", alu_names[op], insn->k);
}

/* Targets as instruction numbers, which is what a reader looks for, behind PREFIX. */
static void print_jump(const struct filter *filter, uint32_t index, const char *prefix,
		       struct text *out)
{
	const struct sock_filter *insn = &filter->instructions[index];
	const struct filter_patch *patch = filter_patch_find(filter, index);
	unsigned int op = BPF_OP(insn->code) >> 4;

	if (op >= sizeof(jump_names) / sizeof(jump_names[0])) {
		text_printf(out, "jump ?0x%x, 0x%x", insn->code, insn->k);
		return;
	}
	if (BPF_OP(insn->code) == BPF_JA) {
		text_printf(out, "ja %s%llu", prefix, (unsigned long long)index + 1 + insn->k);
		return;
	}
	text_printf(out, "%s ", jump_names[op]);
	if (BPF_SRC(insn->code) == BPF_X)
		text_add_char(out, 'x');
	else if (patch)
		text_printf(out, "#%s%s", filter->loads[patch->load].name,
			    patch->high ? ".hi" : "");
	else
		text_printf(out, "#0x%x", insn->k);
	text_printf(out, ", %s%u, %s%u", prefix, index + 1 + insn->jt, prefix,
		    index + 1 + insn->jf);
}

void filter_print_instruction(const struct filter *filter, uint32_t index, struct text *out)
{
	filter_print_labelled(filter, index, "", out);
}

void filter_print_labelled(const struct filter *filter, uint32_t index, const char *prefix,
			   struct text *out)
{
	const struct sock_filter *insn = &filter->instructions[index];

	assert(index < filter->count);
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		print_load(insn, "ld", out);
		break;
	case BPF_LDX:
		print_load(insn, "ldx", out);
		break;
	case BPF_ST:
		text_printf(out, "st M[%u]", insn->k);
		break;
	case BPF_STX:
		text_printf(out, "stx M[%u]", insn->k);
		break;
	case BPF_ALU:
		print_alu(insn, out);
		break;
	case BPF_JMP:
		print_jump(filter, index, prefix, out);
		break;
	case BPF_RET:
		if (BPF_RVAL(insn->code) == BPF_A)
			text_add_string(out, "ret a");
		else
			text_printf(out, "ret #0x%08x", insn->k);
		break;
	default: /* BPF_MISC */
		text_add_string(out, BPF_MISCOP(insn->code) == BPF_TXA ? "txa" : "tax");
	}
}
