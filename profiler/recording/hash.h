/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that find equal things by a hash. */
#ifndef PALE_PROFILER_RECORDING_HASH_H
#define PALE_PROFILER_RECORDING_HASH_H

#include "policy-lang/base/arena.h"

#include <stdint.h>

struct hash_slot {
	uint64_t hash;
	void *item; /* NULL: nothing */
};

/* All zeros is an empty one. */
struct hash_table {
	struct hash_slot *slots;
	size_t count;
	size_t capacity; /* 0 or a power of two */
};

/*
 * For each item that may have HASH: the first or the next slot, NULL behind the last. Whether it
 * is equal is the caller's to tell.
 */
struct hash_slot *hash_table_first(const struct hash_table *table, uint64_t hash);
struct hash_slot *hash_table_next(const struct hash_table *table, const struct hash_slot *slot);
/* ITEM is not NULL, and equal to none that is there. */
void hash_table_add(struct arena *arena, struct hash_table *table, uint64_t hash, void *item);

/* Goes on from HASH, or from a seed. */
uint64_t hash_word(uint64_t hash, uint64_t word);
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);

#endif
