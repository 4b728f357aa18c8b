/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings as JSON: objects are jansson's, the layout is ours, with a call on each line. */
#include "profiler/recording/recording.h"

#include "policy-lang/catalog/constant.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Every json_*_set_new() and json_array_append_new() fails on NULL, takes the value in each case,
 * and json_object() is NULL without memory; so one flag at the end tells whether all went well.
 */
struct writer {
	bool failed;
};

static void put(struct writer *writer, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		writer->failed = true;
}

static void append(struct writer *writer, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		writer->failed = true;
}

/* 64-bit values are strings: many readers of JSON know numbers as doubles only. */
static json_t *json_word(uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "0x%" PRIx64, value);
	return json_string(digits);
}

static json_t *json_count(uint64_t count)
{
	return json_integer(
		(json_int_t)(count < RECORDING_COUNT_MAX ? count : RECORDING_COUNT_MAX));
}

static json_t *json_arg(struct writer *writer, const struct recorded_arg *arg)
{
	json_t *object = json_object();

	put(writer, object, "name", json_string(arg->name));
	if (arg->ruled)
		put(writer, object, "ruled", json_true());
	if (arg->behind)
		put(writer, object, "behind", json_true());
	put(writer, object, "all", json_word(arg->all));
	put(writer, object, "some", json_word(arg->some));
	put(writer, object, "least", json_word(arg->least));
	put(writer, object, "most", json_word(arg->most));
	return object;
}

static json_t *json_tuple(struct writer *writer, const struct recorded_tuple *tuple, size_t ruled)
{
	json_t *array = json_array();

	for (size_t i = 0; i < ruled; i++)
		append(writer, array, json_word(tuple->values[i]));
	append(writer, array, json_count(tuple->count));
	return array;
}

static json_t *json_errors(struct writer *writer, const struct recorded_call *call)
{
	json_t *object = json_object();

	for (size_t i = 0; i < call->errors.count; i++) {
		const struct recorded_error *error = &call->errors.items[i];
		constant_id name = constant_name("E", call->abi, (uint64_t)error->number);
		char number[16];

		snprintf(number, sizeof(number), "%d", error->number);
		put(writer, object, name == CONSTANT_NONE ? number : constant_get(name)->name,
		    json_count(error->count));
	}
	return object;
}

static json_t *json_call(struct writer *writer, const struct recorded_call *call)
{
	json_t *object = json_object(), *list;
	size_t ruled = 0;

	if (call->phase != PHASE_START)
		put(writer, object, "phase", json_string(recorded_phase_word(call->phase)));
	put(writer, object, "abi", json_string(abi_get(call->abi)->name));
	put(writer, object, "call", call->name ? json_string(call->name) : json_null());
	put(writer, object, "number", json_integer(call->number));
	put(writer, object, "count", json_count(call->count));
	list = json_array();
	for (size_t i = 0; i < call->args.count; i++) {
		append(writer, list, json_arg(writer, &call->args.items[i]));
		ruled += call->args.items[i].ruled;
	}
	put(writer, object, "args", list);
	list = json_array();
	for (size_t i = 0; i < call->tuples.count; i++)
		append(writer, list, json_tuple(writer, &call->tuples.items[i], ruled));
	put(writer, object, "tuples", list);
	if (call->saturated)
		put(writer, object, "saturated", json_true());
	put(writer, object, "errors", json_errors(writer, call));
	return object;
}

static json_t *json_operations(struct writer *writer, const struct recorded_executable *executable)
{
	json_t *array = json_array();

	for (size_t i = 0; i < executable->operations.count; i++) {
		const struct recorded_operation *operation = &executable->operations.items[i];
		json_t *object = json_object();

		if (operation->phase != PHASE_START)
			put(writer, object, "phase",
			    json_string(recorded_phase_word(operation->phase)));
		put(writer, object, "operation",
		    operation->name ? json_string(operation->name) : json_null());
		put(writer, object, "opcode", json_integer(operation->opcode));
		put(writer, object, "count", json_count(operation->count));
		append(writer, array, object);
	}
	return array;
}

static json_t *json_executable(struct writer *writer, const struct recorded_executable *executable)
{
	json_t *object = json_object(), *calls = json_array();

	put(writer, object, "path", json_string(executable->path));
	put(writer, object, "script",
	    executable->script ? json_string(executable->script) : json_null());
	put(writer, object, "device",
	    json_sprintf("%" PRIu32 ":%" PRIu32, executable->device_major,
			 executable->device_minor));
	put(writer, object, "inode", json_word(executable->inode));
	put(writer, object, "started", json_count(executable->started));
	for (size_t i = 0; i < executable->calls.count; i++)
		append(writer, calls, json_call(writer, executable->calls.items[i]));
	put(writer, object, "calls", calls);
	if (executable->operations.count)
		put(writer, object, "operations", json_operations(writer, executable));
	return object;
}

static json_t *json_end(struct writer *writer, const struct recorded_run *run)
{
	json_t *object;

	if (run->end == RECORDED_END_UNKNOWN)
		return json_null();
	object = json_object();
	put(writer, object, run->end == RECORDED_END_EXITED ? "exited" : "killed",
	    json_integer(run->end_value));
	return object;
}

