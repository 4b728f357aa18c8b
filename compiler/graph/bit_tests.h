/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bits that tell the branches of a switch apart: `jset`. */
#ifndef PALE_GRAPH_BIT_TESTS_H
#define PALE_GRAPH_BIT_TESTS_H

#include "compiler/graph/piece.h"

/* The pieces that a test of BITS sends to its two sides, a bit each. Others have values of both. */
struct bit_test {
	uint32_t bits;
	uint32_t zero;
	uint32_t set;
};

enum {
	BIT_TESTS_MAX = 128
};

/*
 * Finds tests of bits for COUNT (at most 32) pieces of a switch over MASK that may be of use. Each
 * tells two pieces apart, and no two send all pieces the same way. Returns how many.
 */
uint32_t bit_tests_find(const struct piece *pieces, uint32_t count, uint32_t mask,
			struct bit_test tests[BIT_TESTS_MAX]);

#endif
