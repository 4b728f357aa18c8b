/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/denials/registers.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

/*
 * The kernel skips a call whose number has become -1, and leaves the register of the result as it is
 * (Documentation/userspace-api/seccomp_filter.rst).
 */
#if defined(__x86_64__) || defined(__i386__)

#if defined(__x86_64__)
#define NUMBER_AT offsetof(struct user, regs.orig_rax)
#define RESULT_AT offsetof(struct user, regs.rax)
#else
#define NUMBER_AT offsetof(struct user, regs.orig_eax)
#define RESULT_AT offsetof(struct user, regs.eax)
#endif

bool registers_can_skip(void)
{
	return true;
}

int registers_skip_call(pid_t tid, int64_t result)
{
	if (ptrace(PTRACE_POKEUSER, tid, (void *)NUMBER_AT, (void *)-1L) < 0 ||
	    ptrace(PTRACE_POKEUSER, tid, (void *)RESULT_AT, (void *)(intptr_t)result) < 0)
		return -errno;
	return 0;
}

#elif defined(__aarch64__)

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

bool registers_can_skip(void)
{
	return true;
}

/* Registers of a 32-bit program come as 32-bit words: the kernel says how much it wrote. */
int registers_skip_call(pid_t tid, int64_t result)
{
	union {
		struct user_regs_struct wide;
		uint32_t narrow[18];
	} registers;
	struct iovec area = {&registers, sizeof(registers)};
	int none = -1;
	struct iovec number = {&none, sizeof(none)};

	if (ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &number) < 0 ||
	    ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0)
		return -errno;
	if (area.iov_len == sizeof(registers.wide))
		registers.wide.regs[0] = (uint64_t)result;
	else
		registers.narrow[0] = (uint32_t)result;
	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0 ? -errno : 0;
}

#elif defined(__arm__)

#ifndef PTRACE_SET_SYSCALL
#define PTRACE_SET_SYSCALL 23
#endif

bool registers_can_skip(void)
{
	return true;
}

int registers_skip_call(pid_t tid, int64_t result)
{
	if (ptrace(PTRACE_SET_SYSCALL, tid, NULL, (void *)-1L) < 0 ||
	    ptrace(PTRACE_POKEUSER, tid, NULL, (void *)(intptr_t)result) < 0)
		return -errno;
	return 0;
}

#else

bool registers_can_skip(void)
{
	return false;
}

int registers_skip_call(pid_t tid, int64_t result)
{
	(void)tid;
	(void)result;
	return -ENOSYS;
}

#endif

/* /proc/PID/syscall has the same form on every machine. */
static int read_proc_call(pid_t tid, struct seccomp_data *data)
{
	char path[64], line[256];
	uint64_t args[6], stack, instruction;
	ssize_t length;
	long number;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (length < 0)
		return -EIO;
	line[length] = '\0';
	if (sscanf(line,
		   "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		   " %" SCNx64 " %" SCNx64,
		   &number, &args[0], &args[1], &args[2], &args[3], &args[4], &args[5], &stack,
		   &instruction) != 9)
		return -ENODATA;
	data->nr = (int)number;
	data->instruction_pointer = instruction;
	for (unsigned int i = 0; i < 6; i++)
		data->args[i] = args[i];
	return 0;
}

#if defined(__aarch64__) || defined(__arm__)

/*
 * These kernels forget the number before they deliver a signal or let a task end (forget_syscall() in
 * arch/arm64/kernel/signal.c), and leave the registers as they put them back when seccomp refused the
 * call: the number in x8 (r7), the arguments from x0 (r0) on.
 */
int registers_read_call(pid_t tid, struct seccomp_data *data)
{
	union {
		uint64_t wide[34]; /* x0 to x30, sp, pc, pstate */
		uint32_t narrow[18];
	} registers = {{0}};
	struct iovec area = {&registers, sizeof(registers)};

	if (read_proc_call(tid, data) == 0)
		return 0;
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0)
		return -errno;
	if (area.iov_len == sizeof(registers.wide)) {
		data->nr = (int)registers.wide[8];
		data->instruction_pointer = registers.wide[32];
		memcpy(data->args, registers.wide, sizeof(data->args));
		return 0;
	}
	data->nr = (int)registers.narrow[7];
	data->instruction_pointer = registers.narrow[15];
	for (unsigned int i = 0; i < 6; i++)
		data->args[i] = registers.narrow[i];
	return 0;
}

#else

int registers_read_call(pid_t tid, struct seccomp_data *data)
{
	return read_proc_call(tid, data);
}

#endif
