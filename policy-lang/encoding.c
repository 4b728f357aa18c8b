/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/encoding.h"

#include "policy-lang/base/letter.h"

static bool report_bytes(const struct source *source, uint32_t file, uint32_t at, uint32_t bytes,
			 uint32_t letter, struct diags *diags)
{
	struct span span = {file, at, at + (bytes ? bytes : 1)};

	if (!bytes)
		diag_error(diags, DIAG_ENCODING, span, "byte 0x%02x here is not UTF-8 text",
			   (unsigned char)source->text[at]);
	else
		diag_error(diags, DIAG_ENCODING, span,
			   "the control character U+%04X may not stand in a policy", letter);
	return false;
}

bool source_check_encoding(const struct source *source, uint32_t file, struct diags *diags)
{
	for (uint32_t at = 0, bytes; at < source->length; at += bytes) {
		uint32_t letter = 0;

		bytes = 1;
		if (source->text[at] >= ' ' && source->text[at] < 0x7f)
			continue;
		bytes = letter_read(source->text + at, source->length - at, &letter);
		if (letter == '\n' || (letter == '\r' && source->text[at + 1] == '\n'))
			continue;
		if (!bytes || !letter_is_plain(letter))
			return report_bytes(source, file, at, bytes, letter, diags);
	}
	return true;
}
