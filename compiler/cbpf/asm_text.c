/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/asm_text.h"

#include <ctype.h>
#include <string.h>

struct asm_text asm_text_begin(struct arena *arena, const struct sources *sources, uint32_t file,
			       struct diags *diags)
{
	const struct source *source = sources_get(sources, file);

	return (struct asm_text){
		.arena = arena,
		.diags = diags,
		.file = file,
		.bytes = source->text,
		.length = source->length,
	};
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_';
}

void asm_skip_line(struct asm_text *text)
{
	while (text->at < text->length && text->bytes[text->at] != '\n')
		text->at++;
}

/* A comment that nothing ends is an error, and the end of the text. */
static void skip_comment(struct asm_text *text)
{
	struct span span = {text->file, text->at, text->at + 2};

	for (text->at += 2; text->at + 1 < text->length; text->at++) {
		if (text->bytes[text->at] == '*' && text->bytes[text->at + 1] == '/') {
			text->at += 2;
			return;
		}
	}
	text->at = text->length;
	diag_error(text->diags, DIAG_SYNTAX, span, "nothing ends this comment");
}

static void skip_blanks(struct asm_text *text)
{
	while (text->at < text->length) {
		const char *at = text->bytes + text->at;
		bool line_begins = text->at == 0 || at[-1] == '\n';

		if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
			text->at++;
		else if (*at == ';' || (*at == '#' && line_begins))
			asm_skip_line(text);
		else if (*at == '/' && at[1] == '*')
			skip_comment(text);
		else
			return;
	}
}

bool asm_at_end(struct asm_text *text)
{
	skip_blanks(text);
	return text->at == text->length;
}

/* How many bytes the word that is next has; 0 where there is none. */
static uint32_t word_length(const struct asm_text *text)
{
	uint32_t length = 0;

	while (text->at + length < text->length && is_word_byte(text->bytes[text->at + length]))
		length++;
	return length;
}

static void take(struct asm_text *text, uint32_t length)
{
	text->at += length;
	text->last = text->at;
}

bool asm_accept(struct asm_text *text, char byte)
{
	if (asm_at_end(text) || text->bytes[text->at] != byte)
		return false;
	take(text, 1);
	return true;
}

bool asm_accept_word(struct asm_text *text, const char *word)
{
	size_t length = strlen(word);

	if (asm_at_end(text) || word_length(text) != length ||
	    strncasecmp(text->bytes + text->at, word, length) != 0)
		return false;
	take(text, (uint32_t)length);
	return true;
}

bool asm_accept_register(struct asm_text *text, char name)
{
	const char word[2] = {name};
	uint32_t before, last = text->last;

	skip_blanks(text);
	before = text->at;
	asm_accept(text, '%');
	if (asm_accept_word(text, word))
		return true;
	text->at = before;
	text->last = last;
	return false;
}

/* Reports that WANTED is not what is next. Returns false. */
static bool complain(struct asm_text *text, const char *wanted)
{
	uint32_t length;
	struct span span;

	if (asm_at_end(text)) {
		span = (struct span){text->file, text->last, text->last};
		diag_error(text->diags, DIAG_SYNTAX, span, "%s is missing at the end", wanted);
		return false;
	}
	length = word_length(text);
	span = (struct span){text->file, text->at, text->at + (length ? length : 1)};
	if (length)
		diag_error(text->diags, DIAG_SYNTAX, span, "%s is wanted, not '%.*s'", wanted,
			   (int)length, text->bytes + text->at);
	else
		diag_error(text->diags, DIAG_SYNTAX, span, "%s is wanted here", wanted);
	return false;
}

bool asm_expect(struct asm_text *text, char byte)
{
	const char wanted[] = {'\'', byte, '\'', '\0'};

	return asm_accept(text, byte) || complain(text, wanted);
}

bool asm_expect_word(struct asm_text *text, const char *word)
{
	return asm_accept_word(text, word) || complain(text, word);
}

/* The digits of BASE that a word consists of; false where it has others, or is too large. */
static bool read_digits(const char *digits, uint32_t length, unsigned int base, uint64_t *value)
{
	*value = 0;
	for (uint32_t i = 0; i < length; i++) {
		char byte = (char)tolower((unsigned char)digits[i]);
		unsigned int digit =
			byte >= 'a' ? (unsigned int)(byte - 'a') + 10 : (unsigned int)(byte - '0');

		if (byte == '_' || digit >= base)
			return false;
		*value = *value * base + digit;
		if (*value > UINT32_MAX)
			return false;
	}
	return length > 0;
}

static bool read_number(const char *word, uint32_t length, uint64_t *value)
{
	if (length > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		return read_digits(word + 2, length - 2, 16, value);
	if (length > 2 && word[0] == '0' && (word[1] == 'b' || word[1] == 'B'))
		return read_digits(word + 2, length - 2, 2, value);
	if (length > 1 && word[0] == '0')
		return read_digits(word + 1, length - 1, 8, value);
	return read_digits(word, length, 10, value);
}

bool asm_expect_number(struct asm_text *text, uint32_t *value)
{
	bool minus = asm_accept(text, '-');
	uint32_t length;
	uint64_t number;

	if (!minus)
		asm_accept(text, '+');
	length = asm_at_end(text) ? 0 : word_length(text);
	/* Of negative numbers there are fewer. */
	if (!length || !read_number(text->bytes + text->at, length, &number) ||
	    (minus && number > (uint64_t)1 << 31))
		return complain(text, "a number of 32 bits");
	take(text, length);
	*value = minus ? -(uint32_t)number : (uint32_t)number;
	return true;
}

bool asm_expect_label(struct asm_text *text, const char **name, struct span *span)
{
	uint32_t length = asm_at_end(text) ? 0 : word_length(text);

	if (!length || (text->bytes[text->at] >= '0' && text->bytes[text->at] <= '9'))
		return complain(text, "a word");
	*span = (struct span){text->file, text->at, text->at + length};
	*name = arena_copy(text->arena, text->bytes + text->at, length);
	take(text, length);
	return true;
}

void asm_wrong(struct asm_text *text, const char *words)
{
	struct span span = {text->file, text->last - 1, text->last};

	diag_error(text->diags, DIAG_SYNTAX, span, "%s", words);
}
