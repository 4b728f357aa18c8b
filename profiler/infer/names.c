/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/names.h"

#include "policy-lang/catalog/constant.h"

#include <inttypes.h>
#include <string.h>

static const struct span nowhere;

struct expr *infer_number(struct arena *arena, uint64_t number)
{
	const char *spelling = number < 1024 ? NULL : arena_printf(arena, "0x%" PRIx64, number);

	return expr_new_number(arena, number, spelling, nowhere);
}

/* The catalogue's constants are 64 bits wide: -1 is all ones also for an int. */
static uint64_t widen(const struct infer_column *column, uint64_t value)
{
	uint64_t sign = (uint64_t)1 << (column->bits - 1);

	if (!column->is_signed || column->bits == 64 || !(value & sign))
		return value;
	return value | ~(sign | (sign - 1));
}

static struct expr *name_or_null(struct arena *arena, const struct infer_column *column,
				 uint64_t value)
{
	constant_id constant = CONSTANT_NONE;

	if (column->family)
		constant = constant_name(column->family, column->abi, widen(column, value));
	return constant == CONSTANT_NONE
		       ? NULL
		       : expr_new_name(arena, constant_get(constant)->name, nowhere);
}

static struct expr *signed_number(struct arena *arena, const struct infer_column *column,
				  uint64_t value)
{
	uint64_t wide = widen(column, value);

	if (column->is_signed && (int64_t)wide < 0)
		return expr_new_unary(arena, EXPR_OP_NEGATE, infer_number(arena, -wide), nowhere);
	return infer_number(arena, value);
}

struct expr *infer_name_value(struct arena *arena, const struct infer_column *column,
			      uint64_t value)
{
	struct expr *name = name_or_null(arena, column, value);

	return name ? name : signed_number(arena, column, value);
}

/* Names of fields of bits, rather than of flags. */
static bool names_field(const char *name)
{
	size_t length = strlen(name);

	return (length > 4 && strcmp(name + length - 4, "MASK") == 0) ||
	       (length > 5 && strcmp(name + length - 5, "_TYPE") == 0) ||
	       strcmp(name, "O_ACCMODE") == 0 || strcmp(name, "S_IFMT") == 0;
}

/* The constant within WANTED that names the most bits of LEFT, the first where several do. */
static constant_id best_flag(const struct infer_column *column, uint64_t wanted, uint64_t left,
			     uint64_t *value)
{
	constant_id best = CONSTANT_NONE;
	unsigned int count = 0;
	const constant_id *family;
	int most = 0;

	family = column->family ? constant_family(column->family, &count) : NULL;
	for (unsigned int i = 0; i < count; i++) {
		uint64_t here;
		int bits;

		if (!constant_value(family[i], column->abi, &here) || here & ~wanted)
			continue;
		bits = __builtin_popcountll(here & left);
		if (bits <= most || (bits > 1 && names_field(constant_get(family[i])->name)))
			continue;
		most = bits;
		best = family[i];
		*value = here;
	}
	return best;
}

static struct expr *join(struct arena *arena, struct expr *left, struct expr *right)
{
	return left ? expr_new_binary(arena, EXPR_OP_BIT_OR, left, right, nowhere) : right;
}

/* The signal in clone's flags (CSIGNAL, its low byte), which the flags' family does not name. */
static uint64_t take_signal(struct arena *arena, const struct infer_column *column, uint64_t flags,
			    struct expr **name)
{
	struct infer_column signals = *column;

	*name = NULL;
	if (!column->family || strcmp(column->family, "CLONE_") != 0 || !(flags & 0xff))
		return flags;
	signals.family = "SIG";
	*name = name_or_null(arena, &signals, flags & 0xff);
	return *name ? flags & ~(uint64_t)0xff : flags;
}

struct expr *infer_name_flags(struct arena *arena, const struct infer_column *column,
			      uint64_t flags)
{
	struct expr *signal, *result = NULL, *names[64];
	uint64_t values[64], value;
	uint64_t left = take_signal(arena, column, flags, &signal);
	size_t count = 0;
	constant_id flag;

	while (left && (flag = best_flag(column, flags, left, &value)) != CONSTANT_NONE) {
		size_t at = count++;

		left &= ~value;
		for (; at > 0 && values[at - 1] > value; at--) {
			values[at] = values[at - 1];
			names[at] = names[at - 1];
		}
		values[at] = value;
		names[at] = expr_new_name(arena, constant_get(flag)->name, nowhere);
	}
	for (size_t i = 0; i < count; i++)
		result = join(arena, result, names[i]);
	if (signal)
		result = join(arena, result, signal);
	if (left || !result)
		result = join(arena, result, infer_number(arena, left));
	return result;
}
