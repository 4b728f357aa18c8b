/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to a tracer: a program under it ends and stops as if it stood there alone. */
#ifndef PALE_PROFILER_SIGNALS_H
#define PALE_PROFILER_SIGNALS_H

#include "profiler/tracer.h"

#include <signal.h>

/* What taking over the signals changed in this process. */
struct signals_before {
	sigset_t mask;
	struct sigaction child; /* of SIGCHLD */
};

/*
 * Blocks the signals that the tracer is to take in, which *TAKEN gets: SIGCHLD, the requests to end,
 * SIGTSTP, and what begins to serve. None that this process
 * ignores: whoever ran it so (nohup, a shell's background job) wants them to do nothing.
 */
void signals_take(const struct trace_request *request, sigset_t *taken,
		  struct signals_before *before);
void signals_return(const struct signals_before *before);

/*
 * Whether PROCESS has got the signal with si_code CODE itself: a terminal sends to its whole foreground
 * group, so who is in ours has got it already.
 */
bool signals_has_got(int code, pid_t process);

/* Whether a request to end comes soon after the one at *LAST, 0 or the time that this stores there. */
bool signals_is_second(int64_t *last);

/* Milliseconds on a clock that nobody sets. */
int64_t monotonic_milliseconds(void);

#endif
