/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_PROFILER_PTRACE_TRACER_H
#define PALE_PROFILER_PTRACE_TRACER_H

#include "profiler/tracer.h"

/* Works unprivileged, from Linux 5.3 on; a stop before and behind each call makes it slow. */
extern const struct tracer ptrace_tracer;

#endif
