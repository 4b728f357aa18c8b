/* SPDX-License-Identifier: Apache-2.0 */
/* In the place of the eBPF tracer, where pale was built without. */
#include "profiler/ebpf/ebpf_tracer.h"

#include <errno.h>

static int absent_probe(const struct trace_request *request, const char **why)
{
	(void)request;
	*why = "this pale was built without the eBPF tracer (configure says what it needs)";
	return -ENOTSUP;
}

static int absent_run(const struct trace_request *request, struct recorder *recorder,
		      struct trace_result *result)
{
	(void)request;
	(void)recorder;
	*result = (struct trace_result){.step = "tracing with eBPF"};
	return -ENOTSUP;
}

const struct tracer ebpf_tracer = {
	.name = "ebpf",
	.probe = absent_probe,
	.run = absent_run,
};
