/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments are taken one after the other. A value's column splits the rows by what they have
 * in the columns behind it, so that `domain == AF_UNIX && ... || domain in { AF_INET, AF_INET6 }
 * && ...` comes out and no combination that was not seen. In a balanced policy a column of flags
 * becomes one mask over the rows that are left. More rows never make a condition narrower: that is
 * what levels of widening, and a phase's rules beside those of the whole, rely on.
 */
#include "profiler/infer/condition.h"

#include "profiler/infer/authority.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	RANGE_LEAST = 4, /* numbers in a row that are written as a range */
	SPREAD_MAX =
		4096, /* of too many values, those between the least and the most are a range */
	PROTECTION_WRITE = 2,
	PROTECTION_EXECUTE = 4, /* PROT_WRITE and PROT_EXEC, the same on every ABI */
	DOMAIN_UNIX = 1,        /* AF_UNIX and so on, the same on every ABI */
	DOMAIN_INET = 2,
	DOMAIN_INET6 = 10,
};

static const struct span nowhere;

/* What is passed down. */
struct inference {
	struct arena *arena;
	const struct infer_table *table;
	bool exact;
};

/* Some of the table's rows. */
struct row_list {
	const struct observed_tuple **items;
	size_t count;
};

static struct expr *combine(struct inference *inference, enum expr_op op, struct expr *left,
			    struct expr *right)
{
	if (!left || !right)
		return left ? left : right;
	return expr_new_binary(inference->arena, op, left, right, nowhere);
}

/* LEFT && RIGHT as people write it, without parentheses around a RIGHT that is && itself. */
static struct expr *conjoin(struct inference *inference, struct expr *left, struct expr *right)
{
	if (!left || !right)
		return left ? left : right;
	if (right->kind == EXPR_BINARY && right->op == EXPR_OP_AND)
		return combine(inference, EXPR_OP_AND, conjoin(inference, left, right->left),
			       right->right);
	return combine(inference, EXPR_OP_AND, left, right);
}

static struct expr *column_name(struct inference *inference, const struct infer_column *column)
{
	return expr_new_name(inference->arena, column->name, nowhere);
}

static uint64_t column_ones(const struct infer_column *column)
{
	return column->bits == 64 ? UINT64_MAX : ((uint64_t)1 << column->bits) - 1;
}

static struct expr *equals(struct inference *inference, const struct infer_column *column,
			   uint64_t value)
{
	return expr_new_binary(inference->arena, EXPR_OP_EQUAL, column_name(inference, column),
			       infer_name_value(inference->arena, column, value), nowhere);
}

/* NULL where MASK is every bit that there is: that would hold always, and is no condition. */
static struct expr *within(struct inference *inference, const struct infer_column *column,
			   uint64_t mask)
{
	if (!mask)
		return equals(inference, column, 0);
	if (mask == column_ones(column))
		return NULL;
	return expr_new_binary(inference->arena, EXPR_OP_WITHIN, column_name(inference, column),
			       infer_name_flags(inference->arena, column, mask), nowhere);
}

/* Flags within MASK; and no memory both writable and executable, unless it was seen TOGETHER. */
static struct expr *mask_condition(struct inference *inference, const struct infer_column *column,
				   uint64_t mask, bool together)
{
	const uint64_t both = PROTECTION_WRITE | PROTECTION_EXECUTE;

	if (!column->family || strcmp(column->family, "PROT_") != 0 || together ||
	    (mask & both) != both)
		return within(inference, column, mask);
	return combine(inference, EXPR_OP_OR,
		       within(inference, column, mask & ~(uint64_t)PROTECTION_EXECUTE),
		       within(inference, column, mask & ~(uint64_t)PROTECTION_WRITE));
}

/*
 * No bit outside of what was seen. A -1 is a program's way to ask what the kernel makes of
 * nonsense, and stands by itself: as a mask it would let everything through.
 */
static struct expr *flags_condition(struct inference *inference, const struct infer_column *column,
				    const struct row_list *rows, size_t at)
{
	const uint64_t both = PROTECTION_WRITE | PROTECTION_EXECUTE, ones = column_ones(column);
	uint64_t mask = flags_always_allowed(column->family, column->abi);
	bool together = false;
	size_t nonsense = 0;
	struct expr *result;

	for (size_t i = 0; i < rows->count; i++) {
		uint64_t value = rows->items[i]->values[at];

		if (value == ones) {
			nonsense++;
			continue;
		}
		mask |= value;
		together |= (value & both) == both;
	}
	if (nonsense == rows->count)
		return equals(inference, column, ones);
	result = mask_condition(inference, column, mask, together);
	if (!result || !nonsense)
		return result;
	return combine(inference, EXPR_OP_OR, result, equals(inference, column, ones));
}

