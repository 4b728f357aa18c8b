/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hook/container_cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lines of a file of /proc. */
struct lines {
	FILE *file;
	char *line;
	size_t capacity;
};

static char *lines_next(struct lines *lines)
{
	ssize_t length;

	if (!lines->file)
		return NULL;
	length = getline(&lines->line, &lines->capacity, lines->file);
	if (length <= 0)
		return NULL;
	if (lines->line[length - 1] == '\n')
		lines->line[length - 1] = '\0';
	return lines->line;
}

static void lines_close(struct lines *lines)
{
	if (lines->file)
		fclose(lines->file);
	free(lines->line);
}

/* A membership of cgroups(7): ID:CONTROLLERS:PATH. Controllers are empty for version 2. */
struct membership {
	const char *controllers;
	const char *path;
};
typedef VEC(struct membership) membership_list;

static void read_memberships(struct arena *arena, const char *file, membership_list *list)
{
	struct lines lines = {.file = fopen(file, "re")};
	char *line;

	while ((line = lines_next(&lines))) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		struct membership *added;

		if (!path)
			continue;
		*path = '\0';
		added = VEC_PUSH(arena, list);
		added->controllers = arena_printf(arena, "%s", controllers + 1);
		added->path = arena_printf(arena, "%s", path + 1);
	}
	lines_close(&lines);
}

/* Whether LIST, with commas between, has all of the words of WORDS. */
static bool has_words(const char *list, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, ",");
		const char *at = list;
		bool found = false;

		while (*at && !found) {
			size_t other = strcspn(at, ",");

			found = other == length && strncmp(at, words, length) == 0;
			at += other + (at[other] == ',');
		}
		if (!found)
			return false;
		words += length + (words[length] == ',');
	}
	return true;
}

/* A line of /proc/self/mountinfo that mounts the hierarchy, or NULL; its mount point then. */
static const char *mount_point(struct arena *arena, char *line, const char *controllers)
{
	char *type = strstr(line, " - "), *fields[5], *at = line, *options, *source;
	const char *wanted = controllers[0] ? "cgroup" : "cgroup2";

	if (!type)
		return NULL;
	*type = '\0';
	type += 3;
	for (int i = 0; i < 5; i++)
		fields[i] = strsep(&at, " ");
	source = strchr(type, ' ');
	options = source ? strchr(source + 1, ' ') : NULL;
	if (!options || !fields[4])
		return NULL;
	*source = '\0';
	/* What is mounted there has to be the hierarchy's root: paths are told from it. */
	if (strcmp(type, wanted) != 0 || strcmp(fields[3], "/") != 0)
		return NULL;
	/* "name=systemd" stands in the options as it does in /proc/PID/cgroup. */
	if (controllers[0] && !has_words(options + 1, controllers))
		return NULL;
	return arena_printf(arena, "%s", fields[4]);
}

static const char *hierarchy_folder(struct arena *arena, const struct membership *membership)
{
	struct lines lines = {.file = fopen("/proc/self/mountinfo", "re")};
	const char *found = NULL;
	char *line;

	/* A mount may be hidden by a later one over it: what counts is that the folder is there. */
	while (!found && (line = lines_next(&lines))) {
		const char *mount = mount_point(arena, line, membership->controllers);

		if (!mount)
			continue;
		found = arena_printf(arena, "%s%s", mount, membership->path);
		if (access(found, F_OK) < 0)
			found = NULL;
	}
	lines_close(&lines);
	return found;
}

static bool is_shared(const membership_list *own, const struct membership *membership)
{
	for (size_t i = 0; i < own->count; i++)
		if (strcmp(own->items[i].controllers, membership->controllers) == 0)
			return strcmp(own->items[i].path, membership->path) == 0;
	return false;
}

const char *container_cgroup_find(struct arena *arena, pid_t pid)
{
	membership_list own = {0}, theirs = {0};
	const char *found = NULL;

	read_memberships(arena, "/proc/self/cgroup", &own);
	read_memberships(arena, arena_printf(arena, "/proc/%d/cgroup", (int)pid), &theirs);
	/* Version 2 is the last line: the kernel lists hierarchies by falling number. */
	for (size_t i = theirs.count; i > 0 && !found; i--)
		if (!is_shared(&own, &theirs.items[i - 1]))
			found = hierarchy_folder(arena, &theirs.items[i - 1]);
	return found;
}
