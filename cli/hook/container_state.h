/* SPDX-License-Identifier: Apache-2.0 */
/* What a container runtime tells its hooks: the state of the OCI runtime specification. */
#ifndef PALE_CLI_HOOK_CONTAINER_STATE_H
#define PALE_CLI_HOOK_CONTAINER_STATE_H

#include "policy-lang/base/arena.h"

#include <stddef.h>
#include <sys/types.h>

/* The annotation that asks for a recording, and the longest name that it may give. */
#define RECORD_ANNOTATION "io.pale.record"
enum {
	RECORD_NAME_MAX = 64,
	STATE_BYTES_MAX = 4 << 20,
};

enum container_status {
	CONTAINER_STARTING, /* "creating" or "created": its own program has not begun */
	CONTAINER_STOPPED,  /* "stopped" */
	CONTAINER_OTHER,
};

struct container_state {
	const char *id;
	enum container_status status;
	pid_t pid;          /* of its first process; 0 where the runtime says none */
	const char *record; /* the name that RECORD_ANNOTATION gives, or NULL: record nothing */
};

/*
 * Reads LENGTH bytes of JSON into STATE, whose strings are in ARENA. NULL, or the reason for refusing
 * it, in English. An id or a name with other letters than those of file names is refused: both come
 * from whoever starts the container, and become names of files that this host's root writes.
 */
const char *container_state_read(struct arena *arena, const char *bytes, size_t length,
				 struct container_state *state);

#endif
