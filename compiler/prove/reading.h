/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy says, read a second time: from the tree and the catalogue straight to decision
 * diagrams, by doc/language.md alone. It shares no code with compiler/resolve/, so that a mistake has
 * to be made twice, in the same way, before a wrong filter could pass for right.
 */
#ifndef PALE_PROVE_READING_H
#define PALE_PROVE_READING_H

#include "compiler/prove/diagram.h"
#include "policy-lang/catalog/call.h"
#include "policy-lang/parse.h"

/* One call with one condition. The first rule of its number whose condition holds decides. */
struct read_rule {
	uint32_t number; /* as in seccomp_data.nr: base and x32's bit included */
	call_id call;
	uint32_t action;   /* SECCOMP_RET_* | data */
	diagram condition; /* the calls, of those with this number, that it holds for: it asks for
			      words of arguments only */
	struct span
		span; /* the item's words: the call, or the outermost group that stands for it */
	struct span where; /* the condition that is written for it; {0} for none */
	uint32_t item;     /* index into policy_reading.items, or READ_ITEM_NONE */
};
/* A rule that no text stands for: `default`, for a number that would else be unknown. */
#define READ_ITEM_NONE UINT32_MAX

/* A value that is open until the filter is loaded, and how narrow what is compared with it is. */
struct read_load {
	const char *name;
	uint8_t bits; /* of the narrowest argument: 16, 32 or 64. A form of `any` that is narrower than
			 others counts as 32: it never meets what does not fit in it */
};

struct abi_reading {
	const struct abi *abi;
	VEC(struct read_load) loads; /* those that something is compared with */
	VEC(struct read_rule) rules; /* in the order of the policy */
	uint32_t highest;            /* the highest number that the baseline has */
	uint32_t unmatched;          /* `default`: numbers up to highest that no rule took */
	uint32_t unknown;            /* numbers above it */
	uint32_t foreign;            /* other ABIs */
	struct span unmatched_span;  /* of the statement, {0} where there is none */
	struct span unknown_span;
	struct span foreign_span;
};

/* An item of a rule's list as written. Items are numbered alike on all ABIs. */
struct read_item {
	struct span item; /* the call or group in the list, with `any` and `optional` */
	struct span stmt; /* the whole rule */
};

/* `expect`: all calls of NUMBER in CONDITION get ACTION. */
struct read_expectation {
	const struct abi *abi;
	uint32_t number;
	uint32_t action;
	diagram condition;
	struct span span; /* the whole statement */
};

struct policy_reading {
	VEC(struct abi_reading) abis; /* in the order of enum abi_id */
	VEC(struct read_item) items;
	VEC(struct read_expectation) expectations;
};

/* -D name=value */
struct read_definition {
	const char *name;
	const char *value;
};

struct read_options {
	abi_set abis; /* not empty: what the policy's own `arch` says has been looked at */
	const struct read_definition *definitions;
	size_t definition_count;
	/* The PHASE that is read: its rules, expectations and names, and its `default`, `unknown` and
	   `foreign` before the policy's. NULL: what stands outside of phases. */
	const struct stmt *phase;
};

/* What stands in the way of a reading. */
struct read_problem {
	const char *text; /* what is wrong, in words; NULL where nothing is */
	struct span span; /* where */
	const struct abi *abi;
};

/*
 * Reads AST, whose includes are loaded, for each of options->abis. It is meant for policies in which
 * compiler/resolve/ found no mistake, and is no place for good messages; but what it cannot make
 * sense of it never passes over: it then returns false with PROBLEM filled. An overflow of DIAGRAMS
 * is no problem of that kind: the caller looks at diagrams->overflow. READING lives in ARENA.
 */
bool policy_read(struct arena *arena, struct diagrams *diagrams, struct sources *sources,
		 struct library *library, const struct policy_ast *ast,
		 const struct read_options *options, struct policy_reading *reading,
		 struct read_problem *problem);

#endif
