/* SPDX-License-Identifier: Apache-2.0 */
/* A filter as a command takes it: from a policy, a bundle or a file of struct sock_filter. */
#ifndef PALE_CLI_FILTER_INPUT_H
#define PALE_CLI_FILTER_INPUT_H

#include "cli/policy_filter.h"

struct filter_input {
	struct policy_input policy;         /* arena, sources and options; a policy's diagnostics */
	VEC(const struct filter *) filters; /* one, or for a bundle one a machine */
	VEC(const char *) phases;      /* of each filter, where there are several; else empty */
	const struct sandbox *sandbox; /* of a policy or a bundle; NULL: it has none */
	bool has_phases;               /* several, of which what follows takes some */
	bool is_bare;                  /* instructions alone, which have no sandbox */
	bool is_of_host; /* a policy that names no ABIs: compiled for this machine's */
	bool later;      /* set by the caller, who calls policy_input_finish() if all is good */
	/* What the caller takes of a policy or bundle with several phases: */
	const char *phase; /* the one of that name; NULL: all, with EVERY_PHASE, or none is taken */
	bool every_phase;
	bool phase_may_lack; /* what has one phase is taken whatever PHASE says */
};

int filter_input_init(struct filter_input *input);
void filter_input_release(struct filter_input *input);

/*
 * Reads PATH ("-" is standard input) as what it is: a bundle by its first bytes, a policy where it
 * is text, else a bare filter in the byte order of the ABI of --arch (the host's without). What is
 * wrong has been said. Returns an exit status.
 */
int filter_input_load(struct filter_input *input, const char *path);

/* The ABIs that the filters are for; 0 where nothing tells. */
abi_set filter_input_abis(const struct filter_input *input);
/*
 * The filter that sees calls of ABI: the one of its machine, since that answers its foreign ABIs
 * too. A bare filter is taken at the caller's word. NULL where there is none, which has been said.
 */
const struct filter *filter_input_find(struct filter_input *input, const struct abi *abi);
/*
 * Drops the filters that see no calls of WANTED; 0 keeps all. Returns COMMAND_GOOD, or COMMAND_USAGE
 * where one of WANTED has no filter.
 */
int filter_input_narrow(struct filter_input *input, abi_set wanted);

#endif
