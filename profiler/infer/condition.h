/* SPDX-License-Identifier: Apache-2.0 */
/* From tuples of values to a condition that holds for all of them. */
#ifndef PALE_PROFILER_INFER_CONDITION_H
#define PALE_PROFILER_INFER_CONDITION_H

#include "profiler/infer/table.h"

/* The condition, or NULL where nothing can be said. */
struct expr *infer_condition(struct arena *arena, const struct infer_table *table,
			     enum infer_detail detail);

#endif
