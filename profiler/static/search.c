/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/search.h"

#include <elf.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	FOLDERS_MAX = 1024,
	INCLUDES_MAX = 8, /* of one ld.so.conf in another */
	LINE_MAX_BYTES = 4096,
	HEADER_SIZE = 20, /* of an ELF file, up to its machine */
	MACHINE_AT = 18,
	TRIES_MAX = 1 << 20, /* files that are looked for: more than any program has */
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

/* The file, where it is one of the machine. */
static const char *try_path(struct search *search, const char *path)
{
	search->exhausted |= search->tries == TRIES_MAX;
	if (search->exhausted)
		return NULL;
	search->tries++;
	return fits(search, path) ? arena_copy(search->arena, path, strlen(path)) : NULL;
}

static const char *try_folder(struct search *search, const char *folder, const char *name)
{
	char path[PATH_MAX];
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);

	/* Nothing has a longer path. */
	return length < (int)sizeof(path) ? try_path(search, path) : NULL;
}

/* A path in the making; one that is too long is none. */
struct folder {
	char path[PATH_MAX];
	size_t length;
	bool is_long;
};

static void folder_add(struct folder *folder, const char *bytes, size_t length)
{
	folder->is_long |= length >= sizeof(folder->path) - folder->length;
	if (folder->is_long)
		return;
	memcpy(folder->path + folder->length, bytes, length);
	folder->length += length;
	folder->path[folder->length] = '\0';
}

static void folder_add_string(struct folder *folder, const char *string)
{
	folder_add(folder, string, strlen(string));
}

/* $ORIGIN: where the object itself is. */
static void folder_add_origin(struct folder *folder, const struct image *image)
{
	const char *slash = strrchr(image->path, '/');

	if (!slash)
		folder_add_string(folder, ".");
	else
		folder_add(folder, image->path,
			   slash == image->path ? 1 : (size_t)(slash - image->path));
}

enum folder_word {
	WORD_ORIGIN,
	WORD_LIB,
	WORD_PLATFORM,
	WORD_NONE,
};

/* The word at AT, of which LEFT bytes are there, and its length. */
static enum folder_word word_at(const char *at, size_t left, size_t *length)
{
	static const struct {
		const char *text;
		enum folder_word word;
	} words[] = {
		{"$ORIGIN", WORD_ORIGIN},     {"${ORIGIN}", WORD_ORIGIN},
		{"$LIB", WORD_LIB},           {"${LIB}", WORD_LIB},
		{"$PLATFORM", WORD_PLATFORM}, {"${PLATFORM}", WORD_PLATFORM},
	};

	for (size_t i = 0; *at == '$' && i < sizeof(words) / sizeof(words[0]); i++) {
		*length = strlen(words[i].text);
		if (*length <= left && strncmp(at, words[i].text, *length) == 0)
			return words[i].word;
	}
	*length = 1;
	return WORD_NONE;
}

/* TEXT with $ORIGIN and its like replaced; behind the sysroot, unless that is in $ORIGIN. */
static void expand(const struct search *search, struct folder *folder, const char *text,
		   size_t length, const struct image *image)
{
	const char *root = search->options->sysroot;
	bool x86 = search->machine == EM_X86_64;
	size_t word;

	folder->length = 0;
	folder->path[0] = '\0';
	folder->is_long = false;
	for (size_t i = 0; root && text[0] == '/' && i <= length; i++) {
		if (i == length)
			folder_add_string(folder, root);
		else if (word_at(text + i, length - i, &word) == WORD_ORIGIN)
			break;
	}
	for (size_t at = 0; at < length; at += word) {
		switch (word_at(text + at, length - at, &word)) {
		case WORD_ORIGIN:
			folder_add_origin(folder, image);
			break;
		case WORD_LIB:
			folder_add_string(folder,
					  x86 ? "lib/x86_64-linux-gnu" : "lib/aarch64-linux-gnu");
			break;
		case WORD_PLATFORM:
			folder_add_string(folder, x86 ? "x86_64" : "aarch64");
			break;
		default:
			folder_add(folder, text + at, 1);
		}
	}
}

static const char *try_list(struct search *search, const char *list, const char *name,
			    const struct image *image)
{
	const char *found = NULL;
	struct folder folder;

	for (size_t length; list && *list && !found && !search->exhausted;
	     list += length + (list[length] != '\0')) {
		length = strcspn(list, ":");
		if (!length)
			continue;
		expand(search, &folder, list, length, image);
		if (!folder.is_long)
			found = try_folder(search, folder.path, name);
	}
	return found;
}

const char *search_library(struct search *search, const char *name, const struct image *needer,
			   const struct image *program)
{
	const char *const *extra = search->options->folders;
	const char *found = NULL;

	if (strchr(name, '/')) {
		struct folder path = {.length = 0};

		if (name[0] == '/' && search->options->sysroot)
			folder_add_string(&path, search->options->sysroot);
		folder_add_string(&path, name);
		return path.is_long ? NULL : try_path(search, path.path);
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
