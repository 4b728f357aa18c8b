/* SPDX-License-Identifier: Apache-2.0 */
/* --load NAME=VALUE: what a policy leaves open until its filter is loaded. */
#ifndef PALE_CLI_LOADS_H
#define PALE_CLI_LOADS_H

#include "cli/options.h"
#include "compiler/prove/prove.h"

struct given_load {
	const char *name; /* NAME_LENGTH bytes; `=` and the value as it was written are behind */
	size_t name_length;
	uint64_t value; /* two's complement */
};
struct given_loads {
	VEC(struct given_load) items;
};

/* Takes the option's value. Returns COMMAND_GOOD, or COMMAND_USAGE having said what is wrong with it. */
int loads_take(struct arena *arena, struct given_loads *given, const struct options *options);

/*
 * FILTER with the values in their places, in *FILLED; itself where it has none. Each that it wants
 * has to be given, and no other. Returns COMMAND_GOOD, or COMMAND_USAGE having said why not.
 */
int loads_fill(struct arena *arena, const struct given_loads *given, const struct filter *filter,
	       const struct filter **filled);

/* The same for the proof; *COUNT is their number. */
const struct proof_value *loads_values(struct arena *arena, const struct given_loads *given,
				       size_t *count);

/* All that are given, as `NAME=VALUE, NAME=VALUE`; NULL for none. Lives in ARENA. */
const char *loads_text(struct arena *arena, const struct given_loads *given);

#endif
