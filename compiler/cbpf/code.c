/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/code.h"

#include "compiler/graph/translate.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

/* The most branches of a switch whose optimum is worth the time of --stats. */
#define BOUND_BRANCHES_MAX 12
#define WORD_NONE UINT32_MAX /* A holds no word as it is */

/* Code that was made for a switch already: entered with its word in A, or with anything. */
struct code_entry {
	code_id held;
	code_id loaded;
};

struct coder {
	struct arena *arena;
	const struct lowering *lowering;
	const struct code_options *options;
	struct code_list *list;
	struct code_entry *entries;            /* one a node of the graph */
	uint32_t audit_arch;                   /* of the numbers under way */
	const struct translation *translation; /* of these, or NULL */
	code_id elsewhere;                     /* what decides the numbers that it translates */
};

static uint32_t code_hash(const struct code *code)
{
	uint32_t hash = code->k * 0x9e3779b1u ^ code->yes * 0x85ebca6bu ^ code->no * 0xc2b2ae35u ^
			(uint32_t)code->kind * 0x27d4eb2fu ^ code->load * 0x165667b1u;

	return hash ^ hash >> 15;
}

static void code_rehash(struct code_list *list)
{
	list->bucket_count = list->bucket_count ? list->bucket_count * 4 : 256;
	list->buckets = arena_alloc_array(list->arena, list->bucket_count, sizeof(uint32_t));
	memset(list->buckets, 0xff, list->bucket_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < list->items.count; i++) {
		uint32_t slot = code_hash(&list->items.items[i]) & (list->bucket_count - 1);

		list->chain[i] = list->buckets[slot];
		list->buckets[slot] = i;
	}
}

static code_id code_intern(struct code_list *list, struct code wanted)
{
	uint32_t slot;
	code_id id;

	if (list->items.count >= list->bucket_count)
		code_rehash(list);
	slot = code_hash(&wanted) & (list->bucket_count - 1);
	for (id = list->buckets[slot]; id != CODE_NONE; id = list->chain[id]) {
		const struct code *code = &list->items.items[id];

		if (code->kind == wanted.kind && code->k == wanted.k && code->yes == wanted.yes &&
		    code->no == wanted.no && code->load == wanted.load)
			return id;
	}
	id = (code_id)list->items.count;
	list->chain = arena_vec_grow(list->arena, list->chain, id, &list->chain_capacity,
				     sizeof(*list->chain));
	*VEC_PUSH(list->arena, &list->items) = wanted;
	list->chain[id] = list->buckets[slot];
	list->buckets[slot] = id;
	return id;
}

static code_id code_test(struct coder *coder, enum code_kind kind, uint32_t k, code_id yes,
			 code_id no, struct span span)
{
	if (yes == no)
		return yes;
	/* Several flags that lead to the same place are one test. */
	while (kind == CODE_SET && coder->list->items.items[no].kind == CODE_SET &&
	       coder->list->items.items[no].yes == yes) {
		k |= coder->list->items.items[no].k;
		no = coder->list->items.items[no].no;
	}
	return code_intern(coder->list, (struct code){kind, k, yes, no, span, LOAD_NONE});
}

static code_id code_step(struct coder *coder, enum code_kind kind, uint32_t k, code_id next,
			 struct span span)
{
	return code_intern(coder->list, (struct code){kind, k, next, CODE_NONE, span, LOAD_NONE});
}

static code_id code_enter(struct coder *coder, node_id id, uint32_t held);

/* The rule that a number stands in, for a comparison with it. */
static struct span number_span(const struct coder *coder, uint32_t number)
{
	for (size_t i = 0; i < coder->lowering->abis.count; i++) {
		const struct lowered_abi *abi = &coder->lowering->abis.items[i];
		const struct call_decision *call;

		if (abi->ruleset->abi->audit_arch != coder->audit_arch)
			continue;
		call = lowered_call(abi, number);
		if (call)
			return call->span;
	}
	return (struct span){0};
}

static struct span test_span(const struct coder *coder, const struct node *node, uint32_t value)
{
	return node->word == offsetof(struct seccomp_data, nr) ? number_span(coder, value)
							       : node->span;
}

/* The first value for which a switch goes to CHILD. */
static uint32_t branch_value(const struct node *node, node_id child)
{
	uint32_t i = 0;

	while (node->branches[i].child != child)
		i++;
	return node->branches[i].first;
}

static enum code_kind tree_code_kind(enum tree_kind kind)
{
	switch (kind) {
	case TREE_SPLIT:
		return CODE_GREATER_EQUAL;
	case TREE_PEEL:
		return CODE_EQUAL;
	default:
		assert(kind == TREE_BITS);
		return CODE_SET;
	}
}

static code_id code_leaf(struct coder *coder, const struct node *node, node_id child,
			 uint32_t held);

