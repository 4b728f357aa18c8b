/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file that was made once, or elsewhere, is still what a policy says. */
#ifndef PALE_CLI_AGAINST_H
#define PALE_CLI_AGAINST_H

#include "cli/loads.h"
#include "cli/policy_input.h"

/*
 * Proves that PATH ("-" is standard input), a bundle or a bare filter, is what the policy in INPUT
 * says, which was resolved to RULES and has no mistake, for the ABIs that it is for: each machine's
 * filter is there, serves the same ABIs and answers alike, and no other is; and a bundle has the same
 * sandbox. LOADS are values that were filled into the filters when they were made. What differs goes to the diagnostics of INPUT. Returns COMMAND_GOOD, COMMAND_NO, or having
 * said why, COMMAND_USAGE or COMMAND_ENVIRONMENT where PATH cannot be read as such a file.
 */
int against_prove(struct policy_input *input, const struct policy_rules *rules, const char *path,
		  const struct given_loads *loads);

#endif
