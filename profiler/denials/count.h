/* SPDX-License-Identifier: Apache-2.0 */
/* Which kinds of denials there were, and how often. For this folder alone. */
#ifndef PALE_PROFILER_DENIALS_COUNT_H
#define PALE_PROFILER_DENIALS_COUNT_H

#include "profiler/denials/denials.h"

struct denial_kind {
	struct denial denial; /* first: denials_result.items is made of these */
	executable_id executable;
	uint64_t values[CALL_ARGS_MAX]; /* of the ruled arguments, 0 in the other places */
	struct denial_kind *next;
};

enum {
	DENIAL_BUCKETS = 256
};

struct denial_table {
	struct denial_kind *buckets[DENIAL_BUCKETS];
	VEC(struct denial_kind *) kinds;
};

/*
 * Counts a call that ACTION denies. Returns the kind's entry, with count 1 where it is new; NULL for
 * a new one where there are DENIALS_MAX.
 */
struct denial *denial_count(struct arena *arena, struct denial_table *table,
			    executable_id executable, const struct seccomp_data *data,
			    uint32_t action);

/* The value that the kernel reads of argument INDEX of CALL on ABI. */
uint64_t denial_argument(call_id call, enum abi_id abi, unsigned int index,
			 const struct seccomp_data *data);

#endif
