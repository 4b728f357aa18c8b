/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a policy that would have allowed a call. */
#ifndef PALE_PROFILER_DENIALS_ADVICE_H
#define PALE_PROFILER_DENIALS_ADVICE_H

#include "profiler/recorder/recorder.h"

struct advice {
	/*
	 * A rule that allows the call, as `pale generate` would write it for a recording of that call
	 * alone, on one line; where that would refuse it, one that allows the call whatever its
	 * arguments. NULL for a call that the catalogue has no name for.
	 */
	const char *rule;
	/*
	 * For a call whose flags no filter sees (clone3, openat2), or NULL: a rule that is narrower,
	 * allows what it asked for by way of an equivalent whose flags are seen, and has it fail with
	 * ENOSYS, after which libc takes that one.
	 */
	const char *instead;
};
/* With the call's ABI where FOR_ABI: `when arch == x86 { allow ...; }`. */
struct advice advice_for(struct arena *arena, const struct call_event *event, bool for_abi);

#endif
