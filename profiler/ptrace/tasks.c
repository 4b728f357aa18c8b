/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/tasks.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum {
	TASK_BUCKETS = 1024, /* a power of two */
};

int task_table_init(struct task_table *table)
{
	*table = (struct task_table){0};
	table->bucket_count = TASK_BUCKETS;
	table->buckets = calloc(TASK_BUCKETS, sizeof(*table->buckets));
	return table->buckets ? 0 : -ENOMEM;
}

static struct traced_task **task_bucket(const struct task_table *table, pid_t tid)
{
	return &table->buckets[(size_t)tid & (table->bucket_count - 1)];
}

void task_table_release(struct task_table *table)
{
	for (size_t i = 0; i < table->bucket_count; i++)
		while (table->buckets && table->buckets[i])
			task_remove(table, table->buckets[i]);
	free(table->buckets);
	free(table->ended_early);
	*table = (struct task_table){0};
}

struct traced_task *task_find(const struct task_table *table, pid_t tid)
{
	struct traced_task *task = *task_bucket(table, tid);

	while (task && task->tid != tid)
		task = task->next;
	return task;
}

struct traced_task *task_add(struct task_table *table, pid_t tid)
{
	struct traced_task **bucket = task_bucket(table, tid);
	struct traced_task *task = calloc(1, sizeof(*task));

	assert(!task_find(table, tid));
	if (!task)
		return NULL;
	task->tid = tid;
	task->next = *bucket;
	*bucket = task;
	table->count++;
	return task;
}

static void task_leave(struct traced_task *task)
{
	if (task->process && --task->process->tasks == 0)
		free(task->process);
	task->process = NULL;
}

void task_remove(struct task_table *table, struct traced_task *task)
{
	struct traced_task **link = task_bucket(table, task->tid);

	while (*link != task)
		link = &(*link)->next;
	*link = task->next;
	table->count--;
	task_leave(task);
	free(task);
}

struct traced_process *process_find(const struct task_table *table, pid_t tgid)
{
	struct traced_task *leader = task_find(table, tgid);

	if (leader && leader->process)
		return leader->process;
	/* A leader that has not stopped yet, or whose entry went with an exec of its thread. */
	for (size_t i = 0; i < table->bucket_count; i++)
		for (struct traced_task *task = table->buckets[i]; task; task = task->next)
			if (task->process && task->process->tgid == tgid)
				return task->process;
	return NULL;
}

int task_join(struct task_table *table, struct traced_task *task, pid_t tgid,
	      executable_id executable)
{
	/* The first task of a process is its leader. */
	struct traced_process *process = task->tid == tgid ? NULL : process_find(table, tgid);

	assert(!task->process);
	if (!process) {
		process = calloc(1, sizeof(*process));
		if (!process)
			return -ENOMEM;
		process->tgid = tgid;
		process->executable = executable;
	}
	process->tasks++;
	task->process = process;
	return 0;
}

void task_inherit(struct traced_task *task)
{
	const struct heritage *heritage = &task->heritage;
	struct traced_process *process = task->process;

	process->announced = true;
	process->filtered |= heritage->filtered;
	process->unfit |= heritage->unfit;
	if (process->executed || process->executable != heritage->executable)
		return;
	process->borrows_memory = heritage->borrows_memory;
	/* The filter was made for what its creator was then, which may have gone on since. */
	process->free = heritage->free && process->phase == heritage->phase &&
			process->listens == heritage->listens;
}

int task_announce(struct task_table *table, pid_t tid, const struct heritage *heritage)
{
	struct traced_task *task = task_find(table, tid);

	if (!task) {
		for (size_t i = 0; i < table->ended_early_count; i++) {
			if (table->ended_early[i] != tid)
				continue;
			table->ended_early[i] = table->ended_early[--table->ended_early_count];
			return 0;
		}
		task = task_add(table, tid);
	}
	if (!task)
		return -ENOMEM;
	task->announced = true;
	task->heritage = *heritage;
	if (task->process && task->process->tgid == tid && !task->process->announced)
		task_inherit(task);
	return 0;
}

static int remember_early_end(struct task_table *table, pid_t tid)
{
	if (table->ended_early_count == table->ended_early_capacity) {
		size_t capacity = table->ended_early_capacity * 2 + 16;
		pid_t *larger = reallocarray(table->ended_early, capacity, sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		table->ended_early = larger;
		table->ended_early_capacity = capacity;
	}
	table->ended_early[table->ended_early_count++] = tid;
	return 0;
}

int task_end(struct task_table *table, struct traced_task *task)
{
	int error = task->announced ? 0 : remember_early_end(table, task->tid);

	task_remove(table, task);
	return error;
}

void task_table_each_process(const struct task_table *table,
			     void (*act)(void *user, struct traced_process *process), void *user)
{
	/* Once for each process: a leader always has an entry, except while it execs. */
	for (size_t i = 0; i < table->bucket_count; i++)
		for (struct traced_task *task = table->buckets[i]; task; task = task->next)
			if (task->process && task->process->tgid == task->tid)
				act(user, task->process);
}
