/* SPDX-License-Identifier: Apache-2.0 */
/* From policy text to a tree. */
#ifndef PALE_POLICY_LANG_PARSE_H
#define PALE_POLICY_LANG_PARSE_H

#include "policy-lang/ast.h"
#include "policy-lang/base/diag.h"

/*
 * Parses source FILE. Syntax errors go to DIAGS and parsing goes on behind them; the tree then
 * lacks what could not be read. Never NULL. Includes are not followed.
 */
struct policy_ast *policy_parse(struct arena *arena, const struct sources *sources, uint32_t file,
				struct diags *diags);

/* Where includes are looked for, behind the including file's own folder. */
struct include_path {
	const char *const *folders;
	size_t count;
};

/*
 * Follows every include of AST, into sub-trees too, adding sources and filling stmt.included.
 * What cannot be read, stands in a cycle or nests too deep goes to DIAGS. A file is read and
 * parsed once, and statements that include it again share its tree. All statements, those of a
 * file counted each time that it is included, are STATEMENTS_MAX at most.
 */
void policy_load_includes(struct arena *arena, struct sources *sources, struct policy_ast *ast,
			  const struct include_path *path, struct diags *diags);

/*
 * The shipped rule set with that name (without @), as a GROUP statement from its own source, or
 * NULL where there is none. Parsed when first asked for and then kept in LIBRARY, which starts
 * from zeros.
 */
struct library {
	struct policy_ast **parsed; /* one a shipped file, or NULL while not asked for */
};
const struct stmt *library_find_group(struct library *library, struct arena *arena,
				      struct sources *sources, struct diags *diags,
				      const char *name);
/* The names of all shipped groups, for suggestions and lists: NULL behind the last. */
const char *library_group_name(size_t index);

#endif
