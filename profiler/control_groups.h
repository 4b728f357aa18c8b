/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control groups of processes, and where they stand in the file system: what
 * /proc/PID/mountinfo and /proc/PID/cgroup say (proc(5), cgroups(7)).
 *
 * In a control group namespace both files tell of places from the namespace's top, and climb with
 * ".." to what is outside. A mount that shows a part of a hierarchy has the part's top as its root.
 */
#ifndef PALE_PROFILER_CONTROL_GROUPS_H
#define PALE_PROFILER_CONTROL_GROUPS_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A mounted hierarchy, or a part of one. */
struct control_mount {
	dev_t device;
	bool unified;        /* version 2 */
	const char *root;    /* the group that stands at POINT */
	const char *point;   /* as it is, without the file's escapes */
	const char *options; /* version 1: its controllers among them, with commas between */
};
typedef VEC(struct control_mount) control_mount_list;

/* A process's place in a hierarchy. */
struct control_group {
	int hierarchy;           /* the kernel's number; that of version 2 is 0 */
	const char *controllers; /* with commas between; "" for version 2 */
	const char *path;
};
typedef VEC(struct control_group) control_group_list;

/*
 * Reads the mounts of hierarchies from FILE, such as /proc/self/mountinfo, or a process's groups from
 * FILE, such as /proc/self/cgroup, into LIST, in the file's order. Lines may be of any length; what
 * has not the form of a line is passed over. Returns 0 or a negative errno.
 */
int control_mounts_read(struct arena *arena, const char *file, control_mount_list *list);
int control_groups_read(struct arena *arena, const char *file, control_group_list *list);

/* Whether GROUP is of the hierarchy that is mounted as MOUNT. */
bool control_group_is_of(const struct control_group *group, const struct control_mount *mount);

/* The folder of the group with PATH where MOUNT shows it, be it there or not; or NULL. */
const char *control_mount_folder(struct arena *arena, const struct control_mount *mount,
				 const char *path);

/*
 * The folder of GROUP in the first of the mounts that shows it and in which it is there (a later mount
 * may hide an earlier), or NULL. Both may be in other namespaces than the host's: see above.
 */
const char *control_group_folder(struct arena *arena, const control_mount_list *mounts,
				 const struct control_group *group);

#endif
