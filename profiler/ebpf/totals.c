/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the recorder what the kernel's side has added up. */
#include "profiler/ebpf/run.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A tuple as it is sorted to stand with its record. */
struct found_tuple {
	struct trace_tuple key;
	uint64_t count;
};

struct found_tuples {
	struct found_tuple *items;
	size_t count;
};

static int compare_tuples(const void *a, const void *b)
{
	const struct found_tuple *left = a, *right = b;

	return left->key.record < right->key.record   ? -1
	       : left->key.record > right->key.record ? 1
						      : 0;
}

/* All of them, by record; nothing is taken out of the map. */
static int read_tuples(const struct ebpf_run *run, struct found_tuples *tuples)
{
	int fd = run->objects.maps[EBPF_MAP_TUPLES];
	struct trace_tuple *at = NULL, last;

	tuples->items = calloc(TRACE_TUPLES, sizeof(*tuples->items));
	if (!tuples->items)
		return -ENOMEM;
	while (tuples->count < TRACE_TUPLES) {
		struct found_tuple *found = &tuples->items[tuples->count];

		if (bpf_map_get_next_key(fd, at, &found->key) < 0)
			break;
		last = found->key;
		at = &last;
		if (bpf_map_lookup_elem(fd, &found->key, &found->count) == 0)
			tuples->count++;
	}
	qsort(tuples->items, tuples->count, sizeof(*tuples->items), compare_tuples);
	return 0;
}

/* Where the tuples of RECORD begin. */
static const struct found_tuple *tuples_of(const struct found_tuples *tuples, uint32_t record,
					   size_t *count)
{
	size_t low = 0, high = tuples->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tuples->items[middle].key.record < record)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < tuples->count && tuples->items[end].key.record == record;)
		end++;
	*count = end - low;
	return tuples->items + low;
}

static void tuple_compose(const struct trace_call *call, const struct found_tuple *found,
			  struct recorded_tuple *tuple)
{
	unsigned int ruled = 0;

	*tuple = (struct recorded_tuple){.count = found->count};
	for (unsigned int i = 0; i < call->count; i++)
		if (call->ruled >> i & 1)
			tuple->values[ruled++] = found->key.values[i];
}

static executable_id executable_of(struct ebpf_run *run, uint32_t number)
{
	static const struct executable_identity unknown = {.path = "(unknown)"};

	if (number < TRACE_EXECUTABLES && run->executables[number] != EXECUTABLE_NONE)
		return run->executables[number];
	if (run->lost_executable == EXECUTABLE_NONE)
		run->lost_executable = recorder_executable_start(run->recorder, &unknown);
	return run->lost_executable;
}

static const struct trace_call nothing_known;

static void report_record(struct ebpf_run *run, const struct trace_key *key,
			  const struct trace_record *record, const struct found_tuples *tuples)
{
	const struct abi *abi = abi_get(ebpf_abi(key->abi));
	const struct trace_call *call =
		key->number < TRACE_CALLS
			? &run->shared->calls[key->abi * TRACE_CALLS + key->number]
			: &nothing_known;
	struct recorded_tuple found[RECORDING_TUPLES_MAX];
	struct call_aggregate aggregate = {
		.phase = key->phase ? PHASE_SERVING : PHASE_START,
		.audit_arch = abi->audit_arch,
		.number = abi->number_base + key->number,
		.count = record->count,
		.tuples = found,
	};
	executable_id executable;
	const struct found_tuple *mine = tuples_of(tuples, record->id, &aggregate.tuple_count);

	if (!record->count)
		return;
	aggregate.saturated = aggregate.tuple_count > RECORDING_TUPLES_MAX;
	for (size_t i = 0; !aggregate.saturated && i < aggregate.tuple_count; i++)
		tuple_compose(call, &mine[i], &found[i]);
	for (unsigned int i = 0; i < call->count; i++) {
		aggregate.args[i].all = record->values[i].all;
		aggregate.args[i].some = record->values[i].some;
		aggregate.args[i].least = record->values[i].least ^ call->values[i].bias;
		aggregate.args[i].most = ~record->values[i].most ^ call->values[i].bias;
	}
	executable = executable_of(run, key->executable);
	recorder_aggregate(run->recorder, executable, &aggregate);
	if (!run->operations_seen && call_by_number(abi->id, aggregate.number) == run->uring_setup)
		recorder_unseen(run->recorder, UNSEEN_IO_URING, executable);
}

