/* SPDX-License-Identifier: Apache-2.0 */
/* What recordings are to each other: their order, and their union. */
#include "profiler/recording/recording.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	const char *text;
} unseen_kinds[UNSEEN_KIND_COUNT] = {
	[UNSEEN_RECORDER_FILTERED] = {"recorder-filtered",
				      "pale itself ran behind a seccomp filter: what that denied "
				      "hides what would have come next"},
	[UNSEEN_OWN_FILTER] = {"own-filter", "the program installed a seccomp filter of its own: "
					     "what that denied hides what would have come next"},
	[UNSEEN_UNTRACED_CHILD] = {"untraced-child", "a child was started with CLONE_UNTRACED: "
						     "its calls were not seen"},
	[UNSEEN_NEUTERED] = {"neutered", "a setuid, setgid or capable program ran without its "
					 "privileges, since it was traced"},
	[UNSEEN_OWN_TRACER] = {"own-tracer", "the program was refused ptrace, since it was traced "
					     "itself"},
	[UNSEEN_IO_URING] = {"io-uring", "an io_uring was set up: its operations are no system "
					 "calls and were not seen"},
	[UNSEEN_UNKNOWN_ABI] = {"unknown-abi", "a call came by an ABI that this pale does not "
					       "know"},
	[UNSEEN_SHARED_ENTRY] = {"shared-entry", "there were more executables than a recording "
						 "tells apart"},
	[UNSEEN_CUT_SHORT] = {"cut-short", "the recorder was told to end before the program had "
					   "ended"},
	[UNSEEN_EARLIER] = {"earlier", "it ran already when the recording began: what it had done "
				       "until then was not seen"},
	[UNSEEN_POINTER] = {"pointer", "flags behind a pointer could not be read"},
	[UNSEEN_PATH] = {"path", "an executable's path could not be told whole"},
	[UNSEEN_ATTRIBUTION] = {"attribution", "it ran behind what was known of it and of others: "
					       "calls of both may be listed for the others alone"},
	[UNSEEN_KNOWN] = {"known", "calls that the replayed recording knows passed unseen: "
				   "merge this with that one"},
	[UNSEEN_NO_EXEC] = {"no-exec", "a process that was to be recorded from its next exec on "
				       "made none: nothing of it was seen"},
};

static const char *const phase_words[PHASE_COUNT] = {
	[PHASE_START] = "start",
	[PHASE_SERVING] = "serving",
};

static const char *const scope_words[SCOPE_COUNT] = {
	[SCOPE_COMMAND] = "command",
	[SCOPE_PID] = "pid",
	[SCOPE_CGROUP] = "cgroup",
};

const char *recorded_scope_word(enum recorded_scope scope)
{
	return scope_words[scope];
}

const char *recorded_phase_word(enum recorded_phase phase)
{
	return phase_words[phase];
}

const char *unseen_kind_word(enum unseen_kind kind)
{
	return unseen_kinds[kind].word;
}

const char *unseen_kind_text(enum unseen_kind kind)
{
	return unseen_kinds[kind].text;
}

