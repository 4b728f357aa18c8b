/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/letter.h"

unsigned int letter_read(const char *text, size_t length, uint32_t *letter)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)text[0];
	unsigned int bytes;
	uint32_t value;

	if (first < 0x80) {
		*letter = first;
		return 1;
	}
	bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || bytes > length)
		return 0;
	value = first & (0x7fu >> bytes);
	for (unsigned int i = 1; i < bytes; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (value < smallest[bytes] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*letter = value;
	return bytes;
}

bool letter_is_plain(uint32_t letter)
{
	if (letter < ' ')
		return letter == '\t';
	if (letter >= 0x7f && letter <= 0x9f)
		return false;
	/* Marks, embeddings, overrides and isolates of direction. */
	return letter != 0x061c && letter != 0x200e && letter != 0x200f &&
	       !(letter >= 0x202a && letter <= 0x202e) && !(letter >= 0x2066 && letter <= 0x2069);
}