static void each_record(struct ebpf_run *run,
			void (*act)(void *user, const struct trace_key *key,
				    const struct trace_record *record),
			void *user)
{
	int fd = run->objects.maps[EBPF_MAP_RECORDS];
	struct trace_key key, last, *at = NULL;
	struct trace_record record;

	while (bpf_map_get_next_key(fd, at, &key) == 0) {
		if (bpf_map_lookup_elem(fd, &key, &record) == 0)
			act(user, &key, &record);
		last = key;
		at = &last;
	}
}

struct report {
	struct ebpf_run *run;
	struct found_tuples tuples;
};

static void report_each(void *user, const struct trace_key *key, const struct trace_record *record)
{
	struct report *report = user;

	report_record(report->run, key, record, &report->tuples);
}

static void report_operations(struct ebpf_run *run)
{
	int fd = run->objects.maps[EBPF_MAP_OPERATIONS];
	struct trace_operation key, last, *at = NULL;
	uint64_t count;

	while (bpf_map_get_next_key(fd, at, &key) == 0) {
		if (bpf_map_lookup_elem(fd, &key, &count) == 0)
			recorder_operation(run->recorder, executable_of(run, key.executable),
					   key.phase ? PHASE_SERVING : PHASE_START,
					   (uint8_t)key.opcode, count);
		last = key;
		at = &last;
	}
}

/* Which executables did what could not be seen, and how often each was started. */
static void report_executables(struct ebpf_run *run)
{
	for (uint32_t i = 0; i < TRACE_EXECUTABLES; i++) {
		const struct trace_executable *seen = &run->shared->executables[i];
		executable_id executable;

		if (!seen->started && !seen->flags)
			continue;
		executable = executable_of(run, i);
		if (seen->started > 1)
			recorder_executable_more(run->recorder, executable, seen->started - 1);
		if (seen->flags & TRACE_OWN_FILTER)
			recorder_unseen(run->recorder, UNSEEN_OWN_FILTER, executable);
		if (seen->flags & TRACE_POINTER)
			recorder_unseen(run->recorder, UNSEEN_POINTER, executable);
	}
	for (uint64_t i = 0; i < run->shared->waited; i++)
		recorder_unseen(run->recorder, UNSEEN_NO_EXEC, EXECUTABLE_NONE);
	if (run->shared->shared_entry)
		recorder_unseen(run->recorder, UNSEEN_SHARED_ENTRY, EXECUTABLE_NONE);
}

/* Calls that came while a program ran on the same CPU already, which the kernel leaves out. */
static uint64_t missed_runs(const struct ebpf_run *run)
{
	uint64_t missed = 0;

	for (size_t i = 0; i < EBPF_PROGRAMS; i++) {
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);

		if (run->objects.programs[i] >= 0 &&
		    bpf_obj_get_info_by_fd(run->objects.programs[i], &info, &size) == 0)
			missed += info.recursion_misses;
	}
	return missed;
}

int ebpf_totals_report(struct ebpf_run *run)
{
	struct report report = {.run = run};
	int error;

	run->result->step = "reading what was counted";
	error = ebpf_walk(run, EBPF_WALK_FLUSH, NULL, NULL);
	if (!error)
		error = read_tuples(run, &report.tuples);
	if (error)
		return error;
	report_executables(run);
	each_record(run, report_each, &report);
	report_operations(run);
	free(report.tuples.items);
	for (unsigned int i = 0; i < TRACE_LOSSES; i++)
		recorder_lost(run->recorder, run->shared->lost[i]);
	recorder_lost(run->recorder, missed_runs(run));
	recorder_tasks_more(run->recorder, run->shared->processes, run->shared->threads);
	run->result->step = NULL;
	return 0;
}

struct figures {
	struct recorder_figures figures;
	bool seen[TRACE_ABIS][TRACE_CALLS];
};

static void figure_each(void *user, const struct trace_key *key, const struct trace_record *record)
{
	struct figures *figures = user;

	figures->figures.calls += record->count;
	if (key->number >= TRACE_CALLS || figures->seen[key->abi][key->number])
		return;
	figures->seen[key->abi][key->number] = true;
	figures->figures.different++;
}

struct recorder_figures ebpf_totals_figures(struct ebpf_run *run)
{
	struct figures figures = {
		.figures = {.processes = run->shared->processes, .threads = run->shared->threads},
	};

	each_record(run, figure_each, &figures);
	return figures.figures;
}
