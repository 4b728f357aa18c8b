/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the tracer stops looking: what is kept of each executable's lessons, and which process gets
 * a filter of them.
 *
 * A filter cannot be taken back, and what a process forks and execs has it too. It need not be: a
 * task that goes on with PTRACE_SYSCALL stops at each call whatever its filters say. So a process is
 * `free` (goes on with PTRACE_CONT, and stops where a filter says so) only as long as its newest
 * filter was made for just what it is now: this executable, in this phase. An exec of something
 * else, a listen(2), the beginning of service, or a filter of its own ends that; filters that it has
 * by then cost time, and hide nothing.
 */
#ifndef PALE_PROFILER_PTRACE_ADAPT_H
#define PALE_PROFILER_PTRACE_ADAPT_H

#include "profiler/ptrace/learned.h"
#include "profiler/ptrace/tasks.h"

struct ptrace_run;

/* Of one executable, in one condition. */
struct lesson {
	uint64_t quiet;               /* calls since the last news */
	uint64_t wasted;              /* stops for what is known and the filter has not */
	struct learned_filter filter; /* the newest, once there was one */
	bool failed;                  /* there will be none: it would be too large */
};

/* The conditions that filters differ by. */
enum lesson_kind {
	LESSON_START,
	LESSON_LISTENING, /* in the start phase, but what it waits in may end that */
	LESSON_SERVING,
	LESSON_KIND_COUNT
};

struct program {
	bool looked_up;
	bool replayed;    /* the recording that is replayed has it */
	bool met;         /* a process has become it before */
	bool familiar;    /* the last process of it that ended had no news, from its exec on */
	bool spawns;      /* a process of it has become another executable */
	uint32_t repeats; /* how often what was met before, since it was something new */
	struct lesson lessons[LESSON_KIND_COUNT];
};

struct adaptation {
	bool active;
	bool replays_start;       /* nothing in the replayed recording ever served */
	uint64_t seen;            /* calls of replayed programs, by all processes together */
	struct program *programs; /* by executable_id */
	size_t program_count;
	struct lesson replay[PHASE_COUNT]; /* all that the replayed recording knows */
};

void adapt_begin(struct ptrace_run *run);
void adapt_end(struct ptrace_run *run);

/* TASK's process has made a call; NEWS where it had not been recorded before. */
void adapt_learn(struct ptrace_run *run, const struct traced_task *task, bool news);
/*
 * TASK stands where a call has ended, which is not to be made again. Its process may get a filter.
 * Returns whether the task is still there; where it is not, *STATUS is what wait(2) said of it, or -1.
 */
bool adapt_consider(struct ptrace_run *run, struct traced_task *task, int *status);
/* TASK's process, which ran FORMER, has become another program. */
void adapt_exec(struct ptrace_run *run, struct traced_process *process, executable_id former);
/* PROCESS has ended. */
void adapt_leave(struct ptrace_run *run, const struct traced_process *process);
/*
 * All of PROCESS's calls are to be seen from now on; CURRENT, which may be NULL, is a task that
 * stands still and is resumed accordingly, and the others are made to.
 */
void adapt_watch_again(struct ptrace_run *run, struct traced_process *process,
		       const struct traced_task *current);

#endif
