/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings from JSON. A file may come from anywhere: everything in it is checked. */
#include "profiler/recording/json.h"

#include <errno.h>
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

static void read_tuple(struct json_reader *reader, json_t *array, struct recorded_call *call,
		       size_t ruled)
{
	struct recorded_tuple *tuple;

	if (!json_is_array(array) || json_array_size(array) != ruled + 1) {
		json_reader_fail(reader, "has a tuple that does not fit its ruled arguments");
		return;
	}
	tuple = VEC_PUSH(reader->arena, &call->tuples);
	for (size_t i = 0; i < ruled; i++)
		tuple->values[i] = json_reader_word(reader, json_array_get(array, i), "tuples");
	tuple->count = json_reader_count(reader, json_array_get(array, ruled), "tuples");
}

/* Tuples tell every call that was counted, and lie within the masks. */
static void check_tuples(struct json_reader *reader, const struct recorded_call *call, size_t ruled)
{
	uint64_t sum = 0;

	if (call->saturated || ruled == 0) {
		if (call->tuples.count)
			json_reader_fail(reader, "has tuples, and is saturated or rules nothing");
		return;
	}
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

static void read_errors(struct json_reader *reader, json_t *object, struct recorded_call *call)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object)) {
		json_reader_fail(reader, "lacks its errors");
		return;
	}
	json_object_foreach(object, key, value)
	{
		struct recorded_error *error = VEC_PUSH(reader->arena, &call->errors);

		error->number = error_number(call->abi, key);
		error->count = json_reader_count(reader, value, "errors");
		if (error->number < 0)
			json_reader_fail(reader, "has an error that is no errno");
	}
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

/* Absent: what stands in the file is of the first phase. */
static enum recorded_phase read_phase(struct json_reader *reader, json_t *object)
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

static struct recorded_call *read_call(struct json_reader *reader, json_t *object)
{
	static const char *const keys[] = {"abi",    "call",      "number", "count", "args",
					   "tuples", "saturated", "errors", "phase", NULL};
	struct recorded_call *call = arena_alloc(reader->arena, sizeof(*call));
	size_t index;
	json_t *array, *member;

	if (!json_reader_object(reader, object, keys))
		return call;
	call->phase = read_phase(reader, object);
	read_identity(reader, object, call);
	call->count = json_reader_count(reader, json_object_get(object, "count"), "count");
	call->saturated = json_reader_flag(reader, object, "saturated");
	array = json_object_get(object, "args");
	if (json_reader_array(reader, array, "args", RECORDED_ARGS_MAX)) {
		json_array_foreach(array, index, member)
		{
			read_arg(reader, member, call);
		}
	}
	if (!reader->failed)
		read_tuples(reader, json_object_get(object, "tuples"), call);
	if (!reader->failed)
		read_errors(reader, json_object_get(object, "errors"), call);
	return call;
}

/* A decimal number that ends at END, in *NUMBER. */
static bool read_decimal(const char *text, const char *end, uint32_t *number)
{
	uint64_t value = 0;

	if (text == end || end - text > 10)
		return false;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	*number = (uint32_t)value;
	return value <= UINT32_MAX;
}

/* MAJOR:MINOR */
static void read_device(struct json_reader *reader, json_t *value,
			struct recorded_executable *executable)
{
	const char *text = json_reader_text(reader, value, "device"), *colon = strchr(text, ':');

	if (reader->failed)
		return;
	if (!colon || !read_decimal(text, colon, &executable->device_major) ||
	    !read_decimal(colon + 1, text + strlen(text), &executable->device_minor))
		json_reader_fail(reader, "has a device that is not MAJOR:MINOR");
}

static void read_operation(struct json_reader *reader, json_t *object,
			   struct recorded_executable *executable)
{
	static const char *const keys[] = {"phase", "operation", "opcode", "count", NULL};
	struct recorded_operation *operation = VEC_PUSH(reader->arena, &executable->operations);
	json_t *name;

