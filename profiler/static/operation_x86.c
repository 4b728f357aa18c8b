/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/operation.h"

enum {
	RAX = 0,
	RCX = 1,
	R11 = 11,
	INT_LINUX = 0x80, /* the gate of i386's calls, in code of 64 bits too */
};

struct x86_register {
	x86_reg whole, half; /* 64 and 32 bits */
	x86_reg word, byte;  /* what else of it can be written */
};

static const struct x86_register x86_registers[] = {
	{X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL},
	{X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL},
	{X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL},
	{X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL},
	{X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL},
	{X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL},
	{X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL},
	{X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL},
	{X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B},
	{X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B},
	{X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B},
	{X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B},
	{X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B},
	{X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B},
	{X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B},
	{X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B},
};

/* The second bytes, which only four have. */
static const x86_reg x86_seconds[] = {X86_REG_AH, X86_REG_CH, X86_REG_DH, X86_REG_BH};

/* The register that REG is or is a part of. */
static uint8_t register_number(unsigned int reg)
{
	for (uint8_t i = 0; i < sizeof(x86_registers) / sizeof(x86_registers[0]); i++) {
		const struct x86_register *name = &x86_registers[i];

		if (reg == name->whole || reg == name->half || reg == name->word ||
		    reg == name->byte ||
		    (i < sizeof(x86_seconds) / sizeof(x86_seconds[0]) && reg == x86_seconds[i]))
			return i;
	}
	return REGISTER_NONE;
}

/* A register of 32 or 64 bits: then what is written is all of it. */
static uint8_t full_register(const cs_x86_op *operand)
{
	if (operand->type != X86_OP_REG || operand->size < 4)
		return REGISTER_NONE;
	return register_number(operand->reg);
}

static void mark_written(struct operation *operation, unsigned int reg)
{
	uint8_t number = register_number(reg);

	if (number != REGISTER_NONE)
		operation->written |= 1U << number;
}

static void take_writes(struct operation *operation, const cs_insn *insn)
{
	const cs_detail *detail = insn->detail;
	const cs_x86 *x86 = &detail->x86;

	for (uint8_t i = 0; i < detail->regs_write_count; i++)
		mark_written(operation, detail->regs_write[i]);
	for (uint8_t i = 0; i < x86->op_count; i++) {
		const cs_x86_op *operand = &x86->operands[i];

		/* Where the tables of the disassembler say nothing, the first one is written. */
		if (operand->type == X86_OP_REG &&
		    (operand->access & CS_AC_WRITE || (i == 0 && operand->access != CS_AC_READ)))
			mark_written(operation, operand->reg);
	}
}

static uint64_t memory_address(const cs_insn *insn, const x86_op_mem *memory)
{
	if (memory->base == X86_REG_RIP)
		return insn->address + insn->size + (uint64_t)memory->disp;
	return (uint64_t)memory->disp;
}

static bool is_relative(const cs_x86_op *operand)
{
	return operand->type == X86_OP_MEM && operand->mem.base == X86_REG_RIP;
}

static bool is_absolute(const cs_x86_op *operand)
{
	return operand->type == X86_OP_MEM && operand->mem.segment == X86_REG_INVALID &&
	       operand->mem.base == X86_REG_INVALID && operand->mem.index == X86_REG_INVALID;
}

static void take_references(struct operation *operation, const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;
	unsigned int count = 0;

	for (uint8_t i = 0; i < x86->op_count && count < REFERENCES; i++) {
		const cs_x86_op *operand = &x86->operands[i];
		struct operation_reference *reference = &operation->references[count];

		if (is_relative(operand) || is_absolute(operand)) {
			reference->kind =
				insn->id == X86_INS_LEA ? REFERENCE_ADDRESS : REFERENCE_SLOT;
			reference->address = memory_address(insn, &operand->mem);
		} else if (operand->type == X86_OP_MEM && operand->mem.disp > 0) {
			reference->kind = REFERENCE_NUMBER;
			reference->address = (uint64_t)operand->mem.disp;
		} else if (operand->type == X86_OP_IMM && operand->imm > 0) {
			reference->kind = REFERENCE_NUMBER;
			reference->address = (uint64_t)operand->imm;
		} else {
			continue;
		}
		count++;
	}
}

/* What a jump or call goes to. */
static void go_to(struct operation *operation, const cs_insn *insn, enum operation_kind direct,
		  enum operation_kind slot, enum operation_kind other)
{
	const cs_x86_op *operand = &insn->detail->x86.operands[0];

