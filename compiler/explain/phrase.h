/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for one subject, as the shortest of the conditions that say it. */
#ifndef PALE_EXPLAIN_PHRASE_H
#define PALE_EXPLAIN_PHRASE_H

#include "compiler/explain/subject.h"
#include "policy-lang/ast.h"

/* What is being put in words. */
struct phrasing {
	struct arena *arena;
	struct diagrams *diagrams;
	struct call_form form;
	size_t limit;        /* of values, ranges and cubes in one list */
	uint64_t steps_from; /* what condition_say() found the count of steps at */
};

/*
 * Steps on diagrams that one condition may take, long before they would overflow: all that is behind
 * condition_say() gives up once they are through.
 */
enum {
	PHRASING_STEPS_MAX = 1 << 22
};
static inline bool phrasing_is_spent(const struct phrasing *phrasing)
{
	return phrasing->diagrams->overflow ||
	       phrasing->diagrams->steps - phrasing->steps_from > PHRASING_STEPS_MAX;
}

/*
 * A condition on SUBJECT that holds for the calls in SET, which looks at the subject alone and is
 * neither empty nor everything. NULL where none keeps the limit. What is returned was read back and
 * found to be SET.
 */
struct expr *phrase_subject(const struct phrasing *phrasing, const struct subject *subject,
			    diagram set);

/*
 * The same for some of SET, as many values as the limit allows; *REST are the others, and *COUNT how
 * many values of the subject these have (UINT64_MAX: that many or more).
 */
struct expr *phrase_subject_part(const struct phrasing *phrasing, const struct subject *subject,
				 diagram set, diagram *rest, uint64_t *count);

/* LEFT and RIGHT joined, where either may be NULL. */
struct expr *phrase_join(struct arena *arena, enum expr_op op, struct expr *left,
			 struct expr *right);

#endif