	if (!json_reader_object(reader, object, keys))
		return;
	operation->phase = read_phase(reader, object);
	operation->opcode = (uint8_t)json_reader_number(reader, object, "opcode", UINT8_MAX);
	operation->count = json_reader_count(reader, json_object_get(object, "count"), "count");
	name = json_object_get(object, "operation");
	if (!json_is_null(name))
		operation->name = json_reader_name(reader, name, "operation");
}

static void read_operations(struct json_reader *reader, json_t *object,
			    struct recorded_executable *executable)
{
	json_t *array = json_object_get(object, "operations"), *member;
	size_t index;

	if (!array ||
	    !json_reader_array(reader, array, "operations", PHASE_COUNT * RECORDING_OPERATIONS_MAX))
		return;
	json_array_foreach(array, index, member)
	{
		read_operation(reader, member, executable);
	}
}

static void read_executable(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	static const char *const keys[] = {"path",    "script", "device",     "inode",
					   "started", "calls",  "operations", NULL};
	struct recorded_executable *executable = arena_alloc(reader->arena, sizeof(*executable));
	json_t *calls, *member;
	size_t index;

	*VEC_PUSH(reader->arena, &run->executables) = executable;
	if (!json_reader_object(reader, object, keys))
		return;
	executable->path = json_reader_text(reader, json_object_get(object, "path"), "path");
	if (!json_is_null(json_object_get(object, "script")))
		executable->script =
			json_reader_text(reader, json_object_get(object, "script"), "script");
	read_device(reader, json_object_get(object, "device"), executable);
	executable->inode = json_reader_word(reader, json_object_get(object, "inode"), "inode");
	executable->started = json_reader_number(reader, object, "started", RECORDING_COUNT_MAX);
	calls = json_object_get(object, "calls");
	if (!json_reader_array(reader, calls, "calls", RECORDING_CALLS_MAX))
		return;
	json_array_foreach(calls, index, member)
	{
		reader->call = (long)index;
		*VEC_PUSH(reader->arena, &executable->calls) = read_call(reader, member);
		if (reader->failed)
			return;
	}
	reader->call = -1;
	read_operations(reader, object, executable);
}

static void read_unseen(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	static const char *const keys[] = {"kind", "path", "count", NULL};
	struct recorded_unseen *unseen = VEC_PUSH(reader->arena, &run->unseen);
	const char *kind;

	if (!json_reader_object(reader, object, keys))
		return;
	kind = json_reader_name(reader, json_object_get(object, "kind"), "kind");
	unseen->kind = UNSEEN_KIND_COUNT;
	for (int i = 0; i < UNSEEN_KIND_COUNT; i++)
		if (strcmp(kind, unseen_kind_word((enum unseen_kind)i)) == 0)
			unseen->kind = (enum unseen_kind)i;
	if (unseen->kind == UNSEEN_KIND_COUNT)
		json_reader_fail(reader, "has '%s' among what was unseen, which is not known",
				 kind);
	if (!json_is_null(json_object_get(object, "path")))
		unseen->path = json_reader_text(reader, json_object_get(object, "path"), "path");
	unseen->count = json_reader_count(reader, json_object_get(object, "count"), "count");
}

static void read_end(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	static const char *const keys[] = {"exited", "killed", NULL};

	if (json_is_null(object))
		return;
	if (!json_reader_object(reader, object, keys))
		return;
	if (json_object_size(object) != 1) {
		json_reader_fail(reader, "ended in more ways than one, or in none");
		return;
	}
	if (json_object_get(object, "exited")) {
		run->end = RECORDED_END_EXITED;
		run->end_value = (int)json_reader_number(reader, object, "exited", 255);
	} else {
		run->end = RECORDED_END_KILLED;
		run->end_value = (int)json_reader_number(reader, object, "killed", 127);
	}
}

static void read_run_id(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	run->id = json_reader_text(reader, json_object_get(object, "id"), "id");
	if (!reader->failed && (strlen(run->id) != 32 || strspn(run->id, "0123456789abcdef") != 32))
		json_reader_fail(reader, "has an id that is not 32 hexadecimal digits");
}

