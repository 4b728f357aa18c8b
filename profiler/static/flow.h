/* SPDX-License-Identifier: Apache-2.0 */
/* What the registers may hold at each instruction of a function: a forward analysis to a fixpoint. */
#ifndef PALE_PROFILER_STATIC_FLOW_H
#define PALE_PROFILER_STATIC_FLOW_H

#include "profiler/static/body.h"
#include "profiler/static/value.h"

enum {
	FLOW_VALUES = REGISTERS + 1, /* the last one is what was pushed last */
};

struct flow_state {
	struct value values[FLOW_VALUES];
};

struct flow_block {
	size_t first, count; /* operations */
	bool waiting;
	bool reached;
};

/* Work space, kept from one function to the next. */
struct flow {
	VEC(struct flow_block) blocks;
	struct flow_state *states; /* one a block */
	size_t states_room;
	VEC(size_t) waiting;
	uint8_t *leaders; /* of each operation: whether a block begins with it */
	size_t leaders_room;
};

/* STATE is before OPERATION. */
typedef void (*flow_visit)(void *context, const struct operation *operation,
			   const struct flow_state *state);

/*
 * Calls VISIT for each operation of BODY. The function begins at ENTRY; at EXTRA, COUNT places, and
 * where no known way leads, anything may be in the registers. False where the budget is spent.
 */
bool flow_run(struct arena *arena, struct flow *flow, struct decoder *decoder,
	      const struct body *body, uint64_t entry, const uint64_t *extra, size_t count,
	      flow_visit visit, void *context);

#endif
