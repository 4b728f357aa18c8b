/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/search.h"

#include <elf.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	FOLDERS_MAX = 1024,
	INCLUDES_MAX = 8, /* of one ld.so.conf in another */
	LINE_MAX_BYTES = 4096,
	HEADER_SIZE = 20, /* of an ELF file, up to its machine */
	MACHINE_AT = 18,
};

/* What is searched last; Debian's folders for each machine first. */
static const struct standard_folder {
	uint16_t machine;
	const char *path;
} standard_folders[] = {
	{EM_X86_64, "/lib/x86_64-linux-gnu"},
	{EM_X86_64, "/usr/lib/x86_64-linux-gnu"},
	{EM_AARCH64, "/lib/aarch64-linux-gnu"},
	{EM_AARCH64, "/usr/lib/aarch64-linux-gnu"},
	{EM_NONE, "/lib64"},
	{EM_NONE, "/usr/lib64"},
	{EM_NONE, "/lib"},
	{EM_NONE, "/usr/lib"},
	{EM_NONE, "/usr/local/lib"},
};

const char *search_rooted(const struct search *search, const char *path)
{
	const char *root = search->options->sysroot;

	return root && path[0] == '/' ? arena_printf(search->arena, "%s%s", root, path) : path;
}

static void read_list(struct search *search, const char *path, unsigned int depth);

static void read_included(struct search *search, const char *pattern, const char *from,
			  unsigned int depth)
{
	const char *slash = strrchr(from, '/');
	glob_t found;

	if (pattern[0] == '/')
		pattern = search_rooted(search, pattern);
	else if (slash)
		pattern =
			arena_printf(search->arena, "%.*s/%s", (int)(slash - from), from, pattern);
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			read_list(search, found.gl_pathv[i], depth + 1);
		globfree(&found);
	}
}

/* A line of ld.so.conf: a folder, or `include` and a pattern. */
static void take_line(struct search *search, char *line, const char *from, unsigned int depth)
{
	static const char blanks[] = " \t\r\n";
	static const char include[] = "include";

	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, blanks);
	if (strncmp(line, include, sizeof(include) - 1) == 0 &&
	    strspn(line + sizeof(include) - 1, blanks)) {
		line += sizeof(include) - 1;
		line += strspn(line, blanks);
		line[strcspn(line, blanks)] = '\0';
		read_included(search, line, from, depth);
		return;
	}
	line[strcspn(line, " \t\r\n:,=")] = '\0';
	if (line[0] == '/' && search->folders.count < FOLDERS_MAX)
		*VEC_PUSH(search->arena, &search->folders) =
			search_rooted(search, arena_copy(search->arena, line, strlen(line)));
}

static void read_list(struct search *search, const char *path, unsigned int depth)
{
	FILE *file = depth < INCLUDES_MAX ? fopen(path, "re") : NULL;
	char line[LINE_MAX_BYTES];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		take_line(search, line, path, depth);
	fclose(file);
}

void search_begin(struct search *search)
{
	read_list(search, search_rooted(search, "/etc/ld.so.conf"), 0);
	for (size_t i = 0; i < sizeof(standard_folders) / sizeof(standard_folders[0]); i++) {
		const struct standard_folder *folder = &standard_folders[i];

		if (folder->machine == EM_NONE || folder->machine == search->machine)
			*VEC_PUSH(search->arena, &search->folders) =
				search_rooted(search, folder->path);
	}
}

/* Whether PATH is an ELF file of the machine: the loader goes on to the next folder if not. */
static bool fits(const struct search *search, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	uint8_t header[HEADER_SIZE];
	bool good;

	if (fd < 0)
		return false;
	good = read(fd, header, sizeof(header)) == sizeof(header) &&
	       memcmp(header, ELFMAG, SELFMAG) == 0 && header[EI_CLASS] == ELFCLASS64 &&
	       number_from(header + MACHINE_AT, 2) == search->machine;
	close(fd);
	return good;
}

static const char *try_folder(const struct search *search, const char *folder, const char *name)
{
	const char *path = arena_printf(search->arena, "%s/%s", folder, name);

	return fits(search, path) ? path : NULL;
}

/* FOLDER with $ORIGIN and its like replaced. */
static const char *expand(const struct search *search, const char *folder, size_t length,
			  const struct image *image)
{
	const char *slash = strrchr(image->path, '/'), *text = "";
	const struct {
		const char *word;
		const char *value;
	} words[] = {
		{"$ORIGIN",
		 slash ? arena_copy(search->arena, image->path,
				    slash == image->path ? 1 : (size_t)(slash - image->path))
		       : "."},
		{"${ORIGIN}", NULL},
		{"$LIB",
		 search->machine == EM_X86_64 ? "lib/x86_64-linux-gnu" : "lib/aarch64-linux-gnu"},
		{"${LIB}", NULL},
		{"$PLATFORM", search->machine == EM_X86_64 ? "x86_64" : "aarch64"},
		{"${PLATFORM}", NULL},
	};
	bool origin = false;

	for (const char *at = folder; at < folder + length;) {
		const char *value = NULL;
		size_t word = 1;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !value; i++) {
			word = strlen(words[i].word);
			if (word <= (size_t)(folder + length - at) &&
			    strncmp(at, words[i].word, word) == 0) {
				value = words[i].value ? words[i].value : words[i - 1].value;
				origin |= i < 2;
			}
		}
		if (!value)
			word = 1;
		text = value ? arena_printf(search->arena, "%s%s", text, value)
			     : arena_printf(search->arena, "%s%c", text, *at);
		at += word;
	}
	return origin ? text : search_rooted(search, text);
}

static const char *try_list(const struct search *search, const char *list, const char *name,
			    const struct image *image)
{
	const char *found = NULL;

	for (size_t length; list && *list && !found; list += length + (list[length] != '\0')) {
		length = strcspn(list, ":");
		if (length && length < LINE_MAX_BYTES)
			found = try_folder(search, expand(search, list, length, image), name);
	}
	return found;
}

const char *search_library(struct search *search, const char *name, const struct image *needer,
			   const struct image *program)
{
	const char *const *extra = search->options->folders;
	const char *found = NULL;

	if (strchr(name, '/')) {
		name = search_rooted(search, name);
		return fits(search, name) ? name : NULL;
	}
	for (; extra && *extra && !found; extra++)
		found = try_folder(search, *extra, name);
	if (!found && !needer->dynamic.runpath) {
		found = try_list(search, needer->dynamic.rpath, name, needer);
		if (!found && !program->dynamic.runpath)
			found = try_list(search, program->dynamic.rpath, name, program);
	}
	if (!found)
		found = try_list(search, needer->dynamic.runpath, name, needer);
	for (size_t i = 0; i < search->folders.count && !found; i++)
		found = try_folder(search, search->folders.items[i], name);
	return found;
}