/* The word is lost in the test. */
static code_id code_cube(struct coder *coder, const struct node *node, const struct tree *tree)
{
	code_id yes, no;

	assert(node->mask == UINT32_MAX && tree->yes->kind == TREE_LEAF &&
	       tree->no->kind == TREE_LEAF);
	yes = code_leaf(coder, node, tree->yes->child, WORD_NONE);
	no = code_leaf(coder, node, tree->no->child, WORD_NONE);
	return code_step(coder, CODE_AND, ~tree->cube,
			 code_test(coder, CODE_EQUAL, tree->value, yes, no, node->span),
			 node->span);
}

static code_id code_tree(struct coder *coder, const struct node *node, const struct tree *tree,
			 uint32_t held)
{
	enum code_kind kind;
	struct span span;
	code_id yes, no;

	if (tree->kind == TREE_LEAF)
		return code_leaf(coder, node, tree->child, held);
	if (tree->kind == TREE_CUBE)
		return code_cube(coder, node, tree);
	kind = tree_code_kind(tree->kind);
	span = kind == CODE_SET ? node->span : test_span(coder, node, tree->value);
	yes = code_tree(coder, node, tree->yes, held);
	no = code_tree(coder, node, tree->no, held);
	return code_test(coder, kind, tree->value, yes, no, span);
}

static code_id code_leaf(struct coder *coder, const struct node *node, node_id child, uint32_t held)
{
	const struct translation *translation = coder->translation;
	const struct tree *target;

	if (translation && child == NODE_ELSEWHERE)
		return coder->elsewhere;
	target = translation ? translation_target(translation, child) : NULL;
	if (target)
		return code_step(coder, CODE_AND, translation->bit - 1,
				 code_tree(coder, node, target, held), node->span);
	if (node->word == offsetof(struct seccomp_data, arch))
		coder->audit_arch = branch_value(node, child);
	return code_enter(coder, child, held);
}

static double *coder_weigh(const struct coder *coder, const struct node *node)
{
	double *weights = arena_alloc_array(coder->arena, node->branch_count, sizeof(*weights));

	if (node->word == offsetof(struct seccomp_data, nr))
		weights_of_numbers(coder->lowering, &coder->options->weighing, coder->audit_arch,
				   node, weights);
	else if (node->word == offsetof(struct seccomp_data, arch))
		weights_of_arches(coder->lowering, node, weights);
	else
		weights_of_values(node, weights);
	return weights;
}

/* Two branches, one of them for 0 alone: a test of bits that leaves the word in A. */
static bool node_tests_bits(const struct node *node)
{
	uint32_t second = 1;

	return node->branch_count == 2 && masked_value_round_up(&second, node->mask) &&
	       node->branches[1].first == second;
}

/* The word is compared with a value that is not known yet. */
static code_id code_loaded(struct coder *coder, const struct node *node)
{
	uint32_t held = node->mask == UINT32_MAX ? node->word : WORD_NONE;
	code_id yes = code_enter(coder, node->branches[1].child, held);
	code_id no = code_enter(coder, node->branches[0].child, held);
	code_id code = code_intern(coder->list,
				   (struct code){CODE_EQUAL, 0, yes, no, node->span, node->load});

	if (node->mask != UINT32_MAX)
		code = code_step(coder, CODE_AND, node->mask, code, node->span);
	return code;
}

/* TREE, behind BEFORE instructions, is the plan for the pieces of a switch. */
static void coder_bound(struct coder *coder, const struct node *node, const struct piece *pieces,
			const struct tree *tree, uint32_t before)
{
	struct bound_sum *sum = &coder->list->bound;
	double tests, least;

	sum->switches++;
	if (!coder->options->bound || node->branch_count > BOUND_BRANCHES_MAX)
		return;
	tests = tree_tests(tree, pieces, node->branch_count) + before;
	least = bound_of_pieces(coder->arena, pieces, node->branch_count, node->mask, true);
	/* A masked word costs an `and` first, unless tests of bits alone were found. */
	least += node->mask != UINT32_MAX;
	sum->bounded++;
	sum->tests += tests;
	sum->least += least < tests ? least : tests;
}

static struct tree_goal coder_goal(const struct coder *coder, const struct node *node)
{
	struct tree_goal goal = {.aim = coder->options->aim};

	if (goal.aim == TREE_FAST && node->word == offsetof(struct seccomp_data, nr) &&
	    weights_arch_aside(coder->lowering, coder->audit_arch))
		goal.aim = TREE_TIGHT;
	if (goal.aim == TREE_FAST && node->word >= offsetof(struct seccomp_data, args))
		goal.aim = TREE_SHALLOW;
	goal.cubes = node->word >= offsetof(struct seccomp_data, args);
	return goal;
}

/* Numbers of which those with a bit of their own go on among those without. */
static code_id code_translated(struct coder *coder, const struct node *node,
			       struct translation *translation)
{
	struct tree_goal goal = coder_goal(coder, node);
	const struct tree *low, *high;
	code_id code;

