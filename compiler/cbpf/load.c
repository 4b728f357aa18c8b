/* SPDX-License-Identifier: Apache-2.0 */
/* Values that a filter gets only when it is loaded. */
#include "compiler/cbpf/filter.h"

#include "runtime/bundle.h"

#include <string.h>

bool filter_load_fits(const struct filter_load *load, uint64_t value)
{
	return bundle_load_fits(load->bits, value);
}

struct filter *filter_fill(struct arena *arena, const struct filter *filter, const uint64_t *values)
{
	struct filter *filled = arena_alloc(arena, sizeof(*filled));

	*filled = *filter;
	filled->instructions =
		arena_alloc_array(arena, filter->count, sizeof(*filled->instructions));
	memcpy(filled->instructions, filter->instructions,
	       filter->count * sizeof(*filled->instructions));
	for (uint32_t i = 0; i < filter->patch_count; i++) {
		const struct filter_patch *patch = &filter->patches[i];
		uint64_t value = values[patch->load];

		filled->instructions[patch->instruction].k =
			(uint32_t)(patch->high ? value >> 32 : value);
	}
	filled->loads = NULL;
	filled->patches = NULL;
	filled->load_count = filled->patch_count = 0;
	return filled;
}

const struct filter_patch *filter_patch_find(const struct filter *filter, uint32_t instruction)
{
	for (uint32_t i = 0; i < filter->patch_count; i++)
		if (filter->patches[i].instruction == instruction)
			return &filter->patches[i];
	return NULL;
}
