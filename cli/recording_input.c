/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/recording_input.h"

#include "cli/command.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

int recording_input_add(struct recording_input *input, const char *path)
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
	added = recording_read(&input->arena, name, bytes.bytes ? bytes.bytes : "", bytes.length,
			       &input->diags);
	text_release(&bytes);
	if (added)
		recording_merge(&input->arena, &input->recording, added, name, &input->diags);
	return input->diags.errors > errors ? COMMAND_USAGE : COMMAND_GOOD;
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
