/* SPDX-License-Identifier: Apache-2.0 */
/* The filters that a running process has, asked of the kernel. */
#ifndef PALE_CLI_LIVE_FILTER_H
#define PALE_CLI_LIVE_FILTER_H

#include "compiler/cbpf/filter.h"

struct live_filters {
	VEC(const struct filter *) items; /* the first installed comes first */
};

/* The number of a process or thread in TEXT; 0 where it is none. */
int live_filter_pid(const char *text);

/*
 * Reads the filters of process or thread PID, of which there is one at least. It is stopped for the
 * moment of reading, with PTRACE_SEIZE, and then goes on as it was: one that was stopped stays so, a
 * signal that came meanwhile is delivered, and if this program ends in between the kernel lets it go.
 * Returns a command's exit status, having said what is wrong.
 */
int live_filter_read(struct arena *arena, int pid, struct live_filters *filters);

#endif
