/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in arguments that the kernel takes as numbers. */
#ifndef PALE_PROFILER_RECORDER_ADDRESS_H
#define PALE_PROFILER_RECORDER_ADDRESS_H

#include "profiler/recording/recording.h"

/*
 * Records such arguments of RUN's calls as pointers are: 0, or 1 for whatever is not 0. Where a
 * program's memory lies is of no use to a policy, tells who reads the recording more than they need
 * to know, and differs from run to run.
 */
void recorded_run_hide_addresses(struct recorded_run *run);

#endif
