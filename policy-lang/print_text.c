/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names, texts in quotes and comments as text. Whatever a tree says, nothing in them can end a
 * comment or a quote early and become a rule.
 */
#include "policy-lang/base/letter.h"
#include "policy-lang/printer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

bool ast_name_is_valid(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (; *name; name++)
		if (!((*name >= '0' && *name <= '9') || (*name >= 'A' && *name <= 'Z') ||
		      (*name >= 'a' && *name <= 'z') || *name == '_'))
			return false;
	return true;
}

void print_name(struct printer *printer, const char *name)
{
	assert(ast_name_is_valid(name));
	print_word(printer, name);
}

void print_quoted(struct printer *printer, const char *text)
{
	size_t length = strlen(text);

	print_word(printer, "\"");
	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t letter = 0;
		char escape[5] = {'\\', text[i], '\0'};

		bytes = letter_read(text + i, length - i, &letter);
		if (letter == '\n' || letter == '\t') {
			escape[1] = letter == '\n' ? 'n' : 't';
			print_word(printer, escape);
		} else if (letter == '"' || letter == '\\') {
			print_word(printer, escape);
		} else if (bytes && letter_is_plain(letter)) {
			text_add(&printer->piece, text + i, bytes);
		} else {
			bytes = 1;
			snprintf(escape, sizeof(escape), "\\x%02x", (unsigned char)text[i]);
			print_word(printer, escape);
		}
	}
	print_word(printer, "\"");
}

/* One line of a comment; letters that may not stand in a policy become question marks. */
static void print_comment_line(struct text *out, const char *line, size_t length)
{
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	text_add_char(out, '#');
	/* "## Heading", "#!/usr/bin/pale" and what is set in by a tab keep their looks. */
	if (length && !strchr("#!\t", line[0]))
		text_add_char(out, ' ');
	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t letter = 0;

		bytes = letter_read(line + i, length - i, &letter);
		if (bytes && letter_is_plain(letter))
			text_add(out, line + i, bytes);
		else
			text_add_char(out, '?');
		bytes = bytes ? bytes : 1;
	}
}

void print_comments(struct text *out, unsigned int tabs, const ast_comments *comments)
{
	for (size_t i = 0; i < comments->count; i++) {
		const char *line = comments->items[i];

		if (!line)
			text_add_char(out, '\n');
		while (line) {
			size_t length = strcspn(line, "\n");

			for (unsigned int tab = 0; tab < tabs; tab++)
				text_add_char(out, '\t');
			print_comment_line(out, line, length);
			text_add_char(out, '\n');
			line = line[length] ? line + length + 1 : NULL;
		}
	}
}

void print_comment_behind(struct text *out, unsigned int blanks, const char *comment)
{
	if (!comment)
		return;
	while (blanks--)
		text_add_char(out, ' ');
	print_comment_line(out, comment, strlen(comment));
}
