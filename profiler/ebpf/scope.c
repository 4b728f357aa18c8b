/* SPDX-License-Identifier: Apache-2.0 */
/* What runs already when the recording begins: a process, or the members of a cgroup. */
#include "profiler/ebpf/run.h"

#include "profiler/ebpf/trace.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 8192,
	WALKS_MAX = 100, /* until one finds nobody new */
};

/* The type and options of the mounted filesystem with DEVICE, from /proc/self/mountinfo. */
static int find_mount(dev_t device, char *type, char *options, size_t size)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[LINE_MAX_BYTES];
	int error = -ENOENT;

	if (!file)
		return -errno;
	while (error && fgets(line, sizeof(line), file)) {
		unsigned int major_number, minor_number;
		const char *rest = strstr(line, " - ");

		if (!rest || sscanf(line, "%*d %*d %u:%u", &major_number, &minor_number) != 2 ||
		    makedev(major_number, minor_number) != device)
			continue;
		if (sscanf(rest, " - %63s %*s %511s", type, options) == 2)
			error = 0;
	}
	fclose(file);
	(void)size;
	return error;
}

/* Whether the comma-separated LIST has the LENGTH bytes of WORD. */
static bool list_has(const char *list, const char *word, size_t length)
{
	while (*list) {
		size_t this = strcspn(list, ",\n");

		if (this == length && strncmp(list, word, length) == 0)
			return true;
		list += this + (list[this] != '\0');
	}
	return false;
}

/* Whether a line "ID:CONTROLLERS:PATH" of /proc/self/cgroup is of the mount with OPTIONS. */
static bool is_hierarchy(const char *controllers, const char *end, const char *options)
{
	while (controllers < end) {
		size_t length = strcspn(controllers, ",:");

		if (controllers + length > end || !list_has(options, controllers, length))
			return false;
		controllers += length + 1;
	}
	return true;
}

/* The kernel's number of the hierarchy; that of version 2 is 0. */
static int find_hierarchy(const char *type, const char *options, int *hierarchy)
{
	FILE *file;
	char line[LINE_MAX_BYTES];
	int error = -ENOENT;

	*hierarchy = 0;
	if (strcmp(type, "cgroup2") == 0)
		return 0;
	if (strcmp(type, "cgroup") != 0)
		return -ENOTSUP;
	file = fopen("/proc/self/cgroup", "re");
	if (!file)
		return -errno;
	while (error && fgets(line, sizeof(line), file)) {
		char *controllers = strchr(line, ':'), *end;

		if (!controllers)
			continue;
		end = strchr(++controllers, ':');
		if (!end || end == controllers || !is_hierarchy(controllers, end, options))
			continue;
		*hierarchy = (int)strtol(line, NULL, 10);
		error = 0;
	}
	fclose(file);
	return error;
}

static int prepare_cgroup(struct ebpf_run *run)
{
	char type[64] = "", options[512] = "";
	struct stat folder;
	int hierarchy, error;

	run->result->step = "finding the cgroup";
	if (stat(run->request->cgroup, &folder) < 0)
		return -errno;
	error = find_mount(folder.st_dev, type, options, sizeof(options));
	if (!error)
		error = find_hierarchy(type, options, &hierarchy);
	if (error)
		return -ENOTSUP;
	/* A folder's inode number is the cgroup's id in its hierarchy, of 64 bits. */
	run->cgroup_id = folder.st_ino;
	run->cgroup_hierarchy = hierarchy;
	return 0;
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
	struct trace_task state = {.membership = TRACE_LAUNCHED};

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
