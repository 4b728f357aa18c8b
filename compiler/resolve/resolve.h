/* SPDX-License-Identifier: Apache-2.0 */
/* From a tree to numbers: names, types, sets, groups, parameters, `when` and `any`. */
#ifndef PALE_RESOLVE_RESOLVE_H
#define PALE_RESOLVE_RESOLVE_H

#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/diag.h"
#include "policy-lang/parse.h"

/* -D name=value */
struct definition {
	const char *name;
	const char *value;
};

struct resolve_options {
	abi_set abis; /* 0: what the policy's `arch` says, else the host's */
	/*
	 * Where neither ABIS nor the policy names ABIs: all others are looked at too, behind those
	 * that are asked for, and mistakes on them are warnings.
	 */
	bool survey;
	bool compare;                    /* notes what differs between the ABIs: see difference.h */
	struct differences *differences; /* with COMPARE: where it is added; NULL: made anew */
	bool lint;                       /* warn of what is allowed and yet hardly meant */
	const struct stmt *phase;        /* the PHASE whose rules are wanted; NULL: the first */
	const struct definition *definitions;
	size_t definition_count;
};

/*
 * Resolves one phase of AST, whose includes are loaded, for each ABI. Mistakes go to DIAGS; the result is to be
 * used only where diags->errors did not grow. SOURCES and LIBRARY serve the shipped rule sets.
 */
struct policy_rules *policy_resolve(struct arena *arena, struct sources *sources,
				    struct library *library, const struct policy_ast *ast,
				    const struct resolve_options *options, struct diags *diags);

#endif
