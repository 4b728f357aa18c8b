/* SPDX-License-Identifier: Apache-2.0 */
/* System calls without a libc. */
#ifndef PALE_RUNTIME_SYS_H
#define PALE_RUNTIME_SYS_H

#include "runtime/calls.h"

#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/signal.h>

enum {
	SIGNAL_WORD_BITS = 8 * sizeof(long),
	SIGNAL_WORDS = ARCH_SIGNALS / SIGNAL_WORD_BITS,
};
/* A set of signals as the kernel has it: N is bit N - 1, counted in words of a long. */
struct signal_set {
	unsigned long words[SIGNAL_WORDS];
};

static inline void signal_set_add(struct signal_set *set, int signal)
{
	set->words[(signal - 1) / SIGNAL_WORD_BITS] |= 1ul << (signal - 1) % SIGNAL_WORD_BITS;
}

static inline void signal_set_fill(struct signal_set *set)
{
	for (int i = 0; i < SIGNAL_WORDS; i++)
		set->words[i] = ~0ul;
}

static inline long sys_open(const char *path, int flags)
{
	return sys4(__NR_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
}

static inline long sys_read(int fd, void *to, size_t size)
{
	return sys3(__NR_read, fd, to, size);
}

static inline long sys_write(int fd, const void *from, size_t size)
{
	return sys3(__NR_write, fd, from, size);
}

static inline long sys_close(int fd)
{
	return sys1(__NR_close, fd);
}

/* A copy of this process: 0 in the child, its pid in the parent. */
static inline long sys_fork(void)
{
	return sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0);
}

static inline long sys_wait(int pid, int *status, int options)
{
	return sys4(__NR_wait4, pid, status, options, 0);
}

static inline long sys_kill(int pid, int signal)
{
	return sys2(__NR_kill, pid, signal);
}

static inline long sys_signal_mask(int how, const struct signal_set *set, struct signal_set *before)
{
	return sys4(__NR_rt_sigprocmask, how, set, before, sizeof(*set));
}

/* With WAIT_NONE: what is pending, else -EAGAIN. */
enum signal_wait {
	WAIT_NONE,
	WAIT_LONG,
};
static inline long sys_signal_wait(const struct signal_set *set, siginfo_t *info,
				   enum signal_wait wait)
{
	/* Zeros are no time at all in either layout of a timespec. */
	static const uint64_t nothing[2];
	const void *timeout = wait == WAIT_NONE ? nothing : NULL;
	long result = sys4(__NR_rt_sigtimedwait, set, info, timeout, sizeof(*set));

#ifdef __NR_rt_sigtimedwait_time64
	/* A 32-bit kernel without CONFIG_COMPAT_32BIT_TIME has the second of the two only. */
	if (result == -ENOSYS)
		result = sys4(__NR_rt_sigtimedwait_time64, set, info, timeout, sizeof(*set));
#endif
	return result;
}

static inline long sys_signal_action(int signal, const struct arch_sigaction *action,
				     struct arch_sigaction *before)
{
	return sys4(__NR_rt_sigaction, signal, action, before, sizeof(struct signal_set));
}

static inline __attribute__((noreturn)) void sys_exit(int status)
{
	sys1(__NR_exit_group, status);
	/* A filter can refuse even that. */
	for (;;)
		__asm__ volatile(ARCH_CRASH);
}

#endif
