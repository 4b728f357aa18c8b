/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/random_condition.h"

#include "policy-lang/catalog/constant.h"

#include <inttypes.h>
#include <string.h>

/* An argument as all of the calls have it. */
struct target {
	const char *name;
	const char *family; /* of its constants, or NULL */
	bool pointer;
	bool some_signed;
	bool some_unsigned;
	unsigned int bits; /* the fewest */
	bool masked;
	uint64_t mask; /* the bits that are looked at */
};

/* -- Numbers ---------------------------------------------------------------------------------- */

static uint64_t ones(unsigned int bits)
{
	return bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

static void spell_negative(const struct random_scope *scope, uint64_t value)
{
	switch (dice_below(scope->dice, 3)) {
	case 0:
		text_printf(scope->out, "-%" PRIu64, -value);
		break;
	case 1:
		text_printf(scope->out, "-0x%" PRIx64, -value);
		break;
	default:
		text_printf(scope->out, "~0x%" PRIx64, ~value);
	}
}

/* As a sum, a union and the like of two; VALUE is less than 2^62 and not 0. */
static void spell_joined(const struct random_scope *scope, uint64_t value)
{
	uint64_t random = dice_bits(scope->dice, 64);
	uint64_t part = random % (value + 1), kept = random & value;
	unsigned int low = (unsigned int)__builtin_ctzll(value);

	switch (dice_below(scope->dice, 7)) {
	case 0:
		text_printf(scope->out, "(%" PRIu64 " + 0x%" PRIx64 ")", part, value - part);
		break;
	case 1:
		text_printf(scope->out, "(%" PRIu64 " - %" PRIu64 ")", value + part, part);
		break;
	case 2:
		text_printf(scope->out, "(0x%" PRIx64 " | 0x%" PRIx64 ")", kept, value & ~kept);
		break;
	case 3:
		text_printf(scope->out, "(0x%" PRIx64 " ^ %" PRIu64 ")", random & ones(62),
			    (random & ones(62)) ^ value);
		break;
	case 4:
		text_printf(scope->out, "(0x%" PRIx64 " & ~0x%" PRIx64 ")",
			    value | UINT64_C(1) << 62, UINT64_C(1) << 62);
		break;
	case 5:
		text_printf(scope->out, "(%" PRIu64 " << %u)", value >> low, low);
		break;
	default:
		text_printf(scope->out, "(%" PRIu64 " >> 1)", value << 1 | 1);
	}
}

void random_number(const struct random_scope *scope, uint64_t value, bool negative)
{
	if (negative) {
		spell_negative(scope, value);
		return;
	}
	if (value && value >> 62 == 0 && dice_once_in(scope->dice, 4)) {
		spell_joined(scope, value);
		return;
	}
	switch (dice_below(scope->dice, 3)) {
	case 0:
		text_printf(scope->out, "0x%" PRIx64, value);
		break;
	case 1:
		text_printf(scope->out, value ? "0%" PRIo64 : "%" PRIo64, value);
		break;
	default:
		text_printf(scope->out, "%" PRIu64, value);
	}
}

/* A number of BITS bits, with a liking for those at which something changes. */
static uint64_t draw_value(struct dice *dice, unsigned int bits)
{
	uint64_t top = ones(bits);

	switch (dice_below(dice, 8)) {
	case 0:
	case 1:
		return dice_below(dice, 9);
	case 2:
		return (uint64_t[]){top, top - 1, top >> 1, (top >> 1) + 1}[dice_below(dice, 4)];
	case 3:
		return UINT64_C(1) << dice_below(dice, bits);
	case 4:
		return ones(1 + dice_below(dice, bits));
	case 5:
		if (bits == 64)
			return (uint64_t)dice_below(dice, 4) << 32 |
			       (uint32_t[]){0, 1, 0xffffffff, 0x80000000}[dice_below(dice, 4)];
		return dice_below(dice, 256);
	default:
		return dice_bits(dice, 1 + dice_below(dice, bits));
	}
}

/* A constant of the family that has a value of BITS bits on all ABIs. */
static bool write_constant(const struct random_scope *scope, const struct target *target)
{
	unsigned int count = 0;
	const constant_id *ids = target->family ? constant_family(target->family, &count) : NULL;
	constant_id id;

	if (!count)
		return false;
	id = ids[dice_below(scope->dice, count)];
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		uint64_t value;

		if (scope->abis & ABI_BIT(abi) &&
		    (!constant_value(id, (enum abi_id)abi, &value) || value & ~target->mask))
			return false;
	}
	text_add_string(scope->out, constant_get(id)->name);
	return true;
}

