/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are known only when the filter is loaded: they can be met, and nothing else. */
#include "compiler/prove/reader.h"

#include <string.h>

static diagram loaded_half(struct diagrams *diagrams, const struct field *field, const char *name,
			   bool high)
{
	unsigned int first = high ? 32 : 0;
	unsigned int bits = field->bits < 32 ? field->bits : 32;
	struct diagram_atom atom = {
		.name = name,
		.mask = UINT32_MAX >> (32 - bits),
		.word = (uint8_t)variable_word(field->variables[first]),
		.high = high,
	};

	return diagram_of_atom(diagrams, atom);
}

/* What is compared with the value NAME has BITS bits. */
static void load_note(struct reader *reader, const char *name, uint8_t bits)
{
	struct read_load *load;

	for (size_t i = 0; i < reader->out->loads.count; i++) {
		load = &reader->out->loads.items[i];
		if (strcmp(load->name, name) != 0)
			continue;
		if (bits < load->bits)
			load->bits = bits;
		return;
	}
	load = VEC_PUSH(reader->arena, &reader->out->loads);
	*load = (struct read_load){name, bits};
}

bool read_compare_loaded(struct read_comparison *comparison, const char *name, diagram *result)
{
	struct diagrams *diagrams = comparison->reader->diagrams;
	const struct field *field = &comparison->argument->field;

	for (unsigned int i = 0; i < field->bits; i++)
		if (field->variables[i] == VARIABLE_ZERO)
			return reader_fail(
				comparison->reader, comparison->span,
				"a part of an argument beside a value known only at load");
	load_note(comparison->reader, name,
		  field->bits < 32 && comparison->forms ? 32 : field->bits);
	*result = loaded_half(diagrams, field, name, false);
	if (field->bits > 32)
		*result = diagram_and(diagrams, loaded_half(diagrams, field, name, true), *result);
	return true;
}

bool read_compare_loaded_set(struct read_comparison *comparison, const struct read_set *set,
			     diagram *result)
{
	*result = DIAGRAM_NONE;
	for (size_t i = 0; i < set->loaded.count; i++) {
		diagram one;

		if (!read_compare_loaded(comparison, set->loaded.items[i], &one))
			return false;
		*result = diagram_or(comparison->reader->diagrams, *result, one);
	}
	return true;
}
