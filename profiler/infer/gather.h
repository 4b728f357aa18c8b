/* SPDX-License-Identifier: Apache-2.0 */
/* What all runs and executables of a recording have seen, one entry an ABI and call. */
#ifndef PALE_PROFILER_INFER_GATHER_H
#define PALE_PROFILER_INFER_GATHER_H

#include "profiler/recording/recording.h"

/* Bit N: phase N. */
typedef uint8_t phase_set;
#define PHASE_BIT(phase) ((phase_set)(1u << (phase)))
#define PHASES_ALL ((phase_set)(PHASE_BIT(PHASE_COUNT) - 1))

/* Values of the ruled arguments, by the catalogue's index of each. */
struct observed_tuple {
	uint64_t values[CALL_ARGS_MAX];
	uint64_t count;
};

struct observed_call {
	enum abi_id abi;
	call_id call;
	uint64_t count;     /* 0: not seen, and here since inference wants it (widen.h) */
	const char *reason; /* where COUNT is 0: why, or NULL */
	phase_set phases;   /* in which it was seen */
	uint64_t absent;    /* how often the kernel answered ENOSYS */
	uint32_t ruled;     /* bit N: argument N's values stand in every tuple */
	bool saturated;     /* the tuples are not all that there were: they are left out */
	bool exact;         /* the tuples and no others, also where flags would make a mask */
	bool deep;          /* clone3 with set_tid, which clone cannot do */
	VEC(struct observed_tuple) tuples;
	uint64_t some[CALL_ARGS_MAX];  /* bits set in some value */
	uint64_t least[CALL_ARGS_MAX]; /* of the ruled arguments, by their own sign */
	uint64_t most[CALL_ARGS_MAX];
	uint32_t extremes; /* bit N: LEAST and MOST of argument N are set */
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
	abi_set abis;          /* of the calls, and of the launchers' */
	phase_set phases;      /* that brought calls */
	bool counts_are_least; /* in some run */
};

/* Gathers the calls of PHASES that came by the ABIs in ABIS (0: by all). */
struct observations *observations_gather(struct arena *arena, const struct recording *recording,
					 abi_set abis, phase_set phases);
/* The entry, or NULL. */
const struct observed_call *observations_find(const struct observations *observations,
					      enum abi_id abi, call_id call);
/* The same, added with a COUNT of 0 where there is none. */
struct observed_call *observations_want(struct arena *arena, struct observations *observations,
					enum abi_id abi, call_id call);
/* Whether the call was seen, and the kernel had it. */
bool observed_call_is_seen(const struct observed_call *call);
/* A + B, or the largest number that there is. */
uint64_t count_add(uint64_t a, uint64_t b);

#endif
