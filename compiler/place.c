/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/place.h"

#include "policy-lang/base/letter.h"

#include <string.h>

enum {
	LINE_MAX_BYTES = 72, /* more of a line than this is left out */
};

const char *place_name(const char *name)
{
	const char *last = strrchr(name, '/');

	return name[0] == '/' && last[1] ? last + 1 : name;
}

void place_add_words(const char *words, size_t length, struct text *out)
{
	char before = 0;

	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t letter = 0;
		size_t read = letter_read(words + i, length - i, &letter);

		bytes = read ? read : 1;
		if ((before == '*' && letter == '/') || (before == '/' && letter == '*'))
			text_add_char(out, ' ');
		/* A backslash or ??/ may stand last in a line, which would go on then. */
		if (!read || !letter_is_plain(letter) || letter == '\\' ||
		    (before == '?' && letter == '/'))
			text_add_char(out, letter == '\\' ? '|' : '?');
		else
			text_add(out, letter == '\t' ? " " : words + i, bytes);
		before = bytes == 1 ? words[i] : 0;
	}
}

/* How much of a line that is too long to keep: whole words, or one's first letters, if it is longer. */
static uint32_t cut_line(const char *line)
{
	uint32_t length = LINE_MAX_BYTES, letter;

	while (length && line[length] != ' ' && line[length] != '\t')
		length--;
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	if (length)
		return length;
	length = LINE_MAX_BYTES;
	while (length && !letter_read(line + length - 1, 1, &letter))
		length--;
	return length;
}

static void add_place(const struct sources *sources, struct span span, bool whole_name,
		      struct text *out)
{
	const struct source *source = sources_get(sources, span.file);
	struct position at;
	uint32_t length, kept;
	const char *line, *name;

	if (!source)
		return;
	at = sources_position(sources, span.file, span.begin);
	line = sources_line(sources, span.file, at.line, &length);
	while (length && (*line == ' ' || *line == '\t')) {
		line++;
		length--;
	}
	kept = length > LINE_MAX_BYTES ? cut_line(line) : length;
	name = whole_name ? source->name : place_name(source->name);
	place_add_words(name, strlen(name), out);
	text_printf(out, ":%u: ", at.line);
	place_add_words(line, kept, out);
	if (kept < length)
		text_add_string(out, " ...");
}

void place_add(const struct sources *sources, struct span span, struct text *out)
{
	add_place(sources, span, false, out);
}

void place_show(const struct sources *sources, struct span span, struct text *out)
{
	add_place(sources, span, true, out);
}