/* A value that is compared bit by bit: it may be written as a number of either sign. */
static void write_pattern(const struct random_scope *scope, const struct target *target)
{
	uint64_t value = draw_value(scope->dice, target->bits), top = ones(target->bits);

	if (!dice_once_in(scope->dice, 50))
		value &= target->mask;
	if (value & (top ^ top >> 1) && dice_once_in(scope->dice, 2))
		random_number(scope, value | ~top, true);
	else
		random_number(scope, value, false);
}

static void write_mask(const struct random_scope *scope, const struct target *target,
		       uint64_t *mask)
{
	uint64_t value = draw_value(scope->dice, target->bits);
	bool negative = dice_once_in(scope->dice, 4);

	if (negative)
		value = ~(value >> 1);
	else if (!(value & target->mask))
		value = target->mask;
	*mask &= value;
	random_number(scope, value, negative);
}

/* A value that is compared by its size, with the sign that the argument has on all ABIs. */
static uint64_t draw_ordered(struct dice *dice, const struct target *target, bool *negative)
{
	uint64_t value = draw_value(dice, target->bits), top = ones(target->bits);

	*negative = false;
	if (target->masked)
		return value & target->mask & top >> target->some_signed;
	if (!target->some_signed || !(value & (top ^ top >> 1)))
		return value;
	*negative = !target->some_unsigned;
	return *negative ? value | ~top : value & top >> 1;
}

/* -- Comparisons ------------------------------------------------------------------------------ */

static void write_range(const struct random_scope *scope, const struct target *target)
{
	bool negative, negative_last;
	uint64_t first = draw_ordered(scope->dice, target, &negative);
	uint64_t last = draw_ordered(scope->dice, target, &negative_last);
	bool less = negative != negative_last ? negative : first <= last;

	if (!less) {
		uint64_t value = first;
		bool sign = negative;

		first = last, negative = negative_last;
		last = value, negative_last = sign;
	}
	random_number(scope, first, negative);
	text_add_string(scope->out, "..");
	random_number(scope, last, negative_last);
}

static void write_set(const struct random_scope *scope, const struct target *target)
{
	static const uint8_t counts[] = {1, 2, 2, 3, 5, 9, 30};
	unsigned int count = counts[dice_below(scope->dice, 7)];

	text_add_string(scope->out, "{ ");
	for (unsigned int i = 0; i < count; i++) {
		uint32_t kind = dice_below(scope->dice, 12);

		text_add_string(scope->out, i ? ", " : "");
		if (kind == 0 && !target->masked && scope->load_count)
			text_printf(scope->out, "load%u",
				    dice_below(scope->dice, scope->load_count));
		else if (kind == 1 && !target->masked && scope->set_count)
			text_printf(scope->out, "set%u", dice_below(scope->dice, scope->set_count));
		else if (kind < 5 && write_constant(scope, target))
			continue;
		else if (kind < 8)
			write_range(scope, target);
		else
			write_pattern(scope, target);
	}
	text_add_string(scope->out, " }");
}

static void write_in(const struct random_scope *scope, const struct target *target)
{
	text_add_string(scope->out, " in ");
	if (!target->masked && scope->set_count && dice_once_in(scope->dice, 4))
		text_printf(scope->out, "set%u", dice_below(scope->dice, scope->set_count));
	else
		write_set(scope, target);
}

