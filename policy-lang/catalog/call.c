/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/catalog/call.h"

#include <assert.h>
#include <string.h>

#include "policy-lang/catalog/call_tables.h"

size_t call_count(void)
{
	return CALL_COUNT;
}

const struct call *call_get(call_id id)
{
	assert(id < CALL_COUNT);
	return &calls[id];
}

call_id call_find(const char *name)
{
	size_t first = 0, last = CALL_COUNT;

	while (first < last) {
		size_t middle = (first + last) / 2;
		int order = strcmp(name, calls[middle].name);

		if (!order)
			return (call_id)middle;
		if (order < 0)
			last = middle;
		else
			first = middle + 1;
	}
	return CALL_NONE;
}

call_id call_find_alias(const char *name)
{
	for (size_t i = 0; i < sizeof(call_aliases) / sizeof(call_aliases[0]); i++)
		if (!strcmp(call_aliases[i].name, name))
			return call_aliases[i].call;
	return CALL_NONE;
}

call_id call_find_synonym(call_id name, enum abi_id abi)
{
	for (size_t i = 0; i < sizeof(call_synonyms) / sizeof(call_synonyms[0]); i++)
		if (call_synonyms[i].name == name && call_synonyms[i].abi == abi)
			return call_synonyms[i].call;
	return CALL_NONE;
}

int64_t call_number(call_id id, enum abi_id abi)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	int32_t number = call_numbers[abi][id];

	return number < 0 ? -1 : (int64_t)number + abi_get(abi)->number_base;
}

call_id call_by_number(enum abi_id abi, uint32_t number)
{
	assert((unsigned int)abi < ABI_COUNT);
	const call_id *list = calls_numbered[abi].calls;
	size_t first = 0, last = calls_numbered[abi].count;
	int64_t wanted = (int64_t)number - abi_get(abi)->number_base;

	while (first < last) {
		size_t middle = (first + last) / 2;
		int32_t here = call_numbers[abi][list[middle]];

		if (here == wanted)
			return list[middle];
		if (wanted < here)
			last = middle;
		else
			first = middle + 1;
	}
	return CALL_NONE;
}

struct kernel_version call_baseline(enum abi_id abi, struct kernel_version baseline)
{
	assert((unsigned int)abi < ABI_COUNT);

	return kernel_version_compare(baseline, abis_since[abi]) < 0 ? abis_since[abi] : baseline;
}

uint32_t call_highest(enum abi_id abi, struct kernel_version baseline)
{
	assert((unsigned int)abi < ABI_COUNT);
	const call_id *list = calls_numbered[abi].calls;
	int64_t private = abi_get(abi)->number_private;

	baseline = call_baseline(abi, baseline);
	for (size_t i = calls_numbered[abi].count; i-- > 0;) {
		if (private && call_number(list[i], abi) >= private)
			continue;
		if (kernel_version_compare(calls_since[abi][list[i]], baseline) <= 0)
			return (uint32_t)call_number(list[i], abi);
	}
	return abi_get(abi)->number_base;
}

struct kernel_version call_since(call_id id, enum abi_id abi)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	return calls_since[abi][id];
}

struct kernel_version call_newest_kernel(void)
{
	return newest_kernel;
}

int kernel_version_compare(struct kernel_version a, struct kernel_version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return a.minor < b.minor ? -1 : a.minor > b.minor;
}

const struct call_arg *call_args(call_id id, enum abi_id abi, unsigned int *count)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	uint16_t signature = call_signatures[abi][id];

	*count = signatures[signature].count;
	return &signature_args[signatures[signature].first];
}

/* How many bits the kernel's entry reads, and whether as a signed number. */
static struct arg_place place_by_kind(enum arg_kind kind, const struct abi *abi)
{
	switch (kind) {
	case ARG_INT:
	case ARG_FD:
		return (struct arg_place){.bits = 32, .is_signed = true};
	case ARG_UINT:
		return (struct arg_place){.bits = 32};
	case ARG_UMODE:
	case ARG_U16:
		return (struct arg_place){.bits = 16};
	case ARG_LONG:
		return (struct arg_place){.bits = abi->long_bits, .is_signed = true};
	case ARG_ULONG:
		return (struct arg_place){.bits = abi->long_bits};
	case ARG_POINTER:
		return (struct arg_place){.bits = abi->pointer_bits};
	case ARG_S64:
		return (struct arg_place){.bits = 64, .is_signed = true};
	case ARG_U64:
		return (struct arg_place){.bits = 64};
	case ARG_LOW_HIGH:
		return (struct arg_place){.bits = 64, .is_signed = true, .split = true};
	}
	__builtin_unreachable();
}

struct arg_place call_arg_place(call_id id, enum abi_id abi_id, unsigned int index)
{
	const struct abi *abi = abi_get(abi_id);
	struct arg_place place = {0};
	unsigned int count;
	unsigned int next = 0; /* the first register that is still free */
	const struct call_arg *args = call_args(id, abi_id, &count);

	assert(index < count);
	for (unsigned int i = 0; i <= index; i++) {
		bool pair; /* in the ABI's own way */

		place = place_by_kind(args[i].kind, abi);
		pair = !place.split && place.bits > abi->long_bits;
		place.split |= pair;
		if (pair && abi->pair_aligned)
			next += next % 2;
		place.low = (uint8_t)(pair && abi->big_endian ? next + 1 : next);
		place.high = (uint8_t)(place.split && place.low == next ? next + 1 : next);
		next += place.split ? 2 : 1;
	}
	assert(next <= CALL_ARGS_MAX);
	return place;
}

int call_arg_find(call_id id, enum abi_id abi, const char *name)
{
	unsigned int count;
	const struct call_arg *args = call_args(id, abi, &count);

	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(args[i].name, name))
			return (int)i;
	for (unsigned int i = 0; i < count; i++)
		if (args[i].kernel_name && !strcmp(args[i].kernel_name, name))
			return (int)i;
	return -1;
}

bool call_arg_is_hidden(call_id id, enum abi_id abi, const char *name)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	const char *at = signatures[call_signatures[abi][id]].hidden;
	size_t length = strlen(name);

	while (at && *at) {
		size_t word = strcspn(at, " ");

		if (word == length && !memcmp(at, name, length))
			return true;
		at += word + (at[word] == ' ');
	}
	return false;
}

const struct equivalent *call_equivalents(call_id id, enum abi_id abi, unsigned int *count)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	const uint16_t *first = &equivalents_first[(size_t)abi * CALL_COUNT + id];

	*count = (unsigned int)(first[1] - first[0]);
	return &equivalents[first[0]];
}

call_id call_multiplexer(call_id id, enum abi_id abi)
{
	assert(id < CALL_COUNT && (unsigned int)abi < ABI_COUNT);
	call_id multiplexer = call_multiplexers[id];

	return multiplexer != CALL_NONE && call_numbers[abi][multiplexer] >= 0 ? multiplexer
									       : CALL_NONE;
}

uint32_t call_multiplexer_values(call_id id)
{
	assert(id < CALL_COUNT);
	return calls_multiplexed[id];
}

bool call_is_transparent(call_id id)
{
	assert(id < CALL_COUNT);
	return calls_transparent[id];
}