	if (operand->type == X86_OP_IMM) {
		operation->kind = direct;
		operation->value = (uint64_t)operand->imm;
		operation->references[0].kind = REFERENCE_NONE;
	} else if (is_relative(operand) || is_absolute(operand)) {
		operation->kind = slot;
		operation->value = memory_address(insn, &operand->mem);
		operation->references[0].kind = REFERENCE_NONE;
	} else {
		operation->kind = other;
	}
}

static void take_move(struct operation *operation, const cs_insn *insn)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0],
			*from = &insn->detail->x86.operands[1];
	uint8_t dst = full_register(to);

	if (dst == REGISTER_NONE)
		return;
	if (from->type == X86_OP_IMM) {
		operation->kind = OP_CONSTANT;
		operation->value = (uint64_t)from->imm;
	} else if (from->type == X86_OP_REG && from->size >= 4) {
		operation->kind = OP_MOVE;
		operation->source = register_number(from->reg);
	} else if (from->type == X86_OP_REG && from->size == 1 && insn->id == X86_INS_MOVZX) {
		/* The low byte alone: with OP_TRUTH before it, 0 or 1. */
		operation->kind = OP_COMPUTE;
		operation->alu = ALU_AND;
		operation->source = register_number(from->reg);
		operation->other = REGISTER_NONE;
		operation->value = 0xff;
	} else {
		return;
	}
	operation->dst = dst;
	operation->narrow = to->size == 4;
}

static void take_lea(struct operation *operation, const cs_insn *insn)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0],
			*from = &insn->detail->x86.operands[1];
	uint8_t dst = full_register(to);

	if (dst == REGISTER_NONE)
		return;
	if (is_relative(from) || is_absolute(from)) {
		operation->kind = OP_CONSTANT;
		operation->value = memory_address(insn, &from->mem);
	} else {
		operation->kind = OP_ADDRESS;
		operation->source = register_number(from->mem.base);
		operation->other = register_number(from->mem.index);
		operation->scale = (uint8_t)from->mem.scale;
		operation->value = (uint64_t)from->mem.disp;
		/* One that is not followed is not one that is not there. */
		if ((operation->source == REGISTER_NONE) != (from->mem.base == X86_REG_INVALID) ||
		    (operation->other == REGISTER_NONE) != (from->mem.index == X86_REG_INVALID))
			operation->kind = OP_OTHER;
	}
	operation->dst = dst;
	operation->narrow = to->size == 4;
}

static void take_compute(struct operation *operation, const cs_insn *insn, enum operation_alu alu)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0],
			*from = &insn->detail->x86.operands[1];
	uint8_t dst = full_register(to);

	if (dst == REGISTER_NONE || insn->detail->x86.op_count != 2)
		return;
	operation->other = REGISTER_NONE;
	if (from->type == X86_OP_REG && from->reg == to->reg &&
	    (alu == ALU_XOR || alu == ALU_SUB)) {
		operation->kind = OP_CONSTANT;
	} else if (from->type == X86_OP_REG && from->size >= 4) {
		operation->kind = OP_COMPUTE;
		operation->other = register_number(from->reg);
		if (operation->other == REGISTER_NONE)
			operation->kind = OP_OTHER;
	} else if (from->type == X86_OP_IMM) {
		operation->kind = OP_COMPUTE;
		operation->value = (uint64_t)from->imm;
	} else {
		return;
	}
	operation->alu = (uint8_t)alu;
	operation->dst = operation->source = dst;
	operation->narrow = to->size == 4;
}

static void take_select(struct operation *operation, const cs_insn *insn)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0],
			*from = &insn->detail->x86.operands[1];

	operation->dst = full_register(to);
	operation->source = operation->dst;
	operation->other = full_register(from);
	if (operation->dst == REGISTER_NONE || operation->other == REGISTER_NONE)
		return;
	operation->kind = OP_SELECT;
	operation->narrow = to->size == 4;
}

/* sbb REG, REG: what compilers make of a comparison. */
static void take_borrow(struct operation *operation, const cs_insn *insn)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0],
			*from = &insn->detail->x86.operands[1];

	if (from->type != X86_OP_REG || to->reg != from->reg || full_register(to) == REGISTER_NONE)
		return;
	operation->kind = OP_BORROW;
	operation->dst = full_register(to);
	operation->narrow = to->size == 4;
}

static void take_push(struct operation *operation, const cs_insn *insn)
{
	const cs_x86_op *from = &insn->detail->x86.operands[0];

	operation->kind = OP_PUSH;
	operation->source = from->type == X86_OP_REG ? full_register(from) : REGISTER_NONE;
	if (from->type == X86_OP_IMM)
		operation->value = (uint64_t)from->imm;
	else if (operation->source == REGISTER_NONE)
		operation->kind = OP_OTHER;
}

