/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canonical decision diagrams over the bits of struct seccomp_data. A diagram is a function from
 * calls to 32-bit values: to actions, or to 0 and 1 where it is a set of calls. Equal functions have
 * equal ids, so that to compare two is to compare two numbers.
 *
 * The variables are the bits of the data's sixteen 32-bit words, in this order: arch, nr, the words
 * of the arguments as they stand in memory, the instruction pointer; of each word the highest bit
 * first. Behind them stand atoms: yes-or-no questions about which nothing else is known, such as
 * whether a word is equal to a value that is known only when the filter is loaded.
 */
#ifndef PALE_PROVE_DIAGRAM_H
#define PALE_PROVE_DIAGRAM_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t diagram;
/* The sets of no call and of every call; diagram_leaf(0) and diagram_leaf(1) are the same. */
#define DIAGRAM_NONE 0u
#define DIAGRAM_ALL 1u

/* A variable: a bit of the data, or an atom. */
typedef uint16_t variable_id;
#define VARIABLE_ZERO ((variable_id)0xffff) /* in a field: a bit that is always 0 */

enum {
	WORD_NR = 0, /* indices of 32-bit words in struct seccomp_data */
	WORD_ARCH = 1,
	WORD_ARGUMENTS = 4, /* the first of twelve */
	WORD_COUNT = 16,
	VARIABLE_ATOMS = WORD_COUNT * 32, /* the first atom */
	ATOMS_MAX = 512,

	/* Limits: what needs more is refused as too involved, within seconds and some 100 MB. */
	DIAGRAM_NODES_MAX = 1 << 22,
	DIAGRAM_STEPS_MAX = 1 << 26,
};

struct diagram_node;
struct diagram_cache;
struct diagrams {
	struct arena *arena;
	struct diagram_node *nodes;
	uint32_t count;
	size_t capacity;
	uint32_t *buckets;
	uint32_t bucket_count;
	struct diagram_cache *cache;
	uint32_t cache_size;
	uint32_t cache_used;
	uint64_t steps;
	struct diagram_atom *atoms;
	uint32_t atom_count;
	size_t atom_capacity;
	uint32_t nodes_max; /* DIAGRAM_NODES_MAX and DIAGRAM_STEPS_MAX, unless a test sets others */
	uint64_t steps_max;
	bool overflow; /* a limit was passed: every diagram made since is of no use */
};

/* Everything lives in ARENA. */
void diagrams_init(struct diagrams *diagrams, struct arena *arena);

/* The bit BIT (0 is the lowest) of the word with index WORD in struct seccomp_data. */
variable_id variable_of_bit(unsigned int word, unsigned int bit);
/* For a variable that is no atom: which bit it is. */
unsigned int variable_word(variable_id bit);
unsigned int variable_bit(variable_id bit);

/*
 * What is asked by an atom: whether (word & mask) is equal to the lower half, or the HIGH one, of a
 * value that is called NAME and is known only when the filter is loaded. Whatever that value is, each
 * atom is true or false in each call: so two functions that are equal over all truths of their atoms
 * are equal for every value.
 */
struct diagram_atom {
	const char *name;
	uint32_t mask;
	uint8_t word; /* its index */
	bool high;
};
/* The calls for which the answer is yes. Past ATOMS_MAX different ones it is an overflow. */
diagram diagram_of_atom(struct diagrams *diagrams, struct diagram_atom atom);

/* The function that is VALUE everywhere. */
diagram diagram_leaf(struct diagrams *diagrams, uint32_t value);
bool diagram_is_leaf(const struct diagrams *diagrams, diagram id);
uint32_t diagram_value(const struct diagrams *diagrams, diagram leaf);

/* The parts of a diagram that is no leaf: what it asks first, and what then is left. */
variable_id diagram_variable(const struct diagrams *diagrams, diagram id);
diagram diagram_low(const struct diagrams *diagrams, diagram id);  /* where the bit is 0 */
diagram diagram_high(const struct diagrams *diagrams, diagram id); /* where it is 1 */
/* The set of calls in which BIT is 1. */
diagram diagram_of_bit(struct diagrams *diagrams, variable_id bit);

/* YES for the calls in SET, NO for all others. */
diagram diagram_select(struct diagrams *diagrams, diagram set, diagram yes, diagram no);
diagram diagram_and(struct diagrams *diagrams, diagram a, diagram b);
diagram diagram_or(struct diagrams *diagrams, diagram a, diagram b);
diagram diagram_not(struct diagrams *diagrams, diagram set);
/* A and not B. */
diagram diagram_without(struct diagrams *diagrams, diagram a, diagram b);
/* The set of calls for which the two functions differ. */
diagram diagram_difference(struct diagrams *diagrams, diagram a, diagram b);
/* FUNCTION in calls where the variable VARIABLE is VALUE, which it then asks for no more. */
diagram diagram_given(struct diagrams *diagrams, diagram function, variable_id variable,
		      bool value);
/* The set of calls for which FUNCTION has VALUE. */
diagram diagram_where(struct diagrams *diagrams, diagram function, uint32_t value);

/*
 * An unsigned number of BITS bits that is made of bits of a call: bit I is variables[I], or 0 where
 * that is VARIABLE_ZERO (what a mask leaves out).
 */
struct field {
	variable_id variables[64];
	uint8_t bits; /* 1..64 */
};
/* The BITS lowest bits of one word. */
struct field field_of_word(unsigned int word, unsigned int bits);
/* A 64-bit number from two words. */
struct field field_of_words(unsigned int low, unsigned int high);
/* The same number with the bits outside of MASK 0. */
struct field field_masked(struct field field, uint64_t mask);

/* The set of calls in which FIRST <= FIELD <= LAST, unsigned. */
diagram diagram_range(struct diagrams *diagrams, const struct field *field, uint64_t first,
		      uint64_t last);

/*
 * A call in SET, as the words of struct seccomp_data in memory order. Bits that do not matter are 0,
 * and those that do are 0 where both would do. False for the empty set. ATOMS, which may be NULL,
 * gets the atoms' truths, one byte each.
 */
bool diagram_witness(const struct diagrams *diagrams, diagram set, uint32_t words[WORD_COUNT],
		     uint8_t atoms[ATOMS_MAX]);
/* The value of FUNCTION for a call; atoms are taken as no where ATOMS is NULL. */
uint32_t diagram_evaluate(const struct diagrams *diagrams, diagram function,
			  const uint32_t words[WORD_COUNT], const uint8_t atoms[ATOMS_MAX]);

#endif
