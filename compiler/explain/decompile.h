/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what filters answer to a policy that says it. Whether the policy is right is for the caller to
 * prove: it is compiled, and its filter compared with what was read.
 */
#ifndef PALE_EXPLAIN_DECOMPILE_H
#define PALE_EXPLAIN_DECOMPILE_H

#include "compiler/explain/answer.h"
#include "compiler/explain/change.h"

/* What the filter of one machine answers. */
struct machine_answer {
	diagram answer; /* normal, and without the skipped number: see answer.h */
	abi_set abis;   /* those that the policy is to be for; the rest must be `foreign` */
};

struct decompile_request {
	VEC(struct machine_answer) machines;
	ast_comments comments; /* above the policy */
};

/* Why there is no policy, and a call that it cannot speak of. */
struct decompile_refusal {
	const char *why; /* NULL where there is one */
	bool has_call;
	struct change at; /* the call: ABI, call and example are set */
};

struct policy_ast *decompile(struct arena *arena, struct diagrams *diagrams,
			     const struct decompile_request *request,
			     struct decompile_refusal *refusal);

#endif
