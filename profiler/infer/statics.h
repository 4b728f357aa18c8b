/* SPDX-License-Identifier: Apache-2.0 */
/* What the code could call and no run has shown: rules of their own, for a person to strike. */
#ifndef PALE_PROFILER_INFER_STATICS_H
#define PALE_PROFILER_INFER_STATICS_H

#include "policy-lang/ast.h"
#include "profiler/infer/infer.h"

/* The ABIs of the evidence's calls, of those in ABIS (0: of all). STATICS may be NULL. */
abi_set statics_abis(const struct static_evidence *statics, abi_set abis);
/* Whether the evidence has CALL, on any ABI. */
bool statics_has(const struct static_evidence *statics, call_id call);
/* BASELINE, or the newest kernel that brought one of the calls, where nothing was recorded. */
struct kernel_version statics_baseline(const struct static_evidence *statics,
				       struct kernel_version baseline);
/*
 * Adds to AST, a policy for ABIS that is complete otherwise, rules for the calls that it does not
 * speak of, each with what it is reached by, and above its first statement what remains unsure; that
 * goes to DIAGS as warnings too. STATICS may be NULL.
 */
void statics_add(struct arena *arena, struct policy_ast *ast, const struct static_evidence *statics,
		 abi_set abis, struct diags *diags);

#endif
