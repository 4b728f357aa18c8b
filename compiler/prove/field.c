/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that are made of a call's bits. */
#include "compiler/prove/diagram.h"

#include <assert.h>

struct field field_of_word(unsigned int word, unsigned int bits)
{
	struct field field = {.bits = (uint8_t)bits};

	assert(bits > 0 && bits <= 32);
	for (unsigned int i = 0; i < bits; i++)
		field.variables[i] = variable_of_bit(word, i);
	return field;
}

struct field field_of_words(unsigned int low, unsigned int high)
{
	struct field field = {.bits = 64};

	for (unsigned int i = 0; i < 64; i++)
		field.variables[i] = variable_of_bit(i < 32 ? low : high, i % 32);
	return field;
}

struct field field_masked(struct field field, uint64_t mask)
{
	for (unsigned int i = 0; i < field.bits; i++)
		if (!(mask >> i & 1))
			field.variables[i] = VARIABLE_ZERO;
	return field;
}

/*
 * Where FIELD >= BOUND (AT_LEAST) or FIELD <= BOUND, from the lowest bit up: each higher bit decides
 * alone where it differs from the bound's. Bits are joined by diagram_select(), as those of a field
 * need not come in the order of variables.
 */
static diagram field_compare(struct diagrams *diagrams, const struct field *field, uint64_t bound,
			     bool at_least)
{
	diagram result = DIAGRAM_ALL;

	for (unsigned int i = 0; i < field->bits; i++) {
		bool wanted = bound >> i & 1;
		diagram bit = field->variables[i] == VARIABLE_ZERO
				      ? DIAGRAM_NONE
				      : diagram_of_bit(diagrams, field->variables[i]);

		if (wanted)
			result = diagram_select(diagrams, bit, result,
						at_least ? DIAGRAM_NONE : DIAGRAM_ALL);
		else
			result = diagram_select(diagrams, bit,
						at_least ? DIAGRAM_ALL : DIAGRAM_NONE, result);
	}
	return result;
}

diagram diagram_range(struct diagrams *diagrams, const struct field *field, uint64_t first,
		      uint64_t last)
{
	uint64_t ones = field->bits == 64 ? UINT64_MAX : ((uint64_t)1 << field->bits) - 1;

	if (first > last || first > ones)
		return DIAGRAM_NONE;
	if (last > ones)
		last = ones;
	return diagram_and(diagrams, field_compare(diagrams, field, first, true),
			   field_compare(diagrams, field, last, false));
}
