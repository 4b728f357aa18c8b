/* SPDX-License-Identifier: Apache-2.0 */
/* One call of a recording, from JSON. */
#include "profiler/recording/read.h"

#include <stdlib.h>
#include <string.h>

static void read_arg(struct json_reader *reader, json_t *object, struct recorded_call *call)
{
	static const char *const keys[] = {"name", "ruled", "behind", "all",
					   "some", "least", "most",   NULL};
	struct recorded_arg *arg;

	if (!json_reader_object(reader, object, keys))
		return;
	if (call->args.count == RECORDED_ARGS_MAX) {
		json_reader_fail(reader, "has more than %d arguments", RECORDED_ARGS_MAX);
		return;
	}
	arg = VEC_PUSH(reader->arena, &call->args);
	arg->name = json_reader_name(reader, json_object_get(object, "name"), "name");
	arg->ruled = json_reader_flag(reader, object, "ruled");
	arg->behind = json_reader_flag(reader, object, "behind");
	arg->all = json_reader_word(reader, json_object_get(object, "all"), "all");
	arg->some = json_reader_word(reader, json_object_get(object, "some"), "some");
	arg->least = json_reader_word(reader, json_object_get(object, "least"), "least");
	arg->most = json_reader_word(reader, json_object_get(object, "most"), "most");
	if (arg->all & ~arg->some || (arg->least | arg->most) & ~arg->some ||
	    (arg->all & arg->least) != arg->all || (arg->all & arg->most) != arg->all)
		json_reader_fail(reader, "has an argument whose masks and extremes contradict");
}

/* Of an observation a tuple has no count. */
static void read_tuple(struct json_reader *reader, json_t *array, struct recorded_call *call,
		       size_t ruled)
{
	bool counted = reader->version == 1;
	struct recorded_tuple *tuple;

	if (!json_is_array(array) || json_array_size(array) != ruled + counted) {
		json_reader_fail(reader, "has a tuple that does not fit its ruled arguments");
		return;
	}
	tuple = VEC_PUSH(reader->arena, &call->tuples);
	for (size_t i = 0; i < ruled; i++)
		tuple->values[i] = json_reader_word(reader, json_array_get(array, i), "tuples");
	if (counted)
		tuple->count = json_reader_count(reader, json_array_get(array, ruled), "tuples");
}

/* Tuples tell every call that was counted, and lie within the masks. */
static void check_tuples(struct json_reader *reader, const struct recorded_call *call, size_t ruled)
{
	uint64_t sum = 0;

	if (call->saturated || ruled == 0) {
		if (call->tuples.count)
			json_reader_fail(reader, "has tuples, and is saturated or rules nothing");
		if (call->saturated && ruled == 0)
			json_reader_fail(reader, "is saturated, and rules nothing");
		return;
	}
	if (!call->tuples.count)
		json_reader_fail(reader, "has ruled arguments, and no tuples of their values");
	for (size_t i = 0; i < call->tuples.count; i++) {
		const struct recorded_tuple *tuple = &call->tuples.items[i];
		size_t at = 0;

		sum += tuple->count;
		for (size_t j = 0; j < call->args.count; j++) {
			const struct recorded_arg *arg = &call->args.items[j];

			if (arg->ruled && (tuple->values[at++] & ~arg->some))
				json_reader_fail(reader, "has a tuple outside of its masks");
		}
	}
	if (sum != call->count)
		json_reader_fail(reader, "has tuples whose counts do not add up to its own");
}

static void read_tuples(struct json_reader *reader, json_t *array, struct recorded_call *call)
{
	size_t ruled = 0, index;
	json_t *member;

	for (size_t i = 0; i < call->args.count; i++)
		ruled += call->args.items[i].ruled;
	if (!json_reader_array(reader, array, "tuples", RECORDING_TUPLES_MAX))
		return;
	json_array_foreach(array, index, member)
	{
		read_tuple(reader, member, call, ruled);
	}
	if (!reader->failed)
		check_tuples(reader, call, ruled);
}

