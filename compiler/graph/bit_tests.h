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

/*
 * Sets of values that agree in all but a few bits, and that go to one child: the pieces that a test
 * for VALUE in all bits but CUBE sends to either side.
 */
struct cube_test {
	uint32_t value;
	uint32_t cube;
	uint32_t in;
	uint32_t out;
};

enum {
	CUBE_TESTS_MAX = 16
};

/* Finds cubes of four pieces or more, without 0, for which a test of bits would do. */
uint32_t cube_tests_find(const struct piece *pieces, uint32_t count, uint32_t mask,
			 struct cube_test tests[CUBE_TESTS_MAX]);

#endif
