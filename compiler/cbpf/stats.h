/* SPDX-License-Identifier: Apache-2.0 */
/* What a filter costs. */
#ifndef PALE_CBPF_STATS_H
#define PALE_CBPF_STATS_H

#include "compiler/cbpf/filter.h"
#include "compiler/graph/bound.h"
#include "compiler/graph/lower.h"
#include "compiler/graph/weights.h"

struct abi_stats {
	uint32_t instructions; /* those that some call of the ABI executes */
	double expected;
	uint32_t worst;
	uint32_t allowed;
	uint32_t cacheable;
};

struct filter_stats {
	uint32_t instructions;
	double expected;        /* mean of executed instructions, by the weights of the layout */
	double uniform;         /* the same with every number of every ABI alike */
	uint32_t worst;         /* the longest path */
	uint32_t allowed;       /* calls that are allowed whatever their arguments */
	uint32_t cacheable;     /* of these, those that the kernel's action cache can prove */
	struct bound_sum bound; /* of the trees, where it was asked for */
	abi_set uncached;       /* ABIs that the kernel has no cache for: 0 of theirs */
	struct abi_stats abis[ABI_COUNT]; /* zeros where the filter does not serve the ABI */
};

/*
 * Measures FILTER, made from LOWERING. After an argument is loaded both ways of every test count
 * as equally likely, since nothing is known of arguments.
 */
struct filter_stats filter_measure(struct arena *arena, const struct filter *filter,
				   const struct lowering *lowering,
				   const struct weighing *weighing);

#endif
