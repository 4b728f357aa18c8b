/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/arguments.h"

#include "policy-lang/catalog/constant.h"
#include "profiler/infer/gather.h"
#include "profiler/infer/names.h"

#include <inttypes.h>
#include <linux/fcntl.h>
#include <stdlib.h>
#include <string.h>

static struct seen_argument *find_argument(struct arena *arena, struct seen_arguments *arguments,
					   const struct recorded_arg *arg)
{
	struct seen_argument *found;

	for (size_t i = 0; i < arguments->items.count; i++) {
		found = &arguments->items.items[i];
		if (found->behind == arg->behind && !strcmp(found->name, arg->name))
			return found;
	}
	found = VEC_PUSH(arena, &arguments->items);
	*found = (struct seen_argument){
		.name = arg->name,
		.behind = arg->behind,
		.ruled = arg->ruled,
		.least = arg->least,
		.most = arg->most,
	};
	return found;
}

static void add_value(struct arena *arena, struct seen_argument *argument, uint64_t value,
		      uint64_t count)
{
	for (size_t i = 0; i < argument->values.count; i++) {
		struct seen_value *known = &argument->values.items[i];

		if (known->value != value)
			continue;
		known->count = count_add(known->count, count);
		return;
	}
	if (argument->values.count == RECORDING_TUPLES_MAX)
		argument->more = true;
	else
		*VEC_PUSH(arena, &argument->values) = (struct seen_value){value, count};
}

/* How the argument is read; false for one that the catalogue does not have. */
static bool shape(const struct seen_call *call, const char *name, bool behind, unsigned int *bits,
		  bool *is_signed)
{
	int index = -1;

	*bits = 64;
	*is_signed = false;
	if (!behind && call->call != CALL_NONE)
		index = call_arg_find(call->call, call->abi, name);
	if (index >= 0) {
		struct arg_place place = call_arg_place(call->call, call->abi, (unsigned int)index);

		*bits = place.bits;
		*is_signed = place.is_signed;
	}
	return index >= 0;
}

static void add_extremes(const struct seen_call *call, struct seen_argument *argument,
			 const struct recorded_arg *arg)
{
	unsigned int bits;
	bool is_signed;

	shape(call, argument->name, argument->behind, &bits, &is_signed);
	if (recorded_value_less(arg->least, argument->least, bits, is_signed))
		argument->least = arg->least;
	if (recorded_value_less(argument->most, arg->most, bits, is_signed))
		argument->most = arg->most;
}

static void add_record(struct arena *arena, struct seen_arguments *arguments,
		       const struct seen_call *call, const struct recorded_call *from)
{
	size_t ruled = 0;

	for (size_t i = 0; i < from->args.count; i++) {
		const struct recorded_arg *arg = &from->args.items[i];
		struct seen_argument *argument = find_argument(arena, arguments, arg);

		add_extremes(call, argument, arg);
		argument->ruled &= arg->ruled;
		if (!arg->ruled)
			continue;
		argument->more |= from->saturated;
		for (size_t j = 0; j < from->tuples.count; j++)
			add_value(arena, argument, from->tuples.items[j].values[ruled],
				  from->tuples.items[j].count);
		ruled++;
	}
}

static int order_values(const void *left, const void *right)
{
	const struct seen_value *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->value > b->value) - (a->value < b->value);
}

struct seen_arguments arguments_gather(struct arena *arena, const struct seen_call *call)
{
	struct seen_arguments arguments = {0};

	for (size_t i = 0; i < call->record_count; i++)
		add_record(arena, &arguments, call, call->records[i].call);
	for (size_t i = 0; i < arguments.items.count; i++) {
		struct seen_argument *argument = &arguments.items.items[i];

		if (argument->values.count)
			qsort(argument->values.items, argument->values.count,
			      sizeof(struct seen_value), order_values);
	}
	return arguments;
}

static const char *kept(struct arena *arena, struct text *text)
{
	const char *copy = arena_copy(arena, text->bytes ? text->bytes : "", text->length);

	text_release(text);
	return copy;
}

/* Families of what stands behind pointers, which the catalogue's signatures do not reach. */
static const struct {
	const char *call;
	const char *argument;
	const char *family;
} behind_families[] = {
	{"clone3", "flags", "CLONE_"},
	{"clone3", "exit_signal", "SIG"},
	{"openat2", "flags", "O_"},
	{"openat2", "resolve", "RESOLVE_"},
};

