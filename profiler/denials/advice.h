/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a policy that would have allowed a call. */
#ifndef PALE_PROFILER_DENIALS_ADVICE_H
#define PALE_PROFILER_DENIALS_ADVICE_H

#include "profiler/recorder/recorder.h"

/*
 * A rule that allows the call of EVENT, as `pale generate` would write it for a recording of that call
 * alone, on one line and with its ABI, where FOR_ABI: `when arch == x86 { allow ...; }`. NULL where
 * there is none: a call that the catalogue has no name for.
 */
const char *advice_rule(struct arena *arena, const struct call_event *event, bool for_abi);

#endif
