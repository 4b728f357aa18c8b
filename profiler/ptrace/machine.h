/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of a stopped tracee, as far as the tracer writes them: to make a call of its own in the
 * tracee's place, to change an argument, to refuse a call. machine_ARCH.c has each machine's.
 */
#ifndef PALE_PROFILER_PTRACE_MACHINE_H
#define PALE_PROFILER_PTRACE_MACHINE_H

#include "policy-lang/catalog/call.h"

#include <sys/types.h>

/* All general registers of one task. */
struct machine_regs {
	uint64_t words[64];
	size_t length; /* bytes of WORDS that the machine has */
};

/* An instruction that makes a system call, and the ABI that it makes it on. */
struct call_site {
	uint64_t address;
	enum abi_id abi;
};

/* Each returns 0 or negative errno. */
int machine_regs_get(pid_t tid, struct machine_regs *regs);
int machine_regs_set(pid_t tid, const struct machine_regs *regs);
/*
 * The instruction that REGS, taken where a call ends, has just made a call with: 0, or -ENOENT
 * where none is there that the tracer knows.
 */
int machine_find_site(pid_t tid, const struct machine_regs *regs, struct call_site *site);
/*
 * Changes REGS, taken where a call ends, so that the task makes the call NUMBER at SITE next. Four
 * arguments at most are in registers everywhere; what the call has more is *SPILL bytes below the
 * stack pointer that the caller is to write there first, from SPILLED.
 */
struct call_spill {
	uint64_t address;
	uint32_t words[CALL_ARGS_MAX];
	size_t length; /* bytes; 0: all arguments are in registers */
};
void machine_regs_call(struct machine_regs *regs, const struct call_site *site, uint32_t number,
		       const uint64_t args[CALL_ARGS_MAX], struct call_spill *spill);

/* At the beginning of a call: gives argument INDEX of it (in a register everywhere) a VALUE. */
int machine_set_argument(pid_t tid, enum abi_id abi, unsigned int index, uint64_t value);
/*
 * At a stop for a filter: the call is not made. At its end the other is to be called too; then it
 * has returned ENOSYS.
 */
int machine_refuse_call(pid_t tid);
int machine_end_refusal(pid_t tid);

#endif
