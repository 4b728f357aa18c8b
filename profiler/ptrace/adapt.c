/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/adapt.h"

#include "profiler/ptrace/inject.h"
#include "profiler/ptrace/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

enum {
	QUIET_ENOUGH = 500, /* calls without news */
	/*
	 * The same for what becomes other programs, which then have its filter for good, or may
	 * begin to serve behind it: it is better off without one until it makes many calls itself.
	 */
	QUIET_LONG = 8000,
	REPEATS_ENOUGH = 3,  /* execs of what is known: as before, it will go on */
	WASTED_ENOUGH = 250, /* needless stops before a better filter is made for the next */
	REPLAY_WORTH = 200,  /* calls: to make replay's filter costs more than to stop at a few */
};

static enum lesson_kind lesson_kind(const struct traced_process *process)
{
	if (process->phase == PHASE_SERVING)
		return LESSON_SERVING;
	return process->listens ? LESSON_LISTENING : LESSON_START;
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool recording_has(const struct recording *recording,
			  const struct recorded_executable *executable)
{
	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		for (size_t j = 0; j < run->executables.count; j++)
			if (same_name(run->executables.items[j]->path, executable->path) &&
			    same_name(run->executables.items[j]->script, executable->script))
				return true;
	}
	return false;
}

static bool recording_serves(const struct recording *recording)
{
	for (size_t i = 0; i < recording->runs.count; i++)
		if (recording->runs.items[i]->served)
			return true;
	return false;
}

void adapt_begin(struct ptrace_run *run)
{
	const struct trace_request *request = run->request;

	/* What is behind a filter cannot be let go: who is to be let go gets none. */
	run->adaptation.active = !request->exact && request->scope == SCOPE_COMMAND &&
				 !request->milliseconds && !run->filtered && abi_host();
	if (!run->adaptation.active || !request->known)
		return;
	run->adaptation.replays_start = !recording_serves(request->known);
	recorder_set_tracer(run->recorder, "ptrace replay");
	recorder_unseen(run->recorder, UNSEEN_KNOWN, EXECUTABLE_NONE);
}

void adapt_end(struct ptrace_run *run)
{
	struct adaptation *adaptation = &run->adaptation;

	for (size_t i = 0; i < adaptation->program_count; i++)
		for (size_t kind = 0; kind < LESSON_KIND_COUNT; kind++)
			learned_filter_release(&adaptation->programs[i].lessons[kind].filter);
	for (size_t phase = 0; phase < PHASE_COUNT; phase++)
		learned_filter_release(&adaptation->replay[phase].filter);
	free(adaptation->programs);
	adaptation->programs = NULL;
	adaptation->program_count = 0;
}

/* NULL without memory: then nothing is learned, and all is watched. */
static struct program *find_program(struct ptrace_run *run, executable_id executable)
{
	struct adaptation *adaptation = &run->adaptation;
	const struct recorded_executable *const *executables;
	struct program *program;
	size_t count;

	if (executable >= adaptation->program_count) {
		size_t larger = (size_t)executable * 2 + 16;
		struct program *programs =
			reallocarray(adaptation->programs, larger, sizeof(*programs));

		if (!programs)
			return NULL;
		memset(programs + adaptation->program_count, 0,
		       (larger - adaptation->program_count) * sizeof(*programs));
		adaptation->programs = programs;
		adaptation->program_count = larger;
	}
	program = &adaptation->programs[executable];
	if (program->looked_up)
		return program;
	program->looked_up = true;
	executables = recorder_executables(run->recorder, &count);
	program->replayed =
		run->request->known && recording_has(run->request->known, executables[executable]);
	return program;
}

void adapt_learn(struct ptrace_run *run, const struct traced_task *task, bool news)
{
	struct traced_process *process = task->process;
	struct program *program;
	struct lesson *lesson;

	if (!run->adaptation.active)
		return;
	process->surprised |= news;
	program = find_program(run, process->executable);
	if (!program)
		return;
	run->adaptation.seen += program->replayed;
	lesson = &program->lessons[lesson_kind(process)];
	lesson->quiet = news ? 0 : lesson->quiet + 1;
	if (process->free && !news)
		lesson->wasted++;
}

static int make_filter(struct ptrace_run *run, const struct traced_process *process,
		       const struct recorded_executable *const *executables, size_t count,
		       struct learned_filter *filter)
{
	struct learned_request request = {
		.executables = executables,
		.executable_count = count,
		.phase = process->phase,
		.serving = &run->request->serving,
		.listens = process->listens,
	};

	return learned_filter_make(&request, filter);
}

/* Keeps the filter that LESSON has where a new one cannot be made. */
static void renew_filter(struct ptrace_run *run, const struct traced_process *process,
			 const struct recorded_executable *const *executables, size_t count,
			 struct lesson *lesson)
{
	struct learned_filter filter;
	int error = make_filter(run, process, executables, count, &filter);

	lesson->wasted = 0;
	if (error) {
		lesson->failed = !lesson->filter.instructions;
		return;
	}
	learned_filter_release(&lesson->filter);
	lesson->filter = filter;
}