	low = search_tree_build(coder->arena, translation->low, translation->low_count, node->mask,
				goal);
	translation_move(translation, low);
	if (goal.aim == TREE_FAST)
		goal.aim = TREE_TIGHT;
	for (uint32_t i = 0; i < translation->low_count; i++)
		goal.whole += translation->low[i].weight;
	high = search_tree_build(coder->arena, translation->high, translation->high_count,
				 node->mask, goal);
	coder->list->bound.switches += 2;
	coder->translation = translation;
	coder->elsewhere = code_tree(coder, node, high, node->word);
	code = code_tree(coder, node, low, node->word);
	coder->translation = NULL;
	return code;
}

/* The code of a switch, entered with its unmasked word in A. */
static code_id code_switch(struct coder *coder, const struct node *node)
{
	struct tree_goal goal = coder_goal(coder, node);
	struct translation translation;
	const struct piece *pieces;
	const struct tree *tree;
	code_id code;

	if (node->load)
		return code_loaded(coder, node);
	if (node_tests_bits(node) && goal.aim != TREE_PLAIN) {
		code_id yes = code_enter(coder, node->branches[1].child, node->word);
		code_id no = code_enter(coder, node->branches[0].child, node->word);

		return code_test(coder, CODE_SET, node->mask, yes, no, node->span);
	}
	if (goal.aim != TREE_PLAIN && node->word == offsetof(struct seccomp_data, nr) &&
	    translation_cut(&translation, coder->arena, coder->lowering, &coder->options->weighing,
			    node, coder->audit_arch))
		return code_translated(coder, node, &translation);
	pieces = pieces_of_switch(coder->arena, node, coder_weigh(coder, node));
	tree = node->mask == UINT32_MAX ? NULL
					: search_tree_of_bits(coder->arena, pieces,
							      node->branch_count, node->mask, goal);
	if (tree) {
		coder_bound(coder, node, pieces, tree, 0);
		return code_tree(coder, node, tree, node->word);
	}
	tree = search_tree_build(coder->arena, pieces, node->branch_count, node->mask, goal);
	coder_bound(coder, node, pieces, tree, node->mask != UINT32_MAX);
	if (node->mask == UINT32_MAX)
		return code_tree(coder, node, tree, node->word);
	code = code_tree(coder, node, tree, WORD_NONE);
	return code_step(coder, CODE_AND, node->mask, code, node->span);
}

/* The code that decides node ID where A holds the word at offset HELD, or nothing known. */
static code_id code_enter(struct coder *coder, node_id id, uint32_t held)
{
	const struct node *node = graph_node(&coder->lowering->graph, id);
	struct code_entry *entry = &coder->entries[id];

	if (entry->held == CODE_NONE && !node->branch_count) {
		/* So many rules share `allow` that no place of it means anything. */
		struct span span =
			node->action == SECCOMP_RET_ALLOW ? (struct span){0} : node->span;

		entry->held = entry->loaded =
			code_intern(coder->list, (struct code){CODE_RETURN, node->action, CODE_NONE,
							       CODE_NONE, span, LOAD_NONE});
	}
	if (entry->held == CODE_NONE) {
		entry->held = code_switch(coder, node);
		entry->loaded = code_step(coder, CODE_LOAD, node->word, entry->held, node->span);
	}
	return held == node->word ? entry->held : entry->loaded;
}

void code_build(struct arena *arena, const struct lowering *lowering,
		const struct code_options *options, struct code_list *list)
{
	size_t nodes = lowering->graph.nodes.count;
	struct coder coder = {
		.arena = arena,
		.lowering = lowering,
		.options = options,
		.list = list,
		.entries = arena_alloc_array(arena, nodes, sizeof(*coder.entries)),
	};

	memset(coder.entries, 0xff, nodes * sizeof(*coder.entries));
	*list = (struct code_list){.arena = arena, .abi = lowering->abis.items[0].ruleset->abi->id};
	list->root = code_enter(&coder, lowering->graph.root, WORD_NONE);
}

void code_print(const struct code_list *list, struct text *out)
{
	for (code_id id = 0; id < list->items.count; id++) {
		const struct code *code = &list->items.items[id];

		text_printf(out, "c%u: ", id);
		switch (code->kind) {
		case CODE_RETURN:
			seccomp_action_print(code->k, list->abi, out);
			break;
		case CODE_LOAD:
			text_printf(out, "load [%u], then c%u", code->k, code->yes);
			break;
		case CODE_AND:
			text_printf(out, "and 0x%x, then c%u", code->k, code->yes);
			break;
		default:
			if (code->load) {
				text_printf(out, "== load %u.%s ? c%u : c%u",
					    load_index(code->load),
					    load_is_high(code->load) ? "hi" : "lo", code->yes,
					    code->no);
				break;
			}
			text_printf(out, "%s 0x%x ? c%u : c%u",
				    code->kind == CODE_EQUAL           ? "=="
				    : code->kind == CODE_GREATER_EQUAL ? ">="
								       : "&",
				    code->k, code->yes, code->no);
		}
		text_add_char(out, '\n');
	}
}
