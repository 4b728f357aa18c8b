/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls lead far, by name: what dangers.def says without its conditions. */
#ifndef PALE_PROFILER_INFER_DANGERS_H
#define PALE_PROFILER_INFER_DANGERS_H

#include "policy-lang/base/arena.h"
#include "policy-lang/catalog/call.h"

enum danger_reach {
	DANGER_NONE,
	DANGER_BY_ARGUMENTS, /* with some arguments it leads far */
	DANGER_ALWAYS,
};

struct danger {
	enum danger_reach reach;
	const char *name; /* "mounts": the first that has the call, of those that reach as far */
};

/* An array by call_id, in ARENA, of the calls as ABI has them. */
const struct danger *dangers_read(struct arena *arena, enum abi_id abi);

#endif
