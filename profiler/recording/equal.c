/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two runs say the same. */
#include "profiler/recording/call_table.h"

#include <string.h>

static bool texts_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool calls_equal(const struct recorded_call *a, const struct recorded_call *b)
{
	if (a == b) /* read with one pool */
		return true;
	if (a->count != b->count || a->errors.count != b->errors.count || !recorded_call_same(a, b))
		return false;
	for (size_t i = 0; i < a->tuples.count; i++)
		if (a->tuples.items[i].count != b->tuples.items[i].count)
			return false;
	for (size_t i = 0; i < a->errors.count; i++)
		if (a->errors.items[i].number != b->errors.items[i].number ||
		    a->errors.items[i].count != b->errors.items[i].count)
			return false;
	return true;
}

static bool operations_equal(const struct recorded_executable *a,
			     const struct recorded_executable *b)
{
	if (a->operations.count != b->operations.count)
		return false;
	for (size_t i = 0; i < a->operations.count; i++) {
		const struct recorded_operation *left = &a->operations.items[i];
		const struct recorded_operation *right = &b->operations.items[i];

		if (left->phase != right->phase || left->opcode != right->opcode ||
		    left->count != right->count || !texts_equal(left->name, right->name))
			return false;
	}
	return true;
}

static bool executables_equal(const struct recorded_executable *a,
			      const struct recorded_executable *b)
{
	if (!texts_equal(a->path, b->path) || !texts_equal(a->script, b->script) ||
	    a->device_major != b->device_major || a->device_minor != b->device_minor ||
	    a->inode != b->inode || a->started != b->started || a->calls.count != b->calls.count ||
	    !operations_equal(a, b))
		return false;
	for (size_t i = 0; i < a->calls.count; i++)
		if (!calls_equal(a->calls.items[i], b->calls.items[i]))
			return false;
	return true;
}

static bool heads_equal(const struct recorded_run *a, const struct recorded_run *b)
{
	return texts_equal(a->id, b->id) && texts_equal(a->host, b->host) &&
	       texts_equal(a->kernel, b->kernel) && texts_equal(a->machine, b->machine) &&
	       texts_equal(a->tracer, b->tracer) && a->scope == b->scope &&
	       texts_equal(a->scope_name, b->scope_name) && a->only_denied == b->only_denied &&
	       a->counts_are_least == b->counts_are_least && a->results_seen == b->results_seen &&
	       texts_equal(a->serving_rule, b->serving_rule) && a->served == b->served &&
	       (!a->served || a->serving_after == b->serving_after) && a->started == b->started &&
	       a->duration == b->duration && a->end == b->end &&
	       (a->end == RECORDED_END_UNKNOWN || a->end_value == b->end_value) &&
	       a->processes == b->processes && a->threads == b->threads && a->lost == b->lost;
}

static bool words_equal(const struct recorded_run *a, const struct recorded_run *b)
{
	if (a->command.count != b->command.count || a->labels.count != b->labels.count)
		return false;
	for (size_t i = 0; i < a->command.count; i++)
		if (strcmp(a->command.items[i], b->command.items[i]) != 0)
			return false;
	for (size_t i = 0; i < a->labels.count; i++)
		if (strcmp(a->labels.items[i].key, b->labels.items[i].key) != 0 ||
		    strcmp(a->labels.items[i].value, b->labels.items[i].value) != 0)
			return false;
	return true;
}

static bool unseen_equal(const struct recorded_run *a, const struct recorded_run *b)
{
	if (a->unseen.count != b->unseen.count)
		return false;
	for (size_t i = 0; i < a->unseen.count; i++)
		if (a->unseen.items[i].kind != b->unseen.items[i].kind ||
		    a->unseen.items[i].count != b->unseen.items[i].count ||
		    !texts_equal(a->unseen.items[i].path, b->unseen.items[i].path))
			return false;
	return true;
}

bool recorded_run_equal(const struct recorded_run *a, const struct recorded_run *b)
{
	if (a->launcher.count != b->launcher.count || a->executables.count != b->executables.count)
		return false;
	if (!heads_equal(a, b) || !words_equal(a, b) || !unseen_equal(a, b))
		return false;
	for (size_t i = 0; i < a->launcher.count; i++)
		if (!calls_equal(a->launcher.items[i], b->launcher.items[i]))
			return false;
	for (size_t i = 0; i < a->executables.count; i++)
		if (!executables_equal(a->executables.items[i], b->executables.items[i]))
			return false;
	return true;
}
