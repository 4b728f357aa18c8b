/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to the tracer: a program under it ends, stops and dies as if it stood there alone. */
#include "profiler/ptrace/run.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
	PROGRESS_INTERVAL = 200, /* milliseconds */
	REQUEST_AGAIN = 3000,    /* within this time a second request to end kills */
};

int64_t monotonic_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ptrace_take_signals(struct ptrace_run *run, struct signals_before *before)
{
	static const int requests[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};
	/* Where SIGCHLD is ignored, the kernel does not tell of stops. */
	struct sigaction told = {.sa_handler = SIG_DFL};

	sigemptyset(&run->taken);
	sigaddset(&run->taken, SIGCHLD);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct sigaction action;

		if (sigaction(requests[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&run->taken, requests[i]);
	}
	sigaction(SIGCHLD, &told, &before->child);
	sigprocmask(SIG_BLOCK, &run->taken, &before->mask);
}

void ptrace_return_signals(const struct signals_before *before)
{
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

void ptrace_kill_all(struct ptrace_run *run)
{
	run->killing = true;
	for (size_t i = 0; i < run->tasks.bucket_count; i++)
		for (struct traced_task *task = run->tasks.buckets[i]; task; task = task->next)
			kill(task->tid, SIGKILL); /* a thread's id names its process too */
}

/* A terminal sends to its whole foreground group, so who is in ours has got it already. */
static bool has_got(const siginfo_t *info, pid_t process)
{
	return info->si_code == SI_KERNEL && getpgid(process) == getpgrp();
}

struct forward {
	const siginfo_t *info;
};

static void forward_to(void *user, struct traced_process *process)
{
	const struct forward *forward = user;

	if (!has_got(forward->info, process->tgid))
		kill(process->tgid, forward->info->si_signo);
}

static void handle_request_to_end(struct ptrace_run *run, const siginfo_t *info)
{
	int64_t now = monotonic_milliseconds();
	struct forward forward = {info};

	if (run->last_request && now - run->last_request < REQUEST_AGAIN) {
		recorder_unseen(run->recorder, UNSEEN_CUT_SHORT, EXECUTABLE_NONE);
		run->result->killed = true;
		ptrace_kill_all(run);
		return;
	}
	run->last_request = now;
	if (run->main_ended)
		task_table_each_process(&run->tasks, forward_to, &forward);
	else if (!has_got(info, run->launched.pid))
		kill(run->launched.pid, info->si_signo);
}

static void handle_signal(struct ptrace_run *run, const siginfo_t *info)
{
	if (info->si_signo != SIGTSTP) {
		handle_request_to_end(run, info);
		return;
	}
	/*
	 * The program gets the terminal's SIGTSTP too, and this process has to be there for its
	 * stop. One that was meant for this process alone is obeyed at once.
	 */
	if (!run->main_ended && has_got(info, run->launched.pid) && !run->main_stopped)
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

void ptrace_handle_signals(struct ptrace_run *run, bool wait)
{
	static const struct timespec at_once = {0, 0};
	static const struct timespec interval = {0, PROGRESS_INTERVAL * 1000000L};
	siginfo_t info;
	int signal;

	if (wait && !run->request->progress)
		signal = sigwaitinfo(&run->taken, &info);
	else
		signal = sigtimedwait(&run->taken, &info, wait ? &interval : &at_once);
	while (signal > 0 && signal != SIGCHLD) {
		handle_signal(run, &info);
		signal = sigtimedwait(&run->taken, &info, &at_once);
	}
	show_progress(run);
}