static int error_number(enum abi_id abi, const char *name)
{
	constant_id constant = constant_find(name);
	char *end;
	uint64_t value;
	long number;

	if (constant != CONSTANT_NONE && strcmp(constant_get(constant)->family, "E") == 0 &&
	    constant_value(constant, abi, &value))
		return (int)value;
	if (name[0] < '1' || name[0] > '9')
		return -1;
	number = strtol(name, &end, 10);
	return *end || number > 4095 ? -1 : (int)number;
}

/* Into READER's own list, sorted. */
static void read_errors(struct json_reader *reader, json_t *object, enum abi_id abi)
{
	const char *key;
	json_t *value;

	reader->errors.count = 0;
	if (!json_is_object(object)) {
		json_reader_fail(reader, "lacks its errors");
		return;
	}
	json_object_foreach(object, key, value)
	{
		struct recorded_error *error = VEC_PUSH(reader->arena, &reader->errors);

		error->number = error_number(abi, key);
		error->count = json_reader_count(reader, value, "errors");
		if (error->number < 0)
			json_reader_fail(reader, "has an error that is no errno");
	}
	if (!recorded_errors_sort(reader->errors.items, reader->errors.count))
		json_reader_fail(reader, "has an error twice");
}

/* The ABI, number and name, which must agree with the catalogue where that knows them. */
static void read_identity(struct json_reader *reader, json_t *object, struct recorded_call *call)
{
	const char *name = json_reader_name(reader, json_object_get(object, "abi"), "abi");
	json_t *call_name = json_object_get(object, "call");
	const struct abi *abi = abi_find(name);
	call_id id;

	call->number = (uint32_t)json_reader_number(reader, object, "number", UINT32_MAX);
	if (call_name && !json_is_null(call_name))
		call->name = json_reader_name(reader, call_name, "call");
	else if (!call_name)
		json_reader_fail(reader, "lacks its name");
	if (reader->failed)
		return;
	if (!abi) {
		json_reader_fail(reader, "is of the ABI '%s', which this pale does not know", name);
		return;
	}
	call->abi = abi->id;
	if (!call->name)
		return;
	/* A name that is not known has a number that is not known either. */
	id = call_find(call->name);
	if (id != call_by_number(abi->id, call->number))
		json_reader_fail(reader, "is named %s, and has another call's number", call->name);
}

enum recorded_phase recorded_phase_read(struct json_reader *reader, json_t *object)
{
	json_t *value = json_object_get(object, "phase");
	const char *word;

	if (!value)
		return PHASE_START;
	word = json_reader_name(reader, value, "phase");
	for (int i = 0; i < PHASE_COUNT; i++)
		if (strcmp(word, recorded_phase_word((enum recorded_phase)i)) == 0)
			return (enum recorded_phase)i;
	json_reader_fail(reader, "is in the phase '%s', which is not known", word);
	return PHASE_START;
}

static void read_args(struct json_reader *reader, json_t *array, struct recorded_call *call)
{
	size_t index;
	json_t *member;

	if (!json_reader_array(reader, array, "args", RECORDED_ARGS_MAX))
		return;
	json_array_foreach(array, index, member)
	{
		read_arg(reader, member, call);
	}
}

static struct recorded_call *read_whole_call(struct json_reader *reader, json_t *object)
{
	static const char *const keys[] = {"abi",    "call",      "number", "count", "args",
					   "tuples", "saturated", "errors", NULL};
	struct recorded_call *call = arena_alloc(reader->arena, sizeof(*call));

	if (!json_reader_object(reader, object, keys))
		return call;
	read_identity(reader, object, call);
	call->count = json_reader_count(reader, json_object_get(object, "count"), "count");
	call->saturated = json_reader_flag(reader, object, "saturated");
	read_args(reader, json_object_get(object, "args"), call);
	if (!reader->failed)
		read_tuples(reader, json_object_get(object, "tuples"), call);
	if (reader->failed)
		return call;
	read_errors(reader, json_object_get(object, "errors"), call->abi);
	for (size_t i = 0; i < reader->errors.count; i++)
		*VEC_PUSH(reader->arena, &call->errors) = reader->errors.items[i];
	return call;
}

