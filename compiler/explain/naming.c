/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/naming.h"

#include "policy-lang/catalog/constant.h"

#include <inttypes.h>

enum {
	DECIMAL_MAX = 4096,  /* above it numbers are hexadecimal */
	WRITTEN_OUT_MAX = 8, /* values of a range that are named one by one */
	PARTS_MAX = 64,
};

static const struct span nowhere;

static const char directory[] = "AT_FDCWD";

static uint64_t ones(unsigned int bits)
{
	return bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

static uint64_t extended(const struct subject *subject, uint64_t value)
{
	uint64_t sign = (uint64_t)1 << (subject->bits - 1);

	return value & sign ? value | ~ones(subject->bits) : value;
}

static const char *family_of(const struct subject *subject)
{
	return subject->arg ? subject->arg->family : NULL;
}

static bool has_flags(const struct subject *subject)
{
	return family_of(subject) && subject->arg->use == ARG_FLAGS;
}

static struct expr *hexadecimal(struct arena *arena, uint64_t value)
{
	return expr_new_number(arena, value, arena_printf(arena, "0x%" PRIx64, value), nowhere);
}

/* Modes are octal, as everybody writes them. */
static struct expr *octal(struct arena *arena, uint64_t value)
{
	return expr_new_number(arena, value, arena_printf(arena, "0%" PRIo64, value), nowhere);
}

static bool is_mode(const struct subject *subject)
{
	return subject->arg && subject->arg->kind == ARG_UMODE;
}

static struct expr *plain(struct arena *arena, uint64_t value, bool bits)
{
	if (value > DECIMAL_MAX || (bits && value > 9))
		return hexadecimal(arena, value);
	return expr_new_number(arena, value, NULL, nowhere);
}

struct expr *naming_number(struct arena *arena, const struct subject *subject, uint64_t value)
{
	uint64_t wide = extended(subject, value);
	bool bits = subject->arg && subject->arg->use == ARG_FLAGS;

	if (is_mode(subject) && value)
		return octal(arena, value);
	if (subject->is_signed && wide >> 63)
		return expr_new_unary(arena, EXPR_OP_NEGATE, plain(arena, -wide, false), nowhere);
	return plain(arena, value, bits);
}

/* The constant of the subject's family with exactly that value; NULL for none. */
static const char *name_of(const struct abi *abi, const struct subject *subject, uint64_t value)
{
	constant_id id = constant_find(directory);
	uint64_t known;

	/* Descriptors have no family, and one of them has a name all the same. */
	if (subject->arg && subject->arg->kind == ARG_FD && id != CONSTANT_NONE &&
	    constant_value(id, abi->id, &known) && extended(subject, value) == known)
		return directory;
	if (!family_of(subject))
		return NULL;
	id = constant_name(family_of(subject), abi->id, value);
	if (id == CONSTANT_NONE)
		id = constant_name(family_of(subject), abi->id, extended(subject, value));
	return id == CONSTANT_NONE ? NULL : constant_get(id)->name;
}

static struct expr *joined(struct arena *arena, struct expr *left, struct expr *right)
{
	return left ? expr_new_binary(arena, EXPR_OP_BIT_OR, left, right, nowhere) : right;
}

/* The constant with the most bits, all of them in VALUE. */
static uint64_t largest_part(const struct abi *abi, const char *family, uint64_t value)
{
	unsigned int count;
	const constant_id *ids = constant_family(family, &count);
	uint64_t best = 0, part;

	for (unsigned int i = 0; i < count; i++)
		if (constant_value(ids[i], abi->id, &part) && part && !(part & ~value) &&
		    __builtin_popcountll(part) > __builtin_popcountll(best))
			best = part;
	return best;
}

/* VALUE as names with | between them, lowest first, and what no name has. */
static struct expr *named_parts(struct arena *arena, const struct abi *abi,
				const struct subject *subject, uint64_t value)
{
	uint64_t parts[PARTS_MAX], part;
	unsigned int count = 0;
	struct expr *expr = NULL;

	while (count < PARTS_MAX && (part = largest_part(abi, family_of(subject), value))) {
		unsigned int at = count++;

		for (; at > 0 && parts[at - 1] > part; at--)
			parts[at] = parts[at - 1];
		parts[at] = part;
		value &= ~part;
	}
	for (unsigned int i = 0; i < count; i++)
		expr = joined(arena, expr,
			      expr_new_name(arena, name_of(abi, subject, parts[i]), nowhere));
	return value || !expr ? joined(arena, expr, hexadecimal(arena, value)) : expr;
}

struct expr *naming_mask(struct arena *arena, const struct abi *abi, const struct subject *subject,
			 uint64_t mask)
{
	const char *name = has_flags(subject) ? name_of(abi, subject, mask) : NULL;

	if (is_mode(subject))
		return octal(arena, mask);
	if (name)
		return expr_new_name(arena, name, nowhere);
	if (has_flags(subject) && mask)
		return named_parts(arena, abi, subject, mask);
	return plain(arena, mask, true);
}

struct expr *naming_value(struct arena *arena, const struct abi *abi, const struct subject *subject,
			  uint64_t value)
{
	uint32_t named = subject->arg ? subject->arg->mask : 0;
	const char *name = name_of(abi, subject, value);

	if (is_mode(subject))
		return naming_number(arena, subject, value);
	if (name)
		return expr_new_name(arena, name, nowhere);
	if (has_flags(subject) && value)
		return named_parts(arena, abi, subject, value);
	if (named && value & ~(uint64_t)named && (name = name_of(abi, subject, value & named)) &&
	    largest_part(abi, family_of(subject), value & ~(uint64_t)named))
		return joined(arena, expr_new_name(arena, name, nowhere),
			      named_parts(arena, abi, subject, value & ~(uint64_t)named));
	return naming_number(arena, subject, value);
}

static void set_add(struct arena *arena, struct expr *set, struct expr *first, struct expr *last)
{
	struct expr_range *range = VEC_PUSH(arena, &set->set);

	range->first = first;
	range->last = last;
	if (set->depth <= first->depth)
		set->depth = first->depth + 1;
	if (last && set->depth <= last->depth)
		set->depth = last->depth + 1;
}

/* Whether a range is short, and has two values only or such that each has a name. */
static bool writes_out(const struct abi *abi, const struct subject *subject,
		       struct value_range range, uint64_t mask)
{
	unsigned int values = 0;
	bool named = true;

	if (range.last < range.first || range.last - range.first >= WRITTEN_OUT_MAX)
		return false;
	for (uint64_t i = 0; i <= range.last - range.first; i++) {
		if ((range.first + i) & ~mask)
			continue;
		values++;
		named &= name_of(abi, subject, range.first + i) != NULL;
	}
	return values <= 2 || named;
}

static void set_write_out(struct arena *arena, const struct abi *abi, const struct subject *subject,
			  struct value_range range, uint64_t mask, struct expr *set)
{
	for (uint64_t i = 0; i <= range.last - range.first; i++)
		if (!((range.first + i) & ~mask))
			set_add(arena, set, naming_value(arena, abi, subject, range.first + i),
				NULL);
}

struct expr *naming_set(struct arena *arena, const struct abi *abi, const struct subject *subject,
			const struct value_ranges *ranges)
{
	struct expr *set = expr_new_number(arena, 0, NULL, nowhere);

	set->kind = EXPR_SET;
	for (size_t i = 0; i < ranges->items.count; i++) {
		struct value_range range = ranges->items.items[i];

		if (writes_out(abi, subject, range, ranges->mask))
			set_write_out(arena, abi, subject, range, ranges->mask, set);
		else
			set_add(arena, set, naming_number(arena, subject, range.first),
				naming_number(arena, subject, range.last));
	}
	return set;
}
