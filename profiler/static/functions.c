/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where functions begin and end: by the unwind information that stripped programs keep (.eh_frame,
 * Linux Standard Base, Core, "Exception Frames"), and by symbols where that says nothing.
 */
#include "profiler/static/object.h"

#include <stdlib.h>
#include <string.h>

enum {
	PE_FORMAT = 0x0f,   /* DW_EH_PE_*: how a pointer is written */
	PE_RELATION = 0x70, /* and what it is counted from */
	PE_PCREL = 0x10,
	AUGMENTATION_MAX = 8,
};

struct frame_reader {
	const struct image *image;
	uint64_t at;
	uint64_t end;
};

static uint64_t read_number(struct frame_reader *reader, unsigned int size)
{
	uint64_t number = image_number(reader->image, reader->at, size);

	reader->at += size;
	return number;
}

static void skip_leb128(struct frame_reader *reader)
{
	while (reader->at < reader->end && read_number(reader, 1) & 0x80)
		;
}

/* Bytes of a pointer in an encoding; 0 for one that no linker writes in these tables. */
static unsigned int pointer_size(uint8_t encoding)
{
	static const uint8_t sizes[PE_FORMAT + 1] = {
		[0x0] = 8, [0x2] = 2, [0x3] = 4, [0x4] = 8, [0xa] = 2, [0xb] = 4, [0xc] = 8};

	return sizes[encoding & PE_FORMAT];
}

static uint64_t read_pointer(struct frame_reader *reader, uint8_t encoding)
{
	unsigned int size = pointer_size(encoding);
	uint64_t base = (encoding & PE_RELATION) == PE_PCREL ? reader->at : 0;
	uint64_t number = read_number(reader, size);
	bool negative = encoding & 0x08 && size < 8 && number >> (size * 8 - 1);

	if (negative)
		number |= ~(uint64_t)0 << (size * 8);
	return base + number;
}

/* How the frames of the CIE at AT write addresses. */
static uint8_t find_encoding(const struct image *image, uint64_t at)
{
	struct frame_reader reader = {image, at + 8, at + 8 + image_left(image, at)};
	char augmentation[AUGMENTATION_MAX] = {0};
	uint64_t version = read_number(&reader, 1);

	for (size_t i = 0; i < AUGMENTATION_MAX; i++) {
		augmentation[i] = (char)read_number(&reader, 1);
		if (!augmentation[i])
			break;
	}
	if (augmentation[0] != 'z' || augmentation[AUGMENTATION_MAX - 1])
		return 0;
	skip_leb128(&reader);
	skip_leb128(&reader);
	if (version == 1)
		reader.at++;
	else
		skip_leb128(&reader);
	skip_leb128(&reader);
	for (const char *letter = augmentation + 1; *letter; letter++) {
		if (*letter == 'R')
			return (uint8_t)read_number(&reader, 1);
		if (*letter == 'P') {
			uint8_t encoding = (uint8_t)read_number(&reader, 1);

			reader.at += pointer_size(encoding);
		} else if (*letter == 'L') {
			reader.at++;
		}
	}
	return 0;
}

static void add_function(struct arena *arena, struct object *object, uint64_t start, uint64_t end,
			 const char *name)
{
	const struct image_range *section = image_code_at(&object->image, start);
	struct object_function *function;

	object->crowded |= object->functions.count >= OBJECT_FUNCTIONS_MAX;
	if (!section || end <= start || object->crowded ||
	    range_find(object->image.stubs.items, object->image.stubs.count, start))
		return;
	function = VEC_PUSH(arena, &object->functions);
	function->body.start = start;
	function->body.end = end < section->end ? end : section->end;
	function->name = name;
}

/* Adds each frame's code. */
static void take_frames(struct arena *arena, struct object *object)
{
	const struct image *image = &object->image;
	struct frame_reader reader = {image, image->frames.start, image->frames.end};
	uint64_t known = 0;
	uint8_t encoding = 0;

	while (reader.at + 8 <= reader.end && object->functions.count < OBJECT_FUNCTIONS_MAX) {
		uint64_t length = read_number(&reader, 4), at = reader.at;
		uint64_t cie = read_number(&reader, 4);

		if (length < 4 ||
		    length >= reader.end - at) /* the end, or 64 bits, which none has */
			break;
		if (cie) {
			uint64_t start;

			cie = at - cie;
			if (cie != known || !known)
				encoding = find_encoding(image, cie);
			known = cie;
			start = read_pointer(&reader, encoding);
			add_function(arena, object, start,
				     start + read_pointer(&reader, encoding & PE_FORMAT), NULL);
		}
		reader.at = at + length;
	}
}

static int order_functions(const void *left, const void *right)
{
	const struct object_function *a = left, *b = right;

	if (a->body.start != b->body.start)
		return a->body.start < b->body.start ? -1 : 1;
	return (a->name != NULL) - (b->name != NULL);
}

/*
 * Orders them, and cuts what overlaps: the frame, which comes first, knows better where a function
 * begins. It may end before the function does, and then the symbol has its size.
 */
static void settle(struct object *object)
{
	size_t kept = 0;

	if (object->functions.count)
		qsort(object->functions.items, object->functions.count,
		      sizeof(*object->functions.items), order_functions);
	for (size_t i = 0; i < object->functions.count; i++) {
		struct object_function function = object->functions.items[i];

		if (kept && function.body.start < object->functions.items[kept - 1].body.end) {
			struct object_function *last = &object->functions.items[kept - 1];

			if (function.body.start == last->body.start) {
				last->name = last->name ? last->name : function.name;
				if (function.body.end > last->body.end)
					last->body.end = function.body.end;
			}
			continue;
		}
		object->functions.items[kept++] = function;
	}
	object->functions.count = kept;
}

void object_take_functions(struct arena *arena, struct object *object)
{
	take_frames(arena, object);
	for (size_t i = 0; i < object->symbols.count; i++) {
		const struct object_symbol *symbol = &object->symbols.items[i];

		if (symbol->defined && !symbol->data && !symbol->thread)
			add_function(arena, object, symbol->address, symbol->address + symbol->size,
				     symbol->name);
	}
	for (size_t i = 0; i < object->locals.count; i++) {
		const struct object_symbol *symbol = &object->locals.items[i];

		if (!symbol->data)
			add_function(arena, object, symbol->address, symbol->address + symbol->size,
				     symbol->name);
	}
	settle(object);
}

/* Index of the first function that begins above ADDRESS. */
static size_t function_behind(const struct object *object, uint64_t address)
{
	size_t low = 0, high = object->functions.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (object->functions.items[middle].body.start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct object_function *object_function_at(const struct object *object, uint64_t address)
{
	size_t behind = function_behind(object, address);

	if (!behind || address >= object->functions.items[behind - 1].body.end)
		return NULL;
	return &object->functions.items[behind - 1];
}

uint64_t object_gap_end(const struct object *object, uint64_t address)
{
	size_t behind = function_behind(object, address);
	const struct image_range *section = image_code_at(&object->image, address);
	uint64_t end = section ? section->end : address;

	if (behind < object->functions.count && object->functions.items[behind].body.start < end)
		return object->functions.items[behind].body.start;
	return end;
}
