/* SPDX-License-Identifier: Apache-2.0 */
/* The way from a resolved policy to a filter, pass by pass. */
#ifndef PALE_COMPILER_COMPILE_H
#define PALE_COMPILER_COMPILE_H

#include "compiler/cbpf/filter.h"
#include "compiler/graph/graph.h"
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/diag.h"

/* How often each call is made, for the layout. Sorted by (abi, number); NULL items: the shipped. */
struct call_weight {
	enum abi_id abi;
	uint32_t number;
	double weight;
};
struct call_weights {
	const struct call_weight *items;
	size_t count;
};

enum compile_pass {
	PASS_RULES,    /* resolve */
	PASS_GRAPH,    /* lower */
	PASS_OPTIMISE, /* optimise */
	PASS_EMIT,     /* emit */
	PASS_COUNT
};

struct compile_options {
	const struct call_weights *weights; /* NULL: the shipped frequencies */
	bool optimise; /* false: passes that only make it smaller are skipped */
	/* Called after each pass with its result as text, where not NULL. */
	void (*dump)(void *user, enum compile_pass pass, const char *text);
	void *dump_user;
};

/* Figures for --stats. */
struct compile_stats {
	uint32_t instructions;
	double expected;    /* mean of executed instructions, by the weights */
	uint32_t worst;     /* longest path */
	uint32_t cacheable; /* calls that the kernel can skip */
	uint32_t allowed;   /* calls that are allowed whatever their arguments */
};

/*
 * Makes one filter for all rulesets of RULES, which must share a byte order. Unreachable rules,
 * contradictions, failed expectations and the kernel's limit of instructions go to DIAGS; the
 * result is NULL where there was an error.
 */
struct filter *policy_compile(struct arena *arena, const struct policy_rules *rules,
			      const struct compile_options *options, struct diags *diags,
			      struct compile_stats *stats);

#endif
