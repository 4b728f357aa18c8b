/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings from JSON. A file may come from anywhere: everything in it is checked. */
#include "profiler/recording/read.h"

#include <string.h>

/* What the text has at its outermost. */
struct file_parts {
	struct json_part format;
	struct json_part version;
	struct json_part calls;
	struct json_part runs;
	struct json_part unknown; /* the first other key, or empty */
};

static bool part_is(const struct json_part *part, const char *text)
{
	return part->length == strlen(text) && memcmp(part->bytes, text, part->length) == 0;
}

static struct json_part *part_for(struct file_parts *parts, const struct json_part *key)
{
	if (part_is(key, "\"format\""))
		return &parts->format;
	if (part_is(key, "\"version\""))
		return &parts->version;
	if (part_is(key, "\"calls\""))
		return &parts->calls;
	return part_is(key, "\"runs\"") ? &parts->runs : NULL;
}

static bool read_parts(struct json_reader *reader, const char *end, struct file_parts *parts)
{
	struct json_walk walk = json_walk_begin(reader->bytes, end, '}');
	struct json_part key, value, *part;

	if (walk.error && walk.at < end && *walk.at == '[') {
		json_reader_fail(reader, "is not a recording, but a list");
		return false;
	}
	while (json_walk_next(&walk, &key, &value)) {
		part = part_for(parts, &key);
		if (part && part->length) {
			json_reader_fail_syntax(reader, key.bytes, "a member twice");
			return false;
		}
		if (part)
			*part = value;
		else if (!parts->unknown.length)
			parts->unknown = key;
	}
	if (walk.error)
		json_reader_fail_syntax(reader, walk.at, walk.error);
	else if (!json_walk_is_last(&walk))
		json_reader_fail_syntax(reader, walk.at, "the end expected");
	return !reader->failed;
}

/* The value of a PART, or NULL where there is none or it cannot be read. */
static json_t *load_part(struct json_reader *reader, const struct json_part *part)
{
	return part->length ? json_reader_load(reader, part) : NULL;
}

static void check_format(struct json_reader *reader, const struct file_parts *parts)
{
	json_t *format = load_part(reader, &parts->format);
	const char *name = json_string_value(format);

	if (!name || strcmp(name, RECORDING_FORMAT) != 0)
		json_reader_fail(reader, "is not a recording (\"format\" is not \"%s\")",
				 RECORDING_FORMAT);
	json_decref(format);
}

static void check_version(struct json_reader *reader, const struct file_parts *parts)
{
	json_t *value = load_part(reader, &parts->version);
	json_int_t version = json_integer_value(value);

	json_decref(value);
	if (version < 1)
		json_reader_fail(reader, "has no \"version\"");
	else if (version > RECORDING_VERSION)
		json_reader_fail(reader,
				 "is of version %lld, and this pale reads up to version %d: use a "
				 "newer pale",
				 (long long)version, RECORDING_VERSION);
	else
		reader->version = (int)version;
}

/* What is unknown comes last: a newer version may look different everywhere else. */
static bool check_head(struct json_reader *reader, const struct file_parts *parts)
{
	const struct json_part *unknown = &parts->unknown;

	check_format(reader, parts);
	if (!reader->failed)
		check_version(reader, parts);
	if (!reader->failed && reader->version == 1 && parts->calls.length)
		json_reader_fail(reader, "has \"calls\", which version 1 of the format has not");
	if (!reader->failed && unknown->length)
		json_reader_fail(reader, "has %s, which version %d of the format has not",
				 recording_escape(reader->arena, unknown->bytes, unknown->length),
				 reader->version);
	return !reader->failed;
}

static const struct recorded_call *read_observation(struct json_reader *reader,
						    const struct json_part *part)
{
	const struct recorded_call *call = recording_pool_find(reader->pool, part);
	json_t *value;

	if (call)
		return call;
	value = json_reader_load(reader, part);
	if (!value)
		return NULL;
	call = recorded_observation_read(reader, value);
	json_decref(value);
	json_reader_check_memory(reader);
	if (!reader->failed)
		recording_pool_add(reader->pool, part, call);
	return call;
}

