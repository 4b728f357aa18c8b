/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a recording to a policy: a tree that allows what was seen, never less, and says on each
 * rule what it was seen by. What is deliberately wider than what was seen is written down in
 * doc/recording.md.
 */
#ifndef PALE_PROFILER_INFER_INFER_H
#define PALE_PROFILER_INFER_INFER_H

#include "policy-lang/ast.h"
#include "policy-lang/base/diag.h"
#include "profiler/recording/recording.h"

enum infer_detail {
	INFER_BALANCED,   /* arguments that carry authority, and equivalents of what was seen */
	INFER_NAMES_ONLY, /* no conditions */
	INFER_EXACT,      /* every argument that a policy can use, the tuples as seen, no more */
};

struct infer_options {
	enum infer_detail detail;
	abi_set abis;     /* leave out other ABIs' calls; 0 is all that were seen */
	const char *name; /* of the policy */
};

/*
 * The policy that RECORDING asks for, in ARENA. What makes the recording a poor witness (a filter
 * in force, calls lost, numbers without a name) goes to DIAGS as warnings; a recording without a
 * call to allow as an error, and then the result is NULL.
 */
struct policy_ast *infer_policy(struct arena *arena, const struct recording *recording,
				const struct infer_options *options, struct diags *diags);

#endif
