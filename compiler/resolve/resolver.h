/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share while they resolve a policy. The tree is walked once for
 * each ABI; branches of `when` that are not taken are walked too, so that a misspelt name is
 * found in them, but give no rules.
 */
#ifndef PALE_RESOLVE_RESOLVER_H
#define PALE_RESOLVE_RESOLVER_H

#include "compiler/resolve/group.h"
#include "compiler/resolve/resolve.h"
#include "compiler/resolve/scope.h"

/* Stated limits, each reported as [limit]. */
enum {
	RULES_MAX = 100000,         /* rules for one ABI, groups written out */
	GROUP_DEPTH_MAX = 32,       /* groups within groups */
	RESOLVE_WORK_MAX = 1000000, /* conditions and values for one ABI, groups written out */
	LOADS_MAX = 64,             /* values that are known only at load */
	LOAD_NAME_MAX = 63,         /* letters of their names */
	RESOLVE_TOTAL_MAX = 3 * RESOLVE_WORK_MAX, /* and for all of the policy's together */
};

/* Where a statement stands. */
enum block_kind {
	BLOCK_FILE = 1,  /* at the top of the policy, or of a file that is included there */
	BLOCK_WHEN = 2,  /* in a `when`, or in a file that is included there */
	BLOCK_GROUP = 4, /* in a group, or in a `when` there */
	BLOCK_PHASE = 8, /* in a phase, or in a file that is included there */
};

/* `default`, `unknown` and `foreign`, as far as they have been met on this ABI. */
struct standing_action {
	bool given;
	seccomp_action action;
	struct span span;
};

struct standing_actions {
	struct standing_action unmatched, unknown, foreign;
};

/* A name that the policy gives, over all ABIs. */
struct definition_use {
	const char *name;
	struct span span;
	enum binding_kind kind;
	bool used;
};

struct reported;

struct resolver {
	struct arena *arena;
	struct sources *sources;
	struct library *library;
	struct diags *diags;
	const struct policy_ast *ast;
	const struct resolve_options *options;
	struct policy_rules *rules;
	struct kernel_version baseline;
	abi_set abis;
	bool *definitions_used; /* one for each of options->definitions */
	VEC(struct definition_use) uses;
	struct reported *reported;
	uint32_t total;       /* of the work for all ABIs so far */
	unsigned int demoted; /* mistakes on ABIs that nobody asked for */

	/* Of the walk for one ABI. */
	const struct abi *abi;
	struct ruleset *ruleset;
	struct scope scope;
	struct shipped_groups shipped_groups;
	struct standing_actions standing;       /* of the whole policy, */
	struct standing_actions phase_standing; /* and of the phase alone, which come first */
	uint32_t next_item;
	uint32_t next_definition;
	uint32_t work;
	bool one_of_any; /* a member of an `any`: a constant that its argument is too narrow for is
			    a value that it never has, and no mistake as long as another takes it */
	bool narrowed;   /* there was such a constant */
	bool exhausted;  /* a limit was reported: what follows is left out */

	/* Of the place in the walk. */
	struct span place;        /* the statement */
	const struct stmt *phase; /* the one around it, or NULL */
	unsigned int untaken;     /* branches around it that are not taken */
	bool shipped;             /* in a shipped rule set */
	unsigned int depth;       /* groups around it */
	struct group *group;      /* where rules go: the group being written out, or NULL */
	seccomp_action action;    /* of the rule, where `group` is NULL */
	uint32_t item;            /* its item, and that item's words */
	struct span item_span;
};

/* Resolves statements where they stand. */
void resolve_statements(struct resolver *resolver, const struct stmt_list *list,
			enum block_kind block);

/*
 * Counts AMOUNT of work. False where the policy stands for too much: that has been reported, and
 * the caller leaves off.
 */
bool resolver_work(struct resolver *resolver, size_t amount);

#endif
