/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read_filter PID: writes the one filter that a process is under to standard output, as an array
 * of struct sock_filter. It needs CAP_SYS_ADMIN and no filter of its own.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER 0x420c
#endif

static int complain(const char *what)
{
	fprintf(stderr, "read_filter: %s: %s\n", what, strerror(errno));
	return 3;
}

int main(int argc, char **argv)
{
	static struct sock_filter filter[4096];
	pid_t pid = argc == 2 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
	long count, second;
	int status;

	if (pid <= 0) {
		fputs("usage: read_filter PID\n", stderr);
		return 2;
	}
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, &status, __WALL) != pid)
		return complain("attach");
	count = ptrace((enum __ptrace_request)PTRACE_SECCOMP_GET_FILTER, pid, NULL, filter);
	if (count < 0)
		return complain("PTRACE_SECCOMP_GET_FILTER");
	second = ptrace((enum __ptrace_request)PTRACE_SECCOMP_GET_FILTER, pid, (void *)1, NULL);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	if (second >= 0) {
		fputs("read_filter: the process is under several filters\n", stderr);
		return 1;
	}
	if (fwrite(filter, sizeof(*filter), (size_t)count, stdout) != (size_t)count ||
	    fflush(stdout))
		return complain("write");
	return 0;
}