static void write_equal(const struct random_scope *scope, const struct target *target)
{
	uint32_t kind = dice_below(scope->dice, 8);

	text_add_string(scope->out, dice_once_in(scope->dice, 3) ? " != " : " == ");
	if (kind == 0 && !target->masked && scope->load_count)
		text_printf(scope->out, "load%u", dice_below(scope->dice, scope->load_count));
	else if (kind == 1 && !target->masked && scope->number_count)
		text_printf(scope->out, "small%u", dice_below(scope->dice, scope->number_count));
	else if (kind > 4 || !write_constant(scope, target))
		write_pattern(scope, target);
}

static void write_ordered(const struct random_scope *scope, const struct target *target)
{
	static const char *const operators[] = {" < ", " <= ", " > ", " >= "};
	bool negative;
	uint64_t value = draw_ordered(scope->dice, target, &negative);

	text_add_string(scope->out, operators[dice_below(scope->dice, 4)]);
	random_number(scope, value, negative);
}

/* NAME & MASK..., with brackets; MASKS may be 0. */
static void write_masked(const struct random_scope *scope, struct target *target,
			 unsigned int masks)
{
	for (unsigned int i = 0; i < masks; i++)
		text_add_char(scope->out, '(');
	text_add_string(scope->out, target->name);
	for (unsigned int i = 0; i < masks; i++) {
		text_add_string(scope->out, " & ");
		write_mask(scope, target, &target->mask);
		text_add_char(scope->out, ')');
	}
	target->masked = masks > 0;
}

static void write_comparison(const struct random_scope *scope, struct target target)
{
	unsigned int masks = dice_once_in(scope->dice, 3) ? 1 + dice_once_in(scope->dice, 4) : 0;
	uint64_t unused = 0;

	target.mask = ones(target.bits);
	if (target.pointer) {
		text_printf(scope->out, "%s %s 0", target.name,
			    dice_once_in(scope->dice, 2) ? "==" : "!=");
		return;
	}
	write_masked(scope, &target, masks);
	switch (dice_below(scope->dice, 11)) {
	case 0:
		text_add_string(scope->out, " within ");
		write_mask(scope, &target, &unused);
		break;
	case 1:
		text_add_string(scope->out, " & ");
		write_mask(scope, &target, &unused);
		break;
	case 2:
	case 3:
	case 4:
		write_ordered(scope, &target);
		break;
	case 5:
	case 6:
	case 7:
		write_in(scope, &target);
		break;
	default:
		write_equal(scope, &target);
	}
}

/* -- Arguments -------------------------------------------------------------------------------- */

/* Takes in how CALL has the target's argument on ABI. False where it cannot stand for both. */
static bool target_meet(struct target *target, call_id call, enum abi_id abi)
{
	int index = call_arg_find(call, abi, target->name);
	unsigned int count;
	const struct call_arg *args = call_args(call, abi, &count);
	struct arg_place place;

	if (index < 0)
		return false;
	place = call_arg_place(call, abi, (unsigned int)index);
	if (!target->bits)
		target->pointer = args[index].kind == ARG_POINTER;
	if (target->pointer != (args[index].kind == ARG_POINTER))
		return false;
	if (!target->bits || place.bits < target->bits)
		target->bits = place.bits;
	target->some_signed |= place.is_signed;
	target->some_unsigned |= !place.is_signed;
	target->family = args[index].family;
	return true;
}

/* Whether the argument called NAME is one of all CALLS, wherever they are. */
static bool target_find(const struct random_scope *scope, const call_id *calls, size_t count,
			const char *name, struct target *target)
{
	*target = (struct target){.name = name};
	for (int abi = 0; abi < ABI_COUNT; abi++)
		for (size_t i = 0; scope->abis & ABI_BIT(abi) && i < count; i++)
			if (call_number(calls[i], (enum abi_id)abi) >= 0 &&
			    !target_meet(target, calls[i], (enum abi_id)abi))
				return false;
	return target->bits > 0;
}

