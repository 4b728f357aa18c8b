/* SPDX-License-Identifier: Apache-2.0 */
/* A seccomp filter for a process that is traced, put there by calls made in its place. */
#ifndef PALE_PROFILER_PTRACE_INJECT_H
#define PALE_PROFILER_PTRACE_INJECT_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct injection {
	bool installed; /* the filter holds for all threads of the process */
	bool ended;     /* the task is gone; STATUS is what wait(2) said, where it said anything */
	bool reported;  /* STATUS holds */
	int status;
};

/*
 * Requires that TID stands where a call has ended that is not to be made again (no ERESTART result,
 * no EINTR), traced with PTRACE_O_TRACESYSGOOD by PTRACE_SEIZE. Maps memory there, writes the filter
 * into it, installs it for all threads, unmaps it, and leaves registers and signal mask as they
 * were. The process gets PR_SET_NO_NEW_PRIVS where the kernel asks for it: where it has no
 * CAP_SYS_ADMIN itself. Signals wait meanwhile.
 */
void inject_filter(pid_t tid, const struct sock_filter *instructions, uint16_t count,
		   struct injection *injection);

#endif
