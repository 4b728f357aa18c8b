/* SPDX-License-Identifier: Apache-2.0 */
/* What runs already when the recording begins: a process, or the members of a cgroup. */
#include "profiler/ebpf/run.h"

#include "profiler/control_groups.h"
#include "profiler/ebpf/trace.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	WALKS_MAX = 100, /* until one finds nobody new */
};

static int find_hierarchy(struct arena *arena, dev_t device, int *hierarchy)
{
	control_mount_list mounts = {0};
	control_group_list groups = {0};
	const struct control_mount *mount = NULL;
	int error = control_mounts_read(arena, "/proc/self/mountinfo", &mounts);

	if (!error)
		error = control_groups_read(arena, "/proc/self/cgroup", &groups);
	if (error)
		return error;
	for (size_t i = 0; i < mounts.count && !mount; i++)
		if (mounts.items[i].device == device)
			mount = &mounts.items[i];
	for (size_t i = 0; mount && i < groups.count; i++) {
		if (!control_group_is_of(&groups.items[i], mount))
			continue;
		*hierarchy = groups.items[i].hierarchy;
		return 0;
	}
	return -ENOTSUP;
}

static int prepare_cgroup(struct ebpf_run *run)
{
	struct stat folder;
	struct arena arena;
	int error;

	run->result->step = "finding the cgroup";
	if (stat(run->request->cgroup, &folder) < 0)
		return -errno;
	error = arena_init(&arena);
	if (error)
		return error;
	error = find_hierarchy(&arena, folder.st_dev, &run->cgroup_hierarchy);
	arena_release(&arena);
	/* A folder's inode number is the cgroup's id in its hierarchy, of 64 bits. */
	run->cgroup_id = folder.st_ino;
	return error;
}

int ebpf_scope_prepare(struct ebpf_run *run)
{
	if (run->request->scope == SCOPE_CGROUP)
		return prepare_cgroup(run);
	if (run->request->scope != SCOPE_PID)
		return 0;
	run->process = (int)syscall(SYS_pidfd_open, run->request->pid, 0);
	if (run->process >= 0)
		return 0;
	run->result->step = "finding the process (it has to be a process's id, and no thread's)";
	return -errno;
}

static int begin_process(struct ebpf_run *run)
{
	struct trace_task state = {.membership = TRACE_LAUNCHED, .early = 1};

	if (bpf_map_update_elem(run->objects.maps[EBPF_MAP_TASKS], &run->process, &state, BPF_ANY) <
	    0)
		return -errno;
	if (run->request->from_exec)
		return 0;
	return ebpf_walk(run, EBPF_WALK_BEGIN, NULL, NULL);
}

int ebpf_scope_begin(struct ebpf_run *run)
{
	int error = 0;

	if (run->request->scope == SCOPE_COMMAND)
		return 0;
	run->result->step = "taking in what runs already";
	if (run->request->scope == SCOPE_PID)
		error = begin_process(run);
	for (int i = 0; !error && i < WALKS_MAX; i++) {
		run->shared->met = 0;
		error = ebpf_walk(run, EBPF_WALK_MEET, NULL, NULL);
		if (!run->shared->met)
			break;
	}
	if (error)
		return error;
	if (run->shared->live)
		recorder_unseen(run->recorder, UNSEEN_EARLIER, EXECUTABLE_NONE);
	if (run->request->scope == SCOPE_PID && !run->request->from_exec && !run->shared->threads)
		return -ESRCH; /* it ended in the meantime */
	return 0;
}
