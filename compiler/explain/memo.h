/* SPDX-License-Identifier: Apache-2.0 */
/* A table from 64-bit keys to 32-bit values, for walks over diagrams. All zeros but for ARENA. */
#ifndef PALE_EXPLAIN_MEMO_H
#define PALE_EXPLAIN_MEMO_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct memo_entry;
struct memo {
	struct arena *arena;
	struct memo_entry *entries;
	uint32_t size; /* a power of 2, or 0 */
	uint32_t used;
};

bool memo_find(const struct memo *memo, uint64_t key, uint32_t *value);
/* KEY is not there yet. Returns VALUE. */
uint32_t memo_put(struct memo *memo, uint64_t key, uint32_t value);

#endif
