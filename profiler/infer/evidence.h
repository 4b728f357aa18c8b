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
/* The texts behind each other with SEPARATOR between them, in time linear in their length. */
const char *evidence_join(struct arena *arena, const char *const *texts, size_t count,
			  const char *separator);
/* TEXT whose words evidence_wrap() keeps together where they fit a line. */
const char *evidence_whole(struct arena *arena, const char *text);
/* TEXT without the marks of evidence_whole(): for where lines are not broken. */
const char *evidence_plain(struct arena *arena, const char *text);
/*
 * Breaks TEXT at blanks into comments that fit a line, behind INDENT columns. A word, or a part that
 * evidence_whole() made, that does not fit a line begins one.
 */
void evidence_wrap(struct arena *arena, const char *text, size_t indent, ast_comments *comments);

#endif
