/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/typical.h"

#include <stdlib.h>
#include <string.h>

/*
 * Of 1000 calls, how many each is: the mean over ten programs, each counted alike with strace on
 * Debian 12 (two shells with the usual tools, gcc, make, git, python3, sqlite3, redis and nginx under
 * requests, dnsmasq under queries). Where an ABI has the call in another form (stat64, _llseek,
 * futex_time64), that has its share. Threads, and clocks without a vDSO, were not in the count:
 * futex and clock_gettime have what programs with threads make of them. In the order of strcmp().
 */
static const struct typical {
	const char *name;
	double share;
} typical[] = {
	{"_llseek", 10},
	{"_newselect", 5},
	{"accept4", 2.7},
	{"access", 3.3},
	{"brk", 6},
	{"clock_gettime", 5},
	{"clock_gettime64", 5},
	{"clone", 0.5},
	{"clone3", 0.1},
	{"close", 78},
	{"connect", 0.9},
	{"dup2", 0.6},
	{"dup3", 0.6},
	{"epoll_ctl", 3},
	{"epoll_pwait", 13},
	{"epoll_wait", 13},
	{"execve", 2.1},
	{"faccessat", 3.3},
	{"faccessat2", 3.3},
	{"fcntl", 36},
	{"fcntl64", 36},
	{"fdatasync", 5},
	{"fstat", 60},
	{"fstat64", 60},
	{"fstatat64", 60},
	{"futex", 20},
	{"futex_time64", 20},
	{"getcwd", 0.4},
	{"getdents64", 28},
	{"getegid", 0.5},
	{"geteuid", 1.8},
	{"geteuid32", 1.8},
	{"getgid", 0.5},
	{"getpid", 3},
	{"getrandom", 0.9},
	{"gettimeofday", 1},
	{"getuid", 1},
	{"getuid32", 1},
	{"getxattr", 12},
	{"ioctl", 29},
	{"lgetxattr", 20},
	{"lseek", 10},
	{"lstat", 20},
	{"lstat64", 20},
	{"mmap", 42},
	{"mmap2", 42},
	{"mprotect", 5},
	{"munmap", 20},
	{"newfstatat", 177},
	{"open", 20},
	{"openat", 88},
	{"pipe", 0.4},
	{"pipe2", 0.4},
	{"poll", 22},
	{"ppoll", 10},
	{"ppoll_time64", 10},
	{"prctl", 0.6},
	{"pread64", 4},
	{"prlimit64", 1.5},
	{"pselect6", 5},
	{"pwrite64", 26},
	{"read", 99},
	{"readlink", 30},
	{"readlinkat", 30},
	{"readv", 5},
	{"recvfrom", 7},
	{"recvmsg", 22},
	{"rseq", 0.9},
	{"rt_sigaction", 12},
	{"rt_sigprocmask", 3.4},
	{"rt_sigreturn", 0.5},
	{"select", 5},
	{"sendfile", 3.5},
	{"sendfile64", 3.5},
	{"sendmsg", 22},
	{"sendto", 7},
	{"set_robust_list", 1.3},
	{"set_tid_address", 0.9},
	{"setsockopt", 4},
	{"socket", 0.9},
	{"stat", 26},
	{"stat64", 60},
	{"statx", 20},
	{"unlink", 1.2},
	{"unlinkat", 1.2},
	{"wait4", 0.9},
	{"write", 59},
	{"writev", 5},
};

static int compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct typical *)row)->name);
}

double typical_share(call_id call)
{
	const struct typical *row =
		bsearch(call_get(call)->name, typical, sizeof(typical) / sizeof(typical[0]),
			sizeof(typical[0]), compare);

	return row ? row->share : TYPICAL_SHARE_RARE;
}
