/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/diag.h"

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

/* The line, and under it `^~~~` below the words meant. Bytes that are no text show as '?'. */
static void render_excerpt(const struct diags *diags, struct span span, struct text *out)
{
	struct position at = sources_position(diags->sources, span.file, span.begin);
	uint32_t length, marks;
	const char *line = sources_line(diags->sources, span.file, at.line, &length);
	uint32_t from = at.column - 1 > 120 ? at.column - 1 - 100 : 0;
	uint32_t until = length - from > 160 ? from + 160 : length;

	text_add_string(out, "    ");
	for (uint32_t i = from; i < until; i++) {
		unsigned char byte = (unsigned char)line[i];

		text_add_char(out, byte == '\t' ? ' ' : byte < ' ' || byte == 127 ? '?' : line[i]);
	}
	text_add_string(out, "\n    ");
	for (uint32_t i = from; i < at.column - 1; i++)
		if (((unsigned char)line[i] & 0xc0) != 0x80) /* a UTF-8 letter takes one column */
			text_add_char(out, ' ');
	text_add_char(out, '^');
	marks = span.end > span.begin ? span.end - span.begin - 1 : 0;
	for (uint32_t i = at.column; marks && i < until; i++, marks--)
		if (((unsigned char)line[i] & 0xc0) != 0x80)
			text_add_char(out, '~');
	text_add_char(out, '\n');
}

static void render_place(const struct diags *diags, struct span span, struct text *out)
{
	const struct source *source = sources_get(diags->sources, span.file);
	struct position at;

	if (!source)
		return;
	at = sources_position(diags->sources, span.file, span.begin);
	text_printf(out, "%s:%u:%u: ", source->name, at.line, at.column);
}

void diag_render(const struct diags *diags, const struct diag *diag, struct text *out)
{
	render_place(diags, diag->span, out);
	text_printf(out, "%s: %s", diag_severity_text(diag->severity), diag->text);
	if (diag->suggestion)
		text_printf(out, "; did you mean '%s'?", diag->suggestion);
	text_printf(out, " [%s]\n", diag_code_text(diag->code));
	if (diag->span.file)
		render_excerpt(diags, diag->span, out);
	for (size_t i = 0; i < diag->notes.count; i++) {
		const struct diag_note *note = &diag->notes.items[i];

		render_place(diags, note->span, out);
		text_printf(out, "note: %s\n", note->text);
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

void diags_sort(struct diags *diags)
{
	/* Insertion keeps equals in order, and the list is short. */
	for (size_t i = 1; i < diags->list.count; i++) {
		struct diag *moving = diags->list.items[i];
		size_t j = i;

		for (; j > 0 && diag_before(moving, diags->list.items[j - 1]); j--)
			diags->list.items[j] = diags->list.items[j - 1];
		diags->list.items[j] = moving;
	}
}
