/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a user's input. Passes report here and go on; nobody on this floor prints.
 * The environment's failures (no such file, no memory) are negative errno, not diagnostics.
 */
#ifndef PALE_BASE_DIAG_H
#define PALE_BASE_DIAG_H

#include "policy-lang/base/source.h"
#include "policy-lang/base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum diag_severity {
	DIAG_ERROR,
	DIAG_WARNING,
	DIAG_REMARK, /* shown with -v only: what was skipped or chosen, and why */
};

enum diag_code {
#define DIAG_CODE(name, text) DIAG_##name,
#include "policy-lang/base/diag_codes.def"
#undef DIAG_CODE
	DIAG_CODE_COUNT
};

/* Something to know beside the message, with a place of its own (or nowhere). */
struct diag_note {
	struct span span;
	const char *text;
};

struct diag {
	enum diag_severity severity;
	enum diag_code code;
	struct span span;
	const char *text;
	const char *suggestion; /* what to write instead of the words at SPAN, or NULL */
	VEC(struct diag_note) notes;
};

/* Errors after this many are counted, and no longer kept. */
#define DIAG_ERRORS_MAX 20

/* Start from zeros with ARENA and SOURCES set. */
struct diags {
	struct arena *arena;
	const struct sources *sources;
	VEC(struct diag *) list;
	unsigned int errors; /* all of them, also those above the limit */
	unsigned int warnings;
};

/*
 * Reports. Returns the diagnostic, which holds in the arena, for notes and a suggestion; never
 * NULL (a diagnostic above the limit is made and dropped). The text is one line without a full
 * stop, and starts small.
 */
struct diag *diag_report(struct diags *diags, enum diag_severity severity, enum diag_code code,
			 struct span span, const char *format, ...)
	__attribute__((returns_nonnull, format(printf, 5, 6)));
#define diag_error(diags, code, span, ...)                                                         \
	diag_report((diags), DIAG_ERROR, (code), (span), __VA_ARGS__)
#define diag_warning(diags, code, span, ...)                                                       \
	diag_report((diags), DIAG_WARNING, (code), (span), __VA_ARGS__)
#define diag_remark(diags, code, span, ...)                                                        \
	diag_report((diags), DIAG_REMARK, (code), (span), __VA_ARGS__)

void diag_note(struct diags *diags, struct diag *diag, struct span span, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* "did you mean WORD"; WORD NULL says nothing. */
void diag_suggest(struct diags *diags, struct diag *diag, const char *word);

const char *diag_code_text(enum diag_code code);
const char *diag_severity_text(enum diag_severity severity);

/*
 * Writes one diagnostic as `file:line:col: error: text [code]`, the line with a caret under the
 * words meant, and its notes in the same way.
 */
void diag_render(const struct diags *diags, const struct diag *diag, struct text *out);
/* Orders the list by file and place, keeping the order of reports at one place. */
void diags_sort(struct diags *diags);

#endif
