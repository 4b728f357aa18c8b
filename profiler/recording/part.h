/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of a JSON text, found without reading them. jansson reads the parts, one by one, so that a
 * large recording is never all in memory as jansson's values, and what stands in many files in the
 * same words need be read once.
 */
#ifndef PALE_PROFILER_RECORDING_PART_H
#define PALE_PROFILER_RECORDING_PART_H

#include <stdbool.h>
#include <stddef.h>

/* A value, without the space around it. What is inside of it has not been checked. */
struct json_part {
	const char *bytes;
	size_t length;
	size_t weight; /* commas in it, and four for each list or object: what jansson needs memory for */
};

/* Goes through the members of a list or an object. */
struct json_walk {
	const char *at;
	const char *end;
	char closing;      /* ']' or '}' */
	bool begun;        /* a member has been found */
	bool done;         /* AT is behind the closing bracket */
	const char *error; /* what is wrong at AT, or NULL */
};

/* TEXT up to END begins with '[' or '{' where CLOSING is ']' or '}', but for space. */
struct json_walk json_walk_begin(const char *text, const char *end, char closing);
/* The next member, of an object with its KEY (a string's part). False at the end or on an error. */
bool json_walk_next(struct json_walk *walk, struct json_part *key, struct json_part *value);
/* Whether the walk is done and nothing but space follows. */
bool json_walk_is_last(const struct json_walk *walk);

/* The value at *AT, which is moved behind it. False where the text ends before it does. */
bool json_part_take(const char **at, const char *end, struct json_part *part);

#endif
