/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of calls of one number, as unions of cubes: a cube fixes some bits of the argument words
 * and leaves the others free. That is what an entry of a container's profile can say: a masked
 * equality for each argument, all of them together.
 */
#ifndef PALE_EXCHANGE_CUBE_H
#define PALE_EXCHANGE_CUBE_H

#include "compiler/resolve/ruleset.h"

/* The words of six arguments, in the order of struct seccomp_data. */
#define CUBE_WORDS 12

/* Holds every call where (word[i] & mask[i]) == value[i] for all i. VALUE has no bit outside. */
struct cube {
	uint32_t mask[CUBE_WORDS];
	uint32_t value[CUBE_WORDS];
};

typedef VEC(struct cube) cube_list;

/* How many cubes one question may make before it is given up as too hard. */
#define CUBE_STEPS_MAX (1u << 17)

/* One question's memory and budget. Start from {.arena = ARENA}. */
struct cube_work {
	struct arena *arena;
	uint32_t steps;
	bool overflow; /* CUBE_STEPS_MAX was reached: no list made with this work is of use */
};

/* Index into a cube's words of the word at byte OFFSET of struct seccomp_data (16 and above). */
unsigned int cube_word(uint32_t offset);

bool cube_is_everything(const struct cube *cube);
/* Whether the two have a call in common. */
bool cube_meets(const struct cube *a, const struct cube *b);
void cube_push(struct cube_work *work, cube_list *list, const struct cube *cube);

/*
 * Adds to YES the calls of CUBE for which CONDITION holds, and to NO (which may be NULL: not
 * wanted) the others. What it adds is disjoint.
 */
void cube_split(struct cube_work *work, const struct cube *cube, const struct condition *condition,
		cube_list *yes, cube_list *no);
/* Joins B into A where the two differ in the value of one bit and in nothing else. */
bool cube_join(struct cube *a, const struct cube *b);

#endif