/* What the replayed recording knows of PROCESS's phase, by all of its executables. */
static struct lesson *replayed_lesson(struct ptrace_run *run, const struct traced_process *process)
{
	struct lesson *lesson = &run->adaptation.replay[process->phase];
	const struct recording *known = run->request->known;
	VEC(const struct recorded_executable *) all = {0};
	struct arena arena = {0};

	if (lesson->filter.instructions || lesson->failed || run->adaptation.seen < REPLAY_WORTH)
		return lesson;
	if (arena_init(&arena) < 0) {
		lesson->failed = true;
		return lesson;
	}
	for (size_t i = 0; i < known->runs.count; i++)
		for (size_t j = 0; j < known->runs.items[i]->executables.count; j++)
			*VEC_PUSH(&arena, &all) = known->runs.items[i]->executables.items[j];
	renew_filter(run, process, all.items, all.count, lesson);
	arena_release(&arena);
	return lesson;
}

/* A recording of one that serves says nothing of how far a start is to be filtered: adapt.h. */
static bool is_replayed(const struct ptrace_run *run, const struct program *program,
			const struct traced_process *process)
{
	return program->replayed && (process->phase == PHASE_SERVING ||
				     (run->adaptation.replays_start && !process->listens));
}

static struct lesson *learned_lesson(struct ptrace_run *run, struct program *program,
				     const struct traced_process *process)
{
	const bool careful = (program->spawns && program->repeats < REPEATS_ENOUGH) ||
			     lesson_kind(process) == LESSON_LISTENING;
	const bool familiar =
		program->familiar && !program->spawns && lesson_kind(process) == LESSON_START;
	struct lesson *lesson = &program->lessons[lesson_kind(process)];
	const struct recorded_executable *const *executables;
	size_t count;

	if (lesson->failed)
		return NULL;
	if (!lesson->filter.instructions && !familiar &&
	    lesson->quiet < (careful ? QUIET_LONG : QUIET_ENOUGH))
		return NULL;
	executables = recorder_executables(run->recorder, &count);
	if (!lesson->filter.instructions || lesson->wasted >= WASTED_ENOUGH) {
		/* Who is known to become others must have room for what they do. */
		if (program->spawns)
			renew_filter(run, process, executables, count, lesson);
		else
			renew_filter(run, process, &executables[process->executable], 1, lesson);
	}
	if (program->spawns && count > 1 && lesson->filter.instructions)
		recorder_unseen(run->recorder, UNSEEN_ATTRIBUTION, process->executable);
	return lesson;
}

/* Where a thread is making a child, that child has the filters of before, and nobody knows it. */
static bool is_creating(const struct task_table *tasks, const struct traced_process *process)
{
	for (size_t i = 0; i < tasks->bucket_count; i++)
		for (const struct traced_task *task = tasks->buckets[i]; task; task = task->next)
			if (task->process == process && task->creating)
				return true;
	return false;
}

bool adapt_consider(struct ptrace_run *run, struct traced_task *task, int *status)
{
	struct traced_process *process = task->process;
	struct injection injection;
	struct program *program;
	struct lesson *lesson;

	if (!run->adaptation.active || process->free || process->unfit || !process->announced ||
	    process->borrows_memory)
		return true;
	program = find_program(run, process->executable);
	if (!program)
		return true;
	if (is_replayed(run, program, process))
		lesson = replayed_lesson(run, process);
	else
		lesson = learned_lesson(run, program, process);
	if (!lesson || !lesson->filter.instructions || is_creating(&run->tasks, process))
		return true;
	inject_filter(task->tid, lesson->filter.instructions, lesson->filter.count, &injection);
	if (injection.installed) {
		recorder_counts_least(run->recorder);
		process->free = true;
		process->filtered = true;
	} else {
		process->unfit = true;
	}
	*status = injection.reported ? injection.status : -1;
	return !injection.ended;
}

void adapt_exec(struct ptrace_run *run, struct traced_process *process, executable_id former)
{
	struct program *before, *after;

	process->borrows_memory = false;
	process->executed = true;
	process->surprised = false;
	if (!run->adaptation.active || process->executable == former)
		return;
	/* The table may be moved by the second. */
	after = find_program(run, process->executable);
	before = find_program(run, former);
	after = after ? &run->adaptation.programs[process->executable] : NULL;
	if (before && after) {
		before->spawns = true;
		before->repeats = after->met ? before->repeats + 1 : 0;
		after->met = true;
	}
	if (process->free && before && after && is_replayed(run, before, process) &&
	    is_replayed(run, after, process))
		return; /* one filter is for all of these */
	process->free = false;
}

void adapt_leave(struct ptrace_run *run, const struct traced_process *process)
{
	struct program *program;

	if (!run->adaptation.active || !process->executed || process->phase != PHASE_START)
		return;
	program = find_program(run, process->executable);
	if (program)
		program->familiar = !process->surprised;
}

void adapt_watch_again(struct ptrace_run *run, struct traced_process *process,
		       const struct traced_task *current)
{
	if (!process->free)
		return;
	process->free = false;
	for (size_t i = 0; i < run->tasks.bucket_count; i++) {
		for (struct traced_task *task = run->tasks.buckets[i]; task; task = task->next) {
			if (task->process != process || task == current)
				continue;
			task->interrupted = true;
			ptrace(PTRACE_INTERRUPT, task->tid, NULL, NULL);
		}
	}
}
