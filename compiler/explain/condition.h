/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of calls of one number, given as a diagram over the words of the arguments, as a condition of
 * the language. What is said was read back from its words and compared with the set.
 */
#ifndef PALE_EXPLAIN_CONDITION_H
#define PALE_EXPLAIN_CONDITION_H

#include "compiler/explain/phrase.h"

struct wording {
	struct expr *where; /* holds for the calls of the set but REST; NULL says nothing of it */
	diagram rest;       /* what is not said, DIAGRAM_NONE where all is */
	const char *more; /* REST in words: "12 more values of request"; NULL where there is none */
	const char *refusal; /* why the language cannot say it at all; NULL where it can */
};

/*
 * Puts SET in words, which is neither empty nor everything: all of it, or as much as keeps the
 * limits, and then counts what is left.
 */
struct wording condition_say(const struct phrasing *phrasing, diagram set);

/* How many comparisons, values and ranges there are to read in a condition. */
size_t condition_size(const struct expr *where);

#endif
