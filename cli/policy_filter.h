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
 * Loads PATH, resolves it and compiles it. Returns COMMAND_GOOD with MADE filled; COMMAND_USAGE
 * where the policy has mistakes, COMMAND_NO where nothing but its expectations fail (both to be
 * printed by policy_input_finish(), which the caller calls in each case); or COMMAND_ENVIRONMENT.
 */
int policy_filter_make(struct policy_input *input, const char *path,
		       const struct compile_options *options, struct policy_filter *made);

/* The same for a source that was read already. */
int policy_filter_make_source(struct policy_input *input, uint32_t file,
			      const struct compile_options *options, struct policy_filter *made);

/* What of it goes into a bundle. FILTERS is for the caller to keep as long as CONTENTS. */
struct bundle_contents policy_filter_bundle(const struct policy_filter *made,
					    const struct filter *filters[1]);

/* COMMAND_NO where every error is a failed expectation, else COMMAND_USAGE. */
int policy_filter_verdict(const struct diags *diags);

#endif
