/* SPDX-License-Identifier: Apache-2.0 */
/* What /proc says of a process or thread. */
#ifndef PALE_CLI_LIVE_PROCESS_H
#define PALE_CLI_LIVE_PROCESS_H

#include <stdbool.h>

struct live_process {
	int group;      /* the process that a thread belongs to */
	int tracer;     /* 0 for none */
	int seccomp;    /* 0 none, 1 strict, 2 filters; -1 where the kernel does not say */
	bool is_dead;   /* a zombie */
	bool is_kernel; /* a thread of the kernel's own */
};

/* False where /proc has nothing of it. */
bool live_process_read(int pid, struct live_process *process);
/* This process. */
int live_process_own(void);

#endif