const struct recorded_call *recorded_observation_read(struct json_reader *reader, json_t *object)
{
	static const char *const keys[] = {"phase", "abi",    "call",      "number",
					   "args",  "tuples", "saturated", NULL};
	struct recorded_call *call = arena_alloc(reader->arena, sizeof(*call));
	const char *twice;

	if (!json_reader_object(reader, object, keys))
		return call;
	call->phase = recorded_phase_read(reader, object);
	read_identity(reader, object, call);
	call->saturated = json_reader_flag(reader, object, "saturated");
	read_args(reader, json_object_get(object, "args"), call);
	if (reader->failed)
		return call;
	read_tuples(reader, json_object_get(object, "tuples"), call);
	twice = recorded_call_find_disorder(call);
	if (twice)
		json_reader_fail(reader, "has %s", twice);
	return call;
}

/* A number, or for several tuples a list of each one's. */
static void read_counts(struct json_reader *reader, json_t *value, size_t tuples,
			uint64_t counts[RECORDING_TUPLES_MAX], uint64_t *sum)
{
	*sum = 0;
	if (tuples <= 1) {
		*sum = counts[0] = json_reader_count(reader, value, "calls");
		return;
	}
	if (!json_is_array(value) || json_array_size(value) != tuples) {
		json_reader_fail(reader, "has not as many counts as its call has tuples");
		return;
	}
	for (size_t i = 0; i < tuples; i++) {
		counts[i] = json_reader_count(reader, json_array_get(value, i), "calls");
		*sum += counts[i];
	}
	if (*sum > RECORDING_COUNT_MAX)
		json_reader_fail(reader, "has counts whose sum is too large");
}

static struct recorded_call *read_reference(struct json_reader *reader, json_t *array)
{
	struct json_table *table = &reader->table;
	json_t *index = json_array_get(array, 0), *errors = json_array_get(array, 2);
	uint64_t tuples[RECORDING_TUPLES_MAX];
	struct call_counts counts = {.tuples = tuples};
	const struct recorded_call *observation;

	if (json_array_size(array) < 2 || json_array_size(array) > 3) {
		json_reader_fail(reader,
				 "has a call that is no list of an index, a count and errors");
		return NULL;
	}
	if (!json_is_integer(index) || json_integer_value(index) < 0 ||
	    (uint64_t)json_integer_value(index) >= table->count) {
		json_reader_fail(reader, "has a call with an index that \"calls\" has not");
		return NULL;
	}
	table->used[json_integer_value(index)] = true;
	observation = table->observations[json_integer_value(index)];
	read_counts(reader, json_array_get(array, 1), observation->tuples.count, tuples,
		    &counts.count);
	reader->errors.count = 0;
	if (errors)
		read_errors(reader, errors, observation->abi);
	if (reader->failed)
		return NULL;
	counts.errors = reader->errors.items;
	counts.error_count = reader->errors.count;
	return recording_pool_call(reader->pool, observation, &counts);
}

/* Runs of one program make much the same calls: what is equal stands in memory once. */
static struct recorded_call *read_shared_call(struct json_reader *reader, json_t *object)
{
	struct arena *arena = reader->arena;
	struct recorded_call *call;
	const char *twice;

	reader->arena = &reader->scratch;
	memset(&reader->errors, 0, sizeof(reader->errors));
	call = read_whole_call(reader, object);
	recorded_call_sort(call);
	twice = recorded_call_find_disorder(call);
	if (twice)
		json_reader_fail(reader, "has %s", twice);
	reader->arena = arena;
	call = reader->failed ? NULL : recording_pool_share(reader->pool, call);
	memset(&reader->errors, 0, sizeof(reader->errors));
	arena_clear(&reader->scratch);
	return call;
}

struct recorded_call *recorded_call_read(struct json_reader *reader, json_t *value)
{
	struct recorded_call *call = reader->version == 1 ? read_shared_call(reader, value)
							  : read_reference(reader, value);

	json_reader_check_memory(reader);
	return reader->failed ? NULL : call;
}
