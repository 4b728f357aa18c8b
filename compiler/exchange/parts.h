/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer for one call as disjoint parts: which of its calls get which action. What is in no
 * part gets the default. A policy has such parts, and so has a profile as its consumer reads it;
 * comparing the two says whether the profile is the policy.
 */
#ifndef PALE_EXCHANGE_PARTS_H
#define PALE_EXCHANGE_PARTS_H

#include "compiler/exchange/cube.h"

struct part {
	struct cube cube;
	seccomp_action action;
	struct span span; /* of the rule that gave the action */
};

typedef VEC(struct part) part_list;

/* Whether a call with that answer may be run: allow, log, and what asks somebody else. */
bool action_is_permissive(seccomp_action action);

/*
 * What RULES answer for call NUMBER where that is not FALLBACK, first match winning. Parts of one
 * action are joined where two can be one. A number that no rule names has no parts.
 */
void parts_read(struct cube_work *work, const struct ruleset *rules, uint32_t number,
		seccomp_action fallback, part_list *parts);

enum parts_verdict {
	PARTS_SAME,
	PARTS_STRICTER, /* another answer somewhere, but never a permissive one */
	PARTS_WIDER,    /* a permissive answer where the policy has another */
};

/*
 * Compares what a consumer does with what the policy WANTED, both over FALLBACK. The consumer's
 * parts may overlap where they have the same action. *WHERE is the span of a part that differs.
 */
enum parts_verdict parts_compare(struct cube_work *work, const part_list *wanted,
				 const part_list *given, seccomp_action fallback,
				 struct span *where);

#endif
