/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recording/json.h"

#include <stdlib.h>
#include <string.h>

static const char *reader_place(struct json_reader *reader)
{
	const char *place = "";

	if (reader->run >= 0)
		place = arena_printf(reader->arena, "runs[%ld]", reader->run);
	if (reader->executable >= 0)
		place = arena_printf(reader->arena, "%s.executables[%ld]", place,
				     reader->executable);
	if (reader->call >= 0)
		place = arena_printf(reader->arena, "%s%scalls[%ld]", place, place[0] ? "." : "",
				     reader->call);
	return place;
}

void json_reader_fail(struct json_reader *reader, const char *format, ...)
{
	const char *place, *text;
	va_list args;

	if (reader->failed)
		return;
	reader->failed = true;
	va_start(args, format);
	text = arena_vprintf(reader->arena, format, args);
	va_end(args);
	place = reader_place(reader);
	diag_error(reader->diags, DIAG_RECORDING, (struct span){0}, "%s: %s%s%s", reader->name,
		   place, place[0] ? " " : "", text);
}

void json_reader_fail_syntax(struct json_reader *reader, const char *at, const char *problem)
{
	size_t line = 1, column = 1;

	for (const char *byte = reader->bytes; byte < at; byte++) {
		column = *byte == '\n' ? 1 : column + 1;
		line += *byte == '\n';
	}
	reader->run = reader->executable = reader->call = -1;
	json_reader_fail(reader, "is not a recording: no JSON at line %zu, column %zu: %s", line,
			 column, recording_escape(reader->arena, problem, strlen(problem)));
}

json_t *json_reader_load(struct json_reader *reader, const struct json_part *part)
{
	json_error_t error;
	json_t *value;

	if (part->weight > RECORDING_VALUES_MAX) {
		json_reader_fail(reader, "has more than %d values", RECORDING_VALUES_MAX);
		return NULL;
	}
	value = json_loadb(part->bytes, part->length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
			   &error);
	if (!value)
		json_reader_fail_syntax(reader, part->bytes + error.position, error.text);
	return value;
}

void json_reader_check_memory(struct json_reader *reader)
{
	if (reader->arena->used > RECORDING_MEMORY_MAX)
		json_reader_fail(reader, "needs more than %d MiB of memory",
				 RECORDING_MEMORY_MAX >> 20);
}

bool json_reader_object(struct json_reader *reader, json_t *value, const char *const *keys)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value)) {
		json_reader_fail(reader, "lacks an object with \"%s\"", keys[0]);
		return false;
	}
	json_object_foreach(value, key, member)
	{
		size_t i = 0;

		while (keys[i] && strcmp(keys[i], key) != 0)
			i++;
		if (keys[i])
			continue;
		json_reader_fail(reader, "has \"%s\", which version %d of the format has not",
				 recording_escape(reader->arena, key, strlen(key)),
				 reader->version);
		return false;
	}
	return true;
}

bool json_reader_array(struct json_reader *reader, json_t *value, const char *key, size_t limit)
{
	if (!json_is_array(value)) {
		json_reader_fail(reader, "lacks the list \"%s\"", key);
		return false;
	}
	if (json_array_size(value) > limit) {
		json_reader_fail(reader, "has more than %zu of \"%s\"", limit, key);
		return false;
	}
	return true;
}

const char *json_reader_text(struct json_reader *reader, json_t *value, const char *key)
{
	size_t length = json_string_length(value);

	if (!json_is_string(value)) {
		json_reader_fail(reader, "lacks the string \"%s\"", key);
		return "";
	}
	if (length > RECORDING_STRING_MAX) {
		json_reader_fail(reader, "has a \"%s\" of more than %d bytes", key,
				 RECORDING_STRING_MAX);
		return "";
	}
	if (!recording_is_escaped(json_string_value(value))) {
		json_reader_fail(reader, "has a \"%s\" with characters that should be escaped",
				 key);
		return "";
	}
	return arena_copy(reader->arena, json_string_value(value), length);
}

const char *json_reader_name(struct json_reader *reader, json_t *value, const char *key)
{
	const char *text = json_reader_text(reader, value, key);

	if (!reader->failed &&
	    (!text[0] || strlen(text) > 64 ||
	     text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "0123456789_-")]))
		json_reader_fail(reader, "has a \"%s\" that is no name", key);
	return reader->failed ? "" : text;
}

uint64_t json_reader_number(struct json_reader *reader, json_t *object, const char *key,
			    uint64_t most)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > most) {
		json_reader_fail(reader, "lacks a \"%s\" from 0 to %" PRIu64, key, most);
		return 0;
	}
	return (uint64_t)json_integer_value(value);
}

uint64_t json_reader_count(struct json_reader *reader, json_t *value, const char *key)
{
	if (!json_is_integer(value) || json_integer_value(value) < 1 ||
	    (uint64_t)json_integer_value(value) > RECORDING_COUNT_MAX) {
		json_reader_fail(reader, "lacks a count of 1 or more in \"%s\"", key);
		return 1;
	}
	return (uint64_t)json_integer_value(value);
}

uint64_t json_reader_word(struct json_reader *reader, json_t *value, const char *key)
{
	const char *text = json_string_value(value);
	size_t length;

	length = text && strncmp(text, "0x", 2) == 0 ? strspn(text + 2, "0123456789abcdef") : 0;
	if (!text || length < 1 || length > 16 || text[2 + length]) {
		json_reader_fail(reader, "has no hexadecimal \"%s\"", key);
		return 0;
	}
	return strtoull(text, NULL, 16);
}

bool json_reader_flag(struct json_reader *reader, json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (value && !json_is_boolean(value))
		json_reader_fail(reader, "has a \"%s\" that is neither true nor false", key);
	return json_is_true(value);
}
