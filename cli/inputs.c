/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include "cli/command.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static const char *name_in_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool stat_folder(const char *path, struct stat *status)
{
	size_t length = (size_t)(name_in_folder(path) - path);
	char folder[4096];

	if (!length)
		return stat(".", status) == 0;
	if (length >= sizeof(folder))
		return false;
	memcpy(folder, path, length);
	folder[length] = '\0';
	return stat(folder, status) == 0;
}

bool inputs_same(const char *path, const char *other)
{
	struct stat first, second;
	bool there = stat(path, &first) == 0;

	if ((stat(other, &second) == 0) != there)
		return false;
	if (there)
		return S_ISREG(first.st_mode) && same_inode(&first, &second);
	return !strcmp(name_in_folder(path), name_in_folder(other)) && stat_folder(path, &first) &&
	       stat_folder(other, &second) && same_inode(&first, &second);
}

static bool is_input(const struct stat *output, const char *input)
{
	bool standard = !strcmp(input, "-") || !strcmp(input, "<stdin>");
	struct stat status;

	if (standard ? fstat(STDIN_FILENO, &status) < 0 : stat(input, &status) < 0)
		return false;
	return same_inode(output, &status);
}

int inputs_spare(const char *output, const struct sources *sources, const char *const *further,
		 size_t count)
{
	struct stat status;
	bool found = false;

	if (!output || !strcmp(output, "-") || stat(output, &status) < 0 ||
	    !S_ISREG(status.st_mode))
		return COMMAND_GOOD;
	for (size_t i = 0; sources && i < sources->list.count; i++)
		if (!sources->list.items[i].shipped)
			found |= is_input(&status, sources->list.items[i].name);
	for (size_t i = 0; i < count; i++)
		if (further[i])
			found |= is_input(&status, further[i]);
	if (!found)
		return COMMAND_GOOD;
	command_error("%s: it is an input of this command", output);
	return COMMAND_USAGE;
}
