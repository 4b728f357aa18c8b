/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stops and ends mean to every tracer by ptrace: it waits for all that is traced, keeps the table
 * of tasks and their executables, and leaves the stops that differ to run->handle_stop.
 */
#ifndef PALE_PROFILER_PTRACE_FOLLOW_H
#define PALE_PROFILER_PTRACE_FOLLOW_H

#include "profiler/ptrace/run.h"

enum {
	SYSCALL_STOP = SIGTRAP | 0x80, /* PTRACE_O_TRACESYSGOOD */
};

/*
 * Starts COMMAND with the signals of BEFORE, seized with ptrace OPTIONS before its exec. Returns 0, or
 * negative errno with the result's step; then nothing is left behind.
 */
int ptrace_launch(struct ptrace_run *run, char *const *command, const struct signals_before *before,
		  unsigned long options);

/* Waits until nothing is left that is traced, and handles what comes, and signals to this process. */
void ptrace_follow(struct ptrace_run *run);

/* TASK goes on by REQUEST (PTRACE_CONT, PTRACE_SYSCALL), with SIGNAL or 0. */
void ptrace_resume(struct ptrace_run *run, const struct traced_task *task, int request, int signal);

/*
 * Finds TASK's process, and makes one that is new; the parent is stored in *PARENT. Until run->armed
 * it executes EXECUTABLE_NONE, and nothing is recorded of it. False without memory.
 */
bool ptrace_meet(struct ptrace_run *run, struct traced_task *task, pid_t *parent);

/*
 * TASK, the leader's entry, stands behind an exec. Where another thread made the call, it has taken the
 * leader's id, and its own is gone without a further word; the other threads' ends are reported.
 */
void ptrace_forget_former(struct ptrace_run *run, const struct traced_task *task);

/* CREATOR stands where it has made a task, which gets HERITAGE where it is a process. */
void ptrace_handle_creation(struct ptrace_run *run, const struct traced_task *creator,
			    const struct heritage *heritage);

/*
 * TID stands at the beginning of CALL, clone() or clone3(), whose child nobody would trace. Takes
 * CLONE_UNTRACED from it, in its register or its memory. False where that cannot be done.
 */
bool ptrace_trace_child(pid_t tid, enum abi_id abi, call_id call,
			const uint64_t args[CALL_ARGS_MAX], uint64_t flags);

/* Whether a PTRACE_EVENT_STOP with SIGNAL is a group stop. */
bool ptrace_is_group_stop(int signal);
/* A group stop is to last until SIGCONT, as it would untraced. True for the launched process. */
bool ptrace_stay_stopped(struct ptrace_run *run, struct traced_task *task);
/* This process stops as the program has done. */
void ptrace_stop_too(struct ptrace_run *run);

#endif