static int order_values(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* What of a value the column means. */
static uint64_t column_value(const struct infer_column *column, uint64_t value)
{
	return column->mask ? value & column->mask : value;
}

/* The distinct values of column AT, sorted; *COUNT of them. */
static uint64_t *distinct_values(struct inference *inference, const struct row_list *rows,
				 size_t at, size_t *count)
{
	const struct infer_column *column = &inference->table->columns[at];
	uint64_t *values = arena_alloc_array(inference->arena, rows->count, sizeof(*values));

	for (size_t i = 0; i < rows->count; i++)
		values[i] = column_value(column, rows->items[i]->values[at]);
	qsort(values, rows->count, sizeof(*values), order_values);
	*count = 0;
	for (size_t i = 0; i < rows->count; i++)
		if (i == 0 || values[i] != values[*count - 1])
			values[(*count)++] = values[i];
	return values;
}

static struct expr *name_one(struct inference *inference, const struct infer_column *column,
			     uint64_t value)
{
	return column->flags && value ? infer_name_flags(inference->arena, column, value)
				      : infer_name_value(inference->arena, column, value);
}

/* How many of the sorted VALUES, from the first on, are to be a range: 1 where they are none. */
static size_t range_length(struct inference *inference, const struct infer_column *column,
			   const uint64_t *values, size_t count)
{
	size_t length = 0;

	/* Names say more than a range; negative numbers stand above all others here. */
	while (length < count && values[length] == values[0] + length && !column->flags &&
	       values[length] <= column_ones(column) >> 1 &&
	       infer_name_value(inference->arena, column, values[length])->kind == EXPR_NUMBER)
		length++;
	return length < RANGE_LEAST ? 1 : length;
}

static void set_add(struct inference *inference, struct expr *set, struct expr *first,
		    struct expr *last)
{
	*VEC_PUSH(inference->arena, &set->set) = (struct expr_range){first, last};
	if (set->depth <= first->depth)
		set->depth = first->depth + 1;
	if (last && set->depth <= last->depth)
		set->depth = last->depth + 1;
}

static struct expr *values_condition(struct inference *inference, const struct infer_column *column,
				     const uint64_t *values, size_t count)
{
	struct arena *arena = inference->arena;
	struct expr *left = column_name(inference, column), *set;

	if (column->mask)
		left = expr_new_binary(
			arena, EXPR_OP_BIT_AND, left,
			expr_new_number(arena, column->mask,
					arena_printf(arena, "0x%" PRIx64, column->mask), nowhere),
			nowhere);
	if (count == 1)
		return expr_new_binary(arena, EXPR_OP_EQUAL, left,
				       name_one(inference, column, values[0]), nowhere);
	set = arena_alloc(arena, sizeof(*set));
	set->kind = EXPR_SET;
	for (size_t i = 0; i < count;) {
		size_t run = range_length(inference, column, values + i, count - i);

		set_add(inference, set, name_one(inference, column, values[i]),
			run > 1 ? name_one(inference, column, values[i + run - 1]) : NULL);
		i += run;
	}
	return expr_new_binary(arena, EXPR_OP_IN, left, set, nowhere);
}

static struct row_list rows_with(struct inference *inference, const struct row_list *rows,
				 size_t at, uint64_t value)
{
	const struct infer_column *column = &inference->table->columns[at];
	struct row_list chosen = {0};

	chosen.items = arena_alloc_array(inference->arena, rows->count, sizeof(*chosen.items));
	for (size_t i = 0; i < rows->count; i++)
		if (column_value(column, rows->items[i]->values[at]) == value)
			chosen.items[chosen.count++] = rows->items[i];
	return chosen;
}

/* Values of a column that ask for the same behind them. */
struct value_group {
	struct expr *rest; /* or NULL */
	const char *text;  /* of REST, to compare */
	uint64_t *values;
	size_t count;
};

static const char *expr_text(struct arena *arena, const struct expr *expr)
{
	struct text text = {0};
	const char *copy;

	if (!expr)
		return "";
	ast_print_expr(expr, &text);
	copy = arena_copy(arena, text.bytes ? text.bytes : "", text.length);
	text_release(&text);
	return copy;
}

static struct expr *rows_condition(struct inference *inference, const struct row_list *rows,
				   size_t at);

static size_t group_values(struct inference *inference, const struct row_list *rows, size_t at,
			   const uint64_t *values, size_t value_count, struct value_group *groups)
{
	size_t count = 0;

	for (size_t i = 0; i < value_count; i++) {
		struct row_list chosen = rows_with(inference, rows, at, values[i]);
		struct expr *rest = rows_condition(inference, &chosen, at + 1);
		const char *text = expr_text(inference->arena, rest);
		size_t group = 0;

		while (group < count && strcmp(groups[group].text, text) != 0)
			group++;
		if (group == count) {
			groups[count++] = (struct value_group){.rest = rest, .text = text};
			groups[group].values =
				arena_alloc_array(inference->arena, value_count, sizeof(uint64_t));
		}
		groups[group].values[groups[group].count++] = values[i];
	}
	return count;
}

/*
 * A protocol says nothing new about a socket of these domains, whose types imply it, and much
 * about others (netlink's are whole subsystems).
 */
static bool is_implied_protocol(const struct inference *inference, const struct row_list *rows,
				size_t at)
{
	const struct infer_table *table = inference->table;

	if (inference->exact || at == 0 || strcmp(table->columns[at].name, "protocol") != 0 ||
	    strcmp(table->columns[0].name, "domain") != 0)
		return false;
	for (size_t i = 0; i < rows->count; i++) {
		uint64_t domain = rows->items[i]->values[0];

		if (domain != DOMAIN_UNIX && domain != DOMAIN_INET && domain != DOMAIN_INET6)
			return false;
	}
	return true;
}

/* Protocols are numbered by each domain for itself; the catalogue's names are the internet's. */
static struct infer_column named_column(const struct inference *inference,
					const struct row_list *rows, size_t at)
{
	const struct infer_table *table = inference->table;
	struct infer_column column = table->columns[at];

	if (at == 0 || strcmp(column.name, "protocol") != 0)
		return column;
	for (size_t i = 0; i < rows->count; i++)
		if (rows->items[i]->values[0] != DOMAIN_INET &&
		    rows->items[i]->values[0] != DOMAIN_INET6)
			column.family = NULL;
	return column;
}

static struct expr *split_condition(struct inference *inference, const struct row_list *rows,
				    size_t at)
{
	struct infer_column named = named_column(inference, rows, at), *column = &named;
	struct expr *result = NULL;
	size_t value_count, count;
	uint64_t *values = distinct_values(inference, rows, at, &value_count);
	struct value_group *groups =
		arena_alloc_array(inference->arena, value_count, sizeof(*groups));

	count = group_values(inference, rows, at, values, value_count, groups);
	for (size_t i = 0; i < count; i++) {
		struct expr *here =
			values_condition(inference, column, groups[i].values, groups[i].count);

		here = conjoin(inference, here, groups[i].rest);
		result = combine(inference, EXPR_OP_OR, result, here);
	}
	return result;
}

/* What ROWS have in column AT and behind it; NULL where there is no column left. */
static struct expr *rows_condition(struct inference *inference, const struct row_list *rows,
				   size_t at)
{
	const struct infer_table *table = inference->table;

	if (at == table->column_count)
		return NULL;
	if (is_implied_protocol(inference, rows, at))
		return rows_condition(inference, rows, at + 1);
	if (table->columns[at].flags && !inference->exact)
		return conjoin(inference, flags_condition(inference, &table->columns[at], rows, at),
			       rows_condition(inference, rows, at + 1));
	return split_condition(inference, rows, at);
}

/* Of too many values, that they lie near each other; NULL where they do not. */
static struct expr *spread_condition(struct inference *inference, size_t at)
{
	const struct infer_table *table = inference->table;
	const struct infer_column *column = &table->columns[at];
	struct expr *set;

	if (!(table->extremes >> at & 1) || column->mask || table->most[at] < table->least[at] ||
	    table->most[at] - table->least[at] >= SPREAD_MAX ||
	    table->most[at] > column_ones(column) >> 1)
		return NULL;
	set = arena_alloc(inference->arena, sizeof(*set));
	set->kind = EXPR_SET;
	set_add(inference, set, infer_number(inference->arena, table->least[at]),
		infer_number(inference->arena, table->most[at]));
	return expr_new_binary(inference->arena, EXPR_OP_IN, column_name(inference, column), set,
			       nowhere);
}

/* With too many values to keep, the masks still tell what flags there were. */
static struct expr *saturated_condition(struct inference *inference)
{
	const struct infer_table *table = inference->table;
	struct expr *result = NULL;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct infer_column *column = &table->columns[i];
		uint64_t mask = table->some[i] | flags_always_allowed(column->family, column->abi);

		result = combine(inference, EXPR_OP_AND, result,
				 column->flags ? within(inference, column, mask)
					       : spread_condition(inference, i));
	}
	return result;
}

struct expr *infer_condition(struct arena *arena, const struct infer_table *table,
			     enum infer_detail detail)
{
	struct inference inference = {arena, table, detail == INFER_EXACT || table->exact};
	struct row_list rows = {.count = table->rows.count};

	if (table->column_count == 0)
		return NULL;
	if (table->saturated)
		return saturated_condition(&inference);
	if (rows.count == 0)
		return NULL;
	rows.items = arena_alloc_array(arena, rows.count, sizeof(*rows.items));
	for (size_t i = 0; i < rows.count; i++)
		rows.items[i] = &table->rows.items[i];
	return rows_condition(&inference, &rows, 0);
}
