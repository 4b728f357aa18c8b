/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recording/hash.h"

#include <string.h>

static struct hash_slot *slot_with(const struct hash_table *table, size_t index, uint64_t hash)
{
	for (;; index++) {
		struct hash_slot *slot = &table->slots[index & (table->capacity - 1)];

		if (!slot->item)
			return NULL;
		if (slot->hash == hash)
			return slot;
	}
}

struct hash_slot *hash_table_first(const struct hash_table *table, uint64_t hash)
{
	return table->capacity ? slot_with(table, (size_t)hash, hash) : NULL;
}

struct hash_slot *hash_table_next(const struct hash_table *table, const struct hash_slot *slot)
{
	return slot_with(table, (size_t)(slot - table->slots) + 1, slot->hash);
}

static void slot_fill(struct hash_table *table, uint64_t hash, void *item)
{
	size_t index = (size_t)hash;

	while (table->slots[index & (table->capacity - 1)].item)
		index++;
	table->slots[index & (table->capacity - 1)] = (struct hash_slot){hash, item};
}

/* Half of the slots stay empty, so that a search ends soon. */
static void table_grow(struct arena *arena, struct hash_table *table)
{
	struct hash_table old = *table;

	table->capacity = old.capacity ? 2 * old.capacity : 64;
	table->slots = arena_alloc_array(arena, table->capacity, sizeof(*table->slots));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.slots[i].item)
			slot_fill(table, old.slots[i].hash, old.slots[i].item);
}

void hash_table_add(struct arena *arena, struct hash_table *table, uint64_t hash, void *item)
{
	if (2 * (table->count + 1) > table->capacity)
		table_grow(arena, table);
	slot_fill(table, hash, item);
	table->count++;
}

uint64_t hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15; /* an odd number whose bits look random */
	return hash ^ hash >> 32;
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const char *at = bytes;
	uint64_t word;

	hash = hash_word(hash, length);
	for (; length >= sizeof(word); length -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = hash_word(hash, word);
	}
	word = 0;
	memcpy(&word, at, length);
	return hash_word(hash, word);
}
