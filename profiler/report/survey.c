/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/survey.h"

#include "profiler/infer/gather.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* An executable of one run. */
struct occurrence {
	const struct recorded_executable *executable;
	const struct recorded_run *run;
	size_t run_index;
	struct seen_executable *seen;
};

struct surveying {
	struct arena *arena;
	struct survey *survey;
	VEC(struct occurrence) occurrences;
	VEC(struct seen_record) records;
};

static int order_names(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : ORDER(a != NULL, b != NULL);
}

static int order_occurrences(const void *left, const void *right)
{
	const struct occurrence *a = left, *b = right;
	int order = order_names(a->executable->path, b->executable->path);

	if (!order)
		order = order_names(a->executable->script, b->executable->script);
	return order ? order : ORDER(a->run_index, b->run_index);
}

static int order_records(const void *left, const void *right)
{
	const struct seen_record *a = left, *b = right;

	if (a->call->abi != b->call->abi)
		return ORDER(a->call->abi, b->call->abi);
	if (a->call->number != b->call->number)
		return ORDER(a->call->number, b->call->number);
	if (a->executable != b->executable) {
		int order = order_names(a->executable->path, b->executable->path);

		return order ? order : order_names(a->executable->script, b->executable->script);
	}
	if (a->run != b->run)
		return strcmp(a->run->id, b->run->id);
	return ORDER(a->call->phase, b->call->phase);
}

static int order_by_count(const void *left, const void *right)
{
	const struct seen_call *a = *(const struct seen_call *const *)left;
	const struct seen_call *b = *(const struct seen_call *const *)right;

	if (a->count != b->count)
		return ORDER(b->count, a->count);
	return a->abi != b->abi ? ORDER(a->abi, b->abi) : ORDER(a->number, b->number);
}

static int order_by_number(const void *left, const void *right)
{
	const struct seen_call *a = *(const struct seen_call *const *)left;
	const struct seen_call *b = *(const struct seen_call *const *)right;

	return a->abi != b->abi ? ORDER(a->abi, b->abi) : ORDER(a->number, b->number);
}

static int order_executables(const void *left, const void *right)
{
	const struct seen_executable *a = *(const struct seen_executable *const *)left;
	const struct seen_executable *b = *(const struct seen_executable *const *)right;
	int order = ORDER(b->count, a->count);

	if (!order)
		order = order_names(a->path, b->path);
	return order ? order : order_names(a->script, b->script);
}

static int order_operations(const void *left, const void *right)
{
	const struct seen_operation *a = left, *b = right;

	return a->count != b->count ? ORDER(b->count, a->count) : ORDER(a->opcode, b->opcode);
}

static void sort(void *items, size_t count, size_t size,
		 int (*order)(const void *left, const void *right))
{
	if (count)
		qsort(items, count, size, order);
}

static const char *label_of(const struct recorded_executable *executable)
{
	const char *path = executable->script ? executable->script : executable->path;
	const char *slash = strrchr(path, '/');

	if (!path[0])
		return "others";
	return slash && slash[1] ? slash + 1 : path;
}

static void add_operations(struct surveying *surveying, const struct recorded_executable *from)
{
	struct survey *survey = surveying->survey;

	for (size_t i = 0; i < from->operations.count; i++) {
		const struct recorded_operation *operation = &from->operations.items[i];
		struct seen_operation *into = NULL;

		for (size_t j = 0; j < survey->operations.count && !into; j++)
			if (survey->operations.items[j].opcode == operation->opcode)
				into = &survey->operations.items[j];
		if (!into)
			into = VEC_PUSH(surveying->arena, &survey->operations);
		into->opcode = operation->opcode;
		if (operation->name)
			into->name = operation->name;
		into->count = count_add(into->count, operation->count);
	}
}

static void add_run(struct surveying *surveying, const struct recorded_run *run, size_t index)
{
	struct survey *survey = surveying->survey;

	survey->processes = count_add(survey->processes, run->processes);
	survey->threads = count_add(survey->threads, run->threads);
	survey->lost = count_add(survey->lost, run->lost);
	survey->at_least |= run->counts_are_least;
	survey->served |= run->served;
	for (size_t i = 0; i < run->executables.count; i++) {
		struct occurrence *occurrence = VEC_PUSH(surveying->arena, &surveying->occurrences);

		*occurrence = (struct occurrence){run->executables.items[i], run, index, NULL};
		add_operations(surveying, occurrence->executable);
	}
}

static void add_records(struct surveying *surveying, const struct occurrence *occurrence)
{
	const struct recorded_executable *executable = occurrence->executable;

	for (size_t i = 0; i < executable->calls.count; i++)
		*VEC_PUSH(surveying->arena, &surveying->records) = (struct seen_record){
			executable->calls.items[i], occurrence->seen, occurrence->run};
}

