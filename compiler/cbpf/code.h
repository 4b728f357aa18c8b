/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code before it has places: instructions that name what comes next, in place of offsets. They are
 * hash-consed, so that equal tails are one, and refer to older ones only.
 */
#ifndef PALE_CBPF_CODE_H
#define PALE_CBPF_CODE_H

#include "compiler/graph/bound.h"
#include "compiler/graph/lower.h"
#include "compiler/graph/search_tree.h"
#include "compiler/graph/weights.h"

typedef uint32_t code_id;
#define CODE_NONE ((code_id)-1)

enum code_kind {
	CODE_RETURN,        /* K is the action */
	CODE_LOAD,          /* A = word at offset K; then YES */
	CODE_AND,           /* A &= K; then YES */
	CODE_EQUAL,         /* A == K ? YES : NO */
	CODE_GREATER_EQUAL, /* A >= K ? YES : NO */
	CODE_SET,           /* A & K ? YES : NO */
};

struct code {
	enum code_kind kind;
	uint32_t k;
	code_id yes;
	code_id no;
	struct span span; /* of what first needed it */
	load_ref load;    /* EQUAL: K is that, which is known only when the filter is loaded */
};

struct code_list {
	struct arena *arena;
	VEC(struct code) items;
	uint32_t *buckets;
	uint32_t bucket_count;
	uint32_t *chain;
	size_t chain_capacity;
	code_id root;
	struct bound_sum bound; /* zeros where it was not asked for */
	enum abi_id abi;        /* one of those that it is for, whose errnos it has */
};

struct code_options {
	struct weighing weighing;
	enum tree_aim aim; /* TREE_PLAIN: nothing is optimised */
	bool bound;        /* the optimum of small switches is to be found too, which takes time */
};

/* Makes the code for a lowered policy: a search tree a switch, and no load of what A holds. */
void code_build(struct arena *arena, const struct lowering *lowering,
		const struct code_options *options, struct code_list *list);

/* Writes the code as text, for --dump=optimise. */
void code_print(const struct code_list *list, struct text *out);

#endif
