/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to the tracer: a command under it ends and stops as if it stood there alone. */
#include "profiler/ebpf/run.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

int ebpf_signals_take(struct ebpf_run *run)
{
	sigset_t taken;

	signals_take(run->request, &taken, &run->before);
	run->signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->signals >= 0)
		return 0;
	run->result->step = "taking in signals";
	signals_return(&run->before);
	return -errno;
}

static void forward_to(void *user, pid_t process)
{
	const struct signalfd_siginfo *info = user;

	if (!signals_has_got(info->ssi_code, process))
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
		kill(run->launched.pid, SIGKILL);
	ebpf_walk(run, EBPF_WALK_LIST, kill_it, NULL);
}

static void handle_request_to_end(struct ebpf_run *run, struct signalfd_siginfo *info)
{
	if (run->request->scope != SCOPE_COMMAND) {
		run->over = true; /* what is watched is not ours to end */
		return;
	}
	if (signals_is_second(&run->last_request)) {
		kill_all(run);
		return;
	}
	if (run->child_ended)
		ebpf_walk(run, EBPF_WALK_LIST, forward_to, info);
	else if (!signals_has_got(info->ssi_code, run->launched.pid))
		kill(run->launched.pid, (int)info->ssi_signo);
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
		else if (run->launched.pid > 0 && !run->child_ended && !run->child_stopped &&
			 signals_has_got(info.ssi_code, run->launched.pid))
			run->wants_stop = true; /* once the program has stopped */
		else
			kill(getpid(), SIGSTOP);
	}
}
