/* SPDX-License-Identifier: Apache-2.0 */
/* The way from a resolved policy to a filter, pass by pass. */
#ifndef PALE_COMPILER_COMPILE_H
#define PALE_COMPILER_COMPILE_H

#include "compiler/cbpf/filter.h"
#include "compiler/cbpf/stats.h"
#include "compiler/findings.h"
#include "compiler/graph/weights.h"
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/diag.h"

/* The passes, in their order. */
enum compile_pass {
	PASS_RULES,    /* resolve: the rules in numbers */
	PASS_GRAPH,    /* lower: the graph of switches */
	PASS_OPTIMISE, /* search trees, shared and without needless loads */
	PASS_EMIT,     /* the filter */
	PASS_COUNT
};
/* The name that --dump takes, and back, in either spelling: PASS_COUNT for a name that is none. */
const char *compile_pass_name(enum compile_pass pass);
enum compile_pass compile_pass_find(const char *name);

struct compile_options {
	const struct policy_text *text;     /* what RULES were resolved from, for the proof. NULL:
					       they were put together by hand, and nothing is
					       judged or proved */
	const struct call_weights *weights; /* NULL: the shipped ones */
	bool plain;                         /* passes that only make it smaller are skipped */
	bool small;                         /* few instructions, however long the way */
	bool bound;                         /* stats.bound is wanted, which takes time */
	bool uncached; /* the kernel has no action cache, being older than Linux 5.11 */
	bool optional; /* nobody asked for these ABIs: see struct verdict */
	/* Called behind each pass with its result as text, where not NULL. */
	void (*dump)(void *user, enum compile_pass pass, const char *text);
	void *dump_user;
};

/*
 * Makes one filter for all rulesets of RULES, which must be for one machine. Unreachable rules,
 * contradictions, failed expectations and the kernel's limit of instructions go to DIAGS; the
 * result is NULL where there was an error. STATS may be NULL.
 */
struct filter *policy_compile(struct arena *arena, const struct policy_rules *rules,
			      const struct sources *sources, const struct compile_options *options,
			      struct diags *diags, struct filter_stats *stats);

/* What one machine gets of a policy. */
struct machine_filter {
	const struct abi *abi; /* the first of those that it serves; abi_machine_name() names it */
	const struct filter *filter;
	bool proved; /* to be what the policy says: what is not goes to nobody */
	struct filter_stats stats;
};
struct machine_filters {
	VEC(struct machine_filter) items;
};

/*
 * Makes a filter for each machine that RULES are for, one or more. A mistake is reported once for
 * all of them; false where there was one. With options->optional a mistake is a warning that names
 * its ABIs, and *FAILED (which may be NULL) is the set of them.
 */
bool policy_compile_machines(struct arena *arena, const struct policy_rules *rules,
			     const struct sources *sources, const struct compile_options *options,
			     struct diags *diags, struct machine_filters *filters, abi_set *failed);

/*
 * Writes a filter as text, an instruction a line, with the policy's line where it has one. Errnos
 * have their names where these are the same on all ABIS.
 */
void filter_print(const struct filter *filter, abi_set abis, const struct sources *sources,
		  struct text *out);

#endif
