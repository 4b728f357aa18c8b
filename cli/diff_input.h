/* SPDX-License-Identifier: Apache-2.0 */
/* One of the two that `pale diff` compares: what its filters answer, machine by machine. */
#ifndef PALE_CLI_DIFF_INPUT_H
#define PALE_CLI_DIFF_INPUT_H

#include "cli/filter_input.h"
#include "compiler/explain/answer.h"

struct diff_answer {
	diagram answer; /* normal: see answer.h */
	abi_set abis;   /* those that it serves, or that it tells from others */
	bool bare;      /* nothing but its instructions says which ABIs these are */
};

struct diff_input {
	const char *name; /* as the command line has it */
	struct filter_input input;
	const char *phase; /* set by the caller: --phase, or NULL */
	bool arch_given;   /* --arch was: a bare filter is taken at that word */
	VEC(struct diff_answer) answers;
};

/*
 * Reads NAME, a file or "pid:N", with the options in OPTIONS (its -D, -I, --arch and --json), into
 * diagrams of DIAGRAMS. Returns an exit status, having said what is wrong; what is merely warned of is
 * added to that of BEFORE, if there is one, for policy_input_finish() to print.
 */
int diff_input_load(struct diff_input *side, struct diagrams *diagrams, const char *name,
		    const struct policy_input *options, const struct diff_input *before);
void diff_input_release(struct diff_input *side);

/* The ABIs of all its answers. */
abi_set diff_input_abis(const struct diff_input *side);
/* The answer for calls that come to MACHINE, or NULL. A bare one answers for all that --arch says. */
const struct diff_answer *diff_input_find(const struct diff_input *side, abi_set machine);

/* What FILTER answers, not yet normal; NAME for messages. False having said why it is not to be told. */
bool diff_input_read(struct arena *arena, struct diagrams *diagrams, const struct filter *filter,
		     const char *name, diagram *answer);
/* The same for filters that one process has, the first installed first. */
bool diff_input_stack(struct arena *arena, struct diagrams *diagrams,
		      const struct filter *const *filters, size_t count, const char *name,
		      diagram *answer);
/* Whether DIAGRAMS are within their budget. False having said of NAME that they are not. */
bool diff_input_keeps(struct diagrams *diagrams, const char *name);

#endif
