/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/control_groups.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Takes LINE, which it may change; what it adds to LIST is in ARENA. */
typedef void line_reader(struct arena *arena, char *line, void *list);

static int read_lines(struct arena *arena, const char *path, line_reader *reader, void *list)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;
	int error = 0;

	if (!file)
		return -errno;
	errno = 0;
	while ((length = getline(&line, &capacity, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		reader(arena, line, list);
		errno = 0;
	}
	if (!feof(file))
		error = errno ? -errno : -EIO;
	free(line);
	fclose(file);
	return error;
}

static bool is_octal(char digit)
{
	return digit >= '0' && digit <= '7';
}

/* Blanks, tabs, ends of lines and backslashes stand as three octal digits (seq_escape of the kernel). */
static const char *unescape(struct arena *arena, const char *text)
{
	char *plain = arena_copy(arena, text, strlen(text)), *to = plain;

	for (const char *at = plain; *at; at++) {
		if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && is_octal(at[2]) &&
		    is_octal(at[3])) {
			*to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
	return plain;
}

static bool read_number(const char *text, char end, unsigned int *number, const char **rest)
{
	unsigned long value;
	char *stop;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &stop, 10);
	if (errno || value > INT_MAX || *stop != end)
		return false;
	*number = (unsigned int)value;
	if (rest)
		*rest = stop + 1;
	return true;
}

/* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS */
static void read_mount(struct arena *arena, char *line, void *list)
{
	char *words[5], *type, *rest = line;
	unsigned int major_number, minor_number;
	struct control_mount *mount;
	const char *device;

	for (int i = 0; i < 5; i++)
		words[i] = strsep(&rest, " ");
	rest = rest ? strstr(rest, " - ") : NULL;
	if (!rest)
		return;
	rest += strlen(" - ");
	type = strsep(&rest, " ");
	if (strcmp(type, "cgroup") != 0 && strcmp(type, "cgroup2") != 0)
		return;
	strsep(&rest, " "); /* the source: any name */
	if (!rest || words[3][0] != '/' || words[4][0] != '/' ||
	    !read_number(words[2], ':', &major_number, &device) ||
	    !read_number(device, '\0', &minor_number, NULL))
		return;
	mount = VEC_PUSH(arena, (control_mount_list *)list);
	mount->device = makedev(major_number, minor_number);
	mount->unified = strcmp(type, "cgroup2") == 0;
	mount->root = unescape(arena, words[3]);
	mount->point = unescape(arena, words[4]);
	mount->options = arena_copy(arena, rest, strlen(rest));
}

int control_mounts_read(struct arena *arena, const char *file, control_mount_list *list)
{
	return read_lines(arena, file, read_mount, list);
}

/* ID:CONTROLLERS:PATH. The path is as it is: no group's name can hold an end of a line. */
static void read_group(struct arena *arena, char *line, void *list)
{
	unsigned int hierarchy;
	const char *controllers, *path;
	struct control_group *group;

	if (!read_number(line, ':', &hierarchy, &controllers))
		return;
	path = strchr(controllers, ':');
	if (!path || path[1] != '/')
		return;
	group = VEC_PUSH(arena, (control_group_list *)list);
	group->hierarchy = (int)hierarchy;
	group->controllers = arena_copy(arena, controllers, (size_t)(path - controllers));
	group->path = arena_copy(arena, path + 1, strlen(path + 1));
}

int control_groups_read(struct arena *arena, const char *file, control_group_list *list)
{
	return read_lines(arena, file, read_group, list);
}

static bool list_has(const char *list, const char *word, size_t length)
{
	while (*list) {
		size_t here = strcspn(list, ",");

		if (here == length && memcmp(list, word, length) == 0)
			return true;
		list += here + (list[here] == ',');
	}
	return false;
}

bool control_group_is_of(const struct control_group *group, const struct control_mount *mount)
{
	const char *word = group->controllers;

	if (mount->unified || !*word)
		return mount->unified && !*word;
	/* A hierarchy without controllers has "name=NAME" in both places. */
	while (*word) {
		size_t length = strcspn(word, ",");

		if (!list_has(mount->options, word, length))
			return false;
		word += length + (word[length] == ',');
	}
	return true;
}

/* Whether PATH climbs anywhere: then its end is not below where it begins. */
static bool climbs(const char *path)
{
	for (; (path = strstr(path, "/..")); path += 3)
		if (path[3] == '/' || path[3] == '\0')
			return true;
	return false;
}

const char *control_mount_folder(struct arena *arena, const struct control_mount *mount,
				 const char *path)
{
	size_t root = strcmp(mount->root, "/") == 0 ? 0 : strlen(mount->root);
	size_t point = strcmp(mount->point, "/") == 0 ? 0 : strlen(mount->point);
	const char *below = path + root;

	if (strncmp(path, mount->root, root) != 0 || (*below && *below != '/') || climbs(below))
		return NULL;
	/* The top alone has a slash at its end. */
	if (strcmp(below, "/") == 0 && point)
		below = "";
	return arena_printf(arena, "%.*s%s", (int)point, mount->point,
			    *below || point ? below : "/");
}

const char *control_group_folder(struct arena *arena, const control_mount_list *mounts,
				 const struct control_group *group)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const char *folder;

		if (!control_group_is_of(group, &mounts->items[i]))
			continue;
		folder = control_mount_folder(arena, &mounts->items[i], group->path);
		if (folder && access(folder, F_OK) == 0)
			return folder;
	}
	return NULL;
}
