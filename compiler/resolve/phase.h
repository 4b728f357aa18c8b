/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phases. The walk is for one of them; what counts in another is walked as a branch of `when` that is
 * not taken is, so that a misspelt name is found in it.
 */
#ifndef PALE_RESOLVE_PHASE_H
#define PALE_RESOLVE_PHASE_H

#include "compiler/resolve/resolver.h"

/* Names that stand twice, that no block can have, and blocks above the limit. */
void phases_check(struct resolver *resolver);

/* Whether what stands here counts in the phase that the walk is for. */
static inline bool phase_counts(const struct resolver *resolver)
{
	return resolver->phase == resolver->options->phase;
}

#endif
