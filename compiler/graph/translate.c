/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/translate.h"

#include <assert.h>

/* The bit that tells the numbers of two ABIs with AUDIT_ARCH apart; 0 where there is none. */
static uint32_t translation_bit(const struct lowering *lowering, uint32_t audit_arch)
{
	uint32_t bit = 0, owners = 0;

	for (size_t i = 0; i < lowering->abis.count; i++) {
		const struct abi *abi = lowering->abis.items[i].ruleset->abi;

		if (abi->audit_arch != audit_arch)
			continue;
		owners++;
		if (abi->number_first && !(abi->number_first & (abi->number_first - 1)))
			bit = abi->number_first;
	}
	return owners == 2 ? bit : 0;
}

/* The first value above AFTER where NODE, or NODE without BIT, has another branch; 0: none. */
static uint32_t next_cut(const struct node *node, uint32_t bit, uint32_t after)
{
	uint32_t next = 0;

	if (after < bit)
		next = bit;
	else if (after < bit + (bit - 1))
		next = 2 * bit;
	for (uint32_t i = 0; i < node->branch_count; i++) {
		uint32_t first = node->branches[i].first;

		if (first > after && (!next || first < next))
			next = first;
		if (first < bit && after >= bit && first + bit > after &&
		    (!next || first + bit < next))
			next = first + bit;
	}
	return next;
}

/* NODE with a branch for each piece that translation may treat on its own. */
static struct node cut_node(struct arena *arena, const struct node *node, uint32_t bit)
{
	struct branch *branches =
		arena_alloc_array(arena, 2 * (size_t)node->branch_count + 3, sizeof(*branches));
	struct node cut = {.word = node->word, .mask = node->mask, .branches = branches};
	uint32_t first = 0;

	do {
		branches[cut.branch_count++] = (struct branch){first, node_child(node, first)};
		first = next_cut(node, bit, first);
	} while (first);
	assert(cut.branch_count <= 2 * node->branch_count + 3);
	return cut;
}

bool translation_cut(struct translation *translation, struct arena *arena,
		     const struct lowering *lowering, const struct weighing *weighing,
		     const struct node *node, uint32_t audit_arch)
{
	uint32_t bit = translation_bit(lowering, audit_arch), low = 0;
	struct piece *pieces, *elsewhere;
	struct node cut;
	double *weights;

	if (!bit)
		return false;
	cut = cut_node(arena, node, bit);
	weights = arena_alloc_array(arena, cut.branch_count, sizeof(*weights));
	weights_of_numbers(lowering, weighing, audit_arch, &cut, weights);
	pieces = pieces_of_switch(arena, &cut, weights);
	while (pieces[low].first < bit)
		low++;
	*translation = (struct translation){
		.bit = bit,
		.low = arena_alloc_array(arena, low + 1, sizeof(*pieces)),
		.low_count = low + 1,
		.high = pieces + low,
		.high_count = cut.branch_count - low,
	};
	for (uint32_t i = 0; i < low; i++)
		translation->low[i] = pieces[i];
	elsewhere = &translation->low[low];
	*elsewhere = (struct piece){
		.first = bit, .last = UINT32_MAX, .child = NODE_ELSEWHERE, .other = NODE_NONE};
	for (uint32_t i = low; i < cut.branch_count; i++)
		elsewhere->weight += pieces[i].weight;
	return true;
}

/* The leaf for VALUE, and how many tests lead to it. */
static const struct tree *tree_walk(const struct tree *tree, uint32_t value, uint32_t *tests)
{
	for (*tests = 0; tree->kind != TREE_LEAF; ++*tests)
		tree = tree_step(tree, value);
	return tree;
}

/* Where VALUE leaves the way to the bit, in moves and from where on it goes. */
static uint32_t translation_part(struct translation *translation, const struct tree *tree,
				 uint32_t value)
{
	for (uint32_t s = 0; s < MOVES_MAX && tree->kind != TREE_LEAF; s++) {
		const struct tree *there = tree_step(tree, translation->bit);
		const struct tree *here = tree_step(tree, value);

		if (here != there) {
			translation->moves[s] = here;
			if (s >= translation->move_count)
				translation->move_count = s + 1;
			return s;
		}
		tree = there;
	}
	return MOVES_MAX;
}

/* Joins neighbours that may go to the same places. */
static void translation_join(struct translation *translation)
{
	uint32_t used = 0;

	for (uint32_t i = 1; i < translation->high_count; i++) {
		struct piece *last = &translation->high[used];
		const struct piece *piece = &translation->high[i];

		if (last->child != piece->child || last->other != piece->other) {
			translation->high[++used] = *piece;
			continue;
		}
		last->last = piece->last;
		last->weight += piece->weight;
		last->toll += piece->toll;
		last->single = false;
	}
	translation->high_count = used + 1;
}

void translation_move(struct translation *translation, const struct tree *tree)
{
	uint32_t bit = translation->bit;

	for (uint32_t i = 0; i < translation->high_count; i++) {
		struct piece *piece = &translation->high[i];
		uint32_t value = piece->first - bit, part, tests;

		if (value >= bit)
			break;
		part = translation_part(translation, tree, value);
		if (part == MOVES_MAX ||
		    tree_walk(translation->moves[part], value, &tests)->child != piece->child)
			continue;
		piece->other = NODE_MOVED(part);
		piece->toll = piece->weight * (1 + tests);
	}
	translation_join(translation);
}

const struct tree *translation_target(const struct translation *translation, node_id child)
{
	uint32_t part = NODE_MOVED(0) - child;

	return child <= NODE_MOVED(0) && part < translation->move_count ? translation->moves[part]
									: NULL;
}
