/* SPDX-License-Identifier: Apache-2.0 */
/* Places of a policy in comments of generated files. */
#ifndef PALE_COMPILER_PLACE_H
#define PALE_COMPILER_PLACE_H

#include "policy-lang/base/source.h"
#include "policy-lang/base/text.h"

/*
 * A source's name as generated files bear it: as it was given, or the last part of it where that
 * begins at the root, as the same policy must give the same bytes in whatever folder it stands.
 */
const char *place_name(const char *name);

/*
 * Adds WORDS in a form that can stand in a comment of C and of an assembler: what would begin or
 * end a comment, break the line or play tricks on a reader is changed.
 */
void place_add_words(const char *words, size_t length, struct text *out);

/* Adds `file:line: the line` for SPAN, a long one cut behind a word, made fit for a comment; nothing where SPAN is nowhere. */
void place_add(const struct sources *sources, struct span span, struct text *out);
/* The same for people, who want to find the file: with its whole name. */
void place_show(const struct sources *sources, struct span span, struct text *out);

#endif
