/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recorder/slots.h"

#include <assert.h>

enum {
	SLOT_BUCKETS = 1024,
};

void slot_table_init(struct slot_table *table, struct arena *arena)
{
	*table = (struct slot_table){.arena = arena, .bucket_count = SLOT_BUCKETS};
	table->buckets = arena_alloc_array(arena, SLOT_BUCKETS, sizeof(*table->buckets));
	table->seen = arena_alloc_array(arena, ABI_COUNT * call_count(), sizeof(bool));
}

static size_t slot_hash(const struct slot_key *key)
{
	uint64_t word = ((uint64_t)key->executable << 42) ^ ((uint64_t)key->phase << 40) ^
			((uint64_t)key->abi << 32) ^ key->number;

	return (size_t)((word * 0x9e3779b97f4a7c15u) >> 20);
}

static struct slot_key slot_key(const struct recorder_slot *slot)
{
	return (struct slot_key){slot->executable, slot->call.phase, slot->call.abi,
				 slot->call.number};
}

static struct recorder_slot **slot_bucket(const struct slot_table *table,
					  const struct slot_key *key)
{
	return &table->buckets[slot_hash(key) & (table->bucket_count - 1)];
}

static void slots_grow(struct slot_table *table)
{
	struct recorder_slot **former = table->buckets;
	size_t count = table->bucket_count;

	table->bucket_count = count * 4;
	table->buckets =
		arena_alloc_array(table->arena, table->bucket_count, sizeof(*table->buckets));
	for (size_t i = 0; i < count; i++) {
		struct recorder_slot *slot = former[i], *next;

		for (; slot; slot = next) {
			struct slot_key key = slot_key(slot);
			struct recorder_slot **bucket = slot_bucket(table, &key);

			next = slot->next;
			slot->next = *bucket;
			*bucket = slot;
		}
	}
}

static void arg_add(struct slot_table *table, struct recorder_slot *slot, const char *name,
		    enum arg_use use, bool behind)
{
	struct recorded_arg *arg = VEC_PUSH(table->arena, &slot->call.args);

	arg->name = name;
	arg->ruled = use != ARG_OPAQUE;
	arg->behind = behind;
	arg->all = UINT64_MAX;
}

/* What the catalogue knows of the call: its arguments, and what stands behind them. */
static void slot_describe(struct slot_table *table, struct recorder_slot *slot)
{
	enum abi_id abi = slot->call.abi;

	slot->id = call_by_number(abi, slot->call.number);
	if (slot->id == CALL_NONE)
		return;
	slot->call.name = call_get(slot->id)->name;
	slot->args = call_args(slot->id, abi, &slot->arg_count);
	assert(slot->arg_count <= CALL_ARGS_MAX);
	for (unsigned int i = 0; i < slot->arg_count; i++) {
		slot->places[i] = call_arg_place(slot->id, abi, i);
		arg_add(table, slot, slot->args[i].name,
			slot->args[i].kind == ARG_POINTER ? ARG_OPAQUE : slot->args[i].use, false);
	}
	slot->behind = call_behind(slot->id, &slot->behind_count);
	for (unsigned int i = 0; i < slot->behind_count; i++)
		arg_add(table, slot, slot->behind[i].name, slot->behind[i].use, true);
	if (!table->seen[(size_t)abi * call_count() + slot->id]) {
		table->seen[(size_t)abi * call_count() + slot->id] = true;
		table->different++;
	}
}

struct recorder_slot *slot_table_find(const struct slot_table *table, const struct slot_key *key)
{
	struct recorder_slot *slot = *slot_bucket(table, key);

	for (; slot; slot = slot->next)
		if (slot->call.number == key->number && slot->executable == key->executable &&
		    slot->call.abi == key->abi && slot->call.phase == key->phase)
			return slot;
	return NULL;
}

struct recorder_slot *slot_table_add(struct slot_table *table, const struct slot_key *key)
{
	struct recorder_slot *slot = arena_alloc(table->arena, sizeof(*slot));
	struct recorder_slot **bucket;

	assert(!slot_table_find(table, key));
	if (++table->count > table->bucket_count)
		slots_grow(table);
	bucket = slot_bucket(table, key);
	slot->call.phase = key->phase;
	slot->call.abi = key->abi;
	slot->call.number = key->number;
	slot->executable = key->executable;
	slot->next = *bucket;
	*bucket = slot;
	slot_describe(table, slot);
	return slot;
}

void slot_arg_form(const struct recorder_slot *slot, unsigned int index, unsigned int *bits,
		   bool *is_signed)
{
	bool seen = index < slot->arg_count;

	*bits = seen ? slot->places[index].bits : 64;
	*is_signed = seen && slot->places[index].is_signed;
}