/* The walk through the list KEY, whose PART may not be there; else its error is set, and reported. */
static struct json_walk begin_list(struct json_reader *reader, const struct json_part *part,
				   const char *key)
{
	struct json_walk walk = {.error = "nothing"};

	if (part->length)
		walk = json_walk_begin(part->bytes, part->bytes + part->length, ']');
	if (walk.error)
		json_reader_fail(reader, "lacks the list \"%s\"", key);
	return walk;
}

static void read_table(struct json_reader *reader, const struct json_part *calls)
{
	struct json_table *table = &reader->table;
	struct json_walk walk = begin_list(reader, calls, "calls");
	VEC(const struct recorded_call *) read = {0};
	struct json_part key, part;

	if (walk.error)
		return;
	while (json_walk_next(&walk, &key, &part)) {
		reader->call = (long)read.count;
		*VEC_PUSH(reader->arena, &read) = read_observation(reader, &part);
		if (reader->failed)
			return;
	}
	if (walk.error)
		json_reader_fail_syntax(reader, walk.at, walk.error);
	reader->call = -1;
	table->observations = read.items;
	table->count = read.count;
	table->used = arena_alloc_array(reader->arena, read.count, sizeof(*table->used));
}

/* Nothing in a recording is without meaning. */
static void check_table(struct json_reader *reader)
{
	for (size_t i = 0; i < reader->table.count && !reader->failed; i++) {
		reader->call = (long)i;
		if (!reader->table.used[i])
			json_reader_fail(reader, "was made in no run");
	}
}

static void read_run(struct json_reader *reader, const struct json_part *part,
		     struct recording *recording)
{
	json_t *value = json_reader_load(reader, part);
	struct recorded_run *run = value ? recorded_run_read(reader, value) : NULL;
	struct recording one = {.runs = {&run, 1, 1}};
	size_t before = recording->runs.count;

	json_decref(value);
	json_reader_check_memory(reader);
	if (!run || reader->failed)
		return;
	recording_merge(reader->arena, recording, &one, reader->name, reader->diags);
	if (recording->runs.count == before)
		json_reader_fail(reader, "stands there twice");
}

static void read_runs(struct json_reader *reader, const struct json_part *runs,
		      struct recording *recording)
{
	struct json_walk walk = begin_list(reader, runs, "runs");
	struct json_part key, part;

	if (walk.error)
		return;
	while (!reader->failed && json_walk_next(&walk, &key, &part)) {
		if (++reader->run == RECORDING_RUNS_MAX) {
			reader->run = -1;
			json_reader_fail(reader, "has more than %d of \"runs\"",
					 RECORDING_RUNS_MAX);
			return;
		}
		read_run(reader, &part, recording);
	}
	if (walk.error)
		json_reader_fail_syntax(reader, walk.at, walk.error);
	if (!reader->failed)
		reader->run = -1;
}

struct recording *recording_pool_read(struct recording_pool *pool, const char *name,
				      const char *bytes, size_t length, struct diags *diags)
{
	struct json_reader reader = {.arena = pool->arena,
				     .diags = diags,
				     .name = name,
				     .bytes = bytes,
				     .pool = pool,
				     .run = -1,
				     .executable = -1,
				     .call = -1};
	struct recording *recording = arena_alloc(pool->arena, sizeof(*recording));
	struct file_parts parts = {0};

	if (length > RECORDING_BYTES_MAX) {
		json_reader_fail(&reader, "is larger than %d MiB", RECORDING_BYTES_MAX >> 20);
		return NULL;
	}
	if (!read_parts(&reader, bytes + length, &parts) || !check_head(&reader, &parts))
		return NULL;
	if (reader.version > 1)
		read_table(&reader, &parts.calls);
	else if (arena_init(&reader.scratch) < 0)
		json_reader_fail(&reader, "needs more memory than there is");
	if (!reader.failed)
		read_runs(&reader, &parts.runs, recording);
	arena_release(&reader.scratch);
	if (!reader.failed)
		check_table(&reader);
	return reader.failed ? NULL : recording;
}

struct recording *recording_read(struct arena *arena, const char *name, const char *bytes,
				 size_t length, struct diags *diags)
{
	return recording_pool_read(recording_pool_new(arena), name, bytes, length, diags);
}
