/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to the tracer: a program under it ends, stops and dies as if it stood there alone. */
#include "profiler/ptrace/run.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
	PROGRESS_INTERVAL = 200, /* milliseconds */
};

void ptrace_kill_all(struct ptrace_run *run)
{
	run->killing = true;
	for (size_t i = 0; i < run->tasks.bucket_count; i++)
		for (struct traced_task *task = run->tasks.buckets[i]; task; task = task->next)
			kill(task->tid, SIGKILL); /* a thread's id names its process too */
}

void ptrace_cut_short(struct ptrace_run *run)
{
	recorder_unseen(run->recorder, UNSEEN_CUT_SHORT, EXECUTABLE_NONE);
	run->result->killed = true;
	ptrace_kill_all(run);
}

struct forward {
	const siginfo_t *info;
};

static void forward_to(void *user, struct traced_process *process)
{
	const struct forward *forward = user;

	if (!signals_has_got(forward->info->si_code, process->tgid))
		kill(process->tgid, forward->info->si_signo);
}

static void handle_request_to_end(struct ptrace_run *run, const siginfo_t *info)
{
	struct forward forward = {info};

	if (run->request->scope == SCOPE_PID) {
		/* It ran before, and goes on behind the recording. */
		ptrace_detach_all(run);
		return;
	}
	if (signals_is_second(&run->last_request)) {
		ptrace_cut_short(run);
		return;
	}
	if (run->main_ended)
		task_table_each_process(&run->tasks, forward_to, &forward);
	else if (!signals_has_got(info->si_code, run->launched.pid))
		kill(run->launched.pid, info->si_signo);
}

static void handle_signal(struct ptrace_run *run, const siginfo_t *info)
{
	if (info->si_signo == SIGUSR1) {
		ptrace_begin_serving(run);
		return;
	}
	if (info->si_signo != SIGTSTP) {
		handle_request_to_end(run, info);
		return;
	}
	/*
	 * The program gets the terminal's SIGTSTP too, and this process has to be there for its
	 * stop. One that was meant for this process alone is obeyed at once.
	 */
	if (!run->main_ended && signals_has_got(info->si_code, run->launched.pid) &&
	    !run->main_stopped)
		run->wants_stop = true;
	else
		kill(getpid(), SIGSTOP);
}

static void show_progress(struct ptrace_run *run)
{
	int64_t now = monotonic_milliseconds();
	struct recorder_figures figures;

	if (!run->request->progress || !run->armed || now < run->next_progress)
		return;
	run->next_progress = now + PROGRESS_INTERVAL;
	figures = recorder_figures(run->recorder);
	run->request->progress(run->request->progress_user, &figures);
}

void ptrace_heed_time(struct ptrace_run *run)
{
	int64_t now;

	if (!run->serving_at && !run->over_at)
		return;
	now = monotonic_milliseconds();
	if (run->serving_at && now >= run->serving_at)
		ptrace_begin_serving(run);
	if (run->over_at && now >= run->over_at && !run->killing)
		ptrace_detach_all(run);
}

/* Milliseconds until there is something to do at the latest, or -1. */
static int64_t longest_wait(const struct ptrace_run *run)
{
	int64_t wait = run->request->progress ? PROGRESS_INTERVAL : -1;
	const int64_t times[] = {run->serving_at, run->detaching ? 0 : run->over_at, run->stuck_at};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t left = times[i] ? times[i] - monotonic_milliseconds() : -1;

		if (times[i] && left < 0)
			left = 0;
		if (left >= 0 && (wait < 0 || left < wait))
			wait = left;
	}
	return wait;
}

void ptrace_handle_signals(struct ptrace_run *run, bool wait)
{
	static const struct timespec at_once = {0, 0};
	int64_t longest = wait ? longest_wait(run) : 0;
	struct timespec limit = {longest / 1000, longest % 1000 * 1000000};
	siginfo_t info;
	int signal;

	if (longest < 0)
		signal = sigwaitinfo(&run->taken, &info);
	else
		signal = sigtimedwait(&run->taken, &info, &limit);
	/* Where this process was stopped, what a terminal stopped with it is woken with it. */
	if (signal > 0 || errno == EINTR)
		run->stuck_at = 0;
	while (signal > 0 && signal != SIGCHLD) {
		handle_signal(run, &info);
		signal = sigtimedwait(&run->taken, &info, &at_once);
	}
	ptrace_heed_time(run);
	show_progress(run);
}
