/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instructions of any machine in the few forms that matter here: what they do to registers that may
 * hold a call's number or an address, and where they may go on.
 */
#ifndef PALE_PROFILER_STATIC_OPERATION_H
#define PALE_PROFILER_STATIC_OPERATION_H

#include "policy-lang/base/arena.h"
#include "policy-lang/catalog/abi.h"

#include <capstone/capstone.h>

enum {
	REGISTERS = 32, /* x86_64: rax rcx rdx rbx rsp rbp rsi rdi r8 to r15; aarch64: x0 to x30 */
	REGISTER_NONE = 63, /* one that is not followed */
	REFERENCES = 2,
};

enum operation_kind {
	OP_OTHER,     /* what it writes is unknown afterwards */
	OP_CONSTANT,  /* dst = value */
	OP_MOVE,      /* dst = source */
	OP_COMPUTE,   /* dst = source ALU (other, or value where there is none) */
	OP_SELECT,    /* dst = source or other + value */
	OP_ADDRESS,   /* dst = source + other * scale + value, without those that there are not */
	OP_FLAG,      /* dst = 0 or 1 */
	OP_BORROW,    /* dst = 0 or all ones */
	OP_TRUTH,     /* dst = 0 or 1 in its low byte, the rest as before */
	OP_LOAD,      /* dst = memory at source + value; alu is how many registers are filled */
	OP_PUSH,      /* source, or value where there is none */
	OP_POP,       /* dst = what was pushed last */
	OP_SYSCALL,   /* a system call of `abi`, its number in source */
	OP_CALL,      /* to value */
	OP_CALL_SLOT, /* to where the eight bytes at value point */
	OP_CALL_REGISTER, /* to who knows where */
	OP_BRANCH,        /* to value, or on */
	OP_JUMP,          /* to value */
	OP_JUMP_SLOT,     /* to where the eight bytes at value point */
	OP_JUMP_REGISTER, /* to who knows where */
	OP_END,           /* nothing follows: a return, a trap */
};

enum operation_alu {
	ALU_ADD,
	ALU_SUB,
	ALU_AND,
	ALU_OR,
	ALU_XOR,
	ALU_SHL,
};

enum reference_kind {
	REFERENCE_NONE,
	REFERENCE_ADDRESS, /* the address was taken: of code, or of data that goes on from there */
	REFERENCE_SLOT,    /* the memory there was read or written */
	REFERENCE_NUMBER,  /* a number that may be an address, in a program for fixed addresses */
};

struct operation_reference {
	enum reference_kind kind;
	uint64_t address;
};

struct operation {
	uint64_t address;
	uint8_t length;
	uint8_t kind; /* enum operation_kind */
	uint8_t alu;  /* enum operation_alu */
	uint8_t dst, source, other;
	uint8_t scale;
	uint8_t abi;      /* enum abi_id */
	bool returns;     /* OP_END: to whoever called */
	bool final;       /* OP_CALL: it never comes back */
	bool narrow;      /* 32 bits of the result count, and the upper ones become 0 */
	bool padding;     /* does nothing, and stands between functions and blocks */
	uint32_t written; /* bit N: register N, besides dst */
	uint64_t value;
	struct operation_reference references[REFERENCES];
};

/* Fills *OPERATION, which is all zeros, from an instruction decoded with details. */
void operation_from_x86(struct operation *operation, const cs_insn *insn);
void operation_from_aarch64(struct operation *operation, const cs_insn *insn);

#endif
