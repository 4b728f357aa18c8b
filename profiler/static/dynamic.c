/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dynamic section: where the loader finds tables, and which libraries it is to load. What is
 * beyond a limit here, or lies outside of the file, is an error: a library that was left out would be
 * missed by nobody.
 */
#include "profiler/static/image.h"

#include <elf.h>
#include <limits.h>
#include <string.h>

enum {
	ENTRIES_MAX = 4096,
	ENTRY_SIZE = 16, /* of an Elf64_Dyn */
	NEEDED_MAX = 1024,
	SEARCH_PATH_MAX = 1 << 16, /* bytes of a list of folders */
};

const char *image_string(const struct image *image, uint64_t offset, size_t most)
{
	const struct image_dynamic *dynamic = &image->dynamic;
	uint64_t left;
	const char *string;

	if (offset >= dynamic->strings_size)
		return NULL;
	left = image_left(image, dynamic->strings + offset);
	string = (const char *)image_at(image, dynamic->strings + offset, 1);
	if (left > dynamic->strings_size - offset)
		left = dynamic->strings_size - offset;
	if (left > most)
		left = (uint64_t)most + 1;
	return string && memchr(string, '\0', left) ? string : NULL;
}

static void take_number(struct image_dynamic *dynamic, uint64_t tag, uint64_t value)
{
	const struct {
		uint64_t tag;
		uint64_t *to;
	} numbers[] = {
		{DT_STRTAB, &dynamic->strings},
		{DT_STRSZ, &dynamic->strings_size},
		{DT_SYMTAB, &dynamic->symbols},
		{DT_HASH, &dynamic->hash},
		{DT_GNU_HASH, &dynamic->gnu_hash},
		{DT_RELA, &dynamic->rela},
		{DT_RELASZ, &dynamic->rela_size},
		{DT_JMPREL, &dynamic->plt},
		{DT_PLTRELSZ, &dynamic->plt_size},
		{DT_RELR, &dynamic->relr},
		{DT_RELRSZ, &dynamic->relr_size},
		{DT_INIT, &dynamic->init},
		{DT_FINI, &dynamic->fini},
		{DT_PREINIT_ARRAY, &dynamic->arrays[0].start},
		{DT_PREINIT_ARRAYSZ, &dynamic->arrays[0].end},
		{DT_INIT_ARRAY, &dynamic->arrays[1].start},
		{DT_INIT_ARRAYSZ, &dynamic->arrays[1].end},
		{DT_FINI_ARRAY, &dynamic->arrays[2].start},
		{DT_FINI_ARRAYSZ, &dynamic->arrays[2].end},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].tag == tag)
			*numbers[i].to = value;
}

/* What entries name by their place among the strings. */
static const struct string_entry {
	uint64_t tag;
	const char *what;
	size_t most; /* bytes */
} string_entries[] = {
	{DT_NEEDED, "the name of a library that it needs", PATH_MAX - 1},
	{DT_SONAME, "its own name as a library", NAME_MAX},
	{DT_RPATH, "its RPATH", SEARCH_PATH_MAX},
	{DT_RUNPATH, "its RUNPATH", SEARCH_PATH_MAX},
};

static int refuse_string(const struct image *image, const struct string_entry *entry,
			 uint64_t offset, size_t most, struct diags *diags)
{
	const char *what;

	if (image_string(image, offset, SIZE_MAX))
		what = arena_printf(diags->arena, "%s is longer than %zu bytes", entry->what, most);
	else
		what = arena_printf(diags->arena,
				    "%s lies outside of its strings, or has no end there",
				    entry->what);
	return image_damaged(image, diags, what);
}

static int take_needed(struct arena *arena, struct image *image, const struct string_entry *entry,
		       uint64_t offset, const char *name, struct diags *diags)
{
	if (!name[0])
		return image_damaged(image, diags, "the name of a library that it needs is empty");
	if (!strchr(name, '/') && strlen(name) > NAME_MAX)
		return refuse_string(image, entry, offset, NAME_MAX, diags);
	if (image->dynamic.needed.count == NEEDED_MAX)
		return image_damaged(image, diags, "it needs more libraries than any program");
	*VEC_PUSH(arena, &image->dynamic.needed) = name;
	return 0;
}

static int take_string(struct arena *arena, struct image *image, uint64_t tag, uint64_t offset,
		       struct diags *diags)
{
	struct image_dynamic *dynamic = &image->dynamic;
	const struct string_entry *entry = string_entries;
	const char *string;

	for (size_t left = sizeof(string_entries) / sizeof(*entry); entry->tag != tag; entry++)
		if (--left == 0)
			return 0;
	string = image_string(image, offset, entry->most);
	if (!string)
		return refuse_string(image, entry, offset, entry->most, diags);
	if (tag == DT_NEEDED)
		return take_needed(arena, image, entry, offset, string, diags);
	if (tag == DT_SONAME)
		dynamic->soname = string;
	else if (tag == DT_RPATH)
		dynamic->rpath = string;
	else
		dynamic->runpath = string;
	return 0;
}

/* How many entries stand before the one that ends the section; ENTRIES_MAX: none does. */
static size_t count_entries(const struct image *image, uint64_t address)
{
	size_t count = 0;

	while (count < ENTRIES_MAX &&
	       image_number(image, address + count * ENTRY_SIZE, 8) != DT_NULL)
		count++;
	return count;
}

/* Strings come last: only the whole section says where they are. */
int image_take_dynamic(struct arena *arena, struct image *image, uint64_t address,
		       struct diags *diags)
{
	struct image_dynamic *dynamic = &image->dynamic;
	size_t count = count_entries(image, address);
	int error = 0;

	if (count == ENTRIES_MAX)
		return image_damaged(image, diags,
				     "its dynamic section is larger than any program's");
	if (!image_maps(image, address + count * ENTRY_SIZE))
		return image_damaged(image, diags,
				     "its dynamic section has no end, or lies outside of what is "
				     "loaded");
	for (size_t i = 0; i < count; i++)
		take_number(dynamic, image_number(image, address + i * ENTRY_SIZE, 8),
			    image_number(image, address + i * ENTRY_SIZE + 8, 8));
	for (size_t i = 0; i < count && !error; i++)
		error = take_string(arena, image, image_number(image, address + i * ENTRY_SIZE, 8),
				    image_number(image, address + i * ENTRY_SIZE + 8, 8), diags);
	for (size_t i = 0; i < 3; i++)
		dynamic->arrays[i].end += dynamic->arrays[i].start;
	return error;
}
