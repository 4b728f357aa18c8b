/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/signals.h"

#include <time.h>
#include <unistd.h>

enum {
	REQUEST_AGAIN = 3000, /* within these milliseconds a second request to end kills */
};

int64_t monotonic_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void signals_take(const struct trace_request *request, sigset_t *taken,
		  struct signals_before *before)
{
	static const int requests[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};
	/* Where SIGCHLD is ignored, the kernel does not tell of stops. */
	struct sigaction told = {.sa_handler = SIG_DFL};

	sigemptyset(taken);
	sigaddset(taken, SIGCHLD);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct sigaction action;

		if (sigaction(requests[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(taken, requests[i]);
	}
	if (request->serving.kind == SERVING_SIGNAL)
		sigaddset(taken, SIGUSR1);
	sigaction(SIGCHLD, &told, &before->child);
	sigprocmask(SIG_BLOCK, taken, &before->mask);
}

void signals_return(const struct signals_before *before)
{
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

bool signals_has_got(int code, pid_t process)
{
	return code == SI_KERNEL && getpgid(process) == getpgrp();
}

bool signals_is_second(int64_t *last)
{
	int64_t now = monotonic_milliseconds();

	if (*last && now - *last < REQUEST_AGAIN)
		return true;
	*last = now;
	return false;
}
