/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/report.h"

#include "compiler/resolve/abi_list.h"

#include <string.h>

/* What has been said, in buckets by place. */
struct said {
	struct said *next;  /* in its bucket */
	struct said *older; /* of all */
	struct diag *diag;
	abi_set abis; /* in whose walks; 0 where it was said outside of them */
	bool demoted; /* an error where nobody asked for the ABI: a warning */
};
enum {
	SAID_BUCKETS = 4096
};
struct reported {
	struct said *buckets[SAID_BUCKETS];
	struct said *newest;
};

/* Whether it depends on the ABI, and so is no mistake in a branch that this ABI does not take. */
static bool depends_on_abi(enum diag_code code)
{
	return code == DIAG_ARGUMENT_UNKNOWN || code == DIAG_ARGUMENT_HIDDEN ||
	       code == DIAG_CALL_ABSENT || code == DIAG_CONSTANT_ABSENT ||
	       code == DIAG_CONTRADICTION || code == DIAG_POINTER;
}

static size_t said_bucket(struct span span)
{
	uint64_t place = (uint64_t)span.begin << 32 | (span.end ^ span.file << 20);

	/* Fibonacci hashing: places are often evenly spaced. */
	return (size_t)((place * 0x9e3779b97f4a7c15u) >> 32) % SAID_BUCKETS;
}

static bool says(const struct diag *diag, enum diag_code code, struct span span, const char *text)
{
	return diag->code == code && diag->span.file == span.file &&
	       diag->span.begin == span.begin && diag->span.end == span.end &&
	       strcmp(diag->text, text) == 0;
}

/*
 * A mistake on an ABI that nobody asked for. Those asked for were walked before, so no later walk
 * makes it an error. Above the limit of errors such are not shown either.
 */
static struct diag *report_demoted(struct resolver *resolver, enum diag_code code, struct span span,
				   const char *text)
{
	struct diag *diag;

	if (resolver->demoted++ < DIAG_ERRORS_MAX)
		return diag_warning(resolver->diags, code, span, "%s", text);
	diag = arena_alloc(resolver->arena, sizeof(*diag));
	*diag = (struct diag){.severity = DIAG_WARNING, .code = code, .span = span, .text = text};
	return diag;
}

struct diag *resolver_report(struct resolver *resolver, enum diag_severity severity,
			     enum diag_code code, struct span span, const char *format, ...)
{
	abi_set abi = resolver->abi ? ABI_BIT(resolver->abi->id) : 0;
	bool demoted = severity == DIAG_ERROR && abi && !(abi & resolver->rules->asked);
	size_t bucket = said_bucket(span);
	struct said *said;
	const char *text;
	va_list args;

	if (resolver->untaken && (severity != DIAG_ERROR || depends_on_abi(code)))
		return NULL;
	if (severity == DIAG_ERROR)
		resolver->rules->failed |= abi;
	va_start(args, format);
	text = arena_vprintf(resolver->arena, format, args);
	va_end(args);
	if (!resolver->reported)
		resolver->reported = arena_alloc(resolver->arena, sizeof(*resolver->reported));
	for (said = resolver->reported->buckets[bucket]; said; said = said->next)
		if (says(said->diag, code, span, text)) {
			said->abis |= abi;
			return NULL;
		}
	said = arena_alloc(resolver->arena, sizeof(*said));
	said->next = resolver->reported->buckets[bucket];
	said->older = resolver->reported->newest;
	said->demoted = demoted;
	said->diag = demoted ? report_demoted(resolver, code, span, text)
			     : diag_report(resolver->diags, severity, code, span, "%s", text);
	said->abis = abi;
	resolver->reported->buckets[bucket] = said;
	resolver->reported->newest = said;
	return said->diag;
}

/* What is absent is absent somewhere; of all else, the policy's ABIs need no telling. */
static bool wants_abis(const struct resolver *resolver, const struct said *said)
{
	bool absent =
		said->diag->code == DIAG_CALL_ABSENT || said->diag->code == DIAG_CONSTANT_ABSENT;

	return said->abis && (absent || said->abis != resolver->abis);
}

void resolver_finish_reports(struct resolver *resolver)
{
	struct said *said = resolver->reported ? resolver->reported->newest : NULL;

	if (resolver->demoted > DIAG_ERRORS_MAX)
		diag_warning(resolver->diags, DIAG_LIMIT, (struct span){0},
			     "%u further mistakes on ABIs that the policy is not for are not shown",
			     resolver->demoted - DIAG_ERRORS_MAX);
	for (; said; said = said->older) {
		const char *abis = abi_list(resolver->arena, said->abis, resolver->abis);

		if (said->demoted)
			said->diag->text =
				arena_printf(resolver->arena, "would not compile for %s: %s", abis,
					     said->diag->text);
		else if (wants_abis(resolver, said))
			said->diag->text =
				arena_printf(resolver->arena, "on %s: %s", abis, said->diag->text);
	}
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
