/* SPDX-License-Identifier: Apache-2.0 */
/* The symbols of an object: those that the loader binds, and those that are for a debugger. */
#include "profiler/static/object.h"

#include <elf.h>
#include <string.h>

enum {
	SYMBOL_SIZE = 24, /* of an Elf64_Sym */
	RELA_SIZE = 24,   /* of an Elf64_Rela */
	RELA_SYMBOL = 12,
	GNU_HEADER = 16, /* of DT_GNU_HASH: buckets, first symbol, words of the filter, shift */
	GNU_CHAIN_MAX = 1 << 20,
	NAME_BYTES_MAX = 1 << 16,
};

/* Of all names of a table: those that lie over each other can be more than the file. */
static const uint64_t names_bytes_max = (uint64_t)1 << 30;

/* How many symbols DT_GNU_HASH knows: one above the last of the chain that begins highest. */
static uint64_t count_gnu(const struct image *image)
{
	uint64_t table = image->dynamic.gnu_hash;
	uint64_t buckets = image_number(image, table, 4);
	uint64_t first = image_number(image, table + 4, 4);
	uint64_t words = image_number(image, table + 8, 4);
	uint64_t bucket = table + GNU_HEADER + words * 8, chain = bucket + buckets * 4;
	uint64_t highest = 0;

	if (!image_at(image, bucket, buckets * 4))
		return 0;
	for (uint64_t i = 0; i < buckets; i++) {
		uint64_t start = image_number(image, bucket + i * 4, 4);

		if (start > highest)
			highest = start;
	}
	if (highest < first)
		return first;
	for (unsigned int i = 0; i < GNU_CHAIN_MAX; i++, highest++)
		if (!image_at(image, chain + (highest - first) * 4, 4) ||
		    image_number(image, chain + (highest - first) * 4, 4) & 1)
			break;
	return highest + 1;
}

/* One above the highest that a relocation names: hash tables leave out what is not defined here. */
static uint64_t count_named(const struct image *image, uint64_t table, uint64_t size)
{
	uint64_t count = 0;

	for (uint64_t at = 0; at + RELA_SIZE <= size; at += RELA_SIZE) {
		const uint8_t *bytes = image_at(image, table + at, RELA_SIZE);

		if (!bytes)
			break;
		if (number_from(bytes + RELA_SYMBOL, 4) >= count)
			count = number_from(bytes + RELA_SYMBOL, 4) + 1;
	}
	return count;
}

static uint64_t count_symbols(const struct image *image)
{
	const struct image_dynamic *dynamic = &image->dynamic;
	const uint64_t counts[] = {
		dynamic->gnu_hash ? count_gnu(image) : 0,
		dynamic->hash ? image_number(image, dynamic->hash + 4, 4) : 0,
		count_named(image, dynamic->rela, dynamic->rela_size),
		count_named(image, dynamic->plt, dynamic->plt_size),
		image_left(image, dynamic->symbols) / SYMBOL_SIZE,
	};
	uint64_t count = 0, most = counts[4];

	if (!dynamic->symbols)
		return 0;
	for (unsigned int i = 0; i < 4; i++)
		count = counts[i] > count ? counts[i] : count;
	if (count > most)
		count = most;
	return count;
}

static struct object_symbol symbol_from(const uint8_t *bytes, const char *name)
{
	unsigned int type = bytes[4] & 0xf;
	uint64_t section = number_from(bytes + 6, 2);

	return (struct object_symbol){
		.name = name,
		.address = number_from(bytes + 8, 8),
		.size = number_from(bytes + 16, 8),
		.defined = section != SHN_UNDEF && section != SHN_ABS,
		.data = type == STT_OBJECT || type == STT_COMMON,
		.thread = type == STT_TLS,
	};
}

static void take_locals(struct arena *arena, struct object *object)
{
	const struct image *image = &object->image;
	const uint8_t *names = image->bytes + image->names.start;
	uint64_t names_size = image->names.end - image->names.start;
	uint64_t count = (image->table.end - image->table.start) / SYMBOL_SIZE, taken = 0;

	if (count > OBJECT_SYMBOLS_MAX)
		count = 0; /* they are no more than names, and a second opinion */
	for (uint64_t i = 0; i < count && taken < names_bytes_max; i++) {
		const uint8_t *bytes = image->bytes + image->table.start + i * SYMBOL_SIZE;
		uint64_t name = number_from(bytes, 4);
		unsigned int type = bytes[4] & 0xf;
		struct object_symbol symbol;
		uint64_t left, length;

		if (name >= names_size)
			continue;
		left = names_size - name < NAME_BYTES_MAX ? names_size - name : NAME_BYTES_MAX;
		length = strnlen((const char *)names + name, left);
		taken += length;
		if (length == left)
			continue;
		symbol = symbol_from(bytes, (const char *)names + name);
		if (symbol.defined && !symbol.thread && type != STT_FILE && type != STT_SECTION)
			*VEC_PUSH(arena, &object->locals) = symbol;
	}
}

void object_take_symbols(struct arena *arena, struct object *object)
{
	const struct image *image = &object->image;
	uint64_t count = count_symbols(image), taken = 0;

	object->crowded |= count > OBJECT_SYMBOLS_MAX;
	for (uint64_t i = 0; i < count && !object->crowded && !object->nameless; i++) {
		const uint8_t *bytes =
			image_at(image, image->dynamic.symbols + i * SYMBOL_SIZE, SYMBOL_SIZE);
		uint64_t offset;
		const char *name;

		if (!bytes)
			break;
		offset = number_from(bytes, 4);
		name = offset ? image_string(image, offset, NAME_BYTES_MAX) : "";
		object->nameless |= !name;
		*VEC_PUSH(arena, &object->symbols) = symbol_from(bytes, name ? name : "");
		taken += name ? strlen(name) : 0;
		object->crowded |= taken > names_bytes_max;
	}
	if (!object->crowded && !object->nameless)
		take_locals(arena, object);
}

static const char *name_among(const struct object_symbol *symbols, size_t count, uint64_t address)
{
	const struct object_symbol *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct object_symbol *symbol = &symbols[i];

		if (!symbol->defined || symbol->thread || !symbol->name[0] ||
		    symbol->name[0] == '$' || address < symbol->address ||
		    address - symbol->address >= symbol->size)
			continue;
		if (!best || symbol->address > best->address)
			best = symbol;
	}
	return best ? best->name : NULL;
}

const char *object_name_at(const struct object *object, uint64_t address)
{
	const char *name = name_among(object->symbols.items, object->symbols.count, address);

	return name ? name : name_among(object->locals.items, object->locals.count, address);
}
