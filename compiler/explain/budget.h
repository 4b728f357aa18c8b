/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it may take to put filters in words, which come from processes that nobody trusts: one budget
 * for all that is done with the same diagrams, long before the arena could run out. It is kept by
 * what is counted in `steps`, and what goes over it is an overflow of the diagrams.
 */
#ifndef PALE_EXPLAIN_BUDGET_H
#define PALE_EXPLAIN_BUDGET_H

#include "compiler/prove/diagram.h"

enum {
	/* Large policies for all ABIs take half a million, two million, and 260 MB. */
	BUDGET_NODES_MAX = 1 << 21,
	BUDGET_STEPS_MAX = 1 << 25,
	BUDGET_BYTES_MAX = 400 << 20, /* of the arena, with all else that is in there */
};

/* Gives DIAGRAMS, which were just made, that budget. */
static inline void budget_set(struct diagrams *diagrams)
{
	diagrams->nodes_max = BUDGET_NODES_MAX;
	diagrams->steps_max = BUDGET_STEPS_MAX;
}

/* Counts STEPS. False where there is no going on. */
static inline bool budget_take(struct diagrams *diagrams, uint64_t steps)
{
	diagrams->steps += steps;
	if (diagrams->steps > diagrams->steps_max || diagrams->arena->used > BUDGET_BYTES_MAX)
		diagrams->overflow = true;
	return !diagrams->overflow;
}

#endif
