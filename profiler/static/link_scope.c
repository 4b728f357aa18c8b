/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/link_scope.h"

#include "profiler/static/search.h"

#include <errno.h>
#include <string.h>

enum {
	CHAIN_MAX = 4096, /* of one bucket: only names that were chosen for it are more */
};

static const struct span nowhere;

/* FNV-1a. */
static uint64_t hash_of(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return hash;
}

static size_t bucket_of(const struct link_scope *scope, uint64_t hash)
{
	return (size_t)(hash >> 16) & (scope->bucket_count - 1);
}

const struct link_scope_symbol *link_scope_find(const struct link_scope *scope, const char *name)
{
	uint64_t hash = hash_of(name);
	const struct link_scope_symbol *symbol;
	unsigned int steps = CHAIN_MAX;

	if (!scope->bucket_count)
		return NULL;
	for (uint32_t at = scope->buckets[bucket_of(scope, hash)]; at && steps;
	     steps--, at = symbol->next) {
		symbol = &scope->symbols.items[at - 1];
		if (symbol->hash == hash && strcmp(symbol->name, name) == 0)
			return symbol;
	}
	return NULL;
}

static void index_object(struct arena *arena, struct link_scope *scope, size_t index)
{
	const struct object *object = scope->objects.items[index];

	for (size_t i = object->symbols.count; i-- > 0;) {
		const struct object_symbol *symbol = &object->symbols.items[i];
		struct link_scope_symbol *entry;
		size_t bucket;

		if (!symbol->defined || symbol->thread || !symbol->name[0])
			continue;
		entry = VEC_PUSH(arena, &scope->symbols);
		entry->name = symbol->name;
		entry->hash = hash_of(symbol->name);
		entry->object = (uint32_t)index;
		entry->symbol = (uint32_t)i;
		bucket = bucket_of(scope, entry->hash);
		entry->next = scope->buckets[bucket];
		scope->buckets[bucket] = (uint32_t)scope->symbols.count;
	}
}

/*
 * From the last object to the first, so that the first stands first in its bucket. The interpreter
 * is behind the libraries, which need it.
 */
static void index_symbols(struct arena *arena, struct link_scope *scope)
{
	size_t count = 1;

	for (size_t i = 0; i < scope->objects.count; i++)
		count += scope->objects.items[i]->symbols.count;
	for (scope->bucket_count = 1; scope->bucket_count < count;)
		scope->bucket_count *= 2;
	scope->buckets = arena_alloc_array(arena, scope->bucket_count, sizeof(*scope->buckets));
	if (scope->interpreter)
		index_object(arena, scope, scope->interpreter);
	for (size_t i = scope->objects.count; i-- > 0;)
		if (!scope->interpreter || i != scope->interpreter)
			index_object(arena, scope, i);
}

static bool is_loaded(const struct link_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->objects.count; i++) {
		const struct image *image = &scope->objects.items[i]->image;

		if (strcmp(image->name, name) == 0 || strcmp(image->path, name) == 0 ||
		    (image->dynamic.soname && strcmp(image->dynamic.soname, name) == 0))
			return true;
	}
	return false;
}

static void miss(struct arena *arena, struct link_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->missing.count; i++)
		if (strcmp(scope->missing.items[i], name) == 0)
			return;
	if (scope->missing.count == STATIC_MISSING_MAX)
		scope->missing_more++;
	else
		*VEC_PUSH(arena, &scope->missing) = name;
}

static int add_object(struct arena *arena, struct link_scope *scope, const char *path,
		      struct diags *diags)
{
	struct object *object = arena_alloc(arena, sizeof(*object));
	int error;

	*VEC_PUSH(arena, &scope->objects) = object;
	error = image_open(arena, &object->image, path, diags);
	if (error)
		return error;
	if (object->image.dynamic.soname && object->image.dynamic.soname[0])
		object->image.name = object->image.dynamic.soname;
	object_take_symbols(arena, object);
	object_take_pointers(arena, object);
	object_take_functions(arena, object);
	object_take_bounds(arena, object);
	if (object->nameless)
		return image_damaged(&object->image, diags,
				     "the name of a symbol lies outside of its strings, or is "
				     "longer than any");
	if (object->crowded)
		return image_damaged(&object->image, diags,
				     "it has more symbols, functions or pointers than any program");
	return 0;
}

/* A library that is bad is one that is missing; its diagnostics become the reason. */
static void add_library(struct arena *arena, struct link_scope *scope, const char *name,
			const char *path)
{
	struct sources sources = {.arena = arena};
	struct diags own = {.arena = arena, .sources = &sources};
	int error = path ? add_object(arena, scope, path, &own) : -ENOENT;

	if (!error && scope->objects.items[scope->objects.count - 1]->image.machine !=
			      scope->objects.items[0]->image.machine)
		error = -ENOEXEC;
	if (!error)
		return;
	if (path)
		image_release(&scope->objects.items[--scope->objects.count]->image);
	miss(arena, scope,
	     error == -ENOENT
		     ? name
		     : arena_printf(arena, "%s (%s)", name,
				    own.list.count ? own.list.items[0]->text : strerror(-error)));
}

static void add_interpreter(struct arena *arena, struct link_scope *scope, struct search *search)
{
	const struct image *program = &scope->objects.items[0]->image;
	size_t count = scope->objects.count;
	const char *path;

	if (!program->interpreter)
		return;
	path = search_rooted(search, program->interpreter);
	add_library(arena, scope, program->interpreter, path);
	if (scope->objects.count > count)
		scope->interpreter = count;
}

/* musl's loader is its libc too. */
static bool is_interpreter(const struct link_scope *scope, const char *name)
{
	const struct image *image;

	if (!scope->interpreter)
		return false;
	image = &scope->objects.items[scope->interpreter]->image;
	return strcmp(name, image->name) == 0 ||
	       (strstr(image->path, "/ld-musl-") && strncmp(name, "libc.", 5) == 0);
}

/*
 * Breadth first, as the loader does; the interpreter stands where it was needed, or last. False where
 * there are more than any program needs.
 */
static bool add_needed(struct arena *arena, struct link_scope *scope, struct search *search)
{
	for (size_t i = 0; i < scope->objects.count; i++) {
		const struct image *image = &scope->objects.items[i]->image;

		for (size_t j = 0; j < image->dynamic.needed.count; j++) {
			const char *name = image->dynamic.needed.items[j];

			if (is_loaded(scope, name) || is_interpreter(scope, name))
				continue;
			if (scope->objects.count == SCOPE_OBJECTS_MAX)
				return false;
			add_library(arena, scope, name,
				    search_library(search, name, image,
						   &scope->objects.items[0]->image));
		}
	}
	return !search->exhausted;
}

int link_scope_load(struct arena *arena, struct link_scope *scope, const char *path,
		    const struct static_options *options, struct diags *diags)
{
	struct search search = {.arena = arena, .options = options};
	int error = add_object(arena, scope, path, diags);

	if (error)
		return error;
	if (!scope->objects.items[0]->image.code.count) {
		diag_error(diags, DIAG_STATIC, nowhere, "%s: it has no code", path);
		return -ENOEXEC;
	}
	search.machine = scope->objects.items[0]->image.machine;
	search_begin(&search);
	add_interpreter(arena, scope, &search);
	if (!add_needed(arena, scope, &search))
		return image_damaged(&scope->objects.items[0]->image, diags,
				     "its libraries are too many to be looked for");
	index_symbols(arena, scope);
	return 0;
}

void link_scope_release(struct link_scope *scope)
{
	for (size_t i = 0; i < scope->objects.count; i++)
		image_release(&scope->objects.items[i]->image);
}
