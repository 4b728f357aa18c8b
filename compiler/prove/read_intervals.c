/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of numbers of a field. A diagram of 20,000 values is cheap where it is made in the order of
 * its variables, from the first question to the last, since nothing is then made twice.
 */
#include "compiler/prove/reader.h"

#include <stdlib.h>

static int interval_order(const void *a, const void *b)
{
	uint64_t left = ((const struct read_interval *)a)->first;
	uint64_t right = ((const struct read_interval *)b)->first;

	return left < right ? -1 : left > right;
}

void read_intervals_join(struct read_intervals *list)
{
	size_t kept = 0;

	if (list->count < 2)
		return;
	qsort(list->items, list->count, sizeof(*list->items), interval_order);
	for (size_t i = 1; i < list->count; i++) {
		struct read_interval *last = &list->items[kept];
		const struct read_interval *next = &list->items[i];

		if (last->last == UINT64_MAX || next->first <= last->last + 1) {
			if (next->last > last->last)
				last->last = next->last;
		} else {
			list->items[++kept] = *next;
		}
	}
	list->count = kept + 1;
}

/* How many of the intervals begin below MIDDLE. */
static size_t count_below(const struct read_interval *list, size_t count, uint64_t middle)
{
	size_t first = 0, last = count;

	while (first < last) {
		size_t half = (first + last) / 2;

		if (list[half].first < middle)
			first = half + 1;
		else
			last = half;
	}
	return first;
}

/*
 * The calls in whose field the lowest BITS bits, under higher ones that make BASE, are in one of the
 * intervals. These are in order, apart from each other, and reach into what such a field can be.
 */
static diagram narrow_diagram(struct diagrams *diagrams, const struct field *field,
			      unsigned int bits, uint64_t base, const struct read_interval *list,
			      size_t count)
{
	uint64_t middle;
	size_t below, above;
	diagram low, high;

	if (!count)
		return DIAGRAM_NONE;
	if (list->first <= base && (!bits || list->last - base >= UINT64_MAX >> (64 - bits)))
		return DIAGRAM_ALL;
	middle = base + ((uint64_t)1 << (bits - 1));
	below = count_below(list, count, middle);
	low = narrow_diagram(diagrams, field, bits - 1, base, list, below);
	if (field->variables[bits - 1] == VARIABLE_ZERO)
		return low;
	above = below && list[below - 1].last >= middle ? below - 1 : below;
	high = narrow_diagram(diagrams, field, bits - 1, middle, list + above, count - above);
	return diagram_select(diagrams, diagram_of_bit(diagrams, field->variables[bits - 1]), high,
			      low);
}

diagram read_intervals_diagram(struct arena *arena, struct diagrams *diagrams,
			       const struct field *field, struct read_intervals *list)
{
	read_intervals_join(list);
	if (read_field_is_wide(field))
		return read_wide_diagram(arena, diagrams, field, list);
	return narrow_diagram(diagrams, field, field->bits, 0, list->items, list->count);
}
