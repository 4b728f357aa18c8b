/* SPDX-License-Identifier: Apache-2.0 */
/* What the shim does besides the filter, in numbers. */
#ifndef PALE_RESOLVE_SANDBOX_H
#define PALE_RESOLVE_SANDBOX_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * COUNT ids from INSIDE on are those from OUTSIDE on. OUTSIDE_SELF and INSIDE_SELF mean the
 * effective id of whoever runs the shim, as it is outside; COUNT is then 1 and the id that it
 * stands for is 0 here.
 */
struct id_map {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
	bool outside_self;
	bool inside_self;
};

/*
 * setrlimit(2): RESOURCE has the number of asm-generic/resource.h (0 cpu .. 15 rttime) whatever
 * the target, since one sandbox serves all machines of a bundle. SOFT is not above HARD.
 */
struct resource_limit {
	uint32_t resource;
	uint64_t soft; /* UINT64_MAX is unlimited */
	uint64_t hard;
};

/*
 * A user namespace without a map of uids, or of gids, gets the runner's own id mapped to itself.
 * USER or GROUP without GROUPS empties the supplementary groups, except in a user namespace with
 * no more than the runner's own ids, where they can neither be set nor lead to anybody new.
 * Maps without a user namespace and a hostname without a uts namespace are refused when the bundle
 * is written; runtime/bundle.h states how many of each there can be.
 */
struct sandbox {
	uint32_t namespaces; /* CLONE_NEW* */
	VEC(struct id_map) uid_maps;
	VEC(struct id_map) gid_maps;
	const char *hostname;  /* or NULL: left alone */
	bool has_capabilities; /* false: left alone */
	uint64_t capabilities; /* kept, bit N for capability N; all others leave all five sets */
	VEC(struct resource_limit) limits;
	bool has_user; /* setresuid() to USER */
	uint32_t user;
	bool has_group; /* setresgid() to GROUP */
	uint32_t group;
	bool has_groups; /* setgroups() to exactly GROUPS */
	VEC(uint32_t) groups;
};

#endif
