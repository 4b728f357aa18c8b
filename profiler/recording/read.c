/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings from JSON. A file may come from anywhere: everything in it is checked. */
#include "profiler/recording/read.h"

#include <string.h>

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
		run = recorded_run_read(reader, member);
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
