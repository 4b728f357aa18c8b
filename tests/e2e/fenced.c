/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fences itself with the filter that it was compiled or linked with, and says whether it is fenced:
 * the policy denies mkdirat with EXDEV. Ends with 0 if so. In C and C++, for tests/e2e/headers and
 * tests/e2e/objects.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall() */
#endif
#ifdef HEADER
#include HEADER
#else
#include <linux/filter.h>
#include <linux/seccomp.h>

extern const struct sock_filter fenced_filter[];
extern const unsigned short fenced_filter_count;

static struct sock_fprog fenced_program(void)
{
	struct sock_fprog program;

	program.len = fenced_filter_count;
	program.filter = (struct sock_filter *)fenced_filter;
	return program;
}
#endif

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct sock_fprog program = fenced_program();

	if (syscall(SYS_mkdirat, -1, "made", 0700) == 0 || errno != EBADF) {
		perror("mkdirat before the fence");
		return 1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program)) {
		perror("fence");
		return 77;
	}
	if (syscall(SYS_mkdirat, -1, "made", 0700) == 0 || errno != EXDEV) {
		perror("mkdirat behind the fence");
		return 1;
	}
	return 0;
}
