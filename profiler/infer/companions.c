/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/companions.h"

#include "policy-lang/catalog/constant.h"

#include <string.h>

/*
 * A recording shows one of them, and another day's input takes the next: a larger answer is read
 * in pieces, a longer list makes memory grow in another way. Those of INFER_WIDEN_EQUIVALENTS work on
 * descriptors and memory that the program has already, or tell it about itself; those of
 * INFER_WIDEN_FAMILY do more of the same work. None gives rights, and none looks into the kernel or
 * into other processes.
 */
static const struct companion_class classes[] = {
	/* answers about the program itself */
	{INFER_WIDEN_EQUIVALENTS,
	 {"getcpu",
	  "getcwd",
	  "getegid",
	  "geteuid",
	  "getgid",
	  "getgroups",
	  "getpgid",
	  "getpgrp",
	  "getpid",
	  "getppid",
	  "getresgid",
	  "getresuid",
	  "getrusage",
	  "getsid",
	  "gettid",
	  "getuid",
	  "sched_getaffinity",
	  "sysinfo",
	  "times",
	  "uname"},
	 {NULL}},
	/* its own memory */
	{INFER_WIDEN_EQUIVALENTS, {"brk", "madvise", "mremap", "munmap"}, {NULL}},
	/* its own signals */
	{INFER_WIDEN_EQUIVALENTS,
	 {"rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigsuspend", "rt_sigtimedwait",
	  "sigaltstack"},
	 {NULL}},
	/* waiting for other threads of its own */
	{INFER_WIDEN_EQUIVALENTS,
	 {"futex", "get_robust_list", "sched_yield", "set_robust_list"},
	 {NULL}},
	/* sleeping */
	{INFER_WIDEN_EQUIVALENTS, {"clock_nanosleep", "nanosleep"}, {NULL}},
	/* waiting for descriptors */
	{INFER_WIDEN_EQUIVALENTS, {"poll", "pselect6"}, {NULL}},
	/* reading, writing and their places */
	{INFER_WIDEN_EQUIVALENTS, {"lseek", "pread64", "preadv", "read", "readv"}, {NULL}},
	{INFER_WIDEN_EQUIVALENTS, {"pwrite64", "pwritev", "write", "writev"}, {NULL}},
	{INFER_WIDEN_EQUIVALENTS, {"fdatasync", "fsync", "sync_file_range"}, {NULL}},
	/* messages */
	{INFER_WIDEN_EQUIVALENTS, {"recvmmsg", "recvmsg"}, {NULL}},
	{INFER_WIDEN_EQUIVALENTS, {"sendmmsg", "sendmsg"}, {NULL}},
	/* who is at the ends of a socket */
	{INFER_WIDEN_EQUIVALENTS, {"getpeername", "getsockname"}, {NULL}},

	/* memory and its pages */
	{INFER_WIDEN_FAMILY,
	 {"membarrier", "mincore", "mlock", "msync", "munlock"},
	 {"mmap", "mmap2"}},
	/* finding files and reading about them */
	{INFER_WIDEN_FAMILY,
	 {"chdir", "faccessat", "fadvise64", "fchdir", "fgetxattr", "flistxattr", "fstat",
	  "fstatfs", "getdents64", "getxattr", "lgetxattr", "listxattr", "llistxattr", "newfstatat",
	  "readahead", "readlinkat", "statfs", "statx"},
	 {"access", "faccessat", "faccessat2", "getdents64", "newfstatat", "open", "openat",
	  "openat2", "readlink", "stat", "statx"}},
	/* changing files that the program may make */
	{INFER_WIDEN_FAMILY,
	 {"fallocate", "flock", "ftruncate", "linkat", "mkdirat", "renameat2", "symlinkat",
	  "truncate", "umask", "unlinkat", "utimensat"},
	 {"creat", "fallocate", "ftruncate", "mkdir", "mkdirat", "rename", "renameat", "renameat2",
	  "unlink", "unlinkat", INFER_FILES_MADE}},
	/* writing to such files */
	{INFER_WIDEN_FAMILY,
	 {"fdatasync", "fsync", "pwrite64", "pwritev", "write", "writev"},
	 {"fallocate", "ftruncate", INFER_FILES_MADE}},
	/* from one descriptor to another inside the kernel */
	{INFER_WIDEN_FAMILY,
	 {"sendfile", "splice", "tee"},
	 {"sendfile", "sendmsg", "sendto", "splice", "tee", "writev"}},
	/* descriptors */
	{INFER_WIDEN_FAMILY, {"close", "close_range", "dup", "dup3", "pipe2"}, {"close"}},
	/* waiting for descriptors, and something to be woken by */
	{INFER_WIDEN_FAMILY,
	 {"epoll_create1", "epoll_ctl", "epoll_wait", "eventfd2", "pipe2", "poll", "pselect6"},
	 {"epoll_create", "epoll_create1", "epoll_pwait", "epoll_wait", "eventfd2", "poll", "ppoll",
	  "pselect6", "read", "select"}},
	/* time and timers */
	{INFER_WIDEN_FAMILY,
	 {"alarm", "clock_getres", "clock_nanosleep", "getitimer", "nanosleep", "setitimer",
	  "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime",
	  "timerfd_create", "timerfd_gettime", "timerfd_settime"},
	 {"alarm", "clock_nanosleep", "epoll_pwait", "epoll_wait", "nanosleep", "poll", "pselect6",
	  "setitimer", "timer_create", "timerfd_create"}},
	/* signals of its own */
	{INFER_WIDEN_FAMILY, {"signalfd4", "tgkill"}, {"rt_sigaction", "rt_sigprocmask"}},
	/* children and threads */
	{INFER_WIDEN_FAMILY,
	 {"dup3", "getpgid", "pipe2", "rseq", "set_robust_list", "set_tid_address", "setpgid",
	  "setsid", "wait4", "waitid"},
	 {"clone", "clone3", "fork", "vfork", "wait4", "waitid"}},
	/* its own limits */
	{INFER_WIDEN_FAMILY, {"getpriority", "getrlimit"}, {"getrlimit", "prlimit64"}},
	/*
	 * Sockets. One that was handed down, by a parent or in a message, is used as it was; only who
	 * makes some may do with them what makers do. bind and listen stand nowhere: they let others
	 * reach the program.
	 */
	/* connecting a socket */
	{INFER_WIDEN_FAMILY, {"connect"}, {"socket"}},
	/* talking on sockets of its own */
	{INFER_WIDEN_FAMILY,
	 {"getpeername", "getsockname", "recvfrom", "recvmmsg", "recvmsg", "sendmmsg", "sendmsg",
	  "sendto", "shutdown"},
	 {"accept", "accept4", "connect", "socket", "socketpair"}},
	/* receiving on any socket */
	{INFER_WIDEN_FAMILY,
	 {"getpeername", "getsockname", "recvfrom", "recvmmsg", "recvmsg"},
	 {"recvfrom", "recvmmsg", "recvmsg", "sendmmsg", "sendmsg", "sendto"}},
	/* sending on any socket */
	{INFER_WIDEN_FAMILY, {"sendmmsg", "sendmsg", "sendto"}, {"sendmmsg", "sendmsg", "sendto"}},
	/* being connected to */
	{INFER_WIDEN_FAMILY, {"accept", "accept4"}, {"accept", "accept4", "listen"}},
};

