/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a recording's JSON, each read with its check. For the reader's own files alone. */
#ifndef PALE_PROFILER_RECORDING_JSON_H
#define PALE_PROFILER_RECORDING_JSON_H

#include "policy-lang/catalog/constant.h"
#include "profiler/recording/pool.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* What "calls" has. */
struct json_table {
	const struct recorded_call **observations;
	bool *used; /* whether a run refers to it */
	size_t count;
};

/*
 * Where the reader is. The first mistake is reported, with the place that the indexes name; what
 * comes after it gets zeros and empty strings, and the result is thrown away.
 */
struct json_reader {
	struct arena *arena;
	struct diags *diags;
	const char *name;
	const char *bytes; /* all of the text */
	struct recording_pool *pool;
	struct arena scratch; /* version 1: for the call that is being read, before it is shared */
	struct json_table table;
	VEC(struct recorded_error) errors; /* of the call that is being read */
	bool failed;
	int version; /* of the file */
	long run;    /* index, or -1 outside */
	long executable;
	long call;
};

/* "NAME: runs[0].executables[1] " and the text, once. */
void json_reader_fail(struct json_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What is wrong AT a place of the text. */
void json_reader_fail_syntax(struct json_reader *reader, const char *at, const char *problem);
/* PART as jansson's value, or NULL, having said why. To be given back with json_decref(). */
json_t *json_reader_load(struct json_reader *reader, const struct json_part *part);

/* Fails where the arena has grown beyond RECORDING_MEMORY_MAX. */
void json_reader_check_memory(struct json_reader *reader);

/* Whether VALUE is an object with no other members than KEYS. */
bool json_reader_object(struct json_reader *reader, json_t *value, const char *const *keys);
bool json_reader_array(struct json_reader *reader, json_t *value, const char *key, size_t limit);

/* A string as recording_escape() makes them; copied. "" on a mistake. */
const char *json_reader_text(struct json_reader *reader, json_t *value, const char *key);
/* A string of letters, digits, _ and -. "" on a mistake. */
const char *json_reader_name(struct json_reader *reader, json_t *value, const char *key);
/* 0..MOST */
uint64_t json_reader_number(struct json_reader *reader, json_t *object, const char *key,
			    uint64_t most);
/* 1..RECORDING_COUNT_MAX */
uint64_t json_reader_count(struct json_reader *reader, json_t *value, const char *key);
/* "0x" and up to 16 digits. */
uint64_t json_reader_word(struct json_reader *reader, json_t *value, const char *key);
/* true, false, or not there: false. */
bool json_reader_flag(struct json_reader *reader, json_t *object, const char *key);

#endif
