/* SPDX-License-Identifier: Apache-2.0 */
/* A filter as a command takes it: from a policy, a bundle or a file of struct sock_filter. */
#ifndef PALE_CLI_FILTER_INPUT_H
#define PALE_CLI_FILTER_INPUT_H

#include "cli/policy_filter.h"

struct filter_input {
	struct policy_input policy;         /* arena, sources and options; a policy's diagnostics */
	VEC(const struct filter *) filters; /* one, or for a bundle one a machine */
};

int filter_input_init(struct filter_input *input);
void filter_input_release(struct filter_input *input);

/*
 * Reads PATH ("-" is standard input) as what it is: a bundle by its first bytes, a policy where it
 * is text, else a bare filter in the byte order of the ABI of --arch (the host's without). What is
 * wrong has been said. Returns an exit status.
 */
int filter_input_load(struct filter_input *input, const char *path);

#endif
