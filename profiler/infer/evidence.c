/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <string.h>

enum {
	LABELS_MAX = 3,
	LINE_WIDTH = 98, /* of a line of 100, less "# " */
	GLUE = '\037',   /* a blank where a line is broken only if it must be; no text has one */
};

const char *evidence_join(struct arena *arena, const char *const *texts, size_t count,
			  const char *separator)
{
	size_t between = strlen(separator), length = 0, at = 0;
	char *joined;

	for (size_t i = 0; i < count; i++)
		length += strlen(texts[i]) + (i ? between : 0);
	joined = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < count; i++) {
		size_t more = strlen(texts[i]);

		if (i) {
			memcpy(joined + at, separator, between);
			at += between;
		}
		memcpy(joined + at, texts[i], more);
		at += more;
	}
	return joined;
}

static char *replace(struct arena *arena, const char *text, size_t length, char from, char to)
{
	char *copy = arena_copy(arena, text, length);

	for (size_t i = 0; i < length; i++)
		if (copy[i] == from)
			copy[i] = to;
	return copy;
}

const char *evidence_whole(struct arena *arena, const char *text)
{
	return replace(arena, text, strlen(text), ' ', GLUE);
}

const char *evidence_plain(struct arena *arena, const char *text)
{
	return replace(arena, text, strlen(text), GLUE, ' ');
}

static const char *add(struct arena *arena, const char *text, const char *separator,
		       const char *more)
{
	return text[0] ? arena_printf(arena, "%s%s%s", text, separator, more) : more;
}

/* By which executables and in how many runs, where not by all; "" else. */
static const char *evidence_source(struct arena *arena, const struct observations *observations,
				   const struct observed_call *call)
{
	const char *source = "";

	if (call->executables.count < observations->executables.count) {
		for (size_t i = 0; i < call->executables.count && i < LABELS_MAX; i++)
			source = add(arena, source, " ", call->executables.items[i]);
		if (call->executables.count > LABELS_MAX)
			source = arena_printf(arena, "%s +%zu", source,
					      call->executables.count - LABELS_MAX);
		source = arena_printf(arena, "by %s", source);
	}
	if (call->runs < observations->runs)
		source = add(
			arena, source, ", ",
			arena_printf(arena, "in %zu of %zu runs", call->runs, observations->runs));
	/* What is not marked was seen in the start, where nearly all calls are. */
	if (call->phases != observations->phases && call->phases == PHASE_BIT(PHASE_SERVING))
		source = add(arena, source, ", ", "serving only");
	return source;
}

const char *evidence_call(struct arena *arena, const struct observations *observations,
			  const struct observed_call *call)
{
	const char *name = call_get(call->call)->name;
	const char *source = evidence_source(arena, observations, call);
	const char *count =
		call->count == 1 ? "once" : arena_printf(arena, "%" PRIu64, call->count);
	const char *text;

	if (!call->count)
		text = arena_printf(arena, "%s %s", name, call->reason ? call->reason : "not seen");
	else
		text = source[0] ? arena_printf(arena, "%s %s (%s)", name, count, source)
				 : arena_printf(arena, "%s %s", name, count);
	return evidence_whole(arena, text);
}

const char *evidence_rule(struct arena *arena, const struct observations *observations,
			  const struct draft_rule *draft)
{
	const char *text = "";

	for (size_t i = 0; i < draft->evidence.count; i++)
		text = add(arena, text, ", ",
			   evidence_call(arena, observations, draft->evidence.items[i]));
	if (draft->evidence.count == 0)
		text = "not seen";
	for (size_t i = 0; i < draft->notes.count; i++)
		text = add(arena, text, "; ", evidence_whole(arena, draft->notes.items[i]));
	return text;
}

/* How many of LENGTH bytes go into a line of WIDTH: up to a blank, else to one within a part. */
static size_t line_length(const char *text, size_t length, size_t width)
{
	size_t at;

	if (length <= width)
		return length;
	for (at = width; at > 0; at--)
		if (text[at] == ' ')
			return at;
	for (at = width; at > 0; at--)
		if (text[at] == GLUE)
			return at;
	/* One word that is longer than a line. */
	for (at = width; at < length && text[at] != ' ' && text[at] != GLUE; at++)
		;
	return at;
}

void evidence_wrap(struct arena *arena, const char *text, size_t indent, ast_comments *comments)
{
	size_t left = strlen(text);

	do {
		size_t length = line_length(text, left, LINE_WIDTH - indent);
		size_t taken = length < left ? length + 1 : length;

		*VEC_PUSH(arena, comments) = replace(arena, text, length, GLUE, ' ');
		text += taken;
		left -= taken;
	} while (left);
}
