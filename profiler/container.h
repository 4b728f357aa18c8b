/* SPDX-License-Identifier: Apache-2.0 */
/* The cgroup of a container that runs, whatever runtime made it. */
#ifndef PALE_PROFILER_CONTAINER_H
#define PALE_PROFILER_CONTAINER_H

#include "policy-lang/base/arena.h"

/* So many characters of an id are enough where no other begins so. */
#define CONTAINER_BEGINNING_LEAST 4

/* A container that was found. */
struct container {
	const char *id;     /* whole, as its cgroup has it */
	const char *cgroup; /* the cgroup's folder below where cgroups are mounted */
};

/*
 * Finds the container that NAME means: its id or a beginning of it (not too short), or its name where docker's or podman's state can be read. It is looked for in the cgroups of all
 * processes (/proc/PID/cgroup), so it has to run. Understood are the folders that docker, podman,
 * containerd, cri-o, runc, crun and lxc make, with systemd's help or without.
 * Returns 0 with the result in ARENA; -ENOENT where there is none; -ENOTUNIQ where NAME means
 * several; -ERANGE, with one of them, where ids begin with NAME that is too short for that; or another
 * negative errno.
 */
int container_find(struct arena *arena, const char *name, struct container *container);

#endif
