/* SPDX-License-Identifier: Apache-2.0 */
/* Filters with one thing in them changed. */
#ifndef PALE_TESTS_DIFFERENTIAL_MUTATION_H
#define PALE_TESTS_DIFFERENTIAL_MUTATION_H

#include "compiler/cbpf/filter.h"
#include "tests/fuzz/dice.h"

enum mutation {
	MUTATE_JUMP,      /* where jt, jf or ja lead; or both ways swapped */
	MUTATE_CONSTANT,  /* one more, one less, a bit, or another instruction's */
	MUTATE_ACTION,    /* what is returned */
	MUTATE_OPERATION, /* the comparison, or the arithmetic */
	MUTATE_LOAD,      /* which word is looked at */
	MUTATE_DROP,      /* an instruction left out, */
	MUTATE_TWICE,     /* there twice, */
	MUTATE_SWAP,      /* or behind its neighbour */
	MUTATION_COUNT
};
const char *mutation_name(enum mutation mutation);

/*
 * Makes MUTANT, with room for FILTER's instructions and one more, from FILTER, which has two or more.
 * False where nothing came of it: no instruction of that kind was drawn, or nothing changed. What
 * seccomp makes of the mutant is for the caller to find out.
 */
bool mutation_apply(struct dice *dice, const struct filter *filter, enum mutation mutation,
		    struct filter *mutant);

#endif
