/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes a policy may be made of. For this folder alone. */
#ifndef PALE_POLICY_LANG_ENCODING_H
#define PALE_POLICY_LANG_ENCODING_H

#include "policy-lang/base/diag.h"

/*
 * Reads one letter of UTF-8 at TEXT, of which LENGTH > 0 bytes are there, into *LETTER. Returns how
 * many bytes it has, or 0 where there is no well-formed letter (overlong and surrogates are none).
 */
unsigned int utf8_read(const char *text, size_t length, uint32_t *letter);

/*
 * Whether LETTER may stand in a policy's text: no control characters but tab and end of line, and
 * none that change the direction of text, with which a line can look like another one
 * (CVE-2021-42574).
 */
bool letter_is_plain(uint32_t letter);

/* Whether SOURCE is plain text in UTF-8; reports the first place where it is not. */
bool source_check_encoding(const struct source *source, uint32_t file, struct diags *diags);

#endif
