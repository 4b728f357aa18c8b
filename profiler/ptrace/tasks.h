/* SPDX-License-Identifier: Apache-2.0 */
/* The tasks (threads) that are traced, and the processes that they make up. */
#ifndef PALE_PROFILER_PTRACE_TASKS_H
#define PALE_PROFILER_PTRACE_TASKS_H

#include "profiler/recorder/recorder.h"

#include <sys/types.h>

struct traced_process {
	pid_t tgid;
	executable_id executable;
	enum recorded_phase phase;
	bool listens; /* it or a parent has called listen(2): serving.h */
	size_t tasks;
	/* For adapt.h. */
	bool announced;      /* by its creator, or never to be: its filters are known */
	bool executed;       /* it has become another program since it began */
	bool surprised;      /* there was news in what it has called since then */
	bool borrows_memory; /* its parent's, until it execs: vfork */
	bool free;           /* it goes on with PTRACE_CONT: its newest filter stops it for news */
	bool filtered;       /* it has a filter of the tracer's, or several */
	bool unfit;          /* for filters */
};

/* What a process has from its creator, as that was when it made it. */
struct heritage {
	pid_t creator; /* the process, where what it made is one too; 0: it may be a thread */
	bool borrows_memory;
	bool free;
	bool filtered;
	bool unfit;
	bool listens;
	executable_id executable;
	enum recorded_phase phase;
};

struct traced_task {
	pid_t tid;
	struct traced_process *process; /* NULL until its first stop */
	/* Whether its creator's event has come: that and its own first stop come in any order. */
	bool announced;
	bool stopped;               /* in a group stop, or at its end, where it waits for others */
	struct recorded_call *call; /* the call that it is in, or NULL */
	bool installs_filter;       /* that call would install a seccomp filter */
	bool creating;              /* that call may make a task */
	bool makes_process;         /* which would be a process, by the flags at its beginning */
	bool entered;               /* it stood at the beginning of that call */
	bool refused;               /* by a filter of its own that asks for a tracer of its own */
	bool wants_exit;            /* it is to stop at that call's end */
	bool interrupted;           /* by the tracer: a call of its may have to be restarted */
	struct heritage heritage;   /* once it is announced */
	struct traced_task *next;
};

struct task_table {
	struct traced_task **buckets;
	size_t bucket_count;
	size_t count;
	/* Tasks that ended before they were announced. */
	pid_t *ended_early;
	size_t ended_early_count;
	size_t ended_early_capacity;
};

/* Returns 0 or -ENOMEM. */
int task_table_init(struct task_table *table);
void task_table_release(struct task_table *table);

struct traced_task *task_find(const struct task_table *table, pid_t tid);
/* Requires that TID is not there. NULL without memory. */
struct traced_task *task_add(struct task_table *table, pid_t tid);
/* Also leaves its process, which ends with its last task. */
void task_remove(struct task_table *table, struct traced_task *task);
/* TASK joins the process TGID, made with EXECUTABLE where it is new. -ENOMEM or 0. */
int task_join(struct task_table *table, struct traced_task *task, pid_t tgid,
	      executable_id executable);
struct traced_process *process_find(const struct task_table *table, pid_t tgid);

/*
 * The creator of TID tells of it. Adds it, unless it is there or has ended already. HERITAGE is what
 * it has where it is a process.
 */
int task_announce(struct task_table *table, pid_t tid, const struct heritage *heritage);
/* TASK's process is new, and TASK has been announced: it comes into its heritage. */
void task_inherit(struct traced_task *task);
/* TASK has ended. */
int task_end(struct task_table *table, struct traced_task *task);

/* Calls ACT for each process. */
void task_table_each_process(const struct task_table *table,
			     void (*act)(void *user, struct traced_process *process), void *user);

#endif