/* The same among what `any CALL` stands for: those that lack it are left out. */
static bool target_find_any(const struct random_scope *scope, call_id call, const char *name,
			    struct target *target)
{
	*target = (struct target){.name = name};
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		unsigned int count = 0;
		const struct equivalent *kin =
			scope->abis & ABI_BIT(abi)
				? call_equivalents(call, (enum abi_id)abi, &count)
				: NULL;

		for (unsigned int i = 0; i < count; i++)
			if (call_arg_find(kin[i].call, (enum abi_id)abi, name) >= 0 &&
			    !target_meet(target, kin[i].call, (enum abi_id)abi))
				return false;
	}
	return target->bits > 0;
}

/* The first ABI of the scope that has CALL; ABI_COUNT for none. */
static enum abi_id first_abi(const struct random_scope *scope, call_id call)
{
	enum abi_id abi = 0;

	while (abi < ABI_COUNT && (!(scope->abis & ABI_BIT(abi)) || call_number(call, abi) < 0))
		abi++;
	return abi;
}

/* An argument of CALL by one of its names, most likely no address; NULL where it has none. */
static const char *draw_name(const struct random_scope *scope, call_id call)
{
	static const char *const registers[] = {"arg0", "arg1", "arg2", "arg3", "arg4", "arg5"};
	enum abi_id abi = first_abi(scope, call);
	unsigned int count = 0;
	const struct call_arg *args = abi < ABI_COUNT ? call_args(call, abi, &count) : NULL;
	const struct call_arg *arg = NULL;

	if (!count)
		return NULL;
	for (int i = 0; i < 3 && (!arg || arg->kind == ARG_POINTER); i++)
		arg = &args[dice_below(scope->dice, count)];
	if (dice_once_in(scope->dice, 20))
		return registers[arg - args];
	return arg->kernel_name && dice_once_in(scope->dice, 3) ? arg->kernel_name : arg->name;
}

static bool draw_target(const struct random_scope *scope, const call_id *calls, size_t count,
			bool any, struct target *target)
{
	for (int i = 0; i < 6; i++) {
		const char *name =
			draw_name(scope, calls[dice_below(scope->dice, (uint32_t)count)]);

		if (name && (any ? target_find_any(scope, calls[0], name, target)
				 : target_find(scope, calls, count, name, target)))
			return true;
		/* A register has the type of a number: a guess, which the compiler may refuse. */
		if (name && !strncmp(name, "arg", 3) && name[3] && !name[4] && !any) {
			*target = (struct target){.name = name, .some_unsigned = true, .bits = 32};
			return true;
		}
	}
	return false;
}

/* -- Conditions ------------------------------------------------------------------------------- */

static void write_condition(const struct random_scope *scope, const struct target *targets,
			    unsigned int count, unsigned int depth)
{
	uint32_t kind = depth ? dice_below(scope->dice, 10) : 9;

	if (kind < 4) {
		text_add_char(scope->out, '(');
		write_condition(scope, targets, count, depth - 1);
		text_add_string(scope->out, kind < 2 ? " && " : " || ");
		write_condition(scope, targets, count, depth - 1);
		text_add_char(scope->out, ')');
	} else if (kind == 4) {
		text_add_string(scope->out, "!(");
		write_condition(scope, targets, count, depth - 1);
		text_add_char(scope->out, ')');
	} else {
		write_comparison(scope, targets[dice_below(scope->dice, count)]);
	}
}

static void write_where(const struct random_scope *scope, const call_id *calls, size_t count,
			bool any)
{
	unsigned int wanted = 1 + dice_below(scope->dice, 3), found = 0;
	struct target targets[3];

	while (wanted-- && draw_target(scope, calls, count, any, &targets[found]))
		found++;
	if (!found)
		return;
	text_add_string(scope->out, " where ");
	write_condition(scope, targets, found, dice_below(scope->dice, 4));
}

void random_where(const struct random_scope *scope, const call_id *calls, size_t count)
{
	write_where(scope, calls, count, false);
}

void random_where_any(const struct random_scope *scope, call_id call)
{
	write_where(scope, &call, 1, true);
}
