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

/*
 * Fills OUT, one a branch, for the switch NODE over the numbers of AUDIT_ARCH. Given WEIGHTS hold
 * as they are. Without (NULL), every number counts alike, and more the calls for which the kernel
 * runs the filter each time: those with conditions, by how typical programs use them. A call that
 * is always allowed needs no good place, since the kernel's action cache skips the filter. On ABIs
 * that the cache does not serve, every call counts by how often typical programs make it.
 */
void weights_of_numbers(const struct lowering *lowering, const struct call_weights *weights,
			uint32_t audit_arch, const struct node *node, double *out);
/* The same for the switch over ABIs: the machine's own is the common one. */
void weights_of_arches(const struct lowering *lowering, const struct node *node, double *out);
/* The same for a switch over arguments: nothing is known, so all branches count alike. */
void weights_of_values(const struct node *node, double *out);

/* The weight of one call, by the same rules. */
double weight_of_number(const struct lowering *lowering, const struct call_weights *weights,
			const struct lowered_abi *abi, uint32_t number);

#endif
