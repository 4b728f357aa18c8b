/* SPDX-License-Identifier: Apache-2.0 */
/* What all runs and executables of a recording have seen, one entry an ABI and call. */
#ifndef PALE_PROFILER_INFER_GATHER_H
#define PALE_PROFILER_INFER_GATHER_H

#include "profiler/recording/recording.h"

/* Values of the ruled arguments, by the catalogue's index of each. */
struct observed_tuple {
	uint64_t values[CALL_ARGS_MAX];
	uint64_t count;
};

struct observed_call {
	enum abi_id abi;
	call_id call;
	uint64_t count;
	uint64_t absent; /* how often the kernel answered ENOSYS */
	uint32_t ruled;  /* bit N: argument N's values stand in every tuple */
	bool saturated;  /* the tuples are not all that there were: they are left out */
	bool deep;       /* clone3 with set_tid, which clone cannot do */
	VEC(struct observed_tuple) tuples;
	uint64_t some[CALL_ARGS_MAX]; /* bits set in some value */
	/* Flags that stood behind a pointer, as the plain equivalent would have them. */
	VEC(struct observed_tuple) behind; /* values[0] */
	VEC(const char *) executables;     /* labels, without repetition */
	size_t runs;
	size_t last_run; /* for gather alone: the last run counted, from 1 */
};

/* A number that the catalogue has no name for. */
struct observed_number {
	enum abi_id abi;
	uint32_t number;
	uint64_t count;
	bool absent; /* the kernel had no such call either: each answer was ENOSYS */
};

struct observations {
	VEC(struct observed_call *) calls; /* sorted by (ABI, call) */
	VEC(struct observed_number) numbers;
	VEC(const char *) executables; /* labels */
	size_t runs;
	abi_set abis; /* of the calls, and of the launchers' */
};

/* Gathers the calls of the ABIs in ABIS (0: of all). */
struct observations *observations_gather(struct arena *arena, const struct recording *recording,
					 abi_set abis);
/* The entry, or NULL. */
const struct observed_call *observations_find(const struct observations *observations,
					      enum abi_id abi, call_id call);
/* A + B, or the largest number that there is. */
uint64_t count_add(uint64_t a, uint64_t b);

#endif
