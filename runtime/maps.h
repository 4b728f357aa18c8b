/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_MAPS_H
#define PALE_RUNTIME_MAPS_H

#include "runtime/shim.h"

/*
 * Maps of ids for the new user namespace. A process in it may map the runner's own uid and gid
 * once setgroups(2) is off; all other maps take a process outside with CAP_SETUID and CAP_SETGID.
 * Which way it goes hangs on the bundle alone, so that the sandbox is the same for everybody.
 */

/* Before the namespace is made: a process that stays outside, where one is needed. */
struct maps_helper {
	int pid;       /* 0: none is needed */
	char self[24]; /* this process as /proc numbers it, which may be of another pid namespace */
};
void maps_prepare(const struct shim *shim, struct maps_helper *helper);
/* After it. On return the maps are in force. */
void maps_write(const struct shim *shim, struct maps_helper *helper);

#endif
