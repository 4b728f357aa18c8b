/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What recordings that are read one after the other have in common. Runs of one program make much
 * the same calls: each is parsed once, and stands in memory once.
 */
#ifndef PALE_PROFILER_RECORDING_POOL_H
#define PALE_PROFILER_RECORDING_POOL_H

#include "profiler/recording/hash.h"
#include "profiler/recording/part.h"
#include "profiler/recording/recording.h"

struct recording_pool {
	struct arena *arena;
	uint64_t seed;                  /* so that nobody can choose texts that have one hash */
	struct hash_table observations; /* by their texts */
	struct hash_table seen;         /* by what they say */
	struct hash_table calls;
};

/* A call as it was seen, without how often: its own count and those of its tuples are 0. */
const struct recorded_call *recording_pool_find(const struct recording_pool *pool,
						const struct json_part *text);
/* OBSERVATION is what TEXT says, and TEXT is not there yet. */
void recording_pool_add(struct recording_pool *pool, const struct json_part *text,
			const struct recorded_call *observation);

/* How often a call was seen. */
struct call_counts {
	uint64_t count;
	const uint64_t *tuples; /* as many as the observation has */
	const struct recorded_error *errors;
	size_t error_count;
};

/* The call that OBSERVATION (of this pool) and COUNTS make; nobody may change it. */
struct recorded_call *recording_pool_call(struct recording_pool *pool,
					  const struct recorded_call *observation,
					  const struct call_counts *counts);
/* What is equal to CALL, which may be given up afterwards and is in order; nobody may change it. */
struct recorded_call *recording_pool_share(struct recording_pool *pool,
					   const struct recorded_call *call);

#endif
