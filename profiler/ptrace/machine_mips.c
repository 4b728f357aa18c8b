/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MIPS of 32 bits, both byte orders. Registers come as 64-bit words on kernels of either width, and
 * a call's fifth argument and what is behind it stand on the stack. PTRACE_SETREGS takes the number
 * of the call anew from v0: arch/mips/kernel/ptrace.c.
 */
#if defined(__mips__) && defined(_ABIO32) && _MIPS_SIM == _ABIO32
#include "profiler/ptrace/machine.h"

#include "profiler/process_info.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>

enum {
	REGISTERS = 38, /* r0 to r31, lo, hi, epc, badvaddr, status, cause */
	RESTART_MARK = 0,
	V0 = 2,
	A0 = 4,
	A3 = 7,
	SP = 29,
	EPC = 34,
	INSTRUCTION = 0x0000000c, /* syscall */
	BELOW = 256,              /* bytes that are left alone below the stack pointer */
	ARGUMENTS_FROM = 16,      /* of the stack pointer: where the fifth argument stands */
};

int machine_regs_get(pid_t tid, struct machine_regs *regs)
{
	regs->length = REGISTERS * sizeof(uint64_t);
	return ptrace(PTRACE_GETREGS, tid, NULL, regs->words) < 0 ? -errno : 0;
}

int machine_regs_set(pid_t tid, const struct machine_regs *regs)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, (void *)regs->words) < 0 ? -errno : 0;
}

int machine_find_site(pid_t tid, const struct machine_regs *regs, struct call_site *site)
{
	uint32_t instruction;
	int error;

	site->abi = abi_host()->id;
	site->address = (uint32_t)regs->words[EPC] - sizeof(instruction);
	error = process_read_memory(tid, site->address, &instruction, sizeof(instruction));
	if (error)
		return error;
	return instruction == INSTRUCTION ? 0 : -ENOENT;
}

void machine_regs_call(struct machine_regs *regs, const struct call_site *site, uint32_t number,
		       const uint64_t args[CALL_ARGS_MAX], struct call_spill *spill)
{
	uint32_t stack = ((uint32_t)regs->words[SP] - BELOW) & ~7u;

	regs->words[EPC] = (uint64_t)(int64_t)(int32_t)site->address;
	regs->words[V0] = number;
	regs->words[RESTART_MARK] = 0;
	regs->words[SP] = (uint64_t)(int64_t)(int32_t)stack;
	for (unsigned int i = 0; i < 4; i++)
		regs->words[A0 + i] = (uint64_t)(int64_t)(int32_t)args[i];
	spill->address = stack + ARGUMENTS_FROM;
	spill->words[0] = (uint32_t)args[4];
	spill->words[1] = (uint32_t)args[5];
	spill->length = 2 * sizeof(spill->words[0]);
}

int machine_set_argument(pid_t tid, enum abi_id abi, unsigned int index, uint64_t value)
{
	struct machine_regs regs;
	int error = machine_regs_get(tid, &regs);

	(void)abi;
	if (error)
		return error;
	regs.words[A0 + index] = (uint64_t)(int64_t)(int32_t)value;
	return machine_regs_set(tid, &regs);
}

static int set_result(pid_t tid, int64_t v0)
{
	struct machine_regs regs;
	int error = machine_regs_get(tid, &regs);

	if (error)
		return error;
	regs.words[V0] = (uint64_t)v0;
	regs.words[A3] = 1;
	return machine_regs_set(tid, &regs);
}

int machine_refuse_call(pid_t tid)
{
	return set_result(tid, -1);
}

int machine_end_refusal(pid_t tid)
{
	return set_result(tid, ENOSYS);
}
#endif
