/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/cut.h"

#include "policy-lang/base/letter.h"

#include <string.h>

const char *infer_cut(struct arena *arena, const char *text, size_t bytes)
{
	size_t length = strlen(text), used = 0;

	if (length <= bytes)
		return text;
	while (used < bytes) {
		uint32_t letter;
		unsigned int size = letter_read(text + used, length - used, &letter);

		if (!size || used + size > bytes)
			break;
		used += size;
	}
	return arena_printf(arena, "%.*s...", (int)used, text);
}
