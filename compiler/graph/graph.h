/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intermediate form: a policy as a graph of switches. Every node is a switch over one masked
 * 32-bit word of struct seccomp_data, or a leaf with an action. Nodes are hash-consed: the same
 * node is made once, so that equal sub-graphs are one, across calls and ABIs.
 */
#ifndef PALE_GRAPH_GRAPH_H
#define PALE_GRAPH_GRAPH_H

#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/arena.h"

#include <stdint.h>

typedef uint32_t node_id;
#define NODE_NONE ((node_id)-1)

/* A child for the values from FIRST up to the next branch's first, or to the end. */
struct branch {
	uint32_t first;
	node_id child;
};

/*
 * A leaf (branch_count 0: ACTION), a switch over (word & mask), or where LOAD is given the question
 * whether (word & mask) is equal to that, with a branch 0 for no and a branch 1 for yes. The branches of
 * a switch are sorted by FIRST, begin at 0, cover 0..2^32-1, begin at values without a bit outside of MASK, and neighbours
 * have different children; there are two at least. Children are older nodes (smaller ids), so a graph has no cycle.
 */
struct node {
	uint32_t word;
	uint32_t mask;
	load_ref load;
	seccomp_action action;
	uint32_t branch_count;
	const struct branch *branches;
	struct span span; /* of the rule that first made it */
};

/* The most nodes a policy may need; above it the policy is refused as [limit]. */
#define GRAPH_NODES_MAX (1u << 20)
/* The most branches that may be walked in combining; it bounds time and memory. */
#define GRAPH_WORK_MAX (1u << 24)

/* What the graphs of a policy, one a machine, have taken of these together. Starts from zeros. */
struct graph_budget {
	uint32_t nodes;
	uint64_t work;
};

struct graph {
	struct arena *arena;
	struct graph_budget *budget;
	VEC(struct node) nodes;
	uint32_t *buckets;
	uint32_t bucket_count;
	uint32_t *chain;
	size_t chain_capacity;
	node_id root;
	bool overflow; /* a limit was reached: the graph is of no use */
};

void graph_init(struct graph *graph, struct arena *arena, struct graph_budget *budget);
node_id graph_leaf(struct graph *graph, seccomp_action action, struct span span);
/* Joins equal neighbours; a switch whose branches all agree is that child. */
node_id graph_switch(struct graph *graph, uint32_t word, uint32_t mask,
		     const struct branch *branches, uint32_t count, struct span span);
/* The question whether (word & mask) is equal to LOAD. */
node_id graph_loaded(struct graph *graph, uint32_t word, uint32_t mask, load_ref load, node_id yes,
		     node_id no, struct span span);
const struct node *graph_node(const struct graph *graph, node_id id);

/* Raises VALUE to the smallest one without a bit outside of MASK; false where there is none. */
bool masked_value_round_up(uint32_t *value, uint32_t mask);

/* Whether more than MOST switches can be reached from ROOT. */
bool graph_exceeds(const struct graph *graph, node_id root, uint32_t most);

/* The last value of branch INDEX of a switch. */
uint32_t node_branch_last(const struct node *node, uint32_t index);
/* The child of a switch for a masked VALUE. */
node_id node_child(const struct node *node, uint32_t value);

#endif
