/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool text_reserve(struct text *text, size_t more)
{
	size_t capacity = text->capacity ? text->capacity : 256;
	char *bytes;

	if (text->failed)
		return false;
	if (more > SIZE_MAX / 4 - text->length) {
		text->failed = true;
		return false;
	}
	while (capacity < text->length + more + 1)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	bytes = realloc(text->bytes, capacity);
	if (!bytes) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

void text_add(struct text *text, const char *bytes, size_t length)
{
	if (!text_reserve(text, length))
		return;
	if (length)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_add_char(struct text *text, char byte)
{
	text_add(text, &byte, 1);
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0) {
		text->failed = true;
		return;
	}
	if (!text_reserve(text, (size_t)length))
		return;
	vsnprintf(text->bytes + text->length, (size_t)length + 1, format, args);
	text->length += (size_t)length;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(text, format, args);
	va_end(args);
}

void text_release(struct text *text)
{
	free(text->bytes);
	*text = (struct text){0};
}

/* Words longer than this are no names of the kernel's, and nothing is near to them. */
enum {
	WORD_MAX = 64
};

/* What turns A's first I letters into B's first J, when ROWS has that of fewer letters. */
static unsigned int edit_cost(const char *a, const char *b, size_t i, size_t j,
			      unsigned int rows[3][WORD_MAX + 1])
{
	bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
	unsigned int best = rows[1][j - 1] + !same;

	if (rows[1][j] + 1 < best)
		best = rows[1][j] + 1;
	if (rows[2][j - 1] + 1 < best)
		best = rows[2][j - 1] + 1;
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
	    rows[0][j - 2] + 1 < best)
		best = rows[0][j - 2] + 1;
	return best;
}

unsigned int word_distance(const char *a, const char *b, unsigned int limit)
{
	/* The rows for two letters less, one letter less, and all letters of A up to here. */
	unsigned int rows[3][WORD_MAX + 1] = {{0}};
	size_t length_a = strlen(a), length_b = strlen(b);
	size_t gap = length_a > length_b ? length_a - length_b : length_b - length_a;

	if (length_a > WORD_MAX || length_b > WORD_MAX || gap > limit)
		return limit + 1;
	for (size_t j = 0; j <= length_b; j++)
		rows[1][j] = (unsigned int)j;
	for (size_t i = 1; i <= length_a; i++) {
		rows[2][0] = (unsigned int)i;
		for (size_t j = 1; j <= length_b; j++)
			rows[2][j] = edit_cost(a, b, i, j, rows);
		memmove(rows[0], rows[1], sizeof(rows[0]) * 2);
	}
	return rows[1][length_b] > limit ? limit + 1 : rows[1][length_b];
}

void word_guess_offer(struct word_guess *guess, const char *candidate)
{
	/* A third of the word may be wrong, and one letter of a short one. */
	unsigned int limit = (unsigned int)strlen(guess->word) / 3;
	unsigned int distance;

	if (limit == 0)
		limit = 1;
	if (limit > 4)
		limit = 4;
	distance = word_distance(guess->word, candidate, limit);
	/* A name that was cut short is nearer than another one with as many other letters. */
	if (distance > 1 && strlen(guess->word) >= 4 &&
	    strncasecmp(guess->word, candidate, strlen(guess->word)) == 0)
		distance = 1;
	if (distance > limit || (guess->best && distance >= guess->distance))
		return;
	guess->best = candidate;
	guess->distance = distance;
}
