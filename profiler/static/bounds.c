/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where one thing ends in an object's data and the next begins. A stripped object does not say it:
 * what code takes the address of, and what pointers point to, begins there.
 */
#include "profiler/static/object.h"

#include <elf.h>
#include <stdlib.h>

enum {
	LEA_LENGTH = 7, /* REX.W, the opcode, ModRM for rip-relative, and 32 bits */
	LEA = 0x8d,
};

static void add_bound(struct arena *arena, struct object *object, uint64_t address)
{
	object->crowded |= object->bounds.count >= OBJECT_BOUNDS_MAX;
	if (!object->crowded && image_maps(&object->image, address) &&
	    !image_code_at(&object->image, address))
		*VEC_PUSH(arena, &object->bounds) = address;
}

static int order_bounds(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Each `lea REG, [rip + X]`, found by its bytes: one bound too many costs little. */
static void take_leas(struct arena *arena, struct object *object, const struct image_range *code)
{
	const uint8_t *bytes = image_at(&object->image, code->start, code->end - code->start);
	uint64_t length = code->end - code->start;

	for (uint64_t i = 0; bytes && i + LEA_LENGTH <= length; i++)
		if ((bytes[i] & 0xf8) == 0x48 && bytes[i + 1] == LEA &&
		    (bytes[i + 2] & 0xc7) == 0x05)
			add_bound(
				arena, object,
				code->start + i + LEA_LENGTH +
					(uint64_t)(int64_t)(int32_t)number_from(bytes + i + 3, 4));
}

/* Each pair of adrp and add on one register, next to one another or with one between. */
static void take_pages(struct arena *arena, struct object *object, const struct image_range *code)
{
	const uint8_t *bytes = image_at(&object->image, code->start, code->end - code->start);
	uint64_t length = code->end - code->start;

	for (uint64_t i = 0; bytes && i + 4 <= length; i += 4) {
		uint32_t adrp = (uint32_t)number_from(bytes + i, 4);
		int64_t page = (int64_t)((uint64_t)(adrp >> 5 & 0x7ffff) << 2 | (adrp >> 29 & 3));

		if ((adrp & 0x9f000000) != 0x90000000)
			continue;
		page = (int64_t)((uint64_t)page << 43) >> 43;
		for (uint64_t next = i + 4; next <= i + 32 && next + 4 <= length; next += 4) {
			uint32_t add = (uint32_t)number_from(bytes + next, 4);

			if ((add & 0xffc00000) == 0x91000000 && (add >> 5 & 31) == (adrp & 31))
				add_bound(arena, object,
					  ((code->start + i) & ~(uint64_t)0xfff) +
						  ((uint64_t)page << 12) + (add >> 10 & 0xfff));
		}
	}
}

void object_take_bounds(struct arena *arena, struct object *object)
{
	const struct image *image = &object->image;
	size_t kept = 0;

	for (size_t i = 0; i < image->code.count; i++) {
		if (image->machine == EM_X86_64)
			take_leas(arena, object, &image->code.items[i]);
		else
			take_pages(arena, object, &image->code.items[i]);
	}
	for (size_t i = 0; i < object->symbols.count; i++)
		if (object->symbols.items[i].defined)
			add_bound(arena, object, object->symbols.items[i].address);
	for (size_t i = 0; i < object->locals.count; i++)
		add_bound(arena, object, object->locals.items[i].address);
	for (size_t i = 0; i < object->pointers.count; i++)
		add_bound(arena, object, object->pointers.items[i].target);
	for (size_t i = 0; i < image->sections.count; i++)
		add_bound(arena, object, image->sections.items[i]);
	if (object->bounds.count)
		qsort(object->bounds.items, object->bounds.count, sizeof(*object->bounds.items),
		      order_bounds);
	for (size_t i = 0; i < object->bounds.count; i++)
		if (!kept || object->bounds.items[kept - 1] != object->bounds.items[i])
			object->bounds.items[kept++] = object->bounds.items[i];
	object->bounds.count = kept;
}

struct image_range object_data_at(const struct object *object, uint64_t address)
{
	size_t low = 0, high = object->bounds.count;
	struct image_range range = {address, address + image_left(&object->image, address)};

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (object->bounds.items[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < object->bounds.count && object->bounds.items[low] < range.end)
		range.end = object->bounds.items[low];
	return range;
}
