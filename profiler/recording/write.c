/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings as JSON. The same recording gives the same bytes: what is a set has an order. */
#include "profiler/recording/call_table.h"
#include "profiler/recording/part.h"

#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

struct writer {
	struct text *out;
	struct arena arena; /* of the numbers */
	struct call_table calls;
};

static void put(struct writer *writer, const char *text)
{
	text_add_string(writer->out, text);
}

/* What recording_escape() makes has no control characters; JSON wants two more escaped. */
static void put_string(struct writer *writer, const char *text)
{
	if (!text) {
		put(writer, "null");
		return;
	}
	assert(recording_is_escaped(text));
	text_add_char(writer->out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			text_add_char(writer->out, '\\');
		text_add_char(writer->out, *text);
	}
	text_add_char(writer->out, '"');
}

/* PREFIX is what stands before it, a member's name among it: plain words. */
static void put_text(struct writer *writer, const char *prefix, const char *text)
{
	put(writer, prefix);
	put_string(writer, text);
}

/* Most of a recording is numbers: printf() would take a third of the time. */
static void put_digits(struct writer *writer, uint64_t value, unsigned int base)
{
	char digits[20], *first = digits + sizeof(digits);

	do {
		*--first = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	text_add(writer->out, first, (size_t)(digits + sizeof(digits) - first));
}

static void put_count(struct writer *writer, const char *prefix, uint64_t count)
{
	put(writer, prefix);
	put_digits(writer, count < RECORDING_COUNT_MAX ? count : RECORDING_COUNT_MAX, 10);
}

/* 64-bit values are strings: many readers of JSON know numbers as doubles only. */
static void put_word(struct writer *writer, const char *prefix, uint64_t value)
{
	put(writer, prefix);
	put(writer, "\"0x");
	put_digits(writer, value, 16);
	put(writer, "\"");
}

static void put_flag(struct writer *writer, const char *prefix, bool flag)
{
	put(writer, prefix);
	put(writer, flag ? "true" : "false");
}

static const char *separator(size_t index)
{
	return index ? "," : "";
}

/* With a comma, where it is not the first. */
static void put_phase(struct writer *writer, enum recorded_phase phase)
{
	if (phase == PHASE_START)
		return;
	put_text(writer, "\"phase\":", recorded_phase_word(phase));
	put(writer, ",");
}

static void put_arg(struct writer *writer, const struct recorded_arg *arg)
{
	put_text(writer, "{\"name\":", arg->name);
	if (arg->ruled)
		put(writer, ",\"ruled\":true");
	if (arg->behind)
		put(writer, ",\"behind\":true");
	put_word(writer, ",\"all\":", arg->all);
	put_word(writer, ",\"some\":", arg->some);
	put_word(writer, ",\"least\":", arg->least);
	put_word(writer, ",\"most\":", arg->most);
	put(writer, "}");
}

static void put_observation(struct writer *writer, const struct recorded_call *call)
{
	size_t ruled = 0;

	put(writer, "{");
	put_phase(writer, call->phase);
	put_text(writer, "\"abi\":", abi_get(call->abi)->name);
	put_text(writer, ",\"call\":", call->name);
	put_count(writer, ",\"number\":", call->number);
	put(writer, ",\"args\":[");
	for (size_t i = 0; i < call->args.count; i++) {
		put(writer, separator(i));
		put_arg(writer, &call->args.items[i]);
		ruled += call->args.items[i].ruled;
	}
	put(writer, "],\"tuples\":[");
	for (size_t i = 0; i < call->tuples.count; i++) {
		put(writer, separator(i));
		put(writer, "[");
		for (size_t j = 0; j < ruled; j++)
			put_word(writer, separator(j), call->tuples.items[i].values[j]);
		put(writer, "]");
	}
	put(writer, call->saturated ? "],\"saturated\":true}" : "]}");
}

static void put_errors(struct writer *writer, const struct recorded_call *call)
{
	put(writer, ",{");
	for (size_t i = 0; i < call->errors.count; i++) {
		const struct recorded_error *error = &call->errors.items[i];
		constant_id name = constant_name("E", call->abi, (uint64_t)error->number);

		put(writer, separator(i));
		if (name == CONSTANT_NONE)
			text_printf(writer->out, "\"%d\"", error->number);
		else
			put_string(writer, constant_get(name)->name);
		put_count(writer, ":", error->count);
	}
	put(writer, "}");
}

/* A reference: the number of what was seen, how often each tuple of it was, and its errors. */
static void put_call(struct writer *writer, const struct recorded_call *call)
{
	put_count(writer, "[", call_table_find(&writer->calls, call));
	if (call->tuples.count > 1) {
		put(writer, ",[");
		for (size_t i = 0; i < call->tuples.count; i++)
			put_count(writer, separator(i), call->tuples.items[i].count);
		put(writer, "]");
	} else {
		put_count(writer, ",", call->count);
	}
	if (call->errors.count)
		put_errors(writer, call);
	put(writer, "]");
}

static void put_operations(struct writer *writer, const struct recorded_executable *executable)
{
	put(writer, ",\n     \"operations\": [");
	for (size_t i = 0; i < executable->operations.count; i++) {
		const struct recorded_operation *operation = &executable->operations.items[i];

		put(writer, separator(i));
		put(writer, "\n      {");
		put_phase(writer, operation->phase);
		put_text(writer, "\"operation\":", operation->name);
		put_count(writer, ",\"opcode\":", operation->opcode);
		put_count(writer, ",\"count\":", operation->count);
		put(writer, "}");
	}
	put(writer, "]");
}

static void put_executable(struct writer *writer, const struct recorded_executable *executable)
{
	put_text(writer, "\n    {\n     \"path\": ", executable->path);
	put_text(writer, ",\n     \"script\": ", executable->script);
	text_printf(writer->out, ",\n     \"device\": \"%" PRIu32 ":%" PRIu32 "\"",
		    executable->device_major, executable->device_minor);
	put_word(writer, ",\n     \"inode\": ", executable->inode);
	put_count(writer, ",\n     \"started\": ", executable->started);
	put(writer, ",\n     \"calls\": [");
	for (size_t i = 0; i < executable->calls.count; i++) {
		put(writer, separator(i));
		put_call(writer, executable->calls.items[i]);
	}
	put(writer, "]");
	if (executable->operations.count)
		put_operations(writer, executable);
	put(writer, "}");
}

static void put_unseen(struct writer *writer, const struct recorded_run *run)
{
	put(writer, ",\n   \"unseen\": [");
	for (size_t i = 0; i < run->unseen.count; i++) {
		const struct recorded_unseen *unseen = &run->unseen.items[i];

		put(writer, separator(i));
		put_text(writer, "\n    {\"kind\":", unseen_kind_word(unseen->kind));
		put_text(writer, ",\"path\":", unseen->path);
		put_count(writer, ",\"count\":", unseen->count);
		put(writer, "}");
	}
	put(writer, "]");
}

static void put_end(struct writer *writer, const struct recorded_run *run)
{
	static const char *const words[] = {
		[RECORDED_END_EXITED] = "exited",
		[RECORDED_END_KILLED] = "killed",
	};

	put(writer, ",\n   \"end\": ");
	if (run->end == RECORDED_END_UNKNOWN)
		put(writer, "null");
	else
		text_printf(writer->out, "{\"%s\":%d}", words[run->end], run->end_value);
}

static void put_labels(struct writer *writer, const struct recorded_run *run)
{
	put(writer, ",\n   \"labels\": {");
	for (size_t i = 0; i < run->labels.count; i++) {
		put_text(writer, separator(i), run->labels.items[i].key);
		put_text(writer, ":", run->labels.items[i].value);
	}
	put(writer, "}");
}

static void put_run_manner(struct writer *writer, const struct recorded_run *run)
{
	put_text(writer, ",\n   \"scope\": {\"kind\":", recorded_scope_word(run->scope));
	put_text(writer, ",\"name\":", run->scope_name);
	put(writer, "},\n   \"command\": [");
	for (size_t i = 0; i < run->command.count; i++)
		put_text(writer, separator(i), run->command.items[i]);
	put(writer, "]");
	if (run->labels.count)
		put_labels(writer, run);
	put_flag(writer, ",\n   \"only_denied\": ", run->only_denied);
	put_flag(writer, ",\n   \"counts_are_least\": ", run->counts_are_least);
	put_flag(writer, ",\n   \"results_seen\": ", run->results_seen);
	put_text(writer, ",\n   \"serving_rule\": ", run->serving_rule);
	if (run->served)
		put_count(writer, ",\n   \"serving_after\": ", run->serving_after);
	else
		put(writer, ",\n   \"serving_after\": null");
}

static void put_run(struct writer *writer, const struct recorded_run *run)
{
	put_text(writer, "\n  {\n   \"id\": ", run->id);
	put_text(writer, ",\n   \"host\": ", run->host);
	put_text(writer, ",\n   \"kernel\": ", run->kernel);
	put_text(writer, ",\n   \"machine\": ", run->machine);
	put_text(writer, ",\n   \"tracer\": ", run->tracer);
	put_run_manner(writer, run);
	put_count(writer, ",\n   \"started\": ", (uint64_t)run->started);
	put_count(writer, ",\n   \"milliseconds\": ", run->duration);
	put_end(writer, run);
	put_count(writer, ",\n   \"processes\": ", run->processes);
	put_count(writer, ",\n   \"threads\": ", run->threads);
	put_count(writer, ",\n   \"lost\": ", run->lost);
	put_unseen(writer, run);
	put(writer, ",\n   \"launcher\": [");
	for (size_t i = 0; i < run->launcher.count; i++) {
		put(writer, separator(i));
		put_call(writer, run->launcher.items[i]);
	}
	put(writer, "],\n   \"executables\": [");
	for (size_t i = 0; i < run->executables.count; i++) {
		put(writer, separator(i));
		put_executable(writer, run->executables.items[i]);
	}
	put(writer, "]}");
}

static void number_calls(struct writer *writer, const struct recorded_run *run)
{
	for (size_t i = 0; i < run->launcher.count; i++)
		call_table_add(&writer->arena, &writer->calls, run->launcher.items[i]);
	for (size_t i = 0; i < run->executables.count; i++)
		for (size_t j = 0; j < run->executables.items[i]->calls.count; j++)
			call_table_add(&writer->arena, &writer->calls,
				       run->executables.items[i]->calls.items[j]);
}

static void put_recording(struct writer *writer, const struct recording *recording)
{
	put_text(writer, "{\n \"format\": ", RECORDING_FORMAT);
	put_count(writer, ",\n \"version\": ", RECORDING_VERSION);
	put(writer, ",\n \"calls\": [");
	for (size_t i = 0; i < recording->runs.count; i++)
		number_calls(writer, recording->runs.items[i]);
	for (size_t i = 0; i < writer->calls.list.count; i++) {
		put(writer, separator(i));
		put(writer, "\n  ");
		put_observation(writer, writer->calls.list.items[i]);
	}
	put(writer, "],\n \"runs\": [");
	for (size_t i = 0; i < recording->runs.count && !writer->out->failed; i++) {
		put(writer, separator(i));
		put_run(writer, recording->runs.items[i]);
	}
	put(writer, "]}\n");
}

/* Whether recording_read() takes it. TEXT has nothing else. */
static bool fits(const struct text *text)
{
	struct json_walk walk = json_walk_begin(text->bytes, text->bytes + text->length, '}');
	struct json_part key, value;

	if (text->length > RECORDING_BYTES_MAX)
		return false;
	while (json_walk_next(&walk, &key, &value)) {
		struct json_walk list = {.done = true};

		if (*value.bytes == '[')
			list = json_walk_begin(value.bytes, value.bytes + value.length, ']');
		while (json_walk_next(&list, &key, &value))
			if (value.weight > RECORDING_VALUES_MAX)
				return false;
	}
	return true;
}

int recording_write(const struct recording *recording, struct text *out)
{
	struct writer writer = {.out = out};
	int error = arena_init(&writer.arena);

	if (error)
		return error;
	put_recording(&writer, recording);
	arena_release(&writer.arena);
	if (out->failed)
		return -ENOMEM;
	return fits(out) ? 0 : -EFBIG;
}