static enum recorded_scope read_scope(struct json_reader *reader, json_t *object,
				      struct recorded_run *run)
{
	static const char *const keys[] = {"kind", "name", NULL};
	const char *word;

	if (!json_reader_object(reader, object, keys))
		return SCOPE_COMMAND;
	if (!json_is_null(json_object_get(object, "name")))
		run->scope_name = json_reader_text(reader, json_object_get(object, "name"), "name");
	word = json_reader_name(reader, json_object_get(object, "kind"), "kind");
	for (int i = 0; i < SCOPE_COUNT; i++)
		if (strcmp(word, recorded_scope_word((enum recorded_scope)i)) == 0)
			return (enum recorded_scope)i;
	json_reader_fail(reader, "has the scope '%s', which is not known", word);
	return SCOPE_COMMAND;
}

/* What version 1 did not have: it knew commands alone, counted each call, and saw each result. */
static void read_run_manner(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	json_t *rule, *after;

	if (reader->version == 1) {
		run->results_seen = true;
		return;
	}
	run->scope = read_scope(reader, json_object_get(object, "scope"), run);
	run->only_denied = json_reader_flag(reader, object, "only_denied");
	run->counts_are_least = json_reader_flag(reader, object, "counts_are_least");
	run->results_seen = json_reader_flag(reader, object, "results_seen");
	rule = json_object_get(object, "serving_rule");
	if (!json_is_null(rule))
		run->serving_rule = json_reader_text(reader, rule, "serving_rule");
	after = json_object_get(object, "serving_after");
	run->served = !json_is_null(after);
	if (run->served)
		run->serving_after =
			json_reader_number(reader, object, "serving_after", RECORDING_COUNT_MAX);
}

static void read_run_head(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	json_t *command, *member;
	size_t index;

	read_run_id(reader, object, run);
	run->host = json_reader_text(reader, json_object_get(object, "host"), "host");
	run->kernel = json_reader_text(reader, json_object_get(object, "kernel"), "kernel");
	run->machine = json_reader_text(reader, json_object_get(object, "machine"), "machine");
	run->tracer = json_reader_text(reader, json_object_get(object, "tracer"), "tracer");
	command = json_object_get(object, "command");
	if (json_reader_array(reader, command, "command", RECORDING_WORDS_MAX)) {
		json_array_foreach(command, index, member)
		{
			*VEC_PUSH(reader->arena, &run->command) =
				json_reader_text(reader, member, "command");
		}
	}
	run->started = (int64_t)json_reader_number(reader, object, "started", RECORDING_COUNT_MAX);
	run->duration = json_reader_number(reader, object, "milliseconds", RECORDING_COUNT_MAX);
	run->processes = json_reader_number(reader, object, "processes", RECORDING_COUNT_MAX);
	run->threads = json_reader_number(reader, object, "threads", RECORDING_COUNT_MAX);
	run->lost = json_reader_number(reader, object, "lost", RECORDING_COUNT_MAX);
	read_end(reader, json_object_get(object, "end"), run);
	read_run_manner(reader, object, run);
}

static void read_run_lists(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	json_t *array = json_object_get(object, "unseen"), *member;
	size_t index;

	if (json_reader_array(reader, array, "unseen", UNSEEN_KIND_COUNT * RECORDING_CALLS_MAX)) {
		json_array_foreach(array, index, member)
		{
			read_unseen(reader, member, run);
		}
	}
	array = json_object_get(object, "launcher");
	if (json_reader_array(reader, array, "launcher", RECORDING_CALLS_MAX)) {
		json_array_foreach(array, index, member)
		{
			*VEC_PUSH(reader->arena, &run->launcher) = read_call(reader, member);
		}
	}
	array = json_object_get(object, "executables");
	if (json_reader_array(reader, array, "executables", RECORDING_EXECUTABLES_MAX)) {
		json_array_foreach(array, index, member)
		{
			reader->executable = (long)index;
			read_executable(reader, member, run);
			if (reader->failed)
				return;
		}
	}
	reader->executable = -1;
}

