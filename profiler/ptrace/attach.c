/* SPDX-License-Identifier: Apache-2.0 */
/* A process that runs already: how the tracer comes to it, and how it leaves. */
#include "profiler/process_info.h"
#include "profiler/ptrace/run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>

enum {
	/*
	 * Threads that make threads faster than they are seized are caught up with by their
	 * creators' events; this only bounds the search for those that nobody told of.
	 */
	ROUNDS_MAX = 1000,
};

static const char *why_not(int error)
{
	switch (error) {
	case -EPERM:
		return "tracing the process with ptrace (another user's, traced already, or "
		       "kept from it by kernel.yama.ptrace_scope)";
	case -ESRCH:
		return "tracing the process with ptrace (it is not there, or has ended)";
	default:
		return "tracing the process with ptrace";
	}
}

/* The process that the task is of, with what it executes. */
static int adopt(struct ptrace_run *run, struct traced_task *task)
{
	const struct traced_process *process = process_find(&run->tasks, run->request->pid);
	executable_id executable =
		process ? process->executable : ptrace_start_executable(run, run->request->pid);
	int error = task_join(&run->tasks, task, run->request->pid, executable);

	if (error)
		return error;
	task->announced = true;
	task->process->announced = true;
	recorder_task_begin(run->recorder, !process);
	return 0;
}

/* 0, -EALREADY where it is known, or another negative errno. */
static int seize(struct ptrace_run *run, pid_t tid, unsigned long options)
{
	struct traced_task *task = task_find(&run->tasks, tid);

	if (task)
		return -EALREADY;
	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)(uintptr_t)options) < 0)
		return -errno;
	task = task_add(&run->tasks, tid);
	if (!task || adopt(run, task) < 0)
		return -ENOMEM;
	/* It stops, and then at its calls: one that it is in already is not counted. */
	task->interrupted = true;
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0 && errno != ESRCH)
		return -errno;
	return 0;
}

/* Seizes the threads that are there; *COUNT of them were not seized before. */
static int seize_round(struct ptrace_run *run, unsigned long options, size_t *count)
{
	char path[64];
	struct dirent *entry;
	int error = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", run->request->pid);
	folder = opendir(path);
	*count = 0;
	if (!folder)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!error && (entry = readdir(folder))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid <= 0)
			continue;
		error = seize(run, tid, options);
		if (error == 0)
			++*count;
		/* Known already, traced by way of its creator, or ended since the folder was read. */
		else if (error == -EALREADY ||
			 (tid != run->request->pid && (error == -ESRCH || error == -EPERM)))
			error = 0;
	}
	closedir(folder);
	return error;
}

int ptrace_attach(struct ptrace_run *run, unsigned long options)
{
	struct process_status status;
	size_t count = 0;
	int error;

	if (process_read_status(run->request->pid, &status) == 0 &&
	    status.tgid != run->request->pid) {
		run->result->step = "tracing the process with ptrace (it is a thread of another)";
		return -EINVAL;
	}
	for (int round = 0; round < ROUNDS_MAX; round++) {
		error = seize_round(run, options, &count);
		if (error) {
			run->result->step = why_not(error);
			return error;
		}
		if (count == 0)
			break;
	}
	run->armed = true;
	recorder_unseen(run->recorder, UNSEEN_EARLIER,
			process_find(&run->tasks, run->request->pid)->executable);
	if (status.seccomp)
		recorder_unseen(run->recorder, UNSEEN_OWN_FILTER,
				process_find(&run->tasks, run->request->pid)->executable);
	return 0;
}

void ptrace_detach(struct ptrace_run *run, struct traced_task *task, int signal)
{
	ptrace(PTRACE_DETACH, task->tid, NULL, (void *)(intptr_t)signal);
	task_remove(&run->tasks, task);
}

void ptrace_detach_all(struct ptrace_run *run)
{
	if (run->detaching)
		return;
	run->detaching = true;
	if (run->request->scope == SCOPE_COMMAND)
		recorder_unseen(run->recorder, UNSEEN_CUT_SHORT, EXECUTABLE_NONE);
	for (size_t i = 0; i < run->tasks.bucket_count; i++)
		for (struct traced_task *task = run->tasks.buckets[i]; task; task = task->next)
			ptrace(PTRACE_INTERRUPT, task->tid, NULL, NULL);
}
