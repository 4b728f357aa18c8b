/* SPDX-License-Identifier: Apache-2.0 */
/* What was seen of the arguments that a condition is to be on. */
#ifndef PALE_PROFILER_INFER_TABLE_H
#define PALE_PROFILER_INFER_TABLE_H

#include "profiler/infer/gather.h"
#include "profiler/infer/infer.h"
#include "profiler/infer/names.h"

/* The values that were seen of a few arguments together, perhaps of several equivalent calls. */
struct infer_table {
	struct infer_column columns[CALL_ARGS_MAX];
	size_t column_count;
	VEC(struct observed_tuple) rows; /* values[] by column */
	uint64_t some[CALL_ARGS_MAX];    /* by column */
	uint64_t least[CALL_ARGS_MAX];   /* by column */
	uint64_t most[CALL_ARGS_MAX];
	uint32_t extremes; /* bit N: LEAST and MOST of column N hold for all rows */
	size_t calls;      /* that were added */
	bool exact;        /* no mask over the rows' flags */
	bool saturated;    /* the rows are not all that there were */
};

/*
 * A table with the arguments of CALL that are to be restrained at DETAIL; no columns where there
 * are none.
 */
void infer_table_begin(struct infer_table *table, call_id call, enum abi_id abi,
		       enum infer_detail detail);
/* Whether CALL has all of the table's arguments, and no others that are to be restrained. */
bool infer_table_fits(const struct infer_table *table, call_id call, enum abi_id abi);
/*
 * Adds what was seen of a call that fits. False where it was recorded without some of the
 * arguments: then nothing is known, and the table is to be thrown away.
 */
bool infer_table_add(struct arena *arena, struct infer_table *table,
		     const struct observed_call *call);
/* Adds what was seen behind the pointers of a call, whose one value is the table's one column. */
void infer_table_add_behind(struct arena *arena, struct infer_table *table,
			    const struct observed_call *call);

#endif
