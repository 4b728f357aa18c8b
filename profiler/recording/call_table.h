/* SPDX-License-Identifier: Apache-2.0 */
/* Calls numbered by what was seen of them, without how often. */
#ifndef PALE_PROFILER_RECORDING_CALL_TABLE_H
#define PALE_PROFILER_RECORDING_CALL_TABLE_H

#include "profiler/recording/hash.h"
#include "profiler/recording/recording.h"

/* All zeros is an empty one. */
struct call_table {
	struct hash_table numbers;
	VEC(const struct recorded_call *) list; /* the first call with each number */
};

/* Gives CALL the next number where none like it has one. */
void call_table_add(struct arena *arena, struct call_table *table,
		    const struct recorded_call *call);
/* The number of a call like CALL, which has one. */
size_t call_table_find(const struct call_table *table, const struct recorded_call *call);

/* Equal for calls that are the same; from a SEED, so that nobody can choose calls that have one hash. */
uint64_t recorded_call_hash(uint64_t seed, const struct recorded_call *call);
/* Whether the same was seen of A and B, however often. */
bool recorded_call_same(const struct recorded_call *a, const struct recorded_call *b);

#endif