static json_t *json_unseen(struct writer *writer, const struct recorded_run *run)
{
	json_t *array = json_array();

	for (size_t i = 0; i < run->unseen.count; i++) {
		const struct recorded_unseen *unseen = &run->unseen.items[i];
		json_t *object = json_object();

		put(writer, object, "kind", json_string(unseen_kind_word(unseen->kind)));
		put(writer, object, "path", unseen->path ? json_string(unseen->path) : json_null());
		put(writer, object, "count", json_count(unseen->count));
		append(writer, array, object);
	}
	return array;
}

static json_t *json_scope(struct writer *writer, const struct recorded_run *run)
{
	json_t *object = json_object();

	put(writer, object, "kind", json_string(recorded_scope_word(run->scope)));
	put(writer, object, "name", run->scope_name ? json_string(run->scope_name) : json_null());
	return object;
}

static json_t *json_run(struct writer *writer, const struct recorded_run *run)
{
	json_t *object = json_object(), *list = json_array();

	put(writer, object, "id", json_string(run->id));
	put(writer, object, "host", json_string(run->host));
	put(writer, object, "kernel", json_string(run->kernel));
	put(writer, object, "machine", json_string(run->machine));
	put(writer, object, "tracer", json_string(run->tracer));
	put(writer, object, "scope", json_scope(writer, run));
	for (size_t i = 0; i < run->command.count; i++)
		append(writer, list, json_string(run->command.items[i]));
	put(writer, object, "command", list);
	put(writer, object, "only_denied", json_boolean(run->only_denied));
	put(writer, object, "counts_are_least", json_boolean(run->counts_are_least));
	put(writer, object, "results_seen", json_boolean(run->results_seen));
	put(writer, object, "serving_rule",
	    run->serving_rule ? json_string(run->serving_rule) : json_null());
	put(writer, object, "serving_after",
	    run->served ? json_count(run->serving_after) : json_null());
	put(writer, object, "started", json_integer(run->started));
	put(writer, object, "milliseconds", json_count(run->duration));
	put(writer, object, "end", json_end(writer, run));
	put(writer, object, "processes", json_count(run->processes));
	put(writer, object, "threads", json_count(run->threads));
	put(writer, object, "lost", json_count(run->lost));
	put(writer, object, "unseen", json_unseen(writer, run));
	list = json_array();
	for (size_t i = 0; i < run->launcher.count; i++)
		append(writer, list, json_call(writer, run->launcher.items[i]));
	put(writer, object, "launcher", list);
	list = json_array();
	for (size_t i = 0; i < run->executables.count; i++)
		append(writer, list, json_executable(writer, run->executables.items[i]));
	put(writer, object, "executables", list);
	return object;
}

static void print_compact(struct writer *writer, const json_t *value, struct text *out)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (!text) {
		writer->failed = true;
		return;
	}
	text_add_string(out, text);
	free(text);
}

static bool is_nested(const json_t *value)
{
	return (json_is_object(value) && json_object_size(value) > 0) ||
	       (json_is_array(value) && json_array_size(value) > 0);
}

/* Whether VALUE holds lists or objects, which are worth lines of their own. */
static bool has_nested(json_t *value)
{
	const char *key;
	size_t index;
	json_t *member;

	if (json_is_array(value)) {
		json_array_foreach(value, index, member)
		{
			if (is_nested(member))
				return true;
		}
	} else {
		json_object_foreach(value, key, member)
		{
			if (is_nested(member))
				return true;
		}
	}
	return false;
}

enum {
	DEPTH_OF_CALLS = 6, /* recording, runs, run, executables, executable, calls, call */
};

static void print_value(struct writer *writer, json_t *value, int depth, struct text *out);

static void print_separator(struct text *out, bool *first, int depth)
{
	text_add_string(out, *first ? "\n" : ",\n");
	for (int i = 0; i <= depth; i++)
		text_add_char(out, ' ');
	*first = false;
}

static void print_nested(struct writer *writer, json_t *value, int depth, struct text *out)
{
	bool is_array = json_is_array(value), first = true;
	const char *key;
	size_t index;
	json_t *member;

	text_add_char(out, is_array ? '[' : '{');
	if (is_array) {
		json_array_foreach(value, index, member)
		{
			print_separator(out, &first, depth);
			print_value(writer, member, depth + 1, out);
		}
	} else {
		json_object_foreach(value, key, member)
		{
			print_separator(out, &first, depth);
			text_printf(out, "\"%s\": ", key); /* the format's own keys: plain words */
			print_value(writer, member, depth + 1, out);
		}
	}
	text_add_char(out, is_array ? ']' : '}');
}

static void print_value(struct writer *writer, json_t *value, int depth, struct text *out)
{
	bool one_line = depth > 0 && (depth >= DEPTH_OF_CALLS || !has_nested(value));

	if (one_line)
		print_compact(writer, value, out);
	else
		print_nested(writer, value, depth, out);
}

int recording_write(const struct recording *recording, struct text *out)
{
	struct writer writer = {0};
	json_t *root = json_object(), *runs = json_array();

	put(&writer, root, "format", json_string(RECORDING_FORMAT));
	put(&writer, root, "version", json_integer(RECORDING_VERSION));
	for (size_t i = 0; i < recording->runs.count; i++)
		append(&writer, runs, json_run(&writer, recording->runs.items[i]));
	put(&writer, root, "runs", runs);
	if (!writer.failed)
		print_value(&writer, root, 0, out);
	text_add_char(out, '\n');
	json_decref(root);
	if (writer.failed || out->failed)
		return -ENOMEM;
	return out->length > RECORDING_BYTES_MAX ? -EFBIG : 0;
}
