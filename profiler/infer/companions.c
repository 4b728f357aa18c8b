/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/companions.h"

/*
 * A recording shows one of them, and another day's input takes the next: a larger answer is read
 * in pieces, a longer list makes memory grow in another way. They work on descriptors and memory
 * that the program has already, or tell it about itself.
 */
static const char *const classes[][COMPANIONS_MAX] = {
	/* answers about the program itself */
	{"getcpu",  "getcwd", "getegid",           "geteuid",   "getgid",    "getgroups", "getpgid",
	 "getpgrp", "getpid", "getppid",           "getresgid", "getresuid", "getrusage", "getsid",
	 "gettid",  "getuid", "sched_getaffinity", "sysinfo",   "times",     "uname"},
	/* its own memory */
	{"brk", "madvise", "mremap", "munmap"},
	/* its own signals */
	{"rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigsuspend", "rt_sigtimedwait",
	 "sigaltstack"},
	/* waiting for other threads of its own */
	{"futex", "get_robust_list", "sched_yield", "set_robust_list"},
	/* sleeping */
	{"clock_nanosleep", "nanosleep"},
	/* waiting for descriptors */
	{"poll", "pselect6"},
	/* reading, writing and their places */
	{"lseek", "pread64", "preadv", "read", "readv"},
	{"pwrite64", "pwritev", "write", "writev"},
	{"fdatasync", "fsync", "sync_file_range"},
	/* messages */
	{"recvmmsg", "recvmsg"},
	{"sendmmsg", "sendmsg"},
	/* who is at the ends of a socket */
	{"getpeername", "getsockname"},
};

const char *const *companion_class(size_t index)
{
	return index < sizeof(classes) / sizeof(classes[0]) ? classes[index] : NULL;
}
