/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/static_input.h"

#include "cli/command.h"

#include <errno.h>

int static_input_take(const struct options *options, const char **list)
{
	unsigned int count = 0;

	while (list[count])
		count++;
	if (count == STATIC_INPUTS_MAX)
		return options_misuse(options, "more than %d of one option", STATIC_INPUTS_MAX);
	list[count] = options->value;
	return COMMAND_GOOD;
}

int static_input_read(struct static_input *input, struct arena *arena, struct diags *diags)
{
	const struct static_options options = {.sysroot = input->sysroot,
					       .folders = input->folders};
	const char *why;
	int status = COMMAND_GOOD;

	if (!input->programs[0])
		return COMMAND_GOOD;
	why = static_unavailable(arena);
	if (why) {
		command_error("--static: %s", why);
		return COMMAND_ENVIRONMENT;
	}
	for (const char *const *path = input->programs; *path; path++) {
		int error = static_add(arena, &input->evidence, *path, &options, diags);

		if (error && error != -ENOEXEC)
			return command_path_error(*path, error);
		if (error)
			status = COMMAND_USAGE;
	}
	return status;
}
