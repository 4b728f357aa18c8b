/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <string.h>

enum {
	LABELS_MAX = 3,
	LINE_WIDTH = 98, /* of a line of 100, less "# " */
};

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

	if (!call->count)
		return arena_printf(arena, "%s %s", name, call->reason ? call->reason : "not seen");
	return source[0] ? arena_printf(arena, "%s %s (%s)", name, count, source)
			 : arena_printf(arena, "%s %s", name, count);
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
		text = add(arena, text, "; ", draft->notes.items[i]);
	return text;
}

void evidence_wrap(struct arena *arena, const char *text, size_t indent, ast_comments *comments)
{
	size_t width = LINE_WIDTH - indent;

	while (strlen(text) > width) {
		size_t at = width;

		while (at > 0 && text[at] != ' ')
			at--;
		if (at == 0) /* one word that is longer than a line */
			break;
		*VEC_PUSH(arena, comments) = arena_copy(arena, text, at);
		text += at + 1;
	}
	*VEC_PUSH(arena, comments) = text;
}
