/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of 64-bit numbers whose low word a diagram asks for first, as on machines of the little byte
 * order. To go from the highest bit to the lowest would be to make the low words' diagram 32
 * times over. So the set is cut into blocks: low words that begin alike, with what the high word must
 * be for them.
 */
#include "compiler/prove/reader.h"

#include <stdlib.h>

/* Low words BASE to BASE + 2^BITS - 1, of which BASE is a multiple; high words FIRST to LAST. */
struct block {
	uint32_t base;
	uint32_t bits;
	uint32_t first;
	uint32_t last;
};
typedef VEC(struct block) blocks;

struct wide {
	struct arena *arena;
	struct diagrams *diagrams;
	struct field low;
	struct field high;
};

/* The first of the variables from FROM on, of COUNT, that is none of a mask's zeros. */
static variable_id first_variable(const struct field *field, unsigned int from, unsigned int count)
{
	for (unsigned int i = from; i < from + count; i++)
		if (field->variables[i] != VARIABLE_ZERO)
			return field->variables[i];
	return VARIABLE_ZERO;
}

bool read_field_is_wide(const struct field *field)
{
	variable_id low, high;

	if (field->bits <= 32)
		return false;
	low = first_variable(field, 0, 32);
	high = first_variable(field, 32, field->bits - 32u);
	return low != VARIABLE_ZERO && high != VARIABLE_ZERO && low < high;
}

/* Adds the low words FROM to TO under the high words of HIGH, in the largest blocks. */
static void blocks_add(struct wide *wide, blocks *list, uint64_t from, uint64_t to,
		       struct read_interval high)
{
	while (from <= to) {
		uint32_t bits = 0;

		while (bits < 32 && !(from >> bits & 1) && from + ((uint64_t)2 << bits) - 1 <= to)
			bits++;
		*VEC_PUSH(wide->arena, list) = (struct block){
			(uint32_t)from, bits, (uint32_t)high.first, (uint32_t)high.last};
		from += (uint64_t)1 << bits;
	}
}

/* An interval has an upper part of its first high word, all of those between, and a lower part. */
static void blocks_add_interval(struct wide *wide, blocks *list, struct read_interval interval)
{
	uint64_t first = interval.first >> 32, last = interval.last >> 32;
	uint64_t from = (uint32_t)interval.first, to = (uint32_t)interval.last;

	if (first == last) {
		blocks_add(wide, list, from, to, (struct read_interval){first, first});
		return;
	}
	if (from > 0) {
		blocks_add(wide, list, from, UINT32_MAX, (struct read_interval){first, first});
		first++;
	}
	if (to < UINT32_MAX) {
		blocks_add(wide, list, 0, to, (struct read_interval){last, last});
		last--;
	}
	if (first <= last)
		blocks_add(wide, list, 0, UINT32_MAX, (struct read_interval){first, last});
}

/* By where they begin, larger ones first. */
static int block_order(const void *a, const void *b)
{
	const struct block *left = a;
	const struct block *right = b;

	if (left->base != right->base)
		return left->base < right->base ? -1 : 1;
	return left->bits > right->bits ? -1 : left->bits < right->bits;
}

/* The calls whose high word is one of those of the blocks. */
static diagram high_diagram(struct wide *wide, const struct block *list, size_t count)
{
	struct read_intervals highs = {0};

	for (size_t i = 0; i < count; i++)
		*VEC_PUSH(wide->arena, &highs) =
			(struct read_interval){list[i].first, list[i].last};
	return read_intervals_diagram(wide->arena, wide->diagrams, &wide->high, &highs);
}

/* The calls in one of the blocks, all of which are parts of the low words BASE to BASE + 2^BITS - 1. */
static diagram blocks_diagram(struct wide *wide, unsigned int bits, uint64_t base,
			      const struct block *list, size_t count)
{
	size_t whole = 0, below, end;
	diagram result, low, high = DIAGRAM_NONE;
	uint64_t middle;

	while (whole < count && list[whole].bits == bits)
		whole++;
	result = high_diagram(wide, list, whole);
	if (whole == count)
		return result;
	middle = base + ((uint64_t)1 << (bits - 1));
	for (below = whole, end = count; below < end;) {
		size_t half = (below + end) / 2;

		if (list[half].base < middle)
			below = half + 1;
		else
			end = half;
	}
	low = blocks_diagram(wide, bits - 1, base, list + whole, below - whole);
	if (wide->low.variables[bits - 1] != VARIABLE_ZERO) {
		high = blocks_diagram(wide, bits - 1, middle, list + below, count - below);
		low = diagram_select(wide->diagrams,
				     diagram_of_bit(wide->diagrams, wide->low.variables[bits - 1]),
				     high, low);
	}
	return diagram_or(wide->diagrams, result, low);
}

diagram read_wide_diagram(struct arena *arena, struct diagrams *diagrams, const struct field *field,
			  const struct read_intervals *list)
{
	struct wide wide = {arena, diagrams, {.bits = 32}, {.bits = (uint8_t)(field->bits - 32)}};
	blocks parts = {0};

	for (unsigned int i = 0; i < 32; i++) {
		wide.low.variables[i] = field->variables[i];
		wide.high.variables[i] = field->variables[i + 32];
	}
	for (size_t i = 0; i < list->count; i++)
		blocks_add_interval(&wide, &parts, list->items[i]);
	if (parts.count > 1)
		qsort(parts.items, parts.count, sizeof(*parts.items), block_order);
	return blocks_diagram(&wide, 32, 0, parts.items, parts.count);
}
