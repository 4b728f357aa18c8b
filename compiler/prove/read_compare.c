/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparisons of an argument with numbers. Each is made of intervals of the argument's bits as an
 * unsigned number.
 */
#include "compiler/prove/reader.h"

/* The largest number of BITS bits. */
static uint64_t ones_of(unsigned int bits)
{
	return UINT64_MAX >> (64 - bits);
}

/* The least and the largest number that the argument's type has. */
static struct read_range type_range(const struct read_argument *argument)
{
	uint64_t ones = ones_of(argument->field.bits);

	if (!argument->is_signed)
		return (struct read_range){{0, false}, {ones, false}};
	return (struct read_range){{~(ones >> 1), true}, {ones >> 1, false}};
}

static bool range_has(struct read_range range, struct read_number number)
{
	return !read_number_less(number, range.first) && !read_number_less(range.last, number);
}

/* Whether NUMBER is a value of the argument's width under one sign or the other. */
static bool number_fits(const struct read_argument *argument, struct read_number number)
{
	uint64_t ones = ones_of(argument->field.bits);

	return number.negative ? number.bits >= ~(ones >> 1) : number.bits <= ones;
}

static bool number_is_large(const struct read_argument *argument, struct read_number number)
{
	return !number.negative && number.bits > ones_of(argument->field.bits);
}

static bool compare_fail(const struct read_comparison *comparison)
{
	return reader_fail(comparison->reader, comparison->span,
			   "a number that the argument cannot have");
}

/*
 * What is left of RANGE in a form of `any` that is too narrow for it; false where nothing is. Such
 * a form has none of the numbers that are too large for it.
 */
static bool range_narrow(struct read_comparison *comparison, struct read_range *range)
{
	if (!comparison->forms || !number_is_large(comparison->argument, range->last))
		return true;
	comparison->missed = true;
	if (number_is_large(comparison->argument, range->first))
		return false;
	range->last = type_range(comparison->argument).last;
	return !read_number_less(range->last, range->first);
}

/*
 * Adds the numbers of RANGE. They are counted as the argument's type counts, or, where its type has
 * neither end, as the bits of the other sign do: what begins as one and ends as the other means
 * nothing.
 */
static bool intervals_add(struct read_comparison *comparison, struct read_range range,
			  struct read_intervals *list)
{
	const struct read_argument *argument = comparison->argument;
	uint64_t ones = ones_of(argument->field.bits);
	struct read_range type = type_range(argument);
	struct arena *arena = comparison->reader->arena;

	if (!range_narrow(comparison, &range))
		return true;
	if (!number_fits(argument, range.first) || !number_fits(argument, range.last) ||
	    range_has(type, range.first) != range_has(type, range.last) ||
	    read_number_less(range.last, range.first))
		return compare_fail(comparison);
	if (range.first.negative == range.last.negative) {
		*VEC_PUSH(arena, list) =
			(struct read_interval){range.first.bits & ones, range.last.bits & ones};
		return true;
	}
	*VEC_PUSH(arena, list) = (struct read_interval){range.first.bits & ones, ones};
	*VEC_PUSH(arena, list) = (struct read_interval){0, range.last.bits};
	return true;
}

/* What always or never holds is a mistake, but in one form of several. */
static bool intervals_finish(struct read_comparison *comparison, struct read_intervals *list,
			     diagram *result)
{
	struct diagrams *diagrams = comparison->reader->diagrams;
	const struct field *field = &comparison->argument->field;

	*result = read_intervals_diagram(comparison->reader->arena, diagrams, field, list);
	if (diagrams->overflow || comparison->trivial)
		return true;
	if (*result == DIAGRAM_NONE || *result == DIAGRAM_ALL)
		return reader_fail(comparison->reader, comparison->span,
				   "a comparison that always or never holds");
	return true;
}

bool read_compare_set(struct read_comparison *comparison, const struct read_set *set,
		      diagram *result)
{
	struct read_intervals list = {0};
	diagram loaded;

	if (!reader_work(comparison->reader, set->ranges.count + set->loaded.count,
			 comparison->span) ||
	    !read_compare_loaded_set(comparison, set, &loaded))
		return false;
	*result = loaded;
	if (!set->ranges.count)
		return true;
	for (size_t i = 0; i < set->ranges.count; i++)
		if (!intervals_add(comparison, set->ranges.items[i], &list))
			return false;
	if (!intervals_finish(comparison, &list, result))
		return false;
	*result = diagram_or(comparison->reader->diagrams, loaded, *result);
	return true;
}

/*
 * The part of the type's RANGE that stands to NUMBER, which is in it, as OP says; false for none.
 */
static bool range_cut(enum expr_op op, struct read_number number, struct read_range *range)
{
	const struct read_number one = {1, false};

	switch (op) {
	case EXPR_OP_LESS:
		if (read_number_equal(number, range->first))
			return false;
		read_number_join(EXPR_OP_MINUS, number, one, &range->last);
		return true;
	case EXPR_OP_LESS_EQUAL:
		range->last = number;
		return true;
	case EXPR_OP_GREATER:
		if (read_number_equal(number, range->last))
			return false;
		read_number_join(EXPR_OP_PLUS, number, one, &range->first);
		return true;
	default:
		range->first = number;
		return true;
	}
}

static bool compare_order(struct read_comparison *comparison, enum expr_op op,
			  struct read_number number, diagram *result)
{
	struct read_range range = type_range(comparison->argument);
	bool upward = op == EXPR_OP_GREATER || op == EXPR_OP_GREATER_EQUAL;
	struct read_intervals list = {0};
	bool some;

	if (range_has(range, number)) {
		some = range_cut(op, number, &range);
	} else if (comparison->forms && number_is_large(comparison->argument, number)) {
		comparison->missed = true;
		some = !upward; /* all that this form has is less */
	} else {
		return compare_fail(comparison);
	}
	if (some && !intervals_add(comparison, range, &list))
		return false;
	return intervals_finish(comparison, &list, result);
}

bool read_compare_number(struct read_comparison *comparison, enum expr_op op,
			 struct read_number number, diagram *result)
{
	struct read_intervals list = {0};

	if (op != EXPR_OP_EQUAL && op != EXPR_OP_UNEQUAL)
		return compare_order(comparison, op, number, result);
	if (!intervals_add(comparison, (struct read_range){number, number}, &list) ||
	    !intervals_finish(comparison, &list, result))
		return false;
	if (op == EXPR_OP_UNEQUAL)
		*result = diagram_not(comparison->reader->diagrams, *result);
	return true;
}
