/* SPDX-License-Identifier: Apache-2.0 */
/* File names and arguments are bytes; JSON and terminals want text. */
#include "profiler/recording/recording.h"

#include <string.h>

/*
 * Not the controls, of which C1 (0x80..0x9f) move a terminal's cursor as well as C0 do; not what
 * ends a line or turns its direction, so that a comment shows what it holds.
 */
static bool letter_is_plain(uint32_t letter)
{
	if (letter < ' ' || letter == '\\' || (letter >= 0x7f && letter < 0xa0))
		return false;
	if (letter == 0x61c || letter == 0x200e || letter == 0x200f ||
	    (letter >= 0x2028 && letter <= 0x202e))
		return false;
	return letter < 0x2066 || letter > 0x2069;
}

/* Length of the plain UTF-8 letter at BYTES (RFC 3629: no surrogates, no longer forms), or 0. */
static size_t letter_length(const unsigned char *bytes, size_t left)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = {
		{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t form = 0; form < 4; form++) {
		uint32_t letter = bytes[0] & (unsigned char)~forms[form].mask;

		if ((bytes[0] & forms[form].mask) != forms[form].lead)
			continue;
		if (form >= left)
			return 0;
		for (size_t i = 1; i <= form; i++) {
			if ((bytes[i] & 0xc0) != 0x80)
				return 0;
			letter = letter << 6 | (bytes[i] & 0x3f);
		}
		if (letter < forms[form].least || letter > 0x10ffff ||
		    (letter >= 0xd800 && letter < 0xe000))
			return 0;
		return letter_is_plain(letter) ? form + 1 : 0;
	}
	return 0;
}

const char *recording_escape(struct arena *arena, const char *bytes, size_t length)
{
	char *out = arena_alloc(arena, 4 * length + 1);
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		const unsigned char *at = (const unsigned char *)bytes + i;
		size_t letter = letter_length(at, length - i);

		if (letter) {
			memcpy(out + used, at, letter);
			used += letter;
			i += letter;
			continue;
		}
		out[used++] = '\\';
		if (*at == '\\') {
			out[used++] = '\\';
		} else {
			out[used++] = 'x';
			out[used++] = "0123456789abcdef"[*at >> 4];
			out[used++] = "0123456789abcdef"[*at & 15];
		}
		i++;
	}
	return out;
}

static bool is_hexadecimal(char digit)
{
	return digit && strchr("0123456789abcdef", digit);
}

bool recording_is_escaped(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length;) {
		size_t letter = letter_length((const unsigned char *)text + i, length - i);

		if (letter)
			i += letter;
		else if (text[i] == '\\' && text[i + 1] == '\\')
			i += 2;
		else if (text[i] == '\\' && text[i + 1] == 'x' && is_hexadecimal(text[i + 2]) &&
			 is_hexadecimal(text[i + 3]))
			i += 4;
		else
			return false;
	}
	return true;
}