static struct recorded_run *read_run(struct json_reader *reader, json_t *object)
{
	/* What version 1 had; and what version 2 added. */
	static const char *const old_keys[] = {"id",     "host",      "kernel",      "machine",
					       "tracer", "command",   "started",     "milliseconds",
					       "end",    "processes", "threads",     "lost",
					       "unseen", "launcher",  "executables", NULL};
	static const char *const new_keys[] = {"id",
					       "host",
					       "kernel",
					       "machine",
					       "tracer",
					       "command",
					       "started",
					       "milliseconds",
					       "end",
					       "processes",
					       "threads",
					       "lost",
					       "unseen",
					       "launcher",
					       "executables",
					       "scope",
					       "only_denied",
					       "counts_are_least",
					       "results_seen",
					       "serving_rule",
					       "serving_after",
					       NULL};
	const char *const *keys = reader->version == 1 ? old_keys : new_keys;
	struct recorded_run *run = arena_alloc(reader->arena, sizeof(*run));
	const char *twice;

	if (!json_reader_object(reader, object, keys))
		return NULL;
	read_run_head(reader, object, run);
	if (!reader->failed)
		read_run_lists(reader, object, run);
	if (reader->failed)
		return NULL;
	recorded_run_sort(run);
	twice = recorded_run_find_duplicate(run);
	if (twice)
		json_reader_fail(reader, "has %s twice", twice);
	return run;
}

/* The head comes first: a newer version may look different everywhere else. */
static bool read_version(struct json_reader *reader, json_t *root)
{
	static const char *const keys[] = {"format", "version", "runs", NULL};
	json_t *version = json_object_get(root, "version");
	const char *format = json_string_value(json_object_get(root, "format"));

	if (!format || strcmp(format, RECORDING_FORMAT) != 0)
		json_reader_fail(reader, "is not a recording (\"format\" is not \"%s\")",
				 RECORDING_FORMAT);
	else if (!json_is_integer(version) || json_integer_value(version) < 1)
		json_reader_fail(reader, "has no \"version\"");
	else if (json_integer_value(version) > RECORDING_VERSION)
		json_reader_fail(reader,
				 "is of version %lld, and this pale reads up to version %d: use a "
				 "newer pale",
				 (long long)json_integer_value(version), RECORDING_VERSION);
	reader->version = (int)json_integer_value(version);
	return !reader->failed && json_reader_object(reader, root, keys);
}

static void read_runs(struct json_reader *reader, json_t *root, struct recording *recording)
{
	json_t *runs = json_object_get(root, "runs"), *member;
	size_t index;

	if (!json_reader_array(reader, runs, "runs", RECORDING_RUNS_MAX))
		return;
	json_array_foreach(runs, index, member)
	{
		struct recording one = {0};
		struct recorded_run *run;
		size_t before = recording->runs.count;

		reader->run = (long)index;
		run = read_run(reader, member);
		if (!run || reader->failed)
			return;
		*VEC_PUSH(reader->arena, &one.runs) = run;
		recording_merge(reader->arena, recording, &one, reader->name, reader->diags);
		if (recording->runs.count == before)
			json_reader_fail(reader, "stands there twice");
	}
}

struct recording *recording_read(struct arena *arena, const char *name, const char *bytes,
				 size_t length, struct diags *diags)
{
	struct json_reader reader = {.arena = arena,
				     .diags = diags,
				     .name = name,
				     .run = -1,
				     .executable = -1,
				     .call = -1};
	struct recording *recording = arena_alloc(arena, sizeof(*recording));
	json_error_t error;
	json_t *root;

	if (length > RECORDING_BYTES_MAX) {
		json_reader_fail(&reader, "is larger than %d MiB", RECORDING_BYTES_MAX >> 20);
		return NULL;
	}
	root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		json_reader_fail_syntax(&reader, &error);
		return NULL;
	}
	if (read_version(&reader, root))
		read_runs(&reader, root, recording);
	json_decref(root);
	return reader.failed ? NULL : recording;
}
