/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles turned into filters as their consumers do it, call for call of libseccomp: runc 1.1.5
 * and crun 1.8.1 with an OCI profile, LXC 5.0.2 with one of its own. The consumers themselves are
 * tested beside this; here thousands of profiles are compared in the time of one container.
 */
#ifndef PALE_TESTS_REPLAY_H
#define PALE_TESTS_REPLAY_H

#include "compiler/cbpf/filter.h"

struct replay {
	struct filter filter; /* free filter.instructions */
	/* runc's own test in front: numbers above `last` get ENOSYS on the ABIs that have it. */
	abi_set stubbed;
	uint32_t last[ABI_COUNT];
};

/*
 * Return 0 or the negative errno with which a call of libseccomp failed, having said which. The
 * consumer is one of a machine whose own ABI is NATIVE; LXC is on x86_64.
 */
int replay_oci(const char *profile, enum abi_id native, struct replay *replay);
int replay_lxc(const char *profile, struct replay *replay);

#endif
