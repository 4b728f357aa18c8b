/* SPDX-License-Identifier: Apache-2.0 */
/* How often each branch of a switch is taken, as far as the layout wants to know. */
#ifndef PALE_GRAPH_WEIGHTS_H
#define PALE_GRAPH_WEIGHTS_H

#include "compiler/graph/lower.h"

/* How often each call is made, for the layout. */
struct call_weight {
	enum abi_id abi;
	uint32_t number;
	double weight;
};
struct call_weights {
	const struct call_weight *items;
	size_t count;
};

/* By what the weights are found. */
struct weighing {
	const struct call_weights *given; /* NULL: the shipped ones */
	bool uncached; /* for kernels without an action cache, before Linux 5.11 */
};

/*
 * Fills OUT, one a branch, for the switch NODE over the numbers of AUDIT_ARCH. Given weights hold
 * as they are. Without, every number counts alike, and more the calls for which the kernel
 * runs the filter each time: those with conditions, by how typical programs use them. A call that
 * is always allowed needs no good place, since the kernel's action cache skips the filter. On ABIs
 * and kernels that have no cache, every call counts by how often typical programs make it.
 */
void weights_of_numbers(const struct lowering *lowering, const struct weighing *weighing,
			uint32_t audit_arch, const struct node *node, double *out);
/* Whether AUDIT_ARCH is not what the machine runs most: 32 bits beside 64. */
bool weights_arch_aside(const struct lowering *lowering, uint32_t audit_arch);
/* The same for the switch over ABIs: the machine's own is the common one. */
void weights_of_arches(const struct lowering *lowering, const struct node *node, double *out);
/*
 * The same for a switch over arguments: half for the branches alike, since a policy tells apart what
 * comes, and half by how numbers are in general: 0 and small ones often, -1 now and then.
 */
void weights_of_values(const struct node *node, double *out);

/* Whether the kernel has an action cache for calls of ABI. */
bool weighing_cached(const struct weighing *weighing, const struct abi *abi);

/* The weight of one call, by the same rules. */
double weight_of_number(const struct lowering *lowering, const struct weighing *weighing,
			const struct lowered_abi *abi, uint32_t number);

#endif
