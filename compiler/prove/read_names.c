/* SPDX-License-Identifier: Apache-2.0 */
/* The names that a policy gives, found by hash, since there may be 100,000. */
#include "compiler/prove/reader.h"

#include <string.h>

static uint32_t name_hash(const char *name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

static void entry_link(struct read_names *names, uint32_t index)
{
	struct read_name_entry *entry = &names->entries.items[index];
	uint32_t *bucket = &names->buckets[entry->hash & (names->bucket_count - 1)];

	entry->next = *bucket;
	*bucket = index;
}

static void names_rehash(struct arena *arena, struct read_names *names)
{
	names->bucket_count = names->bucket_count ? names->bucket_count * 4 : 64;
	names->buckets = arena_alloc_array(arena, names->bucket_count, sizeof(*names->buckets));
	memset(names->buckets, 0xff, names->bucket_count * sizeof(*names->buckets));
	for (uint32_t i = 0; i < names->entries.count; i++)
		entry_link(names, i);
}

uint32_t read_names_add(struct arena *arena, struct read_names *names, const char *name)
{
	uint32_t index = (uint32_t)names->entries.count;

	if (index >= names->bucket_count)
		names_rehash(arena, names);
	*VEC_PUSH(arena, &names->entries) =
		(struct read_name_entry){.name = name, .hash = name_hash(name)};
	entry_link(names, index);
	return index;
}

uint32_t read_names_find(const struct read_names *names, const char *name)
{
	uint32_t hash, index;

	if (!names->entries.count)
		return READ_NAME_NONE;
	hash = name_hash(name);
	index = names->buckets[hash & (names->bucket_count - 1)];
	while (index != READ_NAME_NONE) {
		const struct read_name_entry *entry = &names->entries.items[index];

		if (entry->hash == hash && strcmp(entry->name, name) == 0)
			return index;
		index = entry->next;
	}
	return READ_NAME_NONE;
}

/* From the last one back, so that each is the first of its bucket when its turn comes. */
void read_names_drop(struct read_names *names, size_t count)
{
	while (names->entries.count > count) {
		const struct read_name_entry *entry = &names->entries.items[--names->entries.count];

		names->buckets[entry->hash & (names->bucket_count - 1)] = entry->next;
	}
}
