/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/gather.h"

#include "profiler/infer/cut.h"
#include "profiler/recorder/recorder.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

enum {
	LABEL_MAX = 40, /* bytes of an executable's name in comments */
};

struct gathering {
	struct arena *arena;
	struct observations *result;
	struct observed_call **index; /* [ABI_COUNT][call_count()] */
	size_t run;                   /* from 1 */
};

uint64_t count_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static struct observed_call *observed_call_new(struct arena *arena, enum abi_id abi, call_id call)
{
	struct observed_call *entry = arena_alloc(arena, sizeof(*entry));

	entry->abi = abi;
	entry->call = call;
	entry->ruled = UINT32_MAX;
	return entry;
}

static struct observed_call *gathered_call(struct gathering *gathering, enum abi_id abi,
					   call_id call)
{
	struct observed_call **entry = &gathering->index[(size_t)abi * call_count() + call];

	if (!*entry) {
		*entry = observed_call_new(gathering->arena, abi, call);
		*VEC_PUSH(gathering->arena, &gathering->result->calls) = *entry;
	}
	return *entry;
}

/* Where a recorded argument stands among the catalogue's, or -1. */
static int ruled_index(const struct observed_call *into, const struct recorded_arg *arg)
{
	unsigned int count;
	const struct call_arg *args = call_args(into->call, into->abi, &count);
	int index;

	if (arg->behind)
		return -1;
	index = call_arg_find(into->call, into->abi, arg->name);
	return index >= 0 && arg->ruled && args[index].use != ARG_OPAQUE ? index : -1;
}

static void tuples_add(struct gathering *gathering, struct observed_call *into,
		       const struct observed_tuple *tuple)
{
	for (size_t i = 0; i < into->tuples.count; i++) {
		struct observed_tuple *known = &into->tuples.items[i];

		if (memcmp(known->values, tuple->values, sizeof(known->values)) != 0)
			continue;
		known->count = count_add(known->count, tuple->count);
		return;
	}
	if (into->tuples.count == RECORDING_TUPLES_MAX)
		into->saturated = true;
	else
		*VEC_PUSH(gathering->arena, &into->tuples) = *tuple;
}

static void behind_add(struct gathering *gathering, struct observed_call *into, uint64_t flags,
		       uint64_t count)
{
	struct observed_tuple *added;

	for (size_t i = 0; i < into->behind.count; i++) {
		if (into->behind.items[i].values[0] != flags)
			continue;
		into->behind.items[i].count = count_add(into->behind.items[i].count, count);
		return;
	}
	added = VEC_PUSH(gathering->arena, &into->behind);
	added->values[0] = flags;
	added->count = count;
}

/* clone3's flags and signal in one word, as clone has them: CSIGNAL is its low byte. */
static void gather_behind(struct gathering *gathering, struct observed_call *into,
			  const struct recorded_call *call)
{
	size_t ruled = 0, flags_at = RECORDED_ARGS_MAX, signal_at = RECORDED_ARGS_MAX;

	for (size_t i = 0; i < call->args.count; i++) {
		const struct recorded_arg *arg = &call->args.items[i];

		if (arg->behind && strcmp(arg->name, "set_tid_size") == 0)
			into->deep |= arg->some != 0;
		if (!arg->ruled)
			continue;
		if (arg->behind && strcmp(arg->name, "flags") == 0)
			flags_at = ruled;
		if (arg->behind && strcmp(arg->name, "exit_signal") == 0)
			signal_at = ruled;
		ruled++;
	}
	if (flags_at == RECORDED_ARGS_MAX)
		return;
	for (size_t i = 0; i < call->tuples.count; i++) {
		const struct recorded_tuple *tuple = &call->tuples.items[i];
		uint64_t flags = tuple->values[flags_at];

		if (signal_at != RECORDED_ARGS_MAX)
			flags |= tuple->values[signal_at] & CSIGNAL;
		behind_add(gathering, into, flags, tuple->count);
	}
}

static void gather_extremes(struct observed_call *into, unsigned int index,
			    const struct recorded_arg *arg)
{
	struct arg_place place = call_arg_place(into->call, into->abi, index);
	bool first = !(into->extremes >> index & 1);

	into->extremes |= (uint32_t)1 << index;
	if (first ||
	    recorded_value_less(arg->least, into->least[index], place.bits, place.is_signed))
		into->least[index] = arg->least;
	if (first || recorded_value_less(into->most[index], arg->most, place.bits, place.is_signed))
		into->most[index] = arg->most;
}

static void gather_tuples(struct gathering *gathering, struct observed_call *into,
			  const struct recorded_call *call)
{
	int places[RECORDED_ARGS_MAX];
	size_t ruled = 0;
	uint32_t seen = 0;

	for (size_t i = 0; i < call->args.count; i++) {
		const struct recorded_arg *arg = &call->args.items[i];
		int index = ruled_index(into, arg);

		if (index >= 0) {
			seen |= (uint32_t)1 << index;
			into->some[index] |= arg->some;
			gather_extremes(into, (unsigned int)index, arg);
		}
		if (arg->ruled)
			places[ruled++] = index;
	}
	into->ruled &= seen;
	if (call->saturated)
		into->saturated = true;
	for (size_t i = 0; i < call->tuples.count && !into->saturated; i++) {
		struct observed_tuple tuple = {.count = call->tuples.items[i].count};

		for (size_t j = 0; j < ruled; j++)
			if (places[j] >= 0)
				tuple.values[places[j]] = call->tuples.items[i].values[j];
		tuples_add(gathering, into, &tuple);
	}
	if (into->saturated)
		into->tuples.count = 0;
}

