/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/frequencies.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/recording_input.h"
#include "policy-lang/base/source.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const char *path;
	abi_set abis; /* of the policy */
	uint32_t line;
	VEC(struct call_weight) weights;
};

static void reader_add(struct reader *reader, enum abi_id abi, int64_t number, double count)
{
	struct call_weight *weight;

	if (number < 0)
		return;
	weight = VEC_PUSH(reader->arena, &reader->weights);
	*weight = (struct call_weight){abi, (uint32_t)number, count};
}

/* A number is the call that it is on the first ABI; where that is one of many, who knows which. */
static int reader_number(struct reader *reader, int64_t number, double count)
{
	const struct abi *first = abi_first(reader->abis);

	if (reader->abis & ~abi_machine(first)) {
		command_error("%s:%u: the policy is for more than one machine, and a number is "
			      "another call on each: name the call",
			      reader->path, reader->line);
		return COMMAND_USAGE;
	}
	reader_add(reader, first->id, number, count);
	return COMMAND_GOOD;
}

static int reader_call(struct reader *reader, const char *word, double count)
{
	char *end;
	call_id call;

	if (isdigit((unsigned char)*word)) {
		unsigned long number;

		errno = 0;
		number = strtoul(word, &end, 0);
		if (*end || errno || number > UINT32_MAX) {
			command_error("%s:%u: '%s' is no call number", reader->path, reader->line,
				      word);
			return COMMAND_USAGE;
		}
		return reader_number(reader, (int64_t)number, count);
	}
	call = call_find(word);
	if (call == CALL_NONE) {
		command_error("%s:%u: there is no call '%s'", reader->path, reader->line, word);
		return COMMAND_USAGE;
	}
	for (int id = 0; id < ABI_COUNT; id++)
		reader_add(reader, (enum abi_id)id, call_number(call, (enum abi_id)id), count);
	return COMMAND_GOOD;
}

/* One line, which is cut into words. */
static int reader_line(struct reader *reader, char *line)
{
	char *rest = strchr(line, '#'), *save = NULL, *end;
	const char *count_word, *call_word;
	double count;

	if (rest)
		*rest = '\0';
	count_word = strtok_r(line, " \t\r", &save);
	if (!count_word)
		return COMMAND_GOOD;
	call_word = strtok_r(NULL, " \t\r", &save);
	count = strtod(count_word, &end);
	if (!call_word || strtok_r(NULL, " \t\r", &save) || *end || !(count >= 0 && count < 1e18)) {
		command_error("%s:%u: a line is a count and a call's number or name", reader->path,
			      reader->line);
		return COMMAND_USAGE;
	}
	return reader_call(reader, call_word, count);
}

static void reader_run(struct reader *reader, const struct recorded_run *run)
{
	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++) {
			const struct recorded_call *call = executable->calls.items[j];

			reader_add(reader, call->abi, call->number, (double)call->count);
		}
	}
}

static int compare_weights(const void *a, const void *b)
{
	const struct call_weight *left = a, *right = b;

	if (left->abi != right->abi)
		return left->abi < right->abi ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* Sorted, with one entry a call. */
static void reader_finish(struct reader *reader, struct call_weights *weights)
{
	struct call_weight *items = reader->weights.items;
	size_t count = 0;

	if (reader->weights.count)
		qsort(items, reader->weights.count, sizeof(*items), compare_weights);
	for (size_t i = 0; i < reader->weights.count; i++) {
		if (count && !compare_weights(&items[count - 1], &items[i]))
			items[count - 1].weight += items[i].weight;
		else
			items[count++] = items[i];
	}
	*weights = (struct call_weights){items, count};
}

int frequencies_read(struct arena *arena, const char *path, abi_set abis,
		     struct call_weights *weights)
{
	struct reader reader = {.arena = arena, .path = path, .abis = abis};
	struct sources sources = {.arena = arena};
	uint32_t file;
	char *text, *line, *save = NULL;
	int error = sources_read(&sources, path, &file);

	if (error)
		return command_path_error(path, error);
	text = arena_copy(arena, sources_get(&sources, file)->text,
			  sources_get(&sources, file)->length);
	for (line = text; line; line = save) {
		int status;

		save = strchr(line, '\n');
		if (save)
			*save++ = '\0';
		reader.line++;
		status = reader_line(&reader, line);
		if (status != COMMAND_GOOD)
			return status;
	}
	reader_finish(&reader, weights);
	return COMMAND_GOOD;
}

int frequencies_read_recording(struct arena *arena, const char *path, struct call_weights *weights)
{
	struct reader reader = {.arena = arena, .path = path};
	struct recording_input input;
	int status, error = recording_input_init(&input);

	if (error)
		return command_path_error(path, error);
	status = recording_input_add(&input, path);
	for (size_t i = 0; status == COMMAND_GOOD && i < input.recording.runs.count; i++)
		reader_run(&reader, input.recording.runs.items[i]);
	diagnostics_print(&input.diags, (struct diagnostics_style){0});
	reader_finish(&reader, weights);
	recording_input_release(&input);
	return status;
}
