/* SPDX-License-Identifier: Apache-2.0 */
/* What a register of a filter holds: 32 bits, each a set of calls in which it is 1. */
#ifndef PALE_PROVE_BITS_H
#define PALE_PROVE_BITS_H

#include "compiler/prove/diagram.h"

struct bits {
	diagram of[32]; /* of[0] is the lowest */
};

struct bits bits_constant(uint32_t value);
/* The word with index WORD of struct seccomp_data. */
struct bits bits_of_word(struct diagrams *diagrams, unsigned int word);

/*
 * What an ALU instruction leaves in A: OPERATION is BPF_ADD to BPF_XOR and BPF_NEG. A division by 0
 * gives no number to rely on: the caller leaves those calls out. A shift takes the lowest five bits
 * of its operand, as the kernel's eBPF does.
 */
struct bits bits_operate(struct diagrams *diagrams, uint16_t operation, const struct bits *a,
			 const struct bits *operand);

/* The calls in which A == B, A > B, and in which they have a bit in common. */
diagram bits_equal(struct diagrams *diagrams, const struct bits *a, const struct bits *b);
diagram bits_greater(struct diagrams *diagrams, const struct bits *a, const struct bits *b);
diagram bits_meet(struct diagrams *diagrams, const struct bits *a, const struct bits *b);

/*
 * Whether A is a word as it stands in the data, but for bits that a mask has taken out: then which
 * word, and under which mask.
 */
bool bits_are_word(struct diagrams *diagrams, const struct bits *a, unsigned int *word,
		   uint32_t *mask);

/*
 * The function whose value is the number. Its values are as many as the bits that vary allow: false
 * where more than BITS_VARIED_MAX do.
 */
enum {
	BITS_VARIED_MAX = 12
};
bool bits_function(struct diagrams *diagrams, const struct bits *bits, diagram *function);

#endif
