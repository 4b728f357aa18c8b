/* SPDX-License-Identifier: Apache-2.0 */
/* What a register may hold: a few constants, what it held when the function was entered, anything. */
#ifndef PALE_PROFILER_STATIC_VALUE_H
#define PALE_PROFILER_STATIC_VALUE_H

#include "profiler/static/operation.h"

enum {
	VALUE_CONSTANTS = 6,
};

enum value_kind {
	VALUE_NONE, /* nothing yet: no way leads here */
	VALUE_CONSTANT,
	VALUE_ENTRY, /* what the function was given in register `entry` */
	VALUE_TRUTH, /* 0 or 1 in its low byte, and anything above */
	VALUE_ANY,
};

struct value {
	uint8_t kind; /* enum value_kind */
	uint8_t count;
	uint8_t entry;
	uint64_t constants[VALUE_CONSTANTS]; /* ordered */
};

struct value value_constant(uint64_t constant);
/* What is either; more constants than there is room for are anything. */
struct value value_join(const struct value *a, const struct value *b);
bool value_equal(const struct value *a, const struct value *b);
/* The low 32 bits of it. */
struct value value_narrow(const struct value *value);
struct value value_scale(const struct value *value, uint64_t factor);
struct value value_compute(enum operation_alu alu, const struct value *a, const struct value *b);

#endif
