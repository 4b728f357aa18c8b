/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the command that a tracer watches, held before its exec until the tracer is ready. */
#ifndef PALE_PROFILER_LAUNCH_H
#define PALE_PROFILER_LAUNCH_H

#include "profiler/signals.h"

struct launched {
	pid_t pid;
	int gate;   /* descriptor: what holds the child; -1 once it is open */
	int report; /* descriptor: gets the errno of a failed exec; closes with a good one */
};

/*
 * Forks a child that waits for launch_go() and then execs COMMAND with the signals of BEFORE. Returns 0
 * or negative errno. End it with launched_close(), or with launch_abandon() where it never went.
 */
int launch_held(char *const *command, const struct signals_before *before,
		struct launched *launched);
/* Returns 0, or negative errno: then the child is gone by itself. */
int launch_go(struct launched *launched);
/* The child leaves without an exec, and is waited for. */
void launch_abandon(struct launched *launched);
/* Once the child has ended without an exec: errno of the exec, or 0 where it never got there. */
int launched_exec_error(const struct launched *launched);
void launched_close(struct launched *launched);

#endif
