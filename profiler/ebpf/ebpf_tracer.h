/* SPDX-License-Identifier: Apache-2.0 */
/* The tracer that counts in the kernel: commands, processes, cgroups. Needs root's privileges. */
#ifndef PALE_PROFILER_EBPF_EBPF_TRACER_H
#define PALE_PROFILER_EBPF_EBPF_TRACER_H

#include "profiler/tracer.h"

/* A build without it has one that says so. */
extern const struct tracer ebpf_tracer;

#endif
