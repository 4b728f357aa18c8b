/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/operation.h"

enum {
	X0 = 0,
	X8 = 8,
};

static uint8_t register_number(unsigned int reg)
{
	if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28)
		return (uint8_t)(reg - ARM64_REG_X0);
	if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30)
		return (uint8_t)(reg - ARM64_REG_W0);
	if (reg == ARM64_REG_X29)
		return 29;
	if (reg == ARM64_REG_X30)
		return 30;
	return REGISTER_NONE;
}

static bool is_narrow(unsigned int reg)
{
	return reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30;
}

static bool is_zero(unsigned int reg)
{
	return reg == ARM64_REG_XZR || reg == ARM64_REG_WZR;
}

static void take_writes(struct operation *operation, const cs_insn *insn)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;

	for (uint8_t i = 0; i < arm64->op_count; i++) {
		const cs_arm64_op *operand = &arm64->operands[i];
		unsigned int reg = operand->type == ARM64_OP_MEM ? operand->mem.base : operand->reg;
		bool written = operand->type == ARM64_OP_MEM
				       ? arm64->writeback
				       : operand->type == ARM64_OP_REG &&
						 (operand->access & CS_AC_WRITE || i == 0 ||
						  (i == 1 && operand->access != CS_AC_READ));
		uint8_t number = register_number(reg);

		if (written && number != REGISTER_NONE)
			operation->written |= 1U << number;
	}
}

static uint64_t shifted(const cs_arm64_op *operand)
{
	uint64_t value = (uint64_t)operand->imm;

	return operand->shift.type == ARM64_SFT_LSL && operand->shift.value < 64
		       ? value << operand->shift.value
		       : value;
}

static void take_move(struct operation *operation, const cs_insn *insn)
{
	const cs_arm64_op *from = &insn->detail->arm64.operands[1];

	if (from->type == ARM64_OP_IMM) {
		operation->kind = OP_CONSTANT;
		operation->value = shifted(from);
		if (insn->id == ARM64_INS_MOVN)
			operation->value = ~operation->value;
	} else if (from->type == ARM64_OP_REG && is_zero(from->reg)) {
		operation->kind = OP_CONSTANT;
	} else if (from->type == ARM64_OP_REG && register_number(from->reg) != REGISTER_NONE) {
		operation->kind = OP_MOVE;
		operation->source = register_number(from->reg);
	}
}

/* movk keeps what it does not write: known where the rest is. */
static void take_keep(struct operation *operation, const cs_insn *insn)
{
	const cs_arm64_op *from = &insn->detail->arm64.operands[1];

	if (from->type != ARM64_OP_IMM || from->shift.value != 16)
		return;
	operation->kind = OP_COMPUTE;
	operation->alu = ALU_OR;
	operation->source = operation->dst;
	operation->other = REGISTER_NONE;
	operation->value = shifted(from);
}

static void take_compute(struct operation *operation, const cs_insn *insn, enum operation_alu alu)
{
	const cs_arm64_op *operands = insn->detail->arm64.operands;

	if (insn->detail->arm64.op_count != 3 || operands[1].type != ARM64_OP_REG)
		return;
	operation->source = register_number(operands[1].reg);
	operation->other = REGISTER_NONE;
	operation->alu = (uint8_t)alu;
	if (operands[2].type == ARM64_OP_IMM) {
		operation->value = shifted(&operands[2]);
	} else if (operands[2].type == ARM64_OP_REG && operands[2].shift.value == 0 &&
		   operands[2].ext == ARM64_EXT_INVALID &&
		   register_number(operands[2].reg) != REGISTER_NONE) {
		operation->other = register_number(operands[2].reg);
	} else {
		return;
	}
	if (is_zero(operands[1].reg) && operands[2].type == ARM64_OP_IMM && alu == ALU_OR)
		operation->kind = OP_CONSTANT;
	else if (operation->source != REGISTER_NONE)
		operation->kind = OP_COMPUTE;
}

/* csel, csinc and cinc, which is csinc with one register twice. */
static void take_select(struct operation *operation, const cs_insn *insn)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;
	uint8_t other = insn->id == ARM64_INS_CINC ? 1 : 2;

	if (arm64->op_count <= other)
		return;
	operation->source = register_number(arm64->operands[1].reg);
	operation->other = register_number(arm64->operands[other].reg);
	operation->value = insn->id != ARM64_INS_CSEL;
	if (operation->source != REGISTER_NONE && operation->other != REGISTER_NONE)
		operation->kind = OP_SELECT;
}

static void take_load(struct operation *operation, const cs_insn *insn)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;

	for (uint8_t i = 1; i < arm64->op_count; i++) {
		const cs_arm64_op *operand = &arm64->operands[i];

		if (operand->type == ARM64_OP_IMM && i == 1 && !arm64->writeback) {
			operation->references[0].kind = REFERENCE_SLOT;
			operation->references[0].address = (uint64_t)operand->imm;
			return;
		}
		if (operand->type != ARM64_OP_MEM || operand->mem.index != ARM64_REG_INVALID ||
		    arm64->writeback)
			continue;
		operation->source = register_number(operand->mem.base);
		operation->value = (uint64_t)(int64_t)operand->mem.disp;
		if (operation->source != REGISTER_NONE)
			operation->kind = OP_LOAD;
		operation->alu = insn->id == ARM64_INS_LDP ? 2 : 1;
	}
}

