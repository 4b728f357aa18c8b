/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_filter.h"

#include "cli/command.h"
#include "cli/live_process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER 0x420c /* Linux 4.4 */
#endif

enum {
	STOP_WAIT_MS = 5000, /* a process that is asleep for a disk stops no sooner */
	STOP_POLL_MS = 2,
};

int live_filter_pid(const char *text)
{
	char *end;
	long pid;

	if (*text < '0' || *text > '9') /* strtol() would take blanks and a sign */
		return 0;
	errno = 0;
	pid = strtol(text, &end, 10);
	return errno || *end || pid <= 0 || pid > INT32_MAX ? 0 : (int)pid;
}

static int refuse(int pid, int status, const char *why)
{
	command_error("process %d %s", pid, why);
	return status;
}

/* Why PTRACE_SEIZE gave ERROR. */
static int complain_seize(int pid, int error)
{
	struct live_process process;

	if (error == ESRCH)
		return refuse(pid, COMMAND_USAGE, "is not there");
	if (!live_process_read(pid, &process))
		return refuse(pid, COMMAND_ENVIRONMENT, "may not be traced by this user");
	if (process.group == live_process_own())
		return refuse(pid, COMMAND_USAGE, "is pale itself");
	if (process.is_dead)
		return refuse(pid, COMMAND_USAGE,
			      "has ended already, and its parent has not yet "
			      "taken notice");
	if (process.is_kernel)
		return refuse(pid, COMMAND_USAGE,
			      "is a thread of the kernel, which makes no calls");
	if (process.tracer) {
		command_error("process %d is traced already, by process %d", pid, process.tracer);
		return COMMAND_ENVIRONMENT;
	}
	return refuse(pid, COMMAND_ENVIRONMENT,
		      "may not be traced by this user: that takes CAP_SYS_PTRACE, or more where a "
		      "security module is in force");
}

/* Why PTRACE_SECCOMP_GET_FILTER gave ERROR: seccomp_get_filter() of kernel/seccomp.c. */
static int complain_get(int pid, int error)
{
	struct live_process process;
	bool known = live_process_read(pid, &process);

	if (error == EACCES && live_process_read(live_process_own(), &process) && process.seccomp)
		return refuse(pid, COMMAND_ENVIRONMENT,
			      "was not read: pale is behind a filter itself, and the kernel shows "
			      "filters to nobody who is");
	if (error == EACCES)
		return refuse(pid, COMMAND_ENVIRONMENT,
			      "was not read: the kernel shows filters only with CAP_SYS_ADMIN in "
			      "the first user namespace");
	if (error == EMEDIUMTYPE)
		return refuse(pid, COMMAND_ENVIRONMENT,
			      "has a filter that the kernel did not keep as it was installed");
	if (error == ESRCH)
		return refuse(pid, COMMAND_USAGE, "ended while it was read");
	if (known && process.seccomp == 1)
		return refuse(pid, COMMAND_USAGE,
			      "is in seccomp's strict mode, which has no filter");
	if (known && process.seccomp == 0)
		return refuse(pid, COMMAND_USAGE, "has no filter");
	if (error == EINVAL || error == EIO)
		return refuse(
			pid, COMMAND_ENVIRONMENT,
			"has a filter, but this kernel shows none: that takes Linux 4.4, built "
			"with CONFIG_CHECKPOINT_RESTORE");
	command_error("process %d: its filters: %s", pid, strerror(error));
	return COMMAND_ENVIRONMENT;
}

/*
 * Waits until PID has stopped, and gives the signal that it stopped for, 0 for none. The stop is left
 * in place: should pale end now, the kernel lets the process go on with that signal.
 */
static int wait_for_stop(int pid, int *signal)
{
	const struct timespec pause = {0, STOP_POLL_MS * 1000000L};

	for (int waited = 0; waited < STOP_WAIT_MS; waited += STOP_POLL_MS) {
		siginfo_t info = {0};

		if (waitid(P_PID, (id_t)pid, &info,
			   WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0)
			return refuse(pid, COMMAND_USAGE, "ended while it was read");
		if (info.si_pid && info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED)
			return refuse(pid, COMMAND_USAGE, "ended while it was read");
		if (info.si_pid) {
			/* An event has its number above the signal's; a stop for INTERRUPT is one. */
			*signal = info.si_status >> 8 ? 0 : info.si_status & 0x7f;
			return COMMAND_GOOD;
		}
		nanosleep(&pause, NULL);
	}
	return refuse(pid, COMMAND_ENVIRONMENT,
		      "does not stop to be read: it waits for something that nothing interrupts");
}

/* Filter INDEX, counted from the first installed; NULL with errno where there is none. */
static const struct filter *get_filter(struct arena *arena, int pid, unsigned long index)
{
	struct filter *filter;
	long count = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, NULL);

	if (count < 0)
		return NULL;
	filter = arena_alloc(arena, sizeof(*filter));
	filter->count = (uint32_t)count;
	filter->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	filter->instructions = arena_alloc_array(arena, filter->count, sizeof(struct sock_filter));
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, filter->instructions) < 0)
		return NULL;
	return filter;
}

static int get_filters(struct arena *arena, int pid, struct live_filters *filters)
{
	for (;;) {
		const struct filter *filter = get_filter(arena, pid, filters->items.count);
		const char *why;
		uint32_t at;

		if (!filter && errno == ENOENT && filters->items.count)
			return COMMAND_GOOD;
		if (!filter)
			return complain_get(pid, errno);
		if (filter_check(filter, &at, &why)) {
			command_error("process %d: instruction %u of a filter: %s", pid, at, why);
			return COMMAND_ENVIRONMENT;
		}
		*VEC_PUSH(arena, &filters->items) = filter;
	}
}

int live_filter_read(struct arena *arena, int pid, struct live_filters *filters)
{
	int signal = 0, status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return complain_seize(pid, errno);
	/* From here on the end of this program lets the process go. */
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0)
		return refuse(pid, COMMAND_USAGE, "ended while it was read");
	status = wait_for_stop(pid, &signal);
	if (status != COMMAND_GOOD)
		return status;
	status = get_filters(arena, pid, filters);
	ptrace(PTRACE_DETACH, pid, NULL, (void *)(intptr_t)signal);
	return status;
}
