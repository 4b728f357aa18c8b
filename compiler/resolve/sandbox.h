/* SPDX-License-Identifier: Apache-2.0 */
/* What the shim does besides the filter, in numbers. */
#ifndef PALE_RESOLVE_SANDBOX_H
#define PALE_RESOLVE_SANDBOX_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Inside and outside ids; OUTSIDE_SELF means "whoever runs the shim". */
struct id_map {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
	bool outside_self;
};

/* setrlimit(2): RESOURCE is the kernel's RLIMIT_* number on the target ABI. */
struct resource_limit {
	uint32_t resource;
	uint64_t soft; /* UINT64_MAX is unlimited */
	uint64_t hard;
};

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
