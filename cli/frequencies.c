/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/frequencies.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/recording_input.h"
#include "compiler/resolve/abi_list.h"
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

/*
 * The ABI whose call NUMBER is: of those that have it among their numbers the one whose calls start
 * highest, x32 before x86 and mips64 before mips; of equals the first. NULL where none has it.
 */
static const struct abi *number_owner(abi_set abis, uint32_t number)
{
	const struct abi *owner = NULL;

	for (int id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get((enum abi_id)id);

		if (!(abis & ABI_BIT(id)) || number < abi->number_first ||
		    number < abi->number_base || number > abi->number_last)
			continue;
		if (!owner || abi->number_base > owner->number_base)
			owner = abi;
	}
	return owner;
}

/* Machines have the same numbers for different calls, and who knows which is meant. */
static int reader_number(struct reader *reader, uint32_t number, double count)
{
	const struct abi *owner;

	if (reader->abis & ~abi_machine(abi_first(reader->abis))) {
		command_error("%s:%u: the policy is for more than one machine, and a number is "
			      "another call on each: name the call",
			      reader->path, reader->line);
		return COMMAND_USAGE;
	}
	owner = number_owner(reader->abis, number);
	if (!owner) {
		command_error("%s:%u: %u is no number of %s", reader->path, reader->line, number,
			      abi_list(reader->arena, reader->abis, ABI_ALL));
		return COMMAND_USAGE;
	}
	reader_add(reader, owner->id, number, count);
	return COMMAND_GOOD;
}

/* What a name means is what a policy means by it. */
static int reader_name(struct reader *reader, const char *word, double count)
{
	call_id call = call_find(word);

	if (call == CALL_NONE)
		call = call_find_alias(word);
	if (call == CALL_NONE) {
		command_error("%s:%u: there is no call '%s'", reader->path, reader->line, word);
		return COMMAND_USAGE;
	}
	for (int id = 0; id < ABI_COUNT; id++) {
		int64_t number = call_number(call, (enum abi_id)id);
		call_id synonym;

		if (number < 0) {
			synonym = call_find_synonym(call, (enum abi_id)id);
			if (synonym != CALL_NONE)
				number = call_number(synonym, (enum abi_id)id);
		}
		reader_add(reader, (enum abi_id)id, number, count);
	}
	return COMMAND_GOOD;
}

static int reader_call(struct reader *reader, const char *word, double count)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)*word))
		return reader_name(reader, word, count);
	errno = 0;
	number = strtoul(word, &end, 0);
	if (*end || errno || number > UINT32_MAX) {
		command_error("%s:%u: '%s' is no call number", reader->path, reader->line, word);
		return COMMAND_USAGE;
	}
	return reader_number(reader, (uint32_t)number, count);
}

/* A zero byte would end the text before its end. */
static int reader_check_text(const struct reader *reader, const struct source *source)
{
	const char *zero = memchr(source->text, '\0', source->length);
	uint32_t line = 1;

	if (!zero)
		return COMMAND_GOOD;
	for (const char *at = source->text; at < zero; at++)
		line += *at == '\n';
	command_error("%s:%u: a zero byte stands in the text", reader->path, line);
	return COMMAND_USAGE;
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
	const struct source *source;
	uint32_t file;
	char *line, *save = NULL;
	int status, error = sources_read(&sources, path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than the %u bytes that a list of frequencies may have",
			      path, SOURCE_SIZE_MAX);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(path, error);
	source = sources_get(&sources, file);
	status = reader_check_text(&reader, source);
	if (status != COMMAND_GOOD)
		return status;
	for (line = arena_copy(arena, source->text, source->length); line; line = save) {
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
