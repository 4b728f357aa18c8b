/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/table.h"

#include "profiler/infer/authority.h"

#include <assert.h>

static bool is_restrained(call_id call, const struct call_arg *arg, enum infer_detail detail)
{
	if (detail == INFER_NAMES_ONLY || arg->use == ARG_OPAQUE || arg->kind == ARG_POINTER)
		return false;
	return detail == INFER_EXACT || arg_has_authority(call, arg);
}

/* Argument INDEX, or the part of it under MASK, as a value or as FLAGS. */
static void column_add(struct infer_table *table, call_id call, enum abi_id abi, unsigned int index,
		       uint64_t mask, bool flags)
{
	unsigned int count;
	const struct call_arg *arg = &call_args(call, abi, &count)[index];
	struct arg_place place = call_arg_place(call, abi, index);

	assert(table->column_count < CALL_ARGS_MAX);
	table->columns[table->column_count++] = (struct infer_column){
		.name = arg->name,
		.family = arg->family,
		.mask = mask,
		.abi = abi,
		.bits = place.bits,
		.is_signed = place.is_signed,
		.flags = flags,
	};
}

/* An argument; one that is a value with flags beside it as the one and the other. */
static void columns_add(struct infer_table *table, call_id call, enum abi_id abi,
			unsigned int index, enum infer_detail detail)
{
	unsigned int count;
	const struct call_arg *arg = &call_args(call, abi, &count)[index];
	struct arg_place place = call_arg_place(call, abi, index);
	uint64_t ones = place.bits == 64 ? UINT64_MAX : ((uint64_t)1 << place.bits) - 1;

	column_add(table, call, abi, index, arg->mask, arg->use == ARG_FLAGS);
	/* A balanced policy leaves the flags (SOCK_CLOEXEC) to the program. */
	if (arg->mask && detail == INFER_EXACT)
		column_add(table, call, abi, index, ones & ~(uint64_t)arg->mask, true);
}

void infer_table_begin(struct infer_table *table, call_id call, enum abi_id abi,
		       enum infer_detail detail)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, abi, &count);

	*table = (struct infer_table){0};
	/* Values first: they split the rows, and flags join what is left. */
	for (int flags = 0; flags < 2; flags++)
		for (unsigned int i = 0; i < count; i++)
			if (is_restrained(call, &args[i], detail) &&
			    (args[i].use == ARG_FLAGS) == (flags == 1))
				columns_add(table, call, abi, i, detail);
}

bool infer_table_fits(const struct infer_table *table, call_id call, enum abi_id abi)
{
	unsigned int count, restrained = 0;
	const struct call_arg *args = call_args(call, abi, &count);

	for (unsigned int i = 0; i < count; i++)
		restrained += arg_has_authority(call, &args[i]);
	for (size_t i = 0; i < table->column_count; i++)
		if (call_arg_find(call, abi, table->columns[i].name) < 0)
			return false;
	return restrained == table->column_count;
}

static void add_extremes(struct infer_table *table, size_t at, const struct observed_call *call,
			 int place)
{
	const struct infer_column *column = &table->columns[at];
	uint64_t least = call->least[place], most = call->most[place];

	if (!(call->extremes >> place & 1)) {
		table->extremes &= ~((uint32_t)1 << at);
		return;
	}
	if (table->calls == 0)
		table->extremes |= (uint32_t)1 << at;
	if (table->calls == 0 ||
	    recorded_value_less(least, table->least[at], column->bits, column->is_signed))
		table->least[at] = least;
	if (table->calls == 0 ||
	    recorded_value_less(table->most[at], most, column->bits, column->is_signed))
		table->most[at] = most;
}

bool infer_table_add(struct arena *arena, struct infer_table *table,
		     const struct observed_call *call)
{
	int places[CALL_ARGS_MAX];

	for (size_t i = 0; i < table->column_count; i++) {
		places[i] = call_arg_find(call->call, call->abi, table->columns[i].name);
		if (!(call->ruled >> places[i] & 1))
			return false;
		table->some[i] |= call->some[places[i]];
		add_extremes(table, i, call, places[i]);
	}
	table->calls++;
	table->saturated |= call->saturated;
	table->exact |= call->exact;
	for (size_t i = 0; i < call->tuples.count; i++) {
		struct observed_tuple *row = VEC_PUSH(arena, &table->rows);

		row->count = call->tuples.items[i].count;
		for (size_t j = 0; j < table->column_count; j++)
			row->values[j] = call->tuples.items[i].values[places[j]];
	}
	return true;
}

void infer_table_add_behind(struct arena *arena, struct infer_table *table,
			    const struct observed_call *call)
{
	table->calls++;
	table->extremes = 0;
	table->saturated |= call->saturated;
	for (size_t i = 0; i < call->behind.count; i++) {
		struct observed_tuple *row = VEC_PUSH(arena, &table->rows);

		*row = call->behind.items[i];
		table->some[0] |= row->values[0];
	}
}
