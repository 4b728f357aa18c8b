/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what was recorded to a filter that lets it pass and tells the tracer of all else. It is a
 * policy like any other: the tree goes the compiler's own way, and a filter that is not proved to be
 * what the tree says is not used.
 */
#ifndef PALE_PROFILER_PTRACE_LEARNED_H
#define PALE_PROFILER_PTRACE_LEARNED_H

#include "profiler/recording/recording.h"
#include "profiler/serving.h"

#include <linux/filter.h>

enum {
	LEARNED_MARK = 0x9a1e, /* SECCOMP_RET_DATA of a call that is to be looked at */
};

struct learned_filter {
	struct sock_filter *instructions; /* NULL: there is none */
	uint16_t count;
};

struct learned_request {
	/* What these did in PHASE is known. */
	const struct recorded_executable *const *executables;
	size_t executable_count;
	enum recorded_phase phase;
	const struct serving_rule *serving;
	bool listens; /* the process that it is for does: waits may end its phase */
};

/*
 * Makes the filter, in memory of its own. What the tracer has to see every time stays traced: calls
 * that the tracer itself looks at, that decide the phase, that hide flags behind pointers, that have
 * no name, or that had more values than are kept. Returns 0, -ENOMEM, or -E2BIG where a filter for
 * it would be larger than the kernel takes.
 */
int learned_filter_make(const struct learned_request *request, struct learned_filter *filter);
void learned_filter_release(struct learned_filter *filter);

/* Whether the tracer looks at CALL itself, each time that it is made. */
bool learned_is_watched(call_id call);

#endif
