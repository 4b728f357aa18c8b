/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of values of one number: as ranges, and as cubes. */
#ifndef PALE_EXPLAIN_VALUES_H
#define PALE_EXPLAIN_VALUES_H

#include "compiler/explain/subject.h"

/* The words of a view: those of the number, in the order of its bits. */
enum {
	VIEW_HIGH = WORD_ARGUMENTS,
	VIEW_LOW = WORD_ARGUMENTS + 1,
	VIEW_REST = WORD_ARGUMENTS + 2, /* the first of the other words of arguments */
};

/*
 * A set over the words of arguments with the subject's brought to the front, high before low, so that
 * the diagram asks for its highest bit first; and back.
 */
diagram view_of(struct arena *arena, struct diagrams *diagrams, const struct subject *subject,
		diagram set);
diagram view_undo(struct arena *arena, struct diagrams *diagrams, const struct subject *subject,
		  diagram view);

/* Below, VIEW looks at the subject's words alone. */

/* The bits that it looks at. */
uint64_t view_support(struct arena *arena, const struct diagrams *diagrams, diagram view);
/* How many of the numbers of BITS bits are in it; UINT64_MAX stands for more than that too. */
uint64_t view_count(struct arena *arena, const struct diagrams *diagrams, diagram view,
		    unsigned int bits);
/* The same without looking at the bits of MASK: the values that some change of them brings in. */
diagram view_without(struct arena *arena, struct diagrams *diagrams, diagram view, uint64_t mask);

/* FIRST..LAST as patterns, both in it. */
struct value_range {
	uint64_t first;
	uint64_t last;
};
struct value_ranges {
	VEC(struct value_range) items;
	uint64_t mask; /* the values have bits of it only */
	bool more;     /* there are more than LIMIT: these are the first */
};
/*
 * The ranges of (x & MASK) for x in VIEW, which looks at no bit outside of MASK; as long as can be, a
 * range holding what passes the mask between its ends. With SIGN_BIT, which is a bit of MASK, they
 * are in the order of signed numbers; else of unsigned ones.
 */
void view_ranges(struct arena *arena, const struct diagrams *diagrams, diagram view, uint64_t mask,
		 uint64_t sign_bit, size_t limit, struct value_ranges *ranges);

/* All x with (x & mask) == value. */
struct value_cube {
	uint64_t mask;
	uint64_t value;
};
struct value_cubes {
	VEC(struct value_cube) items;
	bool more;
};
/* Few cubes that make VIEW together, none of which can be left out: Minato's irredundant cover. */
void view_cubes(struct arena *arena, struct diagrams *diagrams, diagram view, size_t limit,
		struct value_cubes *cubes);

#endif
