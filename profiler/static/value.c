/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/value.h"

#include <string.h>

static const struct value anything = {.kind = VALUE_ANY};

struct value value_constant(uint64_t constant)
{
	return (struct value){.kind = VALUE_CONSTANT, .count = 1, .constants = {constant}};
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == VALUE_ENTRY)
		return a->entry == b->entry;
	return a->kind != VALUE_CONSTANT ||
	       (a->count == b->count &&
		memcmp(a->constants, b->constants, a->count * sizeof(a->constants[0])) == 0);
}

/* False where there is no room. */
static bool add_constant(struct value *value, uint64_t constant)
{
	unsigned int at = 0;

	while (at < value->count && value->constants[at] < constant)
		at++;
	if (at < value->count && value->constants[at] == constant)
		return true;
	if (value->count == VALUE_CONSTANTS)
		return false;
	memmove(value->constants + at + 1, value->constants + at,
		(value->count - at) * sizeof(value->constants[0]));
	value->constants[at] = constant;
	value->count++;
	return true;
}

struct value value_join(const struct value *a, const struct value *b)
{
	struct value joined = *a;

	if (a->kind == VALUE_NONE)
		return *b;
	if (b->kind == VALUE_NONE || value_equal(a, b))
		return joined;
	if (a->kind != VALUE_CONSTANT || b->kind != VALUE_CONSTANT)
		return anything;
	for (unsigned int i = 0; i < b->count; i++)
		if (!add_constant(&joined, b->constants[i]))
			return anything;
	return joined;
}

struct value value_narrow(const struct value *value)
{
	struct value narrow = {.kind = VALUE_CONSTANT};

	if (value->kind != VALUE_CONSTANT)
		return *value;
	for (unsigned int i = 0; i < value->count; i++)
		add_constant(&narrow, (uint32_t)value->constants[i]);
	return narrow;
}

struct value value_scale(const struct value *value, uint64_t factor)
{
	struct value scaled = {.kind = VALUE_CONSTANT};

	if (value->kind != VALUE_CONSTANT)
		return anything;
	for (unsigned int i = 0; i < value->count; i++)
		add_constant(&scaled, value->constants[i] * factor);
	return scaled;
}

static uint64_t compute(enum operation_alu alu, uint64_t a, uint64_t b)
{
	switch (alu) {
	case ALU_ADD:
		return a + b;
	case ALU_SUB:
		return a - b;
	case ALU_AND:
		return a & b;
	case ALU_OR:
		return a | b;
	case ALU_XOR:
		return a ^ b;
	case ALU_SHL:
		return b < 64 ? a << b : 0;
	}
	return 0;
}

struct value value_compute(enum operation_alu alu, const struct value *a, const struct value *b)
{
	struct value result = {.kind = VALUE_CONSTANT};
	uint64_t all_ones = UINT64_MAX;

	/* Whatever was there, `or REG, -1` is all ones and `and REG, 0` none. */
	if (b->kind == VALUE_CONSTANT && b->count == 1 && alu == ALU_OR &&
	    b->constants[0] == all_ones)
		return *b;
	if (b->kind == VALUE_CONSTANT && b->count == 1 && alu == ALU_AND && b->constants[0] == 0)
		return *b;
	if (a->kind == VALUE_TRUTH && b->kind == VALUE_CONSTANT && b->count == 1 &&
	    alu == ALU_AND && b->constants[0] == 0xff)
		return (struct value){.kind = VALUE_CONSTANT, .count = 2, .constants = {0, 1}};
	if (a->kind != VALUE_CONSTANT || b->kind != VALUE_CONSTANT)
		return anything;
	for (unsigned int i = 0; i < a->count; i++)
		for (unsigned int j = 0; j < b->count; j++)
			if (!add_constant(&result, compute(alu, a->constants[i], b->constants[j])))
				return anything;
	return result;
}
