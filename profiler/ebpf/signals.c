/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to the tracer: a command under it ends and stops as if it stood there alone. */
#include "profiler/ebpf/run.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
	REQUEST_AGAIN = 3000, /* within these milliseconds a second request to end kills */
};

int64_t ebpf_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int ebpf_signals_take(struct ebpf_run *run)
{
	static const int requests[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};
	/* Where SIGCHLD is ignored, the kernel does not tell of stops. */
	struct sigaction told = {.sa_handler = SIG_DFL};
	sigset_t taken;

	sigemptyset(&taken);
	sigaddset(&taken, SIGCHLD);
	if (run->request->serving.kind == SERVING_SIGNAL)
		sigaddset(&taken, SIGUSR1);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct sigaction action;

		/* Whoever ran this process so (nohup, a shell's background job) wants nothing. */
		if (sigaction(requests[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN &&
		    (requests[i] != SIGTSTP || run->request->scope == SCOPE_COMMAND))
			sigaddset(&taken, requests[i]);
	}
	run->result->step = "taking in signals";
	run->signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->signals < 0)
		return -errno;
	sigaction(SIGCHLD, &told, &run->child_before);
	sigprocmask(SIG_BLOCK, &taken, &run->mask_before);
	return 0;
}

void ebpf_signals_return(const struct ebpf_run *run)
{
	sigaction(SIGCHLD, &run->child_before, NULL);
	sigprocmask(SIG_SETMASK, &run->mask_before, NULL);
}

/* A terminal sends to its whole foreground group, so who is in ours has got it already. */
static bool has_got(const struct signalfd_siginfo *info, pid_t process)
{
	return info->ssi_code == SI_KERNEL && getpgid(process) == getpgrp();
}

static void forward_to(void *user, pid_t process)
{
	const struct signalfd_siginfo *info = user;

	if (!has_got(info, process))
		kill(process, (int)info->ssi_signo);
}

static void kill_it(void *user, pid_t process)
{
	(void)user;
	kill(process, SIGKILL);
}

/* Until none is left: a process may be made while the walk goes past where it will be. */
static void kill_all(struct ebpf_run *run)
{
	if (!run->result->killed)
		recorder_unseen(run->recorder, UNSEEN_CUT_SHORT, EXECUTABLE_NONE);
	run->result->killed = true;
	if (!run->child_ended)
		kill(run->child, SIGKILL);
	ebpf_walk(run, EBPF_WALK_LIST, kill_it, NULL);
}

static void handle_request_to_end(struct ebpf_run *run, struct signalfd_siginfo *info)
{
	int64_t now = ebpf_now();

	if (run->request->scope != SCOPE_COMMAND) {
		run->over = true; /* what is watched is not ours to end */
		return;
	}
	if (run->last_request && now - run->last_request < REQUEST_AGAIN) {
		kill_all(run);
		return;
	}
	run->last_request = now;
	if (run->child_ended)
		ebpf_walk(run, EBPF_WALK_LIST, forward_to, info);
	else if (!has_got(info, run->child))
		kill(run->child, (int)info->ssi_signo);
}

void ebpf_signals_handle(struct ebpf_run *run)
{
	struct signalfd_siginfo info;

	if (run->result->killed)
		kill_all(run);
	while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (info.ssi_signo == SIGUSR1)
			ebpf_serve_all(run);
		else if (info.ssi_signo != SIGTSTP)
			handle_request_to_end(run, &info);
		else if (!run->child_ended && has_got(&info, run->child) && !run->child_stopped)
			run->wants_stop = true; /* once the program has stopped */
		else
			kill(getpid(), SIGSTOP);
	}
}
