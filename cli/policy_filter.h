/* SPDX-License-Identifier: Apache-2.0 */
/* A policy taken all the way to its filters, for the commands that need them. */
#ifndef PALE_CLI_POLICY_FILTER_H
#define PALE_CLI_POLICY_FILTER_H

#include "cli/policy_input.h"
#include "compiler/compile.h"
#include "compiler/emit/emit.h"

/* Of one phase of the policy. */
struct phase_filters {
	const struct stmt *phase; /* NULL: the first */
	const struct policy_rules *rules;
	struct machine_filters machines; /* one or more */
};

struct policy_filters {
	const struct policy_rules *rules; /* of the first phase; or of the one that */
	struct machine_filters machines;  /* policy_filters_pick() took */
	const struct stmt *phase;         /* that one; NULL: the first */
	VEC(struct phase_filters) later;  /* the other phases, in their order */
};

/*
 * Resolves all phases of the policy that INPUT has loaded, and compiles each for each of its machines;
 * each later phase is proved to be tighter than the one before it. Returns
 * COMMAND_GOOD with MADE filled, COMMAND_USAGE where the policy has mistakes, or COMMAND_NO where
 * nothing but its expectations fail; policy_input_finish() then prints what was found.
 */
int policy_filters_make(struct policy_input *input, const struct compile_options *options,
			struct policy_filters *made);
/* Resolves the phase of OPTIONS; what other phases said of what they share is not said again. */
struct phase_filters policy_phase_resolve(struct policy_input *input,
					  const struct resolve_options *options);

/* The same in two steps, for options that want to know the rules. */
int policy_filters_resolve(struct policy_input *input, struct policy_filters *made);
int policy_filters_compile(struct policy_input *input, const struct compile_options *options,
			   struct policy_filters *made);

/*
 * Proves the filters of MADE again, once COUNT VALUES were filled into them. Returns COMMAND_GOOD, or
 * COMMAND_USAGE where one is not what the policy says with these; policy_input_finish() then says so.
 */
int policy_filters_prove(struct policy_input *input, const struct policy_filters *made,
			 const struct proof_value *values, size_t count);

/*
 * Leaves of MADE the phase NAME alone. Without NAME (NULL) nothing is done where there is one phase,
 * and otherwise that is refused: no part of a policy is taken for all of it. PATH is for messages.
 * Returns COMMAND_GOOD or COMMAND_USAGE.
 */
int policy_filters_pick(struct arena *arena, struct policy_filters *made, const char *name,
			const char *path);

/* What of it goes into a bundle, which lives in ARENA. */
struct bundle_contents policy_filters_bundle(struct arena *arena,
					     const struct policy_filters *made);

/* Where there are errors: COMMAND_NO if all are failed expectations, else COMMAND_USAGE. */
int policy_filters_verdict(const struct diags *diags);

#endif
