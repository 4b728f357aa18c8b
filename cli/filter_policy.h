/* SPDX-License-Identifier: Apache-2.0 */
/* A policy written from filters, and proved to be what they are. */
#ifndef PALE_CLI_FILTER_POLICY_H
#define PALE_CLI_FILTER_POLICY_H

#include "cli/filter_input.h"

struct filter_policy_request {
	const char *name;                    /* of what was read, for messages */
	const struct filter *const *filters; /* one a machine; or with STACKED, of one process */
	size_t count;
	bool stacked;   /* the first installed comes first */
	bool host;      /* they run on this machine */
	bool sandboxed; /* a sandbox stands beside them, which the policy will lack */
	abi_set wanted; /* --arch, or 0 */
};

/*
 * Appends to OUT a policy whose compiled filters were compared with FILTERS and found to answer every
 * call alike. Returns COMMAND_GOOD; COMMAND_NO, having shown a call, where the language cannot say
 * what they do; or COMMAND_USAGE. OUT is as it was where there is no policy.
 */
int filter_policy_write(const struct filter_policy_request *request, struct text *out);

#endif
