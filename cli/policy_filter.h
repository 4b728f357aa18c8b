/* SPDX-License-Identifier: Apache-2.0 */
/* A policy taken all the way to its filter, for the commands that need one. */
#ifndef PALE_CLI_POLICY_FILTER_H
#define PALE_CLI_POLICY_FILTER_H

#include "cli/policy_input.h"
#include "compiler/compile.h"
#include "compiler/emit/emit.h"

struct policy_filter {
	const struct policy_rules *rules;
	const struct filter *filter;
	struct filter_stats stats;
};

/*
 * Resolves the policy that INPUT has loaded, and compiles it. Returns COMMAND_GOOD with MADE
 * filled, COMMAND_USAGE where the policy has mistakes, or COMMAND_NO where nothing but its
 * expectations fail; policy_input_finish() then prints what was found.
 */
int policy_filter_make(struct policy_input *input, const struct compile_options *options,
		       struct policy_filter *made);
/* The same in two steps, for options that want to know the rules. */
int policy_filter_resolve(struct policy_input *input, struct policy_filter *made);
int policy_filter_compile(struct policy_input *input, const struct compile_options *options,
			  struct policy_filter *made);

/* What of it goes into a bundle. FILTERS is for the caller to keep as long as CONTENTS. */
struct bundle_contents policy_filter_bundle(const struct policy_filter *made,
					    const struct filter *filters[1]);

/* Where there are errors: COMMAND_NO if all are failed expectations, else COMMAND_USAGE. */
int policy_filter_verdict(const struct diags *diags);

#endif
