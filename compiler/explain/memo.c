/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/memo.h"

struct memo_entry {
	uint64_t key;
	uint32_t value;
	bool used;
};

/* Where KEY is, or would be. */
static struct memo_entry *memo_slot(const struct memo *memo, uint64_t key)
{
	uint32_t at = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (memo->size - 1);

	while (memo->entries[at].used && memo->entries[at].key != key)
		at = (at + 1) & (memo->size - 1);
	return &memo->entries[at];
}

bool memo_find(const struct memo *memo, uint64_t key, uint32_t *value)
{
	const struct memo_entry *entry;

	if (!memo->size)
		return false;
	entry = memo_slot(memo, key);
	*value = entry->value;
	return entry->used;
}

static void memo_grow(struct memo *memo)
{
	struct memo old = *memo;

	memo->size = old.size ? old.size * 4 : 64;
	memo->entries = arena_alloc_array(memo->arena, memo->size, sizeof(*memo->entries));
	for (uint32_t i = 0; i < old.size; i++)
		if (old.entries[i].used)
			*memo_slot(memo, old.entries[i].key) = old.entries[i];
}

uint32_t memo_put(struct memo *memo, uint64_t key, uint32_t value)
{
	if (memo->used * 2 >= memo->size)
		memo_grow(memo);
	*memo_slot(memo, key) = (struct memo_entry){key, value, true};
	memo->used++;
	return value;
}