static struct infer_column column_of(const struct seen_call *call,
				     const struct seen_argument *argument)
{
	struct infer_column column = {.name = argument->name, .abi = call->abi};
	unsigned int bits, count;
	bool is_signed;

	if (shape(call, argument->name, argument->behind, &bits, &is_signed)) {
		int index = call_arg_find(call->call, call->abi, argument->name);
		const struct call_arg *arg = &call_args(call->call, call->abi, &count)[index];

		column.family = arg->family;
		column.mask = arg->mask;
		column.flags = arg->use == ARG_FLAGS;
	}
	column.bits = (uint8_t)bits;
	column.is_signed = is_signed;
	for (size_t i = 0; i < sizeof(behind_families) / sizeof(behind_families[0]); i++)
		if (argument->behind && !strcmp(call->name, behind_families[i].call) &&
		    !strcmp(argument->name, behind_families[i].argument)) {
			column.family = behind_families[i].family;
			column.flags = strcmp(argument->name, "exit_signal") != 0;
		}
	return column;
}

/*
 * Whether 0 is worth a name. Most families of flags have a constant that is 0 and means nothing where
 * others of them are asked for.
 */
static bool names_zero(const struct seen_call *call, const struct infer_column *column)
{
	if (!column->flags || !column->family)
		return !column->flags;
	return !strcmp(column->family, "PROT_") ||
	       (!strcmp(column->family, "O_") && !strncmp(call->name, "open", 4));
}

const char *argument_value(struct arena *arena, const struct seen_call *call,
			   const struct seen_argument *argument, uint64_t value)
{
	struct infer_column column = column_of(call, argument);
	uint64_t rest = column.mask && !column.flags ? value & ~column.mask : 0;
	struct text text = {0};

	if (!value && !names_zero(call, &column))
		return "0";
	if (column.flags && value)
		ast_print_expr(infer_name_flags(arena, &column, value), &text);
	else
		ast_print_expr(infer_name_value(arena, &column, value & ~rest), &text);
	if (rest) {
		text_add_string(&text, " | ");
		ast_print_expr(infer_name_flags(arena, &column, rest), &text);
	}
	return kept(arena, &text);
}

/* As people write it: a mode in octal, a descriptor that is none by its name, large ones in hexadecimal. */
static const char *number(struct arena *arena, const struct call_arg *arg, uint64_t value,
			  unsigned int bits, bool is_signed)
{
	uint64_t sign = (uint64_t)1 << (bits - 1);
	uint64_t negated = (bits < 64 ? sign << 1 : 0) - value;

	if (arg && arg->kind == ARG_UMODE)
		return arena_printf(arena, "0%" PRIo64, value);
	if (is_signed && value & sign)
		return arg && arg->kind == ARG_FD && negated == -AT_FDCWD
			       ? "AT_FDCWD"
			       : arena_printf(arena, "-%" PRIu64, negated);
	return value < 1 << 20 ? arena_printf(arena, "%" PRIu64, value)
			       : arena_printf(arena, "0x%" PRIx64, value);
}

const char *argument_range(struct arena *arena, const struct seen_call *call,
			   const struct seen_argument *argument)
{
	const struct call_arg *arg = NULL;
	unsigned int bits, count;
	bool is_signed;
	const char *least, *most;

	if (shape(call, argument->name, argument->behind, &bits, &is_signed)) {
		int index = call_arg_find(call->call, call->abi, argument->name);

		arg = &call_args(call->call, call->abi, &count)[index];
	}
	if (arg && arg->kind == ARG_POINTER && argument->least && argument->most)
		return NULL;
	if (arg && arg->kind == ARG_POINTER)
		return argument->most ? "NULL and not NULL" : "NULL";
	least = number(arena, arg, argument->least, bits, is_signed);
	most = number(arena, arg, argument->most, bits, is_signed);
	return argument->least == argument->most ? least
						 : arena_printf(arena, "%s to %s", least, most);
}

const char *call_signature(struct arena *arena, const struct seen_call *call)
{
	const struct call_arg *args;
	struct text text = {0};
	unsigned int count;

	if (call->call == CALL_NONE)
		return call->name;
	args = call_args(call->call, call->abi, &count);
	text_printf(&text, "%s(", call->name);
	for (unsigned int i = 0; i < count; i++)
		text_printf(&text, "%s%s", i ? ", " : "", args[i].name);
	text_add_char(&text, ')');
	return kept(arena, &text);
}

const char *error_name(struct arena *arena, const struct seen_call *call, int number)
{
	constant_id name = constant_name("E", call->abi, (uint64_t)number);

	return name == CONSTANT_NONE ? arena_printf(arena, "errno %d", number)
				     : constant_get(name)->name;
}