const struct companion_class *companion_class(size_t index)
{
	return index < sizeof(classes) / sizeof(classes[0]) ? &classes[index] : NULL;
}

/* With O_CREAT among the flags of some file that was opened. */
static bool saw_files_made(const struct observations *observations, enum abi_id abi)
{
	static const char *const openers[] = {"open", "openat"};
	uint64_t create = 0;

	if (!constant_value(constant_find("O_CREAT"), abi, &create))
		return false;
	for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
		call_id call = call_find(openers[i]);
		const struct observed_call *seen = observations_find(observations, abi, call);
		int flags = call_arg_find(call, abi, "flags");

		if (observed_call_is_seen(seen) && flags >= 0 && seen->some[flags] & create)
			return true;
	}
	return false;
}

bool infer_saw_one(const struct observations *observations, enum abi_id abi,
		   const char *const *names)
{
	for (; *names; names++) {
		if (strcmp(*names, INFER_FILES_MADE) == 0) {
			if (saw_files_made(observations, abi))
				return true;
			continue;
		}
		if (observed_call_is_seen(observations_find(observations, abi, call_find(*names))))
			return true;
	}
	return false;
}

bool companion_class_is_triggered(const struct companion_class *class,
				  const struct observations *observations, enum abi_id abi)
{
	return infer_saw_one(observations, abi,
			     class->triggers[0] ? class->triggers : class->names);
}
