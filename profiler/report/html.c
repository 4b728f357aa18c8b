/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void html_raw(struct text *out, const char *markup)
{
	text_add_string(out, markup);
}

/* Where TEXT can be cut, at LENGTH or up to three bytes before it: not inside of a letter. */
static size_t boundary(const char *text, size_t length)
{
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

static const char *reference(char letter)
{
	switch (letter) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void add_escaped(struct text *out, const char *text, size_t length)
{
	const char *end = text + length;

	for (const char *plain = text; plain < end; text++) {
		const char *escaped = text < end ? reference(*text) : "";

		if (!escaped)
			continue;
		text_add(out, plain, (size_t)(text - plain));
		text_add_string(out, escaped);
		plain = text + 1;
	}
}

void html_text(struct text *out, const char *text)
{
	add_escaped(out, text, strlen(text));
}

void html_text_cut(struct text *out, const char *text, size_t length)
{
	if (strlen(text) <= length) {
		html_text(out, text);
		return;
	}
	add_escaped(out, text, boundary(text, length));
	text_add_string(out, "...");
}

void html_printf(struct text *out, const char *format, ...)
{
	struct text plain = {0};
	va_list args;

	va_start(args, format);
	text_vprintf(&plain, format, args);
	va_end(args);
	out->failed |= plain.failed;
	if (plain.bytes)
		html_text(out, plain.bytes);
	text_release(&plain);
}

void html_element(struct text *out, const char *name, const char *class, const char *text)
{
	if (class)
		text_printf(out, "<%s class=\"%s\">", name, class);
	else
		text_printf(out, "<%s>", name);
	html_text(out, text);
	text_printf(out, "</%s>", name);
}

void html_count(struct text *out, uint64_t count)
{
	char digits[24];
	size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count);

	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text_add_char(out, ',');
		text_add_char(out, digits[i]);
	}
}

void html_counted(struct text *out, uint64_t count, const char *one, const char *many)
{
	html_count(out, count);
	text_printf(out, " %s", count == 1 ? one : many);
}