bool recorded_value_less(uint64_t a, uint64_t b, unsigned int bits, bool is_signed)
{
	uint64_t sign = is_signed ? (uint64_t)1 << (bits - 1) : 0;

	return (a ^ sign) < (b ^ sign);
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int order_strings(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int order_calls(const void *left, const void *right)
{
	const struct recorded_call *a = *(struct recorded_call *const *)left;
	const struct recorded_call *b = *(struct recorded_call *const *)right;

	if (a->phase != b->phase)
		return ORDER(a->phase, b->phase);
	return a->abi != b->abi ? ORDER(a->abi, b->abi) : ORDER(a->number, b->number);
}

static int order_tuples(const void *left, const void *right)
{
	const struct recorded_tuple *a = left, *b = right;

	for (size_t i = 0; i < RECORDED_ARGS_MAX; i++)
		if (a->values[i] != b->values[i])
			return ORDER(a->values[i], b->values[i]);
	return 0;
}

static int order_errors(const void *left, const void *right)
{
	const struct recorded_error *a = left, *b = right;

	return ORDER(a->number, b->number);
}

static int order_executables(const void *left, const void *right)
{
	const struct recorded_executable *a = *(struct recorded_executable *const *)left;
	const struct recorded_executable *b = *(struct recorded_executable *const *)right;
	int order = order_strings(a->path, b->path);

	if (!order)
		order = order_strings(a->script, b->script);
	if (!order)
		order = ORDER(a->device_major, b->device_major);
	if (!order)
		order = ORDER(a->device_minor, b->device_minor);
	return order ? order : ORDER(a->inode, b->inode);
}

static int order_operations(const void *left, const void *right)
{
	const struct recorded_operation *a = left, *b = right;

	return a->phase != b->phase ? ORDER(a->phase, b->phase) : ORDER(a->opcode, b->opcode);
}

static int order_labels(const void *left, const void *right)
{
	const struct recorded_label *a = left, *b = right;

	return strcmp(a->key, b->key);
}

static int order_unseen(const void *left, const void *right)
{
	const struct recorded_unseen *a = left, *b = right;

	return a->kind != b->kind ? ORDER(a->kind, b->kind) : order_strings(a->path, b->path);
}

/* qsort() may not be given a null pointer, which an empty list has. */
#define SORT(list, order)                                                                          \
	((list).count ? qsort((list).items, (list).count, sizeof(*(list).items), (order)) : (void)0)

bool recorded_errors_sort(struct recorded_error *errors, size_t count)
{
	if (count)
		qsort(errors, count, sizeof(*errors), order_errors);
	for (size_t i = 1; i < count; i++)
		if (order_errors(&errors[i - 1], &errors[i]) == 0)
			return false;
	return true;
}

const char *recorded_call_find_disorder(const struct recorded_call *call)
{
	for (size_t i = 1; i < call->tuples.count; i++) {
		int order = order_tuples(&call->tuples.items[i - 1], &call->tuples.items[i]);

		if (order == 0)
			return "a tuple of values twice";
		if (order > 0)
			return "tuples that are not in order";
	}
	return NULL;
}

void recorded_call_sort(struct recorded_call *call)
{
	SORT(call->tuples, order_tuples);
	SORT(call->errors, order_errors);
}

void recorded_run_sort(struct recorded_run *run)
{
	for (size_t i = 0; i < run->executables.count; i++) {
		struct recorded_executable *executable = run->executables.items[i];

		SORT(executable->calls, order_calls);
		SORT(executable->operations, order_operations);
		for (size_t j = 0; j < executable->calls.count; j++)
			recorded_call_sort(executable->calls.items[j]);
	}
	SORT(run->launcher, order_calls);
	SORT(run->executables, order_executables);
	SORT(run->unseen, order_unseen);
	SORT(run->labels, order_labels);
}

/* What two neighbours in sorted lists may not be. */
const char *recorded_run_find_duplicate(const struct recorded_run *run)
{
	for (size_t i = 1; i < run->executables.count; i++)
		if (order_executables(&run->executables.items[i - 1], &run->executables.items[i]) ==
		    0)
			return "an executable";
	for (size_t i = 1; i < run->launcher.count; i++)
		if (order_calls(&run->launcher.items[i - 1], &run->launcher.items[i]) == 0)
			return "a call of the launcher";
	for (size_t i = 1; i < run->labels.count; i++)
		if (order_labels(&run->labels.items[i - 1], &run->labels.items[i]) == 0)
			return "a label";
	for (size_t i = 1; i < run->unseen.count; i++)
		if (order_unseen(&run->unseen.items[i - 1], &run->unseen.items[i]) == 0)
			return "a kind of unseen thing";
	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++) {
			const struct recorded_call *call = executable->calls.items[j];

			if (j > 0 && order_calls(&executable->calls.items[j - 1], &call) == 0)
				return "a call";
			if (recorded_call_find_disorder(call))
				return "a tuple of values";
		}
		for (size_t j = 1; j < executable->operations.count; j++)
			if (order_operations(&executable->operations.items[j - 1],
					     &executable->operations.items[j]) == 0)
				return "an operation";
	}
	return NULL;
}

/* Where RUN stands in INTO, or belongs. */
static size_t run_place(const struct recording *into, const char *id)
{
	size_t low = 0, high = into->runs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(into->runs.items[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void recording_merge(struct arena *arena, struct recording *into, const struct recording *from,
		     const char *from_name, struct diags *diags)
{
	for (size_t i = 0; i < from->runs.count; i++) {
		struct recorded_run *run = from->runs.items[i];
		size_t at = run_place(into, run->id);

		if (at < into->runs.count && strcmp(into->runs.items[at]->id, run->id) == 0) {
			if (!recorded_run_equal(into->runs.items[at], run))
				diag_error(diags, DIAG_RECORDING, (struct span){0},
					   "%s: run %s is in another recording too, and differs",
					   from_name, run->id);
			continue;
		}
		if (into->runs.count == RECORDING_RUNS_MAX) {
			diag_error(diags, DIAG_RECORDING, (struct span){0},
				   "%s: more than %d runs in one recording", from_name,
				   RECORDING_RUNS_MAX);
			return;
		}
		*VEC_PUSH(arena, &into->runs) = NULL;
		memmove(&into->runs.items[at + 1], &into->runs.items[at],
			(into->runs.count - 1 - at) * sizeof(*into->runs.items));
		into->runs.items[at] = run;
	}
}
