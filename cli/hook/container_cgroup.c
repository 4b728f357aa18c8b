/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hook/container_cgroup.h"

#include "profiler/control_groups.h"

#include <string.h>

static bool is_shared(const control_group_list *own, const struct control_group *group)
{
	for (size_t i = 0; i < own->count; i++)
		if (strcmp(own->items[i].controllers, group->controllers) == 0)
			return strcmp(own->items[i].path, group->path) == 0;
	return false;
}

const char *container_cgroup_find(struct arena *arena, pid_t pid)
{
	control_group_list own = {0}, theirs = {0};
	control_mount_list mounts = {0};
	const char *found = NULL;

	if (control_groups_read(arena, "/proc/self/cgroup", &own) < 0 ||
	    control_groups_read(arena, arena_printf(arena, "/proc/%d/cgroup", (int)pid), &theirs) <
		    0 ||
	    control_mounts_read(arena, "/proc/self/mountinfo", &mounts) < 0)
		return NULL;
	/* Version 2 is the last line: the kernel lists hierarchies by falling number. */
	for (size_t i = theirs.count; i > 0 && !found; i--)
		if (!is_shared(&own, &theirs.items[i - 1]))
			found = control_group_folder(arena, &mounts, &theirs.items[i - 1]);
	return found;
}
