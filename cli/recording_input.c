/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/recording_input.h"

#include "cli/command.h"
#include "cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OTHERS_MAX = 12, /* labels that a message names */
};

int recording_input_init(struct recording_input *input)
{
	int error;

	*input = (struct recording_input){0};
	error = arena_init(&input->arena);
	if (error)
		return error;
	input->sources.arena = &input->arena;
	input->diags.arena = &input->arena;
	input->diags.sources = &input->sources;
	input->pool = recording_pool_new(&input->arena);
	return 0;
}

void recording_input_release(struct recording_input *input)
{
	arena_release(&input->arena);
}

/* All of FD, or one byte more than a recording may have. */
static int read_whole(int fd, struct text *bytes)
{
	char buffer[1 << 16];

	while (bytes->length <= RECORDING_BYTES_MAX) {
		ssize_t got = read(fd, buffer, sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		text_add(bytes, buffer, (size_t)got);
		if (bytes->failed)
			return -ENOMEM;
	}
	return 0;
}

static int read_file(const char *path, struct text *bytes)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = read_whole(fd, bytes);
	if (!standard)
		close(fd);
	return error;
}

/* Remembers what RUN has, for who asks for what no run has. */
static void note_labels(struct recording_input *input, const struct recorded_run *run)
{
	for (size_t i = 0; i < run->labels.count; i++) {
		const struct recorded_label *label = &run->labels.items[i];
		const char *text = arena_printf(&input->arena, "%s=%s", label->key, label->value);
		size_t known = 0;

		while (known < input->others.count && strcmp(input->others.items[known], text) != 0)
			known++;
		if (known == input->others.count && known < OTHERS_MAX)
			*VEC_PUSH(&input->arena, &input->others) = text;
	}
}

/* Leaves the runs that have all labels. */
static void choose_runs(struct recording_input *input, struct recording *recording)
{
	size_t kept = 0;

	for (size_t i = 0; i < recording->runs.count; i++) {
		struct recorded_run *run = recording->runs.items[i];
		size_t having = 0;

		while (having < input->labels.count &&
		       recorded_run_has_label(run, &input->labels.items[having]))
			having++;
		if (having == input->labels.count)
			recording->runs.items[kept++] = run;
		else if (input->others.count < OTHERS_MAX)
			note_labels(input, run);
	}
	recording->runs.count = kept;
}

static int add_file(struct recording_input *input, const char *path)
{
	const char *name = strcmp(path, "-") == 0 ? "<stdin>" : path;
	unsigned int errors = input->diags.errors;
	struct recording *added;
	struct text bytes = {0};
	int error = read_file(path, &bytes);

	if (error) {
		text_release(&bytes);
		return command_path_error(path, error);
	}
	added = recording_pool_read(input->pool, name, bytes.bytes ? bytes.bytes : "", bytes.length,
				    &input->diags);
	text_release(&bytes);
	if (added)
		choose_runs(input, added);
	if (added)
		recording_merge(&input->arena, &input->recording, added, name, &input->diags);
	return input->diags.errors > errors ? COMMAND_USAGE : COMMAND_GOOD;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length > end_length && strcmp(name + length - end_length, end) == 0;
}

/* What pale profile calls its recordings by itself, and what people do; and not what is hidden. */
static int is_recording_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       (ends_with(entry->d_name, ".rec.json") || ends_with(entry->d_name, ".rec"));
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

/* Nobody waits for a FIFO that stands in a folder. */
static int add_member(struct recording_input *input, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return command_path_error(path, -errno);
	if (S_ISREG(status.st_mode))
		return add_file(input, path);
	command_error("%s: no recording, since it is no regular file", path);
	return COMMAND_USAGE;
}

static int add_folder(struct recording_input *input, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_recording_name, by_bytes);
	int status = COMMAND_GOOD;

	if (count < 0)
		return command_path_error(path, -errno);
	if (count == 0) {
		command_error("%s: no recording (*.rec or *.rec.json) is in this folder", path);
		status = COMMAND_USAGE;
	}
	for (int i = 0; i < count; i++) {
		/* A name's own copy: the recording's messages may outlive it. */
		const char *file = arena_printf(&input->arena, "%s/%s", path, entries[i]->d_name);
		int added = add_member(input, file);

		if (added != COMMAND_GOOD)
			status = added;
		free(entries[i]);
	}
	free(entries);
	return status;
}

int recording_input_add(struct recording_input *input, const char *path)
{
	return is_folder(path) ? add_folder(input, path) : add_file(input, path);
}

int recording_input_label(struct recording_input *input, const struct options *options)
{
	struct recorded_label label;

	if (!recorded_label_parse(&input->arena, options->value, &label))
		return options_misuse(options,
				      "--label: '%s' is no KEY=VALUE, the key of letters, digits "
				      "and _ . / -, at most %d, the value of %d bytes at most",
				      options->value, RECORDING_LABEL_KEY_MAX,
				      RECORDING_LABEL_VALUE_MAX);
	for (size_t i = 0; i < input->labels.count; i++)
		if (strcmp(input->labels.items[i].key, label.key) == 0)
			return options_misuse(options, "--label has %s already", label.key);
	if (input->labels.count == RECORDING_LABELS_MAX)
		return options_misuse(options, "more than %d labels", RECORDING_LABELS_MAX);
	*VEC_PUSH(&input->arena, &input->labels) = label;
	return COMMAND_GOOD;
}

int recording_input_chosen(const struct recording_input *input)
{
	struct text text = {0};

	if (!input->labels.count || input->recording.runs.count)
		return COMMAND_GOOD;
	for (size_t i = 0; i < input->others.count; i++)
		text_printf(&text, "%s%s", i ? ", " : "", input->others.items[i]);
	if (!text.failed && text.bytes)
		command_error("no run has the labels that are asked for; what runs have: %s%s",
			      text.bytes, input->others.count == OTHERS_MAX ? ", ..." : "");
	else
		command_error("no run has the labels that are asked for%s",
			      input->others.count ? "" : ", nor any other");
	text_release(&text);
	return COMMAND_USAGE;
}

int recording_output(const struct recording *recording, const char *path)
{
	struct text bytes = {0};
	int error = recording_write(recording, &bytes);
	int status = COMMAND_ENVIRONMENT;

	if (error == -EFBIG)
		command_error("the recording is larger than the %d MiB that one may have",
			      RECORDING_BYTES_MAX >> 20);
	else if (error)
		command_error("the recording: %s", strerror(-error));
	else
		status = output_write_or_complain(path, bytes.bytes, bytes.length);
	text_release(&bytes);
	return status;
}
