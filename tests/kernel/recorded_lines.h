/* SPDX-License-Identifier: Apache-2.0 */
/* What a run has seen, as lines that can be compared: phase, ABI, call, values. */
#ifndef PALE_TESTS_KERNEL_RECORDED_LINES_H
#define PALE_TESTS_KERNEL_RECORDED_LINES_H

#include "profiler/recording/recording.h"

/* A line for each tuple, over all executables, sorted and each once. */
typedef VEC(const char *) line_list;
line_list recorded_lines(struct arena *arena, const struct recorded_run *run);

/* Prints what stands in one of them alone; how many these are. */
size_t recorded_lines_differ(const line_list *exact, const line_list *adaptive);

/* How many calls the run has counted. */
uint64_t recorded_calls(const struct recorded_run *run);

#endif