static bool take_address(struct operation *operation, const cs_insn *insn)
{
	if (insn->id != ARM64_INS_ADR && insn->id != ARM64_INS_ADRP)
		return false;
	operation->kind = OP_CONSTANT;
	operation->value = (uint64_t)insn->detail->arm64.operands[1].imm;
	if (insn->id == ARM64_INS_ADR) {
		operation->references[0].kind = REFERENCE_ADDRESS;
		operation->references[0].address = operation->value;
	}
	return true;
}

static void take_value(struct operation *operation, const cs_insn *insn)
{
	static const struct {
		unsigned int id;
		enum operation_alu alu;
	} computes[] = {
		{ARM64_INS_ADD, ALU_ADD},
		{ARM64_INS_SUB, ALU_SUB},
		{ARM64_INS_AND, ALU_AND},
		{ARM64_INS_ORR, ALU_OR},
	};
	const cs_arm64 *arm64 = &insn->detail->arm64;

	if (!arm64->op_count || arm64->operands[0].type != ARM64_OP_REG)
		return;
	operation->dst = register_number(arm64->operands[0].reg);
	operation->narrow = is_narrow(arm64->operands[0].reg);
	if (take_address(operation, insn))
		return;
	if (insn->id == ARM64_INS_MOV || insn->id == ARM64_INS_MOVZ || insn->id == ARM64_INS_MOVN)
		take_move(operation, insn);
	else if (insn->id == ARM64_INS_MOVK)
		take_keep(operation, insn);
	else if (insn->id == ARM64_INS_CSEL || insn->id == ARM64_INS_CSINC ||
		 insn->id == ARM64_INS_CINC)
		take_select(operation, insn);
	else if (insn->id == ARM64_INS_CSET)
		operation->kind = OP_FLAG;
	else if (insn->id == ARM64_INS_CSETM)
		operation->kind = OP_BORROW;
	else if ((insn->id >= ARM64_INS_LDRB && insn->id <= ARM64_INS_LDRSW) ||
		 insn->id == ARM64_INS_LDAR || insn->id == ARM64_INS_LDP)
		take_load(operation, insn);
	for (size_t i = 0; i < sizeof(computes) / sizeof(computes[0]); i++)
		if (computes[i].id == insn->id)
			take_compute(operation, insn, computes[i].alu);
}

static void go_to(struct operation *operation, const cs_insn *insn, enum operation_kind kind)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;

	operation->kind = (uint8_t)kind;
	/* The address is the last operand: a register, or a bit, may be tested before it. */
	for (uint8_t i = 0; i < arm64->op_count; i++)
		if (arm64->operands[i].type == ARM64_OP_IMM)
			operation->value = (uint64_t)arm64->operands[i].imm;
}

static bool take_flow(struct operation *operation, const cs_insn *insn)
{
	switch (insn->id) {
	case ARM64_INS_BL:
		go_to(operation, insn, OP_CALL);
		return true;
	case ARM64_INS_BLR:
		operation->kind = OP_CALL_REGISTER;
		return true;
	case ARM64_INS_B:
		go_to(operation, insn,
		      insn->detail->arm64.cc == ARM64_CC_INVALID ||
				      insn->detail->arm64.cc == ARM64_CC_AL ||
				      insn->detail->arm64.cc == ARM64_CC_NV
			      ? OP_JUMP
			      : OP_BRANCH);
		return true;
	case ARM64_INS_CBZ:
	case ARM64_INS_CBNZ:
	case ARM64_INS_TBZ:
	case ARM64_INS_TBNZ:
		go_to(operation, insn, OP_BRANCH);
		return true;
	case ARM64_INS_BR:
		operation->kind = OP_JUMP_REGISTER;
		operation->source = register_number(insn->detail->arm64.operands[0].reg);
		return true;
	case ARM64_INS_RET:
	case ARM64_INS_ERET:
		operation->kind = OP_END;
		operation->returns = true;
		return true;
	case ARM64_INS_HLT:
	case ARM64_INS_BRK:
		operation->kind = OP_END;
		return true;
	case ARM64_INS_SVC:
		operation->kind = OP_SYSCALL;
		operation->abi = ABI_AARCH64;
		operation->source = X8;
		operation->written = 1U << X0;
		return true;
	default:
		return false;
	}
}

void operation_from_aarch64(struct operation *operation, const cs_insn *insn)
{
	operation->address = insn->address;
	operation->length = (uint8_t)insn->size;
	operation->dst = operation->source = operation->other = REGISTER_NONE;
	operation->padding = insn->id == ARM64_INS_NOP;
	if (operation->padding || take_flow(operation, insn))
		return;
	take_writes(operation, insn);
	take_value(operation, insn);
}
