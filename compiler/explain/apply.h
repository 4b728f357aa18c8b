/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What telling about diagrams takes besides the operations of prove/diagram.h: functions joined value
 * by value, words that change places, words that are left out. Everything is memoised in ARENA; each
 * gives no more than its steps allow, and then diagrams->overflow is set.
 */
#ifndef PALE_EXPLAIN_APPLY_H
#define PALE_EXPLAIN_APPLY_H

#include "compiler/prove/diagram.h"

/* Words as a set: bit N for the word with index N. */
typedef uint16_t word_set;
#define WORD_BIT(word) ((word_set)(1u << (word)))

/* The function that is JOIN(USER, a, b) where A is a and B is b. */
typedef uint32_t (*value_join)(void *user, uint32_t a, uint32_t b);
diagram apply_join(struct arena *arena, struct diagrams *diagrams, diagram a, diagram b,
		   value_join join, void *user);

/* FUNCTION with the word W called TO[W], for each word; TO is a permutation. */
diagram apply_rename(struct arena *arena, struct diagrams *diagrams, diagram function,
		     const uint8_t to[WORD_COUNT]);

/* The calls that some change of WORDS brings into SET. */
diagram apply_exists(struct arena *arena, struct diagrams *diagrams, diagram set, word_set words);

/* Which bits of each word FUNCTION looks at. False for one that asks atoms. */
bool apply_support(struct arena *arena, const struct diagrams *diagrams, diagram function,
		   uint32_t bits[WORD_COUNT]);

/* The values that FUNCTION has, in an order that hangs on the function alone. */
struct value_list {
	VEC(uint32_t) items;
};
void apply_values(struct arena *arena, const struct diagrams *diagrams, diagram function,
		  struct value_list *values);

#endif
