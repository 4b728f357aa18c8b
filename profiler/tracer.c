/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/tracer.h"

#include "profiler/ebpf/ebpf_tracer.h"
#include "profiler/ptrace/tracer.h"

#include <string.h>

/* The best first. */
static const struct tracer *const tracers[] = {&ebpf_tracer, &ptrace_tracer};

const struct tracer *tracer_find(const char *name)
{
	for (size_t i = 0; i < sizeof(tracers) / sizeof(tracers[0]); i++)
		if (strcmp(tracers[i]->name, name) == 0)
			return tracers[i];
	return NULL;
}

const struct tracer *tracer_choose(const struct trace_request *request, const char **why)
{
	*why = NULL;
	for (size_t i = 0; i < sizeof(tracers) / sizeof(tracers[0]); i++) {
		const char *reason = NULL;

		if (tracers[i]->probe(request, &reason) == 0)
			return tracers[i];
		*why = reason;
	}
	return NULL;
}
