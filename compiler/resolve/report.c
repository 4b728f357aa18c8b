/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/report.h"

#include <string.h>

/* What has been said, in buckets by place. */
struct said {
	const struct said *next;
	enum diag_code code;
	struct span span;
	const char *text;
};
enum {
	SAID_BUCKETS = 512
};
struct reported {
	const struct said *buckets[SAID_BUCKETS];
};

/* Whether it depends on the ABI, and so is no mistake in a branch that this ABI does not take. */
static bool depends_on_abi(enum diag_code code)
{
	return code == DIAG_ARGUMENT_UNKNOWN || code == DIAG_CALL_ABSENT ||
	       code == DIAG_CONSTANT_ABSENT || code == DIAG_CONTRADICTION;
}

/* Notes it down. False where it has been said before. */
static bool report_first(struct resolver *resolver, enum diag_code code, struct span span,
			 const char *text)
{
	size_t bucket = (span.begin * 31u + span.end) % SAID_BUCKETS;
	struct said *said;

	if (!resolver->reported)
		resolver->reported = arena_alloc(resolver->arena, sizeof(*resolver->reported));
	for (const struct said *at = resolver->reported->buckets[bucket]; at; at = at->next)
		if (at->code == code && at->span.file == span.file &&
		    at->span.begin == span.begin && at->span.end == span.end &&
		    strcmp(at->text, text) == 0)
			return false;
	said = arena_alloc(resolver->arena, sizeof(*said));
	*said = (struct said){resolver->reported->buckets[bucket], code, span, text};
	resolver->reported->buckets[bucket] = said;
	return true;
}

struct diag *resolver_report(struct resolver *resolver, enum diag_severity severity,
			     enum diag_code code, struct span span, const char *format, ...)
{
	const char *text;
	va_list args;

	if (resolver->untaken && (severity != DIAG_ERROR || depends_on_abi(code)))
		return NULL;
	va_start(args, format);
	text = arena_vprintf(resolver->arena, format, args);
	va_end(args);
	if (!report_first(resolver, code, span, text))
		return NULL;
	return diag_report(resolver->diags, severity, code, span, "%s", text);
}

void resolver_note(struct resolver *resolver, struct diag *diag, struct span span,
		   const char *format, ...)
{
	const char *text;
	va_list args;

	if (!diag)
		return;
	va_start(args, format);
	text = arena_vprintf(resolver->arena, format, args);
	va_end(args);
	diag_note(resolver->diags, diag, span, "%s", text);
}

void resolver_suggest(struct resolver *resolver, struct diag *diag, const char *word)
{
	if (diag)
		diag_suggest(resolver->diags, diag, word);
}
