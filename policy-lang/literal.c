/* SPDX-License-Identifier: Apache-2.0 */
/* What names, numbers and texts in quotes say. */
#include "policy-lang/parser.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *literal_name(struct parser *parser, const char *text, size_t length, struct span span)
{
	if (length > NAME_LENGTH_MAX) {
		diag_error(parser->diags, DIAG_LIMIT, span, "a name has more than %d letters",
			   NAME_LENGTH_MAX);
		parser->token_damaged = true;
		length = NAME_LENGTH_MAX;
	}
	return arena_copy(parser->arena, text, length);
}

const char *literal_group(struct parser *parser, const char *text, size_t length, struct span span)
{
	if (length == 1) {
		diag_error(parser->diags, DIAG_SYNTAX, span, "expected a group's name after '@'");
		parser->token_damaged = true;
	}
	return literal_name(parser, text + 1, length - 1, span);
}

/* The value of a digit in bases up to 16, or 16. */
static unsigned int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned int)(digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (unsigned int)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F')
		return (unsigned int)(digit - 'A') + 10;
	return 16;
}

/* The digits of DIGITS in BASE. False where one is none, or the value needs more than 64 bits. */
static bool digits_read(const char *digits, size_t length, unsigned int base, uint64_t *value,
			bool *overflow)
{
	*value = 0;
	*overflow = false;
	for (size_t i = 0; i < length; i++) {
		unsigned int digit = digit_value(digits[i]);

		if (digit >= base)
			return false;
		*overflow |= __builtin_mul_overflow(*value, base, value) ||
			     __builtin_add_overflow(*value, digit, value);
	}
	return length > 0;
}

struct number literal_number(struct parser *parser, const char *text, size_t length,
			     struct span span)
{
	unsigned int base = 10;
	size_t prefix = 0;
	bool overflow;
	struct number number = {0};

	if (length > 1 && text[0] == '0') {
		prefix = text[1] == 'x' || text[1] == 'X' ? 2 : 1;
		base = prefix == 2 ? 16 : 8;
	}
	if (!digits_read(text + prefix, length - prefix, base, &number.value, &overflow)) {
		diag_error(parser->diags, DIAG_SYNTAX, span, "this is no number%s",
			   prefix == 1 ? ": one that begins with 0 is octal" : "");
		parser->token_damaged = true;
		return (struct number){0};
	}
	if (overflow) {
		diag_error(parser->diags, DIAG_LIMIT, span, "a number has more than 64 bits");
		parser->token_damaged = true;
		return (struct number){0};
	}
	if (length > NAME_LENGTH_MAX) {
		diag_error(parser->diags, DIAG_LIMIT, span, "a number has more than %d digits",
			   NAME_LENGTH_MAX);
		parser->token_damaged = true;
		return (struct number){0};
	}
	if (prefix)
		number.spelling = arena_copy(parser->arena, text, length);
	return number;
}

/*
 * One escape at TEXT, behind its backslash; *BYTE gets what it stands for. Returns how many bytes
 * of TEXT it takes, or 0 where it is none.
 */
static size_t escape_read(const char *text, size_t length, char *byte)
{
	unsigned int high, low;

	switch (text[0]) {
	case '"':
	case '\\':
		*byte = text[0];
		return 1;
	case 'n':
		*byte = '\n';
		return 1;
	case 't':
		*byte = '\t';
		return 1;
	case 'x':
		if (length < 3)
			return 0;
		high = digit_value(text[1]);
		low = digit_value(text[2]);
		if (high > 15 || low > 15 || high + low == 0)
			return 0;
		*byte = (char)(high << 4 | low);
		return 3;
	default:
		return 0;
	}
}

const char *literal_string(struct parser *parser, const char *text, size_t length, struct span span)
{
	char *copy = arena_alloc(parser->arena, length + 1);
	size_t used = 0;

	if (length > STRING_LENGTH_MAX) {
		diag_error(parser->diags, DIAG_LIMIT, span, "a text has more than %d bytes",
			   STRING_LENGTH_MAX);
		parser->token_damaged = true;
		return "";
	}
	for (size_t i = 0, step; i < length; i += step) {
		step = 1;
		copy[used] = text[i];
		if (text[i] == '\\') {
			struct span place = {span.file, span.begin + 1 + (uint32_t)i, 0};

			place.end = place.begin + 2;
			step = 1 + escape_read(text + i + 1, length - i - 1, &copy[used]);
			if (step == 1) {
				diag_error(parser->diags, DIAG_SYNTAX, place,
					   "no such escape: there are \\\", \\\\, \\n, \\t and "
					   "\\xHH, which is not \\x00");
				parser->token_damaged = true;
			}
		}
		used++;
	}
	return copy;
}
