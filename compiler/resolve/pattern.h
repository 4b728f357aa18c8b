/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of bit patterns: what is left of a comparison once its sign and width are dealt with. A set
 * is a list of ranges of unsigned values of (argument & mask).
 */
#ifndef PALE_RESOLVE_PATTERN_H
#define PALE_RESOLVE_PATTERN_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* [first, last], both ends in it. */
struct pattern_range {
	uint64_t first;
	uint64_t last;
};
struct pattern_set {
	VEC(struct pattern_range) ranges;
};

void pattern_set_add(struct arena *arena, struct pattern_set *set, uint64_t first, uint64_t last);

/*
 * Brings the set into its one form under MASK: each end is a value that (x & mask) can have, the
 * ranges are sorted, and between two neighbours there is a value that (x & mask) can have. Two
 * sets that hold the same values of (x & mask) then have the same ranges.
 */
void pattern_set_normalise(struct pattern_set *set, uint64_t mask);
/* All values of 0..ones, ONES being 2^n - 1, that are not in SET, which is normal under ONES. */
void pattern_set_complement(struct arena *arena, struct pattern_set *set, uint64_t ones);

/* Of a normal set: whether no value, or each value, of (x & mask) is in it. */
bool pattern_set_is_empty(const struct pattern_set *set);
bool pattern_set_is_full(const struct pattern_set *set, uint64_t mask);

#endif
