/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call that takes a way through a graph. An ordered graph treats (word & mask) for different
 * masks as if they were unrelated, so it can show ways that no call takes; what is found here is a
 * real call.
 */
#ifndef PALE_GRAPH_WITNESS_H
#define PALE_GRAPH_WITNESS_H

#include "compiler/graph/graph.h"

#include <stdbool.h>

/* (value & MASK) lies in [first, last]. */
struct word_constraint {
	uint32_t mask;
	struct interval interval;
};

enum witness_result {
	WITNESS_FOUND,
	WITNESS_NONE,    /* no call reaches such a leaf */
	WITNESS_UNKNOWN, /* given up: too many masks on one word, or the budget is spent */
};
/* A budget for all questions of one kind in a compilation: a fraction of a second. */
#define WITNESS_BUDGET (1u << 23)

/*
 * Looks below ROOT for a call whose leaf has an action other than UNWANTED (ACTION true) and fills
 * the words that the way tests; the others of WORDS are left as they are. Takes what it tried, step by
 * step, from *BUDGET; where nothing is left of that, the answer is UNKNOWN.
 */
enum witness_result graph_witness(const struct graph *graph, node_id root, seccomp_action unwanted,
				  uint32_t words[16], uint64_t *budget);

#endif