static void names_add(struct gathering *gathering, const char *label, const char ***items,
		      size_t *count, size_t *capacity)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*items)[i], label) == 0)
			return;
	*items = arena_vec_grow(gathering->arena, *items, *count, capacity, sizeof(**items));
	(*items)[(*count)++] = label;
}
#define NAMES_ADD(gathering, label, list)                                                          \
	names_add((gathering), (label), &(list)->items, &(list)->count, &(list)->capacity)

static const char *executable_label(struct arena *arena,
				    const struct recorded_executable *executable)
{
	const char *path = executable->script ? executable->script : executable->path;
	const char *slash = strrchr(path, '/');
	const char *label = slash ? slash + 1 : path;

	return label[0] ? infer_cut(arena, label, LABEL_MAX) : "others";
}

static uint64_t absent_answers(const struct recorded_call *call)
{
	/* The number is the catalogue's, for ABIs where it differs; these three have Linux's 38. */
	for (size_t i = 0; i < call->errors.count; i++)
		if (call->errors.items[i].number == ENOSYS)
			return call->errors.items[i].count;
	return 0;
}

static void gather_number(struct gathering *gathering, const struct recorded_call *call)
{
	bool absent = absent_answers(call) == call->count;

	for (size_t i = 0; i < gathering->result->numbers.count; i++) {
		struct observed_number *known = &gathering->result->numbers.items[i];

		if (known->abi != call->abi || known->number != call->number)
			continue;
		known->count = count_add(known->count, call->count);
		known->absent &= absent;
		return;
	}
	*VEC_PUSH(gathering->arena, &gathering->result->numbers) =
		(struct observed_number){call->abi, call->number, call->count, absent};
}

static void gather_call(struct gathering *gathering, const struct recorded_call *call,
			const char *label)
{
	call_id id = call_by_number(call->abi, call->number);
	struct observed_call *into;

	gathering->result->abis |= ABI_BIT(call->abi);
	gathering->result->phases |= PHASE_BIT(call->phase);
	if (id == CALL_NONE) {
		gather_number(gathering, call);
		return;
	}
	into = gathered_call(gathering, call->abi, id);
	into->count = count_add(into->count, call->count);
	into->absent = count_add(into->absent, absent_answers(call));
	into->phases |= PHASE_BIT(call->phase);
	gather_tuples(gathering, into, call);
	gather_behind(gathering, into, call);
	NAMES_ADD(gathering, label, &into->executables);
	if (into->last_run != gathering->run) {
		into->last_run = gathering->run;
		into->runs++;
	}
}

static int order_calls(const void *left, const void *right)
{
	const struct observed_call *a = *(struct observed_call *const *)left;
	const struct observed_call *b = *(struct observed_call *const *)right;

	if (a->abi != b->abi)
		return a->abi < b->abi ? -1 : 1;
	return (a->call > b->call) - (a->call < b->call);
}

static void sort_calls(struct observations *observations)
{
	if (observations->calls.count)
		qsort(observations->calls.items, observations->calls.count,
		      sizeof(*observations->calls.items), order_calls);
}

static bool is_wanted(const struct recorded_call *call, abi_set abis, phase_set phases)
{
	return (!abis || abis & ABI_BIT(call->abi)) && phases & PHASE_BIT(call->phase);
}

static void gather_run(struct gathering *gathering, const struct recorded_run *run, abi_set abis,
		       phase_set phases)
{
	gathering->result->counts_are_least |= run->counts_are_least;
	/* The shim's own exec of the program is of this ABI, whatever the program's is. */
	for (size_t i = 0; !abis && i < run->launcher.count; i++)
		gathering->result->abis |= ABI_BIT(run->launcher.items[i]->abi);
	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];
		const char *label = executable_label(gathering->arena, executable);

		for (size_t j = 0; j < executable->calls.count; j++)
			if (is_wanted(executable->calls.items[j], abis, phases)) {
				NAMES_ADD(gathering, label, &gathering->result->executables);
				gather_call(gathering, executable->calls.items[j], label);
			}
	}
}

struct observations *observations_gather(struct arena *arena, const struct recording *recording,
					 abi_set abis, phase_set phases)
{
	struct gathering gathering = {.arena = arena};

	gathering.result = arena_alloc(arena, sizeof(*gathering.result));
	gathering.index =
		arena_alloc_array(arena, ABI_COUNT * call_count(), sizeof(*gathering.index));
	gathering.result->runs = recording->runs.count;
	for (size_t i = 0; i < recording->runs.count; i++) {
		gathering.run = i + 1;
		gather_run(&gathering, recording->runs.items[i], abis, phases);
	}
	sort_calls(gathering.result);
	return gathering.result;
}

static struct observed_call *find_call(const struct observations *observations, enum abi_id abi,
				       call_id call)
{
	struct observed_call wanted = {.abi = abi, .call = call}, *key = &wanted;
	struct observed_call **found;

	if (!observations->calls.count)
		return NULL;
	found = bsearch(&key, observations->calls.items, observations->calls.count,
			sizeof(*observations->calls.items), order_calls);
	return found ? *found : NULL;
}

const struct observed_call *observations_find(const struct observations *observations,
					      enum abi_id abi, call_id call)
{
	return find_call(observations, abi, call);
}

struct observed_call *observations_want(struct arena *arena, struct observations *observations,
					enum abi_id abi, call_id call)
{
	struct observed_call *entry = find_call(observations, abi, call);

	if (entry)
		return entry;
	entry = observed_call_new(arena, abi, call);
	*VEC_PUSH(arena, &observations->calls) = entry;
	sort_calls(observations);
	return entry;
}

bool observed_call_is_seen(const struct observed_call *call)
{
	return call && call->absent < call->count;
}
