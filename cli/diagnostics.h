/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics on standard error, for people or as JSON. */
#ifndef PALE_CLI_DIAGNOSTICS_H
#define PALE_CLI_DIAGNOSTICS_H

#include "policy-lang/base/diag.h"

#include <stdbool.h>

struct diagnostics_style {
	bool json;    /* one object, also where there is nothing to report */
	bool remarks; /* -v: what was skipped or chosen, and why */
};

/*
 * Prints what DIAGS holds, ordered by place; sorts the list. As JSON:
 *
 *	{"errors": N, "warnings": N, "diagnostics": [{"severity", "code", "text", "suggestion",
 *	  "place": {"file", "line", "column", "end_line", "end_column"}, "notes": [{"text",
 *	  "place"}]}]}
 *
 * where "suggestion" and "place" are null if there is none, lines and columns count from 1, and
 * the end stands behind the last byte.
 */
void diagnostics_print(struct diags *diags, struct diagnostics_style style);

#endif
