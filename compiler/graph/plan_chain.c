/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/plan_chain.h"

#include <string.h>

/* Orders by weight as it inserts; false where the chain is full. */
static bool chain_peel(struct chain *chain, const struct piece *pieces, uint32_t piece,
		       uint32_t most)
{
	uint32_t at;

	if (chain->count == most)
		return false;
	for (at = chain->count++; at > 0; at--) {
		if (pieces[chain->peeled[at - 1]].weight >= pieces[piece].weight)
			break;
		chain->peeled[at] = chain->peeled[at - 1];
	}
	chain->peeled[at] = piece;
	return true;
}

static bool range_lacks(const struct chain_range *range, uint32_t piece)
{
	for (uint32_t i = 0; i < range->gone_count; i++)
		if (range->gone[i] == piece)
			return true;
	return false;
}

/* The chain that leaves REST; false where there is none. CHAIN changes where it costs less. */
static bool chain_try(struct chain *chain, const struct plan_question *question,
		      const struct chain_range *range, node_id rest)
{
	const struct piece *pieces = question->pieces;
	double weight = range->weight;
	struct chain made;

	made.cost = 0;
	made.count = 0;
	for (uint32_t k = range->first; k <= range->last; k++) {
		double toll = piece_toll(&pieces[k], rest);

		if (range_lacks(range, k))
			continue;
		if (toll >= 0)
			made.cost += toll;
		else if (!pieces[k].single || !chain_peel(&made, pieces, k, range->most))
			return false;
	}
	for (uint32_t k = 0; k < made.count; k++) {
		made.cost += weight + question->price;
		weight -= pieces[made.peeled[k]].weight;
	}
	if (made.cost >= chain->cost)
		return true;
	chain->cost = made.cost;
	chain->rest = rest;
	chain->count = made.count;
	memcpy(chain->peeled, made.peeled, made.count * sizeof(*made.peeled));
	return true;
}

/* All pieces but those that are peeled go to the rest, so one of the first few has its child. */
bool chain_find(struct chain *chain, const struct plan_question *question,
		const struct chain_range *range)
{
	const struct piece *pieces = question->pieces;
	node_id last = NODE_NONE;
	uint32_t looked = 0;
	bool found = false;

	chain->cost = PLAN_NEVER;
	chain->rest = pieces[range->first].child;
	chain->count = 0;
	for (uint32_t k = range->first; k <= range->last && looked <= range->most; k++) {
		const struct piece *piece = &pieces[k];

		if (range_lacks(range, k))
			continue;
		looked++;
		if (piece->child != last)
			found |= chain_try(chain, question, range, piece->child);
		last = piece->child;
		if (piece->other != NODE_NONE)
			found |= chain_try(chain, question, range, piece->other);
		if (!piece->single)
			break;
	}
	if (looked)
		return found;
	chain->cost = 0;
	return true;
}

const struct tree *chain_tree(const struct plan_question *question, const struct chain *chain)
{
	const struct tree *tree = tree_leaf(question->arena, chain->rest);

	for (uint32_t k = chain->count; k-- > 0;) {
		const struct piece *piece = &question->pieces[chain->peeled[k]];

		tree = tree_test(question->arena, TREE_PEEL, piece->first,
				 tree_leaf(question->arena, piece->child), tree);
	}
	return tree;
}
