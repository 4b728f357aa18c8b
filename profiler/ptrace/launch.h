/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the command under ptrace, and tells how its exec went. */
#ifndef PALE_PROFILER_PTRACE_LAUNCH_H
#define PALE_PROFILER_PTRACE_LAUNCH_H

#include <sys/types.h>

struct launched {
	pid_t pid;
	int report; /* descriptor: gets the errno of a failed exec; closes with a good one */
};

/*
 * Forks and seizes the child with ptrace OPTIONS; the child then execs COMMAND with the signals of
 * BEFORE, and runs on until its first ptrace event. Returns 0, or negative errno with what failed
 * in *STEP; then nothing is left behind. End it with launched_close().
 */
struct signals_before;
int ptrace_launch(char *const *command, const struct signals_before *before, unsigned long options,
		  struct launched *launched, const char **step);
/* Once the child has ended without an exec: errno of the exec, or 0 where it never got there. */
int launched_exec_error(const struct launched *launched);
void launched_close(struct launched *launched);

#endif
