/* SPDX-License-Identifier: Apache-2.0 */
/* What a recording holds, in a few lines for people. */
#ifndef PALE_CLI_RECORDING_SUMMARY_H
#define PALE_CLI_RECORDING_SUMMARY_H

#include "profiler/recording/recording.h"

/*
 * Prints on standard error how many runs there are, of how many hosts, and by kernel, machine and
 * tracer; and what was lost or unseen.
 */
void recording_summary_print(const struct recording *recording);

#endif
