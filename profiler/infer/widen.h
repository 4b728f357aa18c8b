/* SPDX-License-Identifier: Apache-2.0 */
/* Values that a policy is to allow beside those that were seen, put among the observations. */
#ifndef PALE_PROFILER_INFER_WIDEN_H
#define PALE_PROFILER_INFER_WIDEN_H

#include "profiler/infer/gather.h"
#include "profiler/infer/infer.h"

#include <stdbool.h>

/* What LEVEL adds to the values of each argument, by what was seen. */
void widen_observations(struct arena *arena, struct observations *observations,
			enum infer_widen level);
/*
 * What a program needs on ABI to put on the phase whose observations are LATER: the call of
 * pale_apply_phase(3).
 */
void widen_for_phase(struct arena *arena, struct observations *observations,
		     struct observations *later, enum abi_id abi);

/*
 * The shipped groups that stand for work that was seen on some ABI, in the order in which they are
 * to be named; NULL behind the last one. SERVING leaves out the one for a program's start.
 */
const char *const *widen_groups(struct arena *arena, const struct observations *observations,
				bool serving);

#endif
