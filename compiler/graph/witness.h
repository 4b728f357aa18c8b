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
/* Finds a value that satisfies all COUNT constraints, the smallest; false where none does. */
bool word_solve(const struct word_constraint *constraints, unsigned int count, uint32_t *value);

enum witness_result {
	WITNESS_FOUND,
	WITNESS_NONE,    /* no call reaches such a leaf */
	WITNESS_UNKNOWN, /* given up: more ways than WITNESS_WAYS_MAX were tried */
};
#define WITNESS_WAYS_MAX 100000

/*
 * Looks below ROOT for a call whose leaf has an action other than UNWANTED (ACTION true) and fills
 * the words that the way tests; the others of WORDS are left as they are.
 */
enum witness_result graph_witness(const struct graph *graph, node_id root, seccomp_action unwanted,
				  uint32_t words[16]);

#endif
