/* SPDX-License-Identifier: Apache-2.0 */
/* One run of a recording, from JSON. */
#include "profiler/recording/operation.h"
#include "profiler/recording/read.h"

#include <string.h>

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
	const char *known;
	json_t *name;

	if (!json_reader_object(reader, object, keys))
		return;
	operation->phase = recorded_phase_read(reader, object);
	operation->opcode = (uint8_t)json_reader_number(reader, object, "opcode", UINT8_MAX);
	operation->count = json_reader_count(reader, json_object_get(object, "count"), "count");
	name = json_object_get(object, "operation");
	if (json_is_null(name))
		return;
	operation->name = json_reader_name(reader, name, "operation");
	if (reader->failed)
		return;
	/* As of calls: a name that is not known has an opcode that is not known either. */
	known = operation_name(operation->opcode);
	if (known ? strcmp(known, operation->name) != 0 : operation_is_known(operation->name))
		json_reader_fail(reader, "has the operation %s with another one's opcode",
				 operation->name);
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
	static const char *const old_keys[] = {"path",    "script", "device", "inode",
					       "started", "calls",  NULL};
	static const char *const new_keys[] = {"path",    "script", "device",     "inode",
					       "started", "calls",  "operations", NULL};
	struct recorded_executable *executable = arena_alloc(reader->arena, sizeof(*executable));
	json_t *calls, *member;
	size_t index;

	*VEC_PUSH(reader->arena, &run->executables) = executable;
	if (!json_reader_object(reader, object, reader->version == 1 ? old_keys : new_keys))
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
	executable->calls.capacity = json_array_size(calls);
	executable->calls.items = arena_alloc_array(reader->arena, executable->calls.capacity,
						    sizeof(*executable->calls.items));
	json_array_foreach(calls, index, member)
	{
		reader->call = (long)index;
		*VEC_PUSH(reader->arena, &executable->calls) = recorded_call_read(reader, member);
		if (reader->failed)
			return;
	}
	reader->call = -1;
	if (reader->version > 1)
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

static void read_labels(struct json_reader *reader, json_t *object, struct recorded_run *run)
{
	json_t *labels = json_object_get(object, "labels"), *value;
	const char *key;

	if (!labels)
		return;
	if (!json_is_object(labels) || json_object_size(labels) > RECORDING_LABELS_MAX) {
		json_reader_fail(reader, "has \"labels\" that are no object of %d at most",
				 RECORDING_LABELS_MAX);
		return;
	}
	json_object_foreach(labels, key, value)
	{
		struct recorded_label *label = VEC_PUSH(reader->arena, &run->labels);

		label->key = arena_copy(reader->arena, key, strlen(key));
		label->value = json_reader_text(reader, value, "labels");
		if (!recorded_label_is_good(label))
			json_reader_fail(reader, "has a label that is none, or is too long");
	}
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
	read_labels(reader, object, run);
	if (run->served && !run->serving_rule)
		json_reader_fail(reader, "served, and nothing told when");
	if (run->scope == SCOPE_COMMAND && !run->command.count)
		json_reader_fail(reader, "is of a command, and has none");
	if (run->scope == SCOPE_CGROUP && !run->scope_name)
		json_reader_fail(reader, "is of a cgroup without a name");
}

/* Calls of a phase that no process entered. */
static bool run_contradicts_phases(const struct recorded_run *run)
{
	for (size_t i = 0; i < run->launcher.count; i++)
		if (run->launcher.items[i]->phase != PHASE_START)
			return true;
	for (size_t i = 0; i < run->executables.count && !run->served; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++)
			if (executable->calls.items[j]->phase != PHASE_START)
				return true;
		for (size_t j = 0; j < executable->operations.count; j++)
			if (executable->operations.items[j].phase != PHASE_START)
				return true;
	}
	return false;
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
			*VEC_PUSH(reader->arena, &run->launcher) =
				recorded_call_read(reader, member);
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

struct recorded_run *recorded_run_read(struct json_reader *reader, json_t *object)
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
					       "labels",
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
	if (run_contradicts_phases(run)) {
		json_reader_fail(reader, "has calls of a phase that nothing entered");
		return NULL;
	}
	recorded_run_sort(run);
	twice = recorded_run_find_duplicate(run);
	if (twice)
		json_reader_fail(reader, "has %s twice", twice);
	return run;
}
