/* SPDX-License-Identifier: Apache-2.0 */
/* What filters cost, for people. */
#ifndef PALE_CLI_STATS_H
#define PALE_CLI_STATS_H

#include "cli/policy_filter.h"

#include <stdio.h>

/*
 * Prints the figures of each filter, under the names of its phase and machine where there are several; and a table
 * by ABI where a filter serves more than one. doc/compiler.md says what the figures mean.
 */
void stats_print(const struct policy_filters *made, FILE *out);

#endif
