/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/graph.h"

#include <assert.h>
#include <string.h>

bool masked_value_round_up(uint32_t *value, uint32_t mask)
{
	uint32_t alien = *value & ~mask;
	uint32_t below;

	if (!alien)
		return true;
	/* The bits up to the highest alien one are passed over, and a carry goes into the mask. */
	below = (2u << (31 - __builtin_clz(alien))) - 1;
	*value = ((*value | ~mask | below) + 1) & mask;
	return *value != 0;
}

void graph_init(struct graph *graph, struct arena *arena, struct graph_budget *budget)
{
	*graph = (struct graph){.arena = arena, .budget = budget, .root = NODE_NONE};
	graph->bucket_count = 1024;
	graph->buckets = arena_alloc_array(arena, graph->bucket_count, sizeof(*graph->buckets));
	memset(graph->buckets, 0xff, graph->bucket_count * sizeof(*graph->buckets));
}

const struct node *graph_node(const struct graph *graph, node_id id)
{
	assert(id < graph->nodes.count);
	return &graph->nodes.items[id];
}

static uint32_t node_hash(const struct node *node)
{
	uint32_t hash = 2166136261u;

	hash = (hash ^ node->word) * 16777619u;
	hash = (hash ^ node->mask) * 16777619u;
	hash = (hash ^ node->load) * 16777619u;
	hash = (hash ^ node->action) * 16777619u;
	for (uint32_t i = 0; i < node->branch_count; i++) {
		hash = (hash ^ node->branches[i].first) * 16777619u;
		hash = (hash ^ node->branches[i].child) * 16777619u;
	}
	return hash ^ hash >> 15;
}

static bool node_same(const struct node *a, const struct node *b)
{
	return a->word == b->word && a->mask == b->mask && a->load == b->load &&
	       a->action == b->action && a->branch_count == b->branch_count &&
	       (a->branch_count == 0 ||
		!memcmp(a->branches, b->branches, a->branch_count * sizeof(*a->branches)));
}

static void graph_rehash(struct graph *graph)
{
	graph->bucket_count *= 4;
	graph->buckets =
		arena_alloc_array(graph->arena, graph->bucket_count, sizeof(*graph->buckets));
	memset(graph->buckets, 0xff, graph->bucket_count * sizeof(*graph->buckets));
	for (size_t i = 0; i < graph->nodes.count; i++) {
		uint32_t slot = node_hash(&graph->nodes.items[i]) & (graph->bucket_count - 1);

		graph->chain[i] = graph->buckets[slot];
		graph->buckets[slot] = (uint32_t)i;
	}
}

/* The node that is the same as WANTED, made where there is none; its branches are copied then. */
static node_id graph_intern(struct graph *graph, const struct node *wanted)
{
	uint32_t slot = node_hash(wanted) & (graph->bucket_count - 1);
	struct node *made;
	node_id id;

	for (id = graph->buckets[slot]; id != NODE_NONE; id = graph->chain[id])
		if (node_same(&graph->nodes.items[id], wanted))
			return id;
	if (graph->budget->nodes >= GRAPH_NODES_MAX) {
		graph->overflow = true;
		return 0;
	}
	graph->budget->nodes++;
	if (graph->nodes.count >= graph->bucket_count) {
		graph_rehash(graph);
		slot = node_hash(wanted) & (graph->bucket_count - 1);
	}
	id = (node_id)graph->nodes.count;
	made = VEC_PUSH(graph->arena, &graph->nodes);
	graph->chain = arena_vec_grow(graph->arena, graph->chain, id, &graph->chain_capacity,
				      sizeof(*graph->chain));
	*made = *wanted;
	if (wanted->branch_count) {
		struct branch *branches =
			arena_alloc_array(graph->arena, wanted->branch_count, sizeof(*branches));

		memcpy(branches, wanted->branches, wanted->branch_count * sizeof(*branches));
		made->branches = branches;
	}
	graph->chain[id] = graph->buckets[slot];
	graph->buckets[slot] = id;
	return id;
}

node_id graph_leaf(struct graph *graph, seccomp_action action, struct span span)
{
	struct node wanted = {.action = action, .span = span};

	return graph_intern(graph, &wanted);
}

/*
 * Keeps the branches that a possible value can take, each from its first possible value on, and
 * joins equal neighbours. Values that cannot occur thus fall to the branch before them, which makes
 * one form of what would else be many.
 */
static uint32_t branches_normalise(struct branch *kept, const struct branch *branches,
				   uint32_t count, uint32_t mask)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct branch branch = branches[i];

		assert(i == 0 ? branch.first == 0 : branch.first > branches[i - 1].first);
		if (!masked_value_round_up(&branch.first, mask))
			break;
		if (i + 1 < count && branch.first >= branches[i + 1].first)
			continue;
		if (used && kept[used - 1].child == branch.child)
			continue;
		kept[used++] = branch;
	}
	return used;
}

node_id graph_switch(struct graph *graph, uint32_t word, uint32_t mask,
		     const struct branch *branches, uint32_t count, struct span span)
{
	struct branch few[16];
	struct branch *kept = few;
	struct node wanted = {.word = word, .mask = mask, .span = span};

	assert(count > 0 && word % 4 == 0 && word < 64);
	if (count > sizeof(few) / sizeof(few[0]))
		kept = arena_alloc_array(graph->arena, count, sizeof(*kept));
	wanted.branch_count = branches_normalise(kept, branches, count, mask);
	if (wanted.branch_count == 1)
		return kept[0].child;
	wanted.branches = kept;
	return graph_intern(graph, &wanted);
}

node_id graph_loaded(struct graph *graph, uint32_t word, uint32_t mask, load_ref load, node_id yes,
		     node_id no, struct span span)
{
	const struct branch branches[] = {{0, no}, {1, yes}};
	struct node wanted = {
		.word = word,
		.mask = mask,
		.load = load,
		.branch_count = 2,
		.branches = branches,
		.span = span,
	};

	return yes == no ? yes : graph_intern(graph, &wanted);
}

bool graph_exceeds(const struct graph *graph, node_id root, uint32_t most)
{
	bool *reached = arena_alloc_array(graph->arena, (size_t)root + 1, sizeof(*reached));
	uint32_t count = 0;

	/* Children are older than their parents. */
	reached[root] = true;
	for (node_id id = root; id != NODE_NONE; id--) {
		const struct node *node = graph_node(graph, id);

		if (!reached[id] || !node->branch_count)
			continue;
		if (++count > most)
			return true;
		for (uint32_t i = 0; i < node->branch_count; i++)
			reached[node->branches[i].child] = true;
	}
	return false;
}

uint32_t node_branch_last(const struct node *node, uint32_t index)
{
	return index + 1 < node->branch_count ? node->branches[index + 1].first - 1 : UINT32_MAX;
}

node_id node_child(const struct node *node, uint32_t value)
{
	uint32_t low = 0, high = node->branch_count;

	assert(high > 0);
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (node->branches[middle].first <= value)
			low = middle;
		else
			high = middle;
	}
	return node->branches[low].child;
}
