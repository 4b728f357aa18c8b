/* SPDX-License-Identifier: Apache-2.0 */
/* Makers of conditions. What is always or never true is folded away where it is made. */
#ifndef PALE_RESOLVE_CONDITION_H
#define PALE_RESOLVE_CONDITION_H

#include "compiler/resolve/operand.h"
#include "compiler/resolve/pattern.h"
#include "compiler/resolve/ruleset.h"

/* The condition that always holds: one for all, not of any arena. */
const struct condition *condition_true(void);

const struct condition *condition_and(struct arena *arena, const struct condition *left,
				      const struct condition *right, struct span span);
const struct condition *condition_or(struct arena *arena, const struct condition *left,
				     const struct condition *right, struct span span);
const struct condition *condition_not(struct arena *arena, const struct condition *inner,
				      struct span span);
/*
 * "(argument & mask) is in SET", on the words where the argument stands; SET is normal under the
 * operand's mask. Of a 64-bit value whose halves both matter, each value of the high half that
 * SET treats alike is one test.
 */
const struct condition *condition_from_patterns(struct arena *arena, const struct operand *operand,
						const struct pattern_set *set, struct span span);

/*
 * "argument == the value LOADED", which is known only when the filter is loaded. The operand has no
 * mask but its own width.
 */
const struct condition *condition_loaded(struct arena *arena, const struct operand *operand,
					 uint32_t loaded, struct span span);

#endif