/* Makes one of what stands in several runs, or in one with different inodes. */
static void group_executables(struct surveying *surveying)
{
	struct seen_executable *seen = NULL;
	size_t last_run = SIZE_MAX;

	sort(surveying->occurrences.items, surveying->occurrences.count, sizeof(struct occurrence),
	     order_occurrences);
	for (size_t i = 0; i < surveying->occurrences.count; i++) {
		struct occurrence *occurrence = &surveying->occurrences.items[i];
		const struct recorded_executable *executable = occurrence->executable;

		if (!seen || order_names(seen->path, executable->path) ||
		    order_names(seen->script, executable->script)) {
			seen = arena_alloc(surveying->arena, sizeof(*seen));
			seen->path = executable->path;
			seen->script = executable->script;
			seen->label = label_of(executable);
			last_run = SIZE_MAX;
			*VEC_PUSH(surveying->arena, &surveying->survey->executables) = seen;
		}
		occurrence->seen = seen;
		seen->started = count_add(seen->started, executable->started);
		seen->runs += occurrence->run_index != last_run;
		last_run = occurrence->run_index;
		add_records(surveying, occurrence);
	}
}

static const char *name_of(struct arena *arena, const struct recorded_call *call)
{
	call_id id = call_by_number(call->abi, call->number);

	if (id != CALL_NONE)
		return call_get(id)->name;
	return call->name ? call->name : arena_printf(arena, "number %" PRIu32, call->number);
}

static void add_record(struct surveying *surveying, struct seen_call *into,
		       const struct seen_record *record)
{
	struct seen_executable *executable = record->executable;
	uint64_t count = record->call->count;

	into->count = count_add(into->count, count);
	into->phases[record->call->phase] = count_add(into->phases[record->call->phase], count);
	into->at_least |= record->run->counts_are_least;
	executable->count = count_add(executable->count, count);
	if (into->executables.count &&
	    into->executables.items[into->executables.count - 1] == executable)
		return;
	*VEC_PUSH(surveying->arena, &into->executables) = executable;
	*VEC_PUSH(surveying->arena, &executable->calls) = into;
}

static void group_calls(struct surveying *surveying)
{
	struct survey *survey = surveying->survey;
	uint64_t counts[ABI_COUNT] = {0};
	struct seen_call *seen = NULL;

	sort(surveying->records.items, surveying->records.count, sizeof(struct seen_record),
	     order_records);
	for (size_t i = 0; i < surveying->records.count; i++) {
		const struct seen_record *record = &surveying->records.items[i];
		const struct recorded_call *call = record->call;

		if (!seen || seen->abi != call->abi || seen->number != call->number) {
			seen = arena_alloc(surveying->arena, sizeof(*seen));
			seen->abi = call->abi;
			seen->number = call->number;
			seen->call = call_by_number(call->abi, call->number);
			seen->name = name_of(surveying->arena, call);
			seen->records = record;
			*VEC_PUSH(surveying->arena, &survey->calls) = seen;
		}
		seen->record_count++;
		add_record(surveying, seen, record);
		counts[call->abi] = count_add(counts[call->abi], call->count);
		survey->count = count_add(survey->count, call->count);
		survey->abis |= ABI_BIT(call->abi);
	}
	for (unsigned int id = 1; id < ABI_COUNT; id++)
		if (counts[id] > counts[survey->main_abi])
			survey->main_abi = (enum abi_id)id;
}

static void order_all(struct surveying *surveying)
{
	struct survey *survey = surveying->survey;
	size_t count = survey->calls.count;

	survey->by_number =
		arena_alloc_array(surveying->arena, count + 1, sizeof(struct seen_call *));
	if (count)
		memcpy(survey->by_number, survey->calls.items, count * sizeof(struct seen_call *));
	sort(survey->by_number, count, sizeof(struct seen_call *), order_by_number);
	sort(survey->calls.items, count, sizeof(struct seen_call *), order_by_count);
	sort(survey->executables.items, survey->executables.count, sizeof(struct seen_executable *),
	     order_executables);
	sort(survey->operations.items, survey->operations.count, sizeof(struct seen_operation),
	     order_operations);
	for (size_t i = 0; i < survey->executables.count; i++) {
		struct seen_executable *executable = survey->executables.items[i];

		sort(executable->calls.items, executable->calls.count, sizeof(struct seen_call *),
		     order_by_count);
	}
}

struct survey *survey_make(struct arena *arena, const struct recording *recording)
{
	struct surveying surveying = {.arena = arena};

	surveying.survey = arena_alloc(arena, sizeof(*surveying.survey));
	for (size_t i = 0; i < recording->runs.count; i++)
		add_run(&surveying, recording->runs.items[i], i);
	group_executables(&surveying);
	group_calls(&surveying);
	order_all(&surveying);
	return surveying.survey;
}

const struct seen_call *survey_find(const struct survey *survey, enum abi_id abi, uint32_t number)
{
	struct seen_call wanted = {.abi = abi, .number = number}, *key = &wanted, **found;

	if (!survey->calls.count)
		return NULL;
	found = bsearch(&key, survey->by_number, survey->calls.count, sizeof(struct seen_call *),
			order_by_number);
	return found ? *found : NULL;
}
