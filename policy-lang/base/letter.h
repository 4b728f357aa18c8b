/* SPDX-License-Identifier: Apache-2.0 */
/* Letters: text as people read it, which is UTF-8 here. */
#ifndef PALE_BASE_LETTER_H
#define PALE_BASE_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads one letter of UTF-8 at TEXT, of which LENGTH > 0 bytes are there, into *LETTER. Returns how
 * many bytes it has, or 0 where there is no well-formed letter (overlong and surrogates are none).
 */
unsigned int letter_read(const char *text, size_t length, uint32_t *letter);

/*
 * Whether LETTER may stand in a line of text that is shown to people: a tab, and no other control
 * character, nor one that changes the direction of text, with which a line can look like another
 * one (CVE-2021-42574).
 */
bool letter_is_plain(uint32_t letter);

#endif
