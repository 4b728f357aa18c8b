/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a program behind a policy and sees the calls that it denies: by ptrace, where the kernel asks
 * the tracer about these calls alone. All others pass without a stop.
 */
#ifndef PALE_PROFILER_DENIALS_H
#define PALE_PROFILER_DENIALS_H

#include "compiler/cbpf/filter.h"
#include "profiler/recorder/recorder.h"
#include "profiler/tracer.h"

/* A value for one of the policy's loads. */
struct denial_load {
	uint64_t value;
	bool is_pid; /* the pid of the process that becomes the program, as that sees it itself */
};

/* A denied call, each kind once: one program, one call, the same values of ruled arguments. */
struct denial {
	const char *program;      /* the executable, escaped; pale-run's before it has become one */
	const char *script;       /* or NULL */
	struct seccomp_data data; /* of the first one */
	uint32_t action;          /* what the policy answers */
	uint64_t count;
	bool by_launcher; /* pale-run made it, to become the program */
	void *user;       /* the caller's own */
};

struct denials_request {
	char *const *shim;               /* pale-run, its options, and the program's words */
	const struct filter *policy;     /* what the policy says, not filled */
	const struct denial_load *loads; /* one for each of the policy's */
	/* The calls are made all the same. Else the policy is enforced. */
	bool let_through;
	/*
	 * Called at the first of each kind, while its caller waits. EVENT reads the caller's memory.
	 * LOADS are the values that are in force. May be NULL.
	 */
	void (*denied)(void *user, struct denial *denial, const struct call_event *event,
		       const uint64_t *loads);
	void *user;
};

struct denials_result {
	struct trace_result trace;
	const struct denial *items; /* in the order in which they came; in the caller's arena */
	size_t count;
	uint64_t calls;   /* that were denied */
	uint64_t further; /* of them, those of kinds above DENIALS_MAX, which are not told apart */
	uint64_t ptraces; /* how often it was refused a ptrace that the policy allows */
	uint64_t listeners; /* how often the program was refused a listener of its own */
	uint64_t untraced;  /* how many children it made that nobody traces */
	bool launch_denied; /* the policy denies the execve that starts the program: nothing ran */
	bool own_filter;    /* it installed a filter of its own, whose denials nobody sees */
};

enum {
	DENIALS_MAX = 4096,
};

/* Whether this machine has what it takes to deny a call as a tracer does. */
bool denials_can_enforce(void);

/*
 * Runs request->shim, which applies a filter that filter_watch() made of request->policy, and
 * returns when it and all that it started have ended. Executables, and with `let_through` the denied
 * calls, go to RECORDER, a new one. Signals are taken as struct tracer has it. Returns 0, or negative
 * errno with result->trace.step.
 */
int denials_run(struct arena *arena, const struct denials_request *request,
		struct recorder *recorder, struct denials_result *result);

#endif
