/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recording/pool.h"

#include "profiler/recording/call_table.h"

#include <string.h>
#include <sys/random.h>

struct pool_observation {
	const char *text;
	size_t length;
	const struct recorded_call *call;
};

struct pool_call {
	const struct recorded_call *observation;
	struct recorded_call call;
};

struct recording_pool *recording_pool_new(struct arena *arena)
{
	struct recording_pool *pool = arena_alloc(arena, sizeof(*pool));

	pool->arena = arena;
	/* Without random bytes it is slow for whoever chose the texts. */
	if (getrandom(&pool->seed, sizeof(pool->seed), GRND_NONBLOCK) < 0)
		pool->seed = 0;
	return pool;
}

const struct recorded_call *recording_pool_find(const struct recording_pool *pool,
						const struct json_part *text)
{
	const struct hash_slot *slot = hash_table_first(
		&pool->observations, hash_bytes(pool->seed, text->bytes, text->length));

	for (; slot; slot = hash_table_next(&pool->observations, slot)) {
		const struct pool_observation *known = slot->item;

		if (known->length == text->length &&
		    memcmp(known->text, text->bytes, text->length) == 0)
			return known->call;
	}
	return NULL;
}

void recording_pool_add(struct recording_pool *pool, const struct json_part *text,
			const struct recorded_call *observation)
{
	struct pool_observation *added = arena_alloc(pool->arena, sizeof(*added));

	added->text = arena_copy(pool->arena, text->bytes, text->length);
	added->length = text->length;
	added->call = observation;
	hash_table_add(pool->arena, &pool->observations,
		       hash_bytes(pool->seed, text->bytes, text->length), added);
}

static uint64_t counts_hash(const struct recording_pool *pool,
			    const struct recorded_call *observation,
			    const struct call_counts *counts)
{
	uint64_t hash = hash_word(pool->seed, (uint64_t)(uintptr_t)observation);

	hash = hash_word(hash, counts->count);
	for (size_t i = 0; i < observation->tuples.count; i++)
		hash = hash_word(hash, counts->tuples[i]);
	for (size_t i = 0; i < counts->error_count; i++) {
		hash = hash_word(hash, (uint64_t)counts->errors[i].number);
		hash = hash_word(hash, counts->errors[i].count);
	}
	return hash;
}

static bool counts_equal(const struct recorded_call *call, const struct call_counts *counts)
{
	if (call->count != counts->count || call->errors.count != counts->error_count)
		return false;
	for (size_t i = 0; i < call->tuples.count; i++)
		if (call->tuples.items[i].count != counts->tuples[i])
			return false;
	for (size_t i = 0; i < counts->error_count; i++)
		if (call->errors.items[i].number != counts->errors[i].number ||
		    call->errors.items[i].count != counts->errors[i].count)
			return false;
	return true;
}

static void call_make(struct recording_pool *pool, struct recorded_call *call,
		      const struct call_counts *counts)
{
	const struct recorded_tuple *tuples = call->tuples.items;
	size_t count = call->tuples.count;

	call->count = counts->count;
	if (count) {
		call->tuples.items = arena_alloc_array(pool->arena, count, sizeof(*tuples));
		call->tuples.capacity = count;
	}
	for (size_t i = 0; i < count; i++) {
		call->tuples.items[i] = tuples[i];
		call->tuples.items[i].count = counts->tuples[i];
	}
	if (counts->error_count) {
		call->errors.items = arena_alloc_array(pool->arena, counts->error_count,
						       sizeof(*counts->errors));
		memcpy(call->errors.items, counts->errors,
		       counts->error_count * sizeof(*counts->errors));
		call->errors.count = call->errors.capacity = counts->error_count;
	}
}

struct recorded_call *recording_pool_call(struct recording_pool *pool,
					  const struct recorded_call *observation,
					  const struct call_counts *counts)
{
	uint64_t hash = counts_hash(pool, observation, counts);
	const struct hash_slot *slot = hash_table_first(&pool->calls, hash);
	struct pool_call *added;

	for (; slot; slot = hash_table_next(&pool->calls, slot)) {
		struct pool_call *known = slot->item;

		if (known->observation == observation && counts_equal(&known->call, counts))
			return &known->call;
	}
	added = arena_alloc(pool->arena, sizeof(*added));
	added->observation = observation;
	added->call = *observation;
	call_make(pool, &added->call, counts);
	hash_table_add(pool->arena, &pool->calls, hash, added);
	return &added->call;
}

/* A copy of what was seen, without how often. */
static struct recorded_call *observation_copy(struct recording_pool *pool,
					      const struct recorded_call *call)
{
	struct recorded_call *copy = arena_alloc(pool->arena, sizeof(*copy));

	copy->phase = call->phase;
	copy->abi = call->abi;
	copy->number = call->number;
	copy->saturated = call->saturated;
	if (call->name)
		copy->name = arena_copy(pool->arena, call->name, strlen(call->name));
	for (size_t i = 0; i < call->args.count; i++) {
		struct recorded_arg *arg = VEC_PUSH(pool->arena, &copy->args);

		*arg = call->args.items[i];
		arg->name = arena_copy(pool->arena, arg->name, strlen(arg->name));
	}
	for (size_t i = 0; i < call->tuples.count; i++) {
		struct recorded_tuple *tuple = VEC_PUSH(pool->arena, &copy->tuples);

		*tuple = call->tuples.items[i];
		tuple->count = 0;
	}
	return copy;
}

static const struct recorded_call *observation_share(struct recording_pool *pool,
						     const struct recorded_call *call)
{
	uint64_t hash = recorded_call_hash(pool->seed, call);
	const struct hash_slot *slot = hash_table_first(&pool->seen, hash);
	struct recorded_call *added;

	for (; slot; slot = hash_table_next(&pool->seen, slot))
		if (recorded_call_same(slot->item, call))
			return slot->item;
	added = observation_copy(pool, call);
	hash_table_add(pool->arena, &pool->seen, hash, added);
	return added;
}

struct recorded_call *recording_pool_share(struct recording_pool *pool,
					   const struct recorded_call *call)
{
	uint64_t tuples[RECORDING_TUPLES_MAX];
	struct call_counts counts = {.count = call->count,
				     .tuples = tuples,
				     .errors = call->errors.items,
				     .error_count = call->errors.count};

	for (size_t i = 0; i < call->tuples.count; i++)
		tuples[i] = call->tuples.items[i].count;
	return recording_pool_call(pool, observation_share(pool, call), &counts);
}
