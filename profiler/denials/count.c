/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/denials/count.h"

#include <string.h>

uint64_t denial_argument(call_id call, enum abi_id abi, unsigned int index,
			 const struct seccomp_data *data)
{
	struct arg_place place = call_arg_place(call, abi, index);
	uint64_t value = data->args[place.low];

	if (place.split)
		return (value & UINT32_MAX) | (uint64_t)data->args[place.high] << 32;
	return place.bits < 64 ? value & (((uint64_t)1 << place.bits) - 1) : value;
}

/* The arguments that tell kinds apart: those that a policy can use. */
static void ruled_values(const struct seccomp_data *data, uint64_t values[CALL_ARGS_MAX])
{
	const struct abi *abi = abi_identify(data->arch, (uint32_t)data->nr);
	call_id call = abi ? call_by_number(abi->id, (uint32_t)data->nr) : CALL_NONE;
	const struct call_arg *args;
	unsigned int count;

	memset(values, 0, CALL_ARGS_MAX * sizeof(*values));
	if (call == CALL_NONE)
		return;
	args = call_args(call, abi->id, &count);
	for (unsigned int i = 0; i < count; i++)
		if (args[i].use != ARG_OPAQUE && args[i].kind != ARG_POINTER)
			values[i] = denial_argument(call, abi->id, i, data);
}

static size_t hash(executable_id executable, const struct seccomp_data *data,
		   const uint64_t values[CALL_ARGS_MAX])
{
	uint64_t key = (uint64_t)executable << 40 ^ (uint64_t)data->arch << 8 ^ (uint32_t)data->nr;

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		key = (key ^ values[i]) * 0x9e3779b97f4a7c15u;
	return (size_t)(key >> 32) % DENIAL_BUCKETS;
}

struct denial *denial_count(struct arena *arena, struct denial_table *table,
			    executable_id executable, const struct seccomp_data *data,
			    uint32_t action)
{
	uint64_t values[CALL_ARGS_MAX];
	struct denial_kind **bucket, *kind;

	ruled_values(data, values);
	bucket = &table->buckets[hash(executable, data, values)];
	for (kind = *bucket; kind; kind = kind->next) {
		if (kind->executable != executable || kind->denial.data.nr != data->nr ||
		    kind->denial.data.arch != data->arch || kind->denial.action != action ||
		    memcmp(kind->values, values, sizeof(values)) != 0)
			continue;
		kind->denial.count++;
		return &kind->denial;
	}
	if (table->kinds.count == DENIALS_MAX)
		return NULL;
	kind = arena_alloc(arena, sizeof(*kind));
	kind->denial = (struct denial){.data = *data, .action = action, .count = 1};
	kind->executable = executable;
	memcpy(kind->values, values, sizeof(values));
	kind->next = *bucket;
	*bucket = kind;
	*VEC_PUSH(arena, &table->kinds) = kind;
	return &kind->denial;
}
