/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/diag.h"

#include "policy-lang/base/letter.h"

#include <assert.h>
#include <string.h>

static const char *const diag_code_texts[DIAG_CODE_COUNT] = {
#define DIAG_CODE(name, text) [DIAG_##name] = text,
#include "policy-lang/base/diag_codes.def"
#undef DIAG_CODE
};

const char *diag_code_text(enum diag_code code)
{
	assert(code < DIAG_CODE_COUNT);
	return diag_code_texts[code];
}

const char *diag_severity_text(enum diag_severity severity)
{
	static const char *const texts[] = {
		[DIAG_ERROR] = "error",
		[DIAG_WARNING] = "warning",
		[DIAG_REMARK] = "remark",
	};

	return texts[severity];
}

struct diag *diag_report(struct diags *diags, enum diag_severity severity, enum diag_code code,
			 struct span span, const char *format, ...)
{
	struct diag *diag = arena_alloc(diags->arena, sizeof(*diag));
	va_list args;

	diag->severity = severity;
	diag->code = code;
	diag->span = span;
	va_start(args, format);
	diag->text = arena_vprintf(diags->arena, format, args);
	va_end(args);
	if (severity == DIAG_WARNING)
		diags->warnings++;
	if (severity == DIAG_ERROR && diags->errors++ >= DIAG_ERRORS_MAX)
		return diag;
	*VEC_PUSH(diags->arena, &diags->list) = diag;
	return diag;
}

void diag_note(struct diags *diags, struct diag *diag, struct span span, const char *format, ...)
{
	struct diag_note *note = VEC_PUSH(diags->arena, &diag->notes);
	va_list args;

	note->span = span;
	va_start(args, format);
	note->text = arena_vprintf(diags->arena, format, args);
	va_end(args);
}

void diag_suggest(struct diags *diags, struct diag *diag, const char *word)
{
	if (word)
		diag->suggestion = arena_copy(diags->arena, word, strlen(word));
}

/*
 * Writes the letters of TEXT, or FILL for each where it is not 0. What is no text or would play
 * tricks on a terminal shows as '?'; a tab takes one column, so that carets stand right.
 */
static void render_letters(const char *text, size_t length, char fill, struct text *out)
{
	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t letter = 0;
		size_t read = letter_read(text + i, length - i, &letter);

		bytes = read ? read : 1;
		if (fill)
			text_add_char(out, fill);
		else if (letter == '\t')
			text_add_char(out, ' ');
		else if (read && letter_is_plain(letter))
			text_add(out, text + i, bytes);
		else
			text_add_char(out, '?');
	}
}

static void render_string(const char *string, struct text *out)
{
	render_letters(string, strlen(string), 0, out);
}

/* The line, and under it `^~~~` below the words meant. */
static void render_excerpt(const struct diags *diags, struct span span, struct text *out)
{
	struct position at = sources_position(diags->sources, span.file, span.begin);
	uint32_t length;
	const char *line = sources_line(diags->sources, span.file, at.line, &length);
	uint32_t begin = at.column - 1 < length ? at.column - 1 : length;
	uint32_t from = begin > 120 ? begin - 100 : 0;
	uint32_t until = length - from > 160 ? from + 160 : length;
	uint32_t marked = span.end > span.begin ? span.end - span.begin : 0;
	uint32_t letter;

	text_add_string(out, "    ");
	render_letters(line + from, until - from, 0, out);
	text_add_string(out, "\n    ");
	render_letters(line + from, begin - from, ' ', out);
	text_add_char(out, '^');
	if (marked > until - begin)
		marked = until - begin;
	if (marked) {
		uint32_t first = letter_read(line + begin, marked, &letter);

		first = first ? first : 1;
		render_letters(line + begin + first, marked - first, '~', out);
	}
	text_add_char(out, '\n');
}

static void render_place(const struct diags *diags, struct span span, struct text *out)
{
	const struct source *source = sources_get(diags->sources, span.file);
	struct position at;

	if (!source)
		return;
	at = sources_position(diags->sources, span.file, span.begin);
	render_string(source->name, out);
	text_printf(out, ":%u:%u: ", at.line, at.column);
}

void diag_render(const struct diags *diags, const struct diag *diag, struct text *out)
{
	render_place(diags, diag->span, out);
	text_printf(out, "%s: ", diag_severity_text(diag->severity));
	render_string(diag->text, out);
	if (diag->suggestion) {
		text_add_string(out, "; did you mean '");
		render_string(diag->suggestion, out);
		text_add_string(out, "'?");
	}
	text_printf(out, " [%s]\n", diag_code_text(diag->code));
	if (diag->span.file)
		render_excerpt(diags, diag->span, out);
	for (size_t i = 0; i < diag->notes.count; i++) {
		const struct diag_note *note = &diag->notes.items[i];

		render_place(diags, note->span, out);
		text_add_string(out, "note: ");
		render_string(note->text, out);
		text_add_char(out, '\n');
		if (note->span.file)
			render_excerpt(diags, note->span, out);
	}
}

static bool diag_before(const struct diag *a, const struct diag *b)
{
	if (a->span.file != b->span.file)
		return a->span.file < b->span.file;
	return a->span.begin < b->span.begin;
}

/* Merges the ordered halves of FROM, cut at MIDDLE, into INTO; of equals the left one is first. */
static void diags_merge(struct diag **from, struct diag **into, size_t begin, size_t middle,
			size_t end)
{
	size_t left = begin, right = middle;

	for (size_t i = begin; i < end; i++)
		if (left < middle && (right >= end || !diag_before(from[right], from[left])))
			into[i] = from[left++];
		else
			into[i] = from[right++];
}

void diags_sort(struct diags *diags)
{
	size_t count = diags->list.count;
	struct diag **from = diags->list.items;
	struct diag **into = arena_alloc_array(diags->arena, count, sizeof(*into));

	/* Remarks can be as many as the policy has words. */
	for (size_t width = 1; width < count; width *= 2) {
		struct diag **other = from;

		for (size_t i = 0; i < count; i += 2 * width)
			diags_merge(from, into, i, i + width < count ? i + width : count,
				    i + 2 * width < count ? i + 2 * width : count);
		from = into;
		into = other;
	}
	diags->list.items = from;
	diags->list.capacity = count;
}
