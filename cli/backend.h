/* SPDX-License-Identifier: Apache-2.0 */
/* A second compiler in the place of pale's own, held to what pale's own says. */
#ifndef PALE_CLI_BACKEND_H
#define PALE_CLI_BACKEND_H

#include "cli/policy_filter.h"
#include "compiler/backend/libseccomp.h"

/* LEVEL for pale itself. */
#define BACKEND_PALE ((enum libseccomp_level)0)

/* By the name that --backend takes. False for one that is none. */
bool backend_find(const char *name, enum libseccomp_level *level);

/*
 * Puts filters of libseccomp in the place of those that policy_filters_compile() MADE, each proved to
 * answer as that does; with STATS they are measured too. Returns COMMAND_GOOD; COMMAND_USAGE where
 * libseccomp cannot say the policy, or makes another filter of it, which is then in INPUT's
 * diagnostics; or COMMAND_ENVIRONMENT, having said why, where libseccomp cannot be had.
 */
int backend_replace(struct policy_input *input, enum libseccomp_level level,
		    const struct compile_options *options, struct policy_filters *made);

#endif
