/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a filter answers, read from its instructions: all that seccomp accepts, with X, scratch memory
 * and arithmetic. From the beginning it is found what the registers can hold at each instruction, and
 * from the end, what then is answered.
 */
#ifndef PALE_PROVE_PROGRAM_H
#define PALE_PROVE_PROGRAM_H

#include "compiler/cbpf/filter.h"
#include "compiler/prove/diagram.h"

/* The most different contents of registers that are followed, over all instructions. */
enum {
	PROGRAM_STATES_MAX = 1 << 16
};

struct program_reading {
	diagram answer;      /* the value that the filter returns, as a function of the call */
	const char *refusal; /* why there is no answer; NULL where there is one */
	uint32_t at;         /* REFUSAL: the instruction */
};

/*
 * Reads FILTER, which filter_check() has let pass. False with a refusal where it computes too much
 * to be followed, or where a limit of DIAGRAMS was passed.
 */
bool program_read(struct arena *arena, struct diagrams *diagrams, const struct filter *filter,
		  struct program_reading *reading);

#endif
