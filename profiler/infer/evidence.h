/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the comments: how often each call was seen, by whom and in how many runs. */
#ifndef PALE_PROFILER_INFER_EVIDENCE_H
#define PALE_PROFILER_INFER_EVIDENCE_H

#include "policy-lang/ast.h"
#include "profiler/infer/rules.h"

/* "read 1204", "read once, by cat": one call of a list. */
const char *evidence_call(struct arena *arena, const struct observations *observations,
			  const struct observed_call *call);
/* The calls behind one rule, and its notes: "openat 12, open 3 (by cat); the recording ...". */
const char *evidence_rule(struct arena *arena, const struct observations *observations,
			  const struct draft_rule *draft);
/* Breaks TEXT at blanks into comments that fit a line, behind INDENT columns. */
void evidence_wrap(struct arena *arena, const char *text, size_t indent, ast_comments *comments);

#endif
