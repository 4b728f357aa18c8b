/* SPDX-License-Identifier: Apache-2.0 */
/* Where the control group of a container stands in the file system. */
#ifndef PALE_CLI_HOOK_CONTAINER_CGROUP_H
#define PALE_CLI_HOOK_CONTAINER_CGROUP_H

#include "policy-lang/base/arena.h"

#include <sys/types.h>

/*
 * The folder of a control group that process PID is in and this process is not: of version 2 where
 * there is one, else of any hierarchy of version 1. In ARENA; NULL where the two share all of theirs,
 * as runtimes do that were told to leave control groups alone, or where /proc cannot be read.
 */
const char *container_cgroup_find(struct arena *arena, pid_t pid);

#endif
