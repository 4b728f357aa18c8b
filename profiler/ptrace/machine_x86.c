/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x86_64, with the x32 and i386 programs that its kernel runs. PTRACE_GETREGS gives a tracer of 64
 * bits all registers of a tracee of 32 (arch/x86/kernel/ptrace.c takes the tracer's view).
 */
#if defined(__x86_64__)
#include "profiler/ptrace/machine.h"

#include "profiler/process_info.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

_Static_assert(sizeof(struct user_regs_struct) <= sizeof(((struct machine_regs *)0)->words),
	       "all registers have room");

enum {
	INSTRUCTION_BYTES = 2, /* of all three below */
};

static struct user_regs_struct registers_of(const struct machine_regs *regs)
{
	struct user_regs_struct user;

	memcpy(&user, regs->words, sizeof(user));
	return user;
}

int machine_regs_get(pid_t tid, struct machine_regs *regs)
{
	regs->length = sizeof(struct user_regs_struct);
	return ptrace(PTRACE_GETREGS, tid, NULL, regs->words) < 0 ? -errno : 0;
}

int machine_regs_set(pid_t tid, const struct machine_regs *regs)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, regs->words) < 0 ? -errno : 0;
}

int machine_find_site(pid_t tid, const struct machine_regs *regs, struct call_site *site)
{
	/* Behind sysenter and a 32-bit syscall the kernel goes on behind the vDSO's int 0x80. */
	static const struct {
		unsigned char bytes[INSTRUCTION_BYTES];
		enum abi_id abi;
	} known[] = {{{0x0f, 0x05}, ABI_X86_64}, {{0xcd, 0x80}, ABI_X86}};
	unsigned char bytes[INSTRUCTION_BYTES];
	int error;

	site->address = registers_of(regs).rip - INSTRUCTION_BYTES;
	error = process_read_memory(tid, site->address, bytes, sizeof(bytes));
	if (error)
		return error;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (memcmp(bytes, known[i].bytes, sizeof(bytes)) == 0) {
			site->abi = known[i].abi;
			return 0;
		}
	}
	return -ENOENT;
}

/* Where ABI has argument INDEX. */
static unsigned long long *argument(struct user_regs_struct *user, enum abi_id abi,
				    unsigned int index)
{
	unsigned long long *const wide[] = {&user->rdi, &user->rsi, &user->rdx,
					    &user->r10, &user->r8,  &user->r9};
	unsigned long long *const narrow[] = {&user->rbx, &user->rcx, &user->rdx,
					      &user->rsi, &user->rdi, &user->rbp};

	return abi == ABI_X86 ? narrow[index] : wide[index];
}

void machine_regs_call(struct machine_regs *regs, const struct call_site *site, uint32_t number,
		       const uint64_t args[CALL_ARGS_MAX], struct call_spill *spill)
{
	struct user_regs_struct user = registers_of(regs);

	spill->length = 0;
	user.rip = site->address;
	user.rax = number;
	user.orig_rax = (unsigned long long)-1; /* in no call that could be restarted */
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		*argument(&user, site->abi, i) = args[i];
	memcpy(regs->words, &user, sizeof(user));
}

int machine_set_argument(pid_t tid, enum abi_id abi, unsigned int index, uint64_t value)
{
	struct user_regs_struct user;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &user) < 0)
		return -errno;
	*argument(&user, abi, index) = value;
	return ptrace(PTRACE_SETREGS, tid, NULL, &user) < 0 ? -errno : 0;
}

int machine_refuse_call(pid_t tid)
{
	struct user_regs_struct user;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &user) < 0)
		return -errno;
	user.orig_rax = (unsigned long long)-1;
	user.rax = (unsigned long long)-ENOSYS;
	return ptrace(PTRACE_SETREGS, tid, NULL, &user) < 0 ? -errno : 0;
}

int machine_end_refusal(pid_t tid)
{
	(void)tid;
	return 0;
}
#endif
