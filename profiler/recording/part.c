/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recording/part.h"

#include <string.h>

enum {
	WEIGHT_OF_NESTED = 4,
};

enum byte_class {
	BYTE_PLAIN,
	BYTE_QUOTE,
	BYTE_OPENING,
	BYTE_CLOSING,
	BYTE_COMMA,
};

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
		at++;
	return at;
}

/* What a byte is to the search for a value's end. Most bytes are nothing. */
static const unsigned char byte_classes[256] = {
	['"'] = BYTE_QUOTE,   ['['] = BYTE_OPENING, ['{'] = BYTE_OPENING,
	[']'] = BYTE_CLOSING, ['}'] = BYTE_CLOSING, [','] = BYTE_COMMA,
};

/* Behind the string that begins at AT, or NULL. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* Behind the list or object that begins at AT, or NULL. */
static const char *skip_nested(const char *at, const char *end, size_t *weight)
{
	size_t depth = 0;

	for (; at < end; at++) {
		unsigned char class = byte_classes[(unsigned char)*at];

		if (class == BYTE_PLAIN)
			continue;
		if (class == BYTE_QUOTE) {
			at = skip_string(at, end);
			if (!at)
				return NULL;
			at--;
		} else if (class == BYTE_COMMA) {
			++*weight;
		} else if (class == BYTE_OPENING) {
			depth++;
			*weight += WEIGHT_OF_NESTED;
		} else if (--depth == 0) {
			return at + 1;
		}
	}
	return NULL;
}

bool json_part_take(const char **at, const char *end, struct json_part *part)
{
	const char *behind = *at;

	*part = (struct json_part){.bytes = *at};
	if (behind == end)
		return false;
	if (*behind == '"')
		behind = skip_string(behind, end);
	else if (*behind == '[' || *behind == '{')
		behind = skip_nested(behind, end, &part->weight);
	else
		while (behind < end && !memchr(",]} \n\t\r", *behind, 7))
			behind++;
	if (!behind || behind == *at)
		return false;
	part->length = (size_t)(behind - *at);
	*at = behind;
	return true;
}

struct json_walk json_walk_begin(const char *text, const char *end, char closing)
{
	struct json_walk walk = {.at = skip_space(text, end), .end = end, .closing = closing};

	if (walk.at == end || *walk.at != (closing == ']' ? '[' : '{'))
		walk.error = closing == ']' ? "'[' expected" : "'{' expected";
	else
		walk.at++;
	return walk;
}

static bool walk_fail(struct json_walk *walk, const char *error)
{
	walk->error = walk->at < walk->end ? error : "it ends too early";
	return false;
}

/* BYTE, and the space around it. */
static bool walk_take(struct json_walk *walk, char byte)
{
	walk->at = skip_space(walk->at, walk->end);
	if (walk->at == walk->end || *walk->at != byte)
		return false;
	walk->at = skip_space(walk->at + 1, walk->end);
	return true;
}

bool json_walk_next(struct json_walk *walk, struct json_part *key, struct json_part *value)
{
	if (walk->error || walk->done)
		return false;
	if (walk_take(walk, walk->closing)) {
		walk->done = true;
		return false;
	}
	if (walk->begun && !walk_take(walk, ','))
		return walk_fail(walk, walk->closing == ']' ? "',' or ']' expected"
							    : "',' or '}' expected");
	walk->begun = true;
	if (walk->closing == '}') {
		if (walk->at == walk->end || *walk->at != '"')
			return walk_fail(walk, "a string expected");
		if (!json_part_take(&walk->at, walk->end, key))
			return walk_fail(walk, "a string that does not end");
		if (!walk_take(walk, ':'))
			return walk_fail(walk, "':' expected");
	}
	if (!json_part_take(&walk->at, walk->end, value))
		return walk_fail(walk, walk->at < walk->end && memchr("[{\"", *walk->at, 3)
					       ? "it ends too early"
					       : "a value expected");
	return true;
}

bool json_walk_is_last(const struct json_walk *walk)
{
	return walk->done && walk->at == walk->end;
}
