/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows on the heap (what a printer, a renderer or an exporter writes into), and words. */
#ifndef PALE_BASE_TEXT_H
#define PALE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A growing text. All zeros is an empty text. When memory runs out, `failed` is set, what was
 * there stays, and further additions do nothing: look at `failed` once, at the end.
 */
struct text {
	char *bytes; /* NUL-terminated; NULL while empty */
	size_t length;
	size_t capacity;
	bool failed;
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_add_string(struct text *text, const char *string);
void text_add_char(struct text *text, char byte);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void text_release(struct text *text);

/*
 * How many letters must be changed, added, left out or swapped with their neighbour to turn A into
 * B, counted up to LIMIT; above it LIMIT + 1. Case counts nothing.
 */
unsigned int word_distance(const char *a, const char *b, unsigned int limit);

/*
 * Finds the candidates that somebody who wrote WORD most likely meant. Offer each candidate, then
 * read `best` (NULL where nothing is near). Start from `{.word = WORD}`.
 */
struct word_guess {
	const char *word;
	const char *best;
	unsigned int distance;
};
void word_guess_offer(struct word_guess *guess, const char *candidate);

#endif