static void take_call(struct operation *operation, enum abi_id abi)
{
	operation->kind = OP_SYSCALL;
	operation->abi = (uint8_t)abi;
	operation->source = RAX;
	operation->written |= 1U << RAX | 1U << RCX | 1U << R11;
}

/* Arithmetic and moves. */
static void take_value(struct operation *operation, const cs_insn *insn)
{
	static const struct {
		unsigned int id;
		enum operation_alu alu;
	} computes[] = {
		{X86_INS_ADD, ALU_ADD}, {X86_INS_SUB, ALU_SUB}, {X86_INS_AND, ALU_AND},
		{X86_INS_OR, ALU_OR},   {X86_INS_XOR, ALU_XOR}, {X86_INS_SHL, ALU_SHL},
	};

	if (insn->id == X86_INS_MOV || insn->id == X86_INS_MOVABS || insn->id == X86_INS_MOVZX)
		take_move(operation, insn);
	else if (insn->id == X86_INS_LEA)
		take_lea(operation, insn);
	else if (insn->id >= X86_INS_CMOVA && insn->id <= X86_INS_CMOVS)
		take_select(operation, insn);
	else if (insn->id == X86_INS_SBB)
		take_borrow(operation, insn);
	else if (insn->id == X86_INS_PUSH)
		take_push(operation, insn);
	else if (insn->id == X86_INS_POP) {
		operation->dst = full_register(&insn->detail->x86.operands[0]);
		operation->kind = operation->dst == REGISTER_NONE ? OP_OTHER : OP_POP;
	}
	for (size_t i = 0; i < sizeof(computes) / sizeof(computes[0]); i++)
		if (computes[i].id == insn->id)
			take_compute(operation, insn, computes[i].alu);
	if (insn->id >= X86_INS_SETAE && insn->id <= X86_INS_SETS &&
	    insn->detail->x86.operands[0].type == X86_OP_REG) {
		operation->kind = OP_TRUTH;
		operation->dst = register_number(insn->detail->x86.operands[0].reg);
		operation->written = 0;
	}
}

/* What does not simply go on with the next instruction. */
static bool take_flow(struct operation *operation, const cs_insn *insn)
{
	switch (insn->id) {
	case X86_INS_CALL:
		go_to(operation, insn, OP_CALL, OP_CALL_SLOT, OP_CALL_REGISTER);
		return true;
	case X86_INS_JMP:
		go_to(operation, insn, OP_JUMP, OP_JUMP_SLOT, OP_JUMP_REGISTER);
		return true;
	case X86_INS_LOOP:
	case X86_INS_LOOPE:
	case X86_INS_LOOPNE:
	case X86_INS_XBEGIN:
		go_to(operation, insn, OP_BRANCH, OP_BRANCH, OP_BRANCH);
		return true;
	case X86_INS_RET:
	case X86_INS_RETF:
	case X86_INS_RETFQ:
	case X86_INS_IRET:
	case X86_INS_IRETD:
	case X86_INS_IRETQ:
		operation->kind = OP_END;
		operation->returns = true;
		return true;
	case X86_INS_HLT:
	case X86_INS_UD0:
	case X86_INS_UD2:
	case X86_INS_UD2B:
		operation->kind = OP_END;
		return true;
	case X86_INS_SYSCALL:
		take_call(operation, ABI_X86_64);
		return true;
	case X86_INS_SYSENTER:
		take_call(operation, ABI_X86);
		return true;
	case X86_INS_INT:
		if (insn->detail->x86.operands[0].imm == INT_LINUX)
			take_call(operation, ABI_X86);
		return true;
	default:
		if (insn->id < X86_INS_JAE || insn->id > X86_INS_JS)
			return false;
		go_to(operation, insn, OP_BRANCH, OP_BRANCH, OP_BRANCH);
		return true;
	}
}

void operation_from_x86(struct operation *operation, const cs_insn *insn)
{
	operation->address = insn->address;
	operation->length = (uint8_t)insn->size;
	operation->dst = operation->source = operation->other = REGISTER_NONE;
	operation->padding = insn->id == X86_INS_NOP || insn->id == X86_INS_INT3;
	if (operation->padding)
		return;
	take_references(operation, insn);
	if (take_flow(operation, insn))
		return;
	take_writes(operation, insn);
	take_value(operation, insn);
}
