/* SPDX-License-Identifier: Apache-2.0 */
/* The table of recorded calls by (executable, phase, ABI, number), each with what the catalogue knows. */
#ifndef PALE_PROFILER_RECORDER_SLOTS_H
#define PALE_PROFILER_RECORDER_SLOTS_H

#include "profiler/recorder/recorder.h"

/* A recorded call with what makes the next one of its kind quick to count. */
struct recorder_slot {
	struct recorded_call call; /* first: the recorder hands out pointers to it */
	executable_id executable;
	call_id id; /* CALL_NONE where the catalogue has no name for the number */
	const struct call_arg *args;
	unsigned int arg_count;
	const struct behind_field *behind;
	unsigned int behind_count;
	struct arg_place places[CALL_ARGS_MAX];
	size_t last_tuple; /* programs repeat themselves */
	struct recorder_slot *next;
};

struct slot_key {
	executable_id executable;
	enum recorded_phase phase;
	enum abi_id abi;
	uint32_t number;
};

struct slot_table {
	struct arena *arena;
	struct recorder_slot **buckets;
	size_t bucket_count; /* a power of two */
	size_t count;
	uint64_t different; /* (ABI, call) pairs that the catalogue has a name for */
	bool *seen;         /* [ABI_COUNT][call_count()] */
};

/* ARENA must outlive the table. */
void slot_table_init(struct slot_table *table, struct arena *arena);
/* The slot with KEY, or NULL. */
struct recorder_slot *slot_table_find(const struct slot_table *table, const struct slot_key *key);
/* Requires that KEY is not there. The slot's arguments are there, and nothing is counted. */
struct recorder_slot *slot_table_add(struct slot_table *table, const struct slot_key *key);

/* Width and sign of the call's argument INDEX; what is behind a pointer has all 64 bits. */
void slot_arg_form(const struct recorder_slot *slot, unsigned int index, unsigned int *bits,
		   bool *is_signed);

#endif
