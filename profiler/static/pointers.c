/* SPDX-License-Identifier: Apache-2.0 */
/* Which data of an object will hold addresses: its relocations, or the words themselves. */
#include "profiler/static/object.h"

#include <elf.h>
#include <stdlib.h>

enum {
	RELA_SIZE = 24, /* of an Elf64_Rela */
	RELR_BITS = 63, /* words that one bitmap of DT_RELR speaks of */
};

/* What a type of relocation puts in its place. */
enum pointer_kind {
	POINTER_NONE,
	POINTER_LOCAL,
	POINTER_RESOLVER,
	POINTER_SYMBOL,
	POINTER_COPY,
};

/* The processors' ABI supplements list them. */
static const struct pointer_type {
	uint16_t machine;
	uint32_t type;
	enum pointer_kind kind;
} pointer_types[] = {
	{EM_X86_64, R_X86_64_64, POINTER_SYMBOL},
	{EM_X86_64, R_X86_64_GLOB_DAT, POINTER_SYMBOL},
	{EM_X86_64, R_X86_64_JUMP_SLOT, POINTER_SYMBOL},
	{EM_X86_64, R_X86_64_RELATIVE, POINTER_LOCAL},
	{EM_X86_64, R_X86_64_IRELATIVE, POINTER_RESOLVER},
	{EM_X86_64, R_X86_64_COPY, POINTER_COPY},
	{EM_AARCH64, R_AARCH64_ABS64, POINTER_SYMBOL},
	{EM_AARCH64, R_AARCH64_GLOB_DAT, POINTER_SYMBOL},
	{EM_AARCH64, R_AARCH64_JUMP_SLOT, POINTER_SYMBOL},
	{EM_AARCH64, R_AARCH64_RELATIVE, POINTER_LOCAL},
	{EM_AARCH64, R_AARCH64_IRELATIVE, POINTER_RESOLVER},
	{EM_AARCH64, R_AARCH64_COPY, POINTER_COPY},
};

static enum pointer_kind pointer_kind(uint16_t machine, uint32_t type)
{
	for (size_t i = 0; i < sizeof(pointer_types) / sizeof(pointer_types[0]); i++)
		if (pointer_types[i].machine == machine && pointer_types[i].type == type)
			return pointer_types[i].kind;
	return POINTER_NONE;
}

static struct object_pointer *add_pointer(struct arena *arena, struct object *object,
					  uint64_t place)
{
	struct object_pointer *pointer;

	if (object->pointers.count >= OBJECT_POINTERS_MAX) {
		object->crowded = true;
		return NULL;
	}
	pointer = VEC_PUSH(arena, &object->pointers);
	pointer->place = place;
	return pointer;
}

static void take_rela(struct arena *arena, struct object *object, uint64_t table, uint64_t size)
{
	const struct image *image = &object->image;

	for (uint64_t at = 0; at + RELA_SIZE <= size; at += RELA_SIZE) {
		const uint8_t *bytes = image_at(image, table + at, RELA_SIZE);
		struct object_pointer *pointer;
		enum pointer_kind kind;
		uint32_t symbol;

		if (!bytes)
			break;
		kind = pointer_kind(image->machine, (uint32_t)number_from(bytes + 8, 4));
		symbol = (uint32_t)number_from(bytes + 12, 4);
		if (kind == POINTER_NONE)
			continue;
		pointer = add_pointer(arena, object, number_from(bytes, 8));
		if (!pointer)
			break;
		pointer->target = number_from(bytes + 16, 8);
		pointer->resolver = kind == POINTER_RESOLVER;
		pointer->copy = kind == POINTER_COPY;
		if (kind == POINTER_COPY || kind == POINTER_SYMBOL)
			pointer->symbol = symbol < object->symbols.count ? symbol : 0;
	}
}

static void take_word(struct arena *arena, struct object *object, uint64_t place)
{
	struct object_pointer *pointer = add_pointer(arena, object, place);

	if (pointer)
		pointer->target = image_number(&object->image, place, 8);
}

/* DT_RELR: addresses, and bitmaps of what follows the last one. */
static void take_relr(struct arena *arena, struct object *object)
{
	const struct image_dynamic *dynamic = &object->image.dynamic;
	uint64_t place = 0;

	for (uint64_t at = 0; at + 8 <= dynamic->relr_size; at += 8) {
		const uint8_t *bytes = image_at(&object->image, dynamic->relr + at, 8);
		uint64_t entry = bytes ? number_from(bytes, 8) : 0;

		if (!bytes)
			break;
		if (!(entry & 1)) {
			take_word(arena, object, entry);
			place = entry + 8;
			continue;
		}
		for (unsigned int bit = 0; bit < RELR_BITS; bit++)
			if (entry >> (bit + 1) & 1)
				take_word(arena, object, place + bit * 8);
		place += RELR_BITS * 8;
	}
}

/* A program for fixed addresses has them in its data already: each word that could be one. */
static void take_words(struct arena *arena, struct object *object)
{
	const struct image *image = &object->image;

	for (size_t i = 0; i < image->segments.count; i++) {
		const struct image_segment *segment = &image->segments.items[i];

		for (uint64_t at = (segment->memory.start + 7) & ~(uint64_t)7;
		     at + 8 <= segment->memory.end && at >= segment->memory.start; at += 8) {
			if (segment->code && image_code_at(image, at))
				continue;
			if (image_maps(image, image_number(image, at, 8)))
				take_word(arena, object, at);
		}
	}
}

static int order_pointers(const void *left, const void *right)
{
	const struct object_pointer *a = left, *b = right;

	return (a->place > b->place) - (a->place < b->place);
}

void object_take_pointers(struct arena *arena, struct object *object)
{
	const struct image_dynamic *dynamic = &object->image.dynamic;

	take_rela(arena, object, dynamic->rela, dynamic->rela_size);
	take_rela(arena, object, dynamic->plt, dynamic->plt_size);
	take_relr(arena, object);
	if (object->image.fixed)
		take_words(arena, object);
	if (object->pointers.count)
		qsort(object->pointers.items, object->pointers.count,
		      sizeof(*object->pointers.items), order_pointers);
}

size_t object_pointer_from(const struct object *object, uint64_t address)
{
	size_t low = 0, high = object->pointers.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (object->pointers.items[middle].place < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
