/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file that was made once, or elsewhere, is still what a policy says. */
#ifndef PALE_CLI_AGAINST_H
#define PALE_CLI_AGAINST_H

#include "cli/loads.h"
#include "cli/policy_input.h"

struct against_request {
	const char *path;         /* --against; NULL: nothing is */
	const char *phase;        /* --phase: which one a bare filter is; or NULL */
	struct given_loads loads; /* what was filled into the filters when they were made */
};

/*
 * Proves that the file ("-" is standard input), a bundle or a bare filter, is what the policy in INPUT
 * says, which was resolved to RULES and has no mistake, for the ABIs that it is for: each phase is there, each machine's
 * filter is there, serves the same ABIs and answers alike, and no other is; and a bundle has the same
 * sandbox. What differs goes to the diagnostics of INPUT. Returns COMMAND_GOOD, COMMAND_NO, or having
 * said why, COMMAND_USAGE or COMMAND_ENVIRONMENT where PATH cannot be read as such a file.
 */
int against_prove(struct policy_input *input, const struct policy_rules *rules,
		  const struct against_request *request);

#endif
