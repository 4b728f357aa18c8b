/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ARM: arm on its own, and aarch64 with the arm programs that its kernel runs, whose registers come
 * as those of 32 bits. Where a call begins or ends the kernel shows which in x7 (r12 of arm), and
 * puts back what was there: arch/arm64/kernel/ptrace.c, arch/arm/kernel/ptrace.c.
 */
#if defined(__aarch64__) || defined(__arm__)
#include "profiler/ptrace/machine.h"

#include "profiler/process_info.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum {
	NARROW_BYTES = 18 * 4, /* r0 to r15, cpsr, orig_r0 */
	NARROW_NUMBER = 7,
	NARROW_PC = 15,
	NARROW_CPSR = 16,
	CPSR_THUMB = 0x20,
	WIDE_NUMBER = 8,
	WIDE_PC = 32, /* behind x0 to x30 and sp */
	INSTRUCTION_BYTES = 4,
	THUMB_BYTES = 2,
	SET_SYSCALL = 23, /* PTRACE_SET_SYSCALL of arm */
};

static bool is_narrow(const struct machine_regs *regs)
{
	return regs->length == NARROW_BYTES;
}

static uint64_t register_get(const struct machine_regs *regs, unsigned int index)
{
	uint32_t narrow;

	if (!is_narrow(regs))
		return regs->words[index];
	memcpy(&narrow, (const char *)regs->words + index * sizeof(narrow), sizeof(narrow));
	return narrow;
}

static void register_set(struct machine_regs *regs, unsigned int index, uint64_t value)
{
	uint32_t narrow = (uint32_t)value;

	if (is_narrow(regs))
		memcpy((char *)regs->words + index * sizeof(narrow), &narrow, sizeof(narrow));
	else
		regs->words[index] = value;
}

int machine_regs_get(pid_t tid, struct machine_regs *regs)
{
	struct iovec all = {regs->words, sizeof(regs->words)};

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &all) < 0)
		return -errno;
	regs->length = all.iov_len;
	return 0;
}

int machine_regs_set(pid_t tid, const struct machine_regs *regs)
{
	struct iovec all = {(void *)regs->words, regs->length};

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &all) < 0 ? -errno : 0;
}

int machine_find_site(pid_t tid, const struct machine_regs *regs, struct call_site *site)
{
	bool narrow = is_narrow(regs);
	bool thumb = narrow && (register_get(regs, NARROW_CPSR) & CPSR_THUMB);
	size_t length = thumb ? THUMB_BYTES : INSTRUCTION_BYTES;
	/* All of these are little-endian, whatever the data are. */
	const unsigned char svc_thumb[] = {0x00, 0xdf}, svc_narrow[] = {0x00, 0x00, 0x00, 0xef},
			    svc_wide[] = {0x01, 0x00, 0x00, 0xd4};
	unsigned char bytes[INSTRUCTION_BYTES];
	int error;

	site->abi = narrow ? ABI_ARM : ABI_AARCH64;
	site->address = register_get(regs, narrow ? NARROW_PC : WIDE_PC) - length;
	error = process_read_memory(tid, site->address, bytes, length);
	if (error)
		return error;
	if (memcmp(bytes, thumb ? svc_thumb : narrow ? svc_narrow : svc_wide, length) == 0)
		return 0;
	return -ENOENT;
}

void machine_regs_call(struct machine_regs *regs, const struct call_site *site, uint32_t number,
		       const uint64_t args[CALL_ARGS_MAX], struct call_spill *spill)
{
	bool narrow = is_narrow(regs);

	spill->length = 0;
	register_set(regs, narrow ? NARROW_PC : WIDE_PC, site->address);
	register_set(regs, narrow ? NARROW_NUMBER : WIDE_NUMBER, number);
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		register_set(regs, i, args[i]);
}

int machine_set_argument(pid_t tid, enum abi_id abi, unsigned int index, uint64_t value)
{
	struct machine_regs regs;
	int error = machine_regs_get(tid, &regs);

	(void)abi;
	if (error)
		return error;
	register_set(&regs, index, value);
	return machine_regs_set(tid, &regs);
}

int machine_refuse_call(pid_t tid)
{
	int error, none = -1;

#ifdef __aarch64__
	struct iovec number = {&none, sizeof(none)};

	error = ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &number) < 0 ? -errno : 0;
#else
	error = ptrace((enum __ptrace_request)SET_SYSCALL, tid, NULL, (void *)none) < 0 ? -errno
											: 0;
#endif
	return error ? error : machine_set_argument(tid, ABI_ARM, 0, (uint64_t)-ENOSYS);
}

int machine_end_refusal(pid_t tid)
{
	(void)tid;
	return 0;
}
#endif
