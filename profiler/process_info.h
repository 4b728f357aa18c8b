/* SPDX-License-Identifier: Apache-2.0 */
/* What /proc tells of a process, and its memory. */
#ifndef PALE_PROFILER_PROCESS_INFO_H
#define PALE_PROFILER_PROCESS_INFO_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* From /proc/PID/status. */
struct process_status {
	pid_t tgid;
	pid_t parent;
	uid_t effective_uid;
	gid_t effective_gid;
	int seccomp; /* 0 none, 1 strict, 2 filter */
	int filters; /* how many seccomp filters; 0 where the kernel does not tell (before 5.9) */
	pid_t inner; /* its pid as it sees that itself, in its own pid namespace */
};
/* Returns 0 or negative errno. PID may be a thread's. */
int process_read_status(pid_t pid, struct process_status *status);

/* The file that a process executes. */
struct process_image {
	char path[PATH_MAX];   /* as /proc/PID/exe has it */
	char script[PATH_MAX]; /* what was executed, where PATH is its interpreter; or "" */
	dev_t device;
	ino_t inode;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool has_capabilities; /* file capabilities */
};
/*
 * Device, inode, mode and owner. Returns 0 or negative errno. Cheap beside
 * process_read_image().
 */
int process_stat_image(pid_t pid, struct process_image *image);
/*
 * All of it, for a process that is stopped behind an exec. The script is found by AT_EXECFN of
 * the auxiliary vector (execve(2) gives it the name as called), whose file differs from the
 * executable's. Returns 0 or negative errno.
 */
int process_read_image(pid_t pid, struct process_image *image);

/* Reads LENGTH bytes at ADDRESS of the process's memory: 0, or negative errno. */
int process_read_memory(pid_t pid, uint64_t address, void *bytes, size_t length);
/* Writes there, as a tracer of the process may: 0, or negative errno. */
int process_write_memory(pid_t pid, uint64_t address, const void *bytes, size_t length);

#endif
