/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recording/call_table.h"

#include <assert.h>
#include <string.h>

struct numbered {
	const struct recorded_call *call;
	size_t number;
};

uint64_t recorded_call_hash(uint64_t seed, const struct recorded_call *call)
{
	uint64_t hash = hash_word(seed, (uint64_t)call->phase);

	hash = hash_word(hash, (uint64_t)call->abi << 32 | call->number);
	hash = hash_word(hash, call->saturated);
	for (size_t i = 0; i < call->args.count; i++) {
		const struct recorded_arg *arg = &call->args.items[i];

		hash = hash_word(hash, arg->all);
		hash = hash_word(hash, arg->some);
		hash = hash_word(hash, arg->least);
		hash = hash_word(hash, arg->most);
	}
	for (size_t i = 0; i < call->tuples.count; i++)
		hash = hash_bytes(hash, call->tuples.items[i].values,
				  sizeof(call->tuples.items[i].values));
	return hash;
}

static bool args_equal(const struct recorded_call *a, const struct recorded_call *b)
{
	if (a->args.count != b->args.count)
		return false;
	if (a->args.items == b->args.items)
		return true;
	for (size_t i = 0; i < a->args.count; i++) {
		const struct recorded_arg *left = &a->args.items[i], *right = &b->args.items[i];

		if (left->all != right->all || left->some != right->some ||
		    left->least != right->least || left->most != right->most ||
		    left->ruled != right->ruled || left->behind != right->behind ||
		    strcmp(left->name, right->name) != 0)
			return false;
	}
	return true;
}

bool recorded_call_same(const struct recorded_call *a, const struct recorded_call *b)
{
	if (a->phase != b->phase || a->abi != b->abi || a->number != b->number ||
	    a->saturated != b->saturated || a->tuples.count != b->tuples.count)
		return false;
	if (!a->name != !b->name || (a->name && strcmp(a->name, b->name) != 0))
		return false;
	for (size_t i = 0; i < a->tuples.count; i++)
		if (memcmp(a->tuples.items[i].values, b->tuples.items[i].values,
			   sizeof(a->tuples.items[i].values)) != 0)
			return false;
	return args_equal(a, b);
}

static const struct numbered *find(const struct call_table *table, uint64_t hash,
				   const struct recorded_call *call)
{
	const struct hash_slot *slot = hash_table_first(&table->numbers, hash);

	for (; slot; slot = hash_table_next(&table->numbers, slot)) {
		const struct numbered *known = slot->item;

		if (recorded_call_same(known->call, call))
			return known;
	}
	return NULL;
}

void call_table_add(struct arena *arena, struct call_table *table, const struct recorded_call *call)
{
	uint64_t hash = recorded_call_hash(0, call);
	struct numbered *added;

	if (find(table, hash, call))
		return;
	added = arena_alloc(arena, sizeof(*added));
	added->call = call;
	added->number = table->list.count;
	*VEC_PUSH(arena, &table->list) = call;
	hash_table_add(arena, &table->numbers, hash, added);
}

size_t call_table_find(const struct call_table *table, const struct recorded_call *call)
{
	const struct numbered *known = find(table, recorded_call_hash(0, call), call);

	assert(known);
	return known->number;
}
