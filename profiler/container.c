/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/container.h"

#include "profiler/control_groups.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	ID_LENGTH = 64, /* what docker, podman and containerd give: hexadecimal digits */
};

/* What stands before the id in the name of a cgroup's folder. */
static const char *const prefixes[] = {
	"docker-", "libpod-", "cri-containerd-", "crio-",        "nerdctl-",
	"runc-",   "crun-",   "lxc.payload.",    "lxc.payload-",
};

struct search {
	struct arena *arena;
	const char *wanted;
	size_t least; /* characters of a beginning that does; 0: none does */
	struct container *found;
	control_mount_list mounts;
	int error;
};

static bool is_id(const char *text, size_t length)
{
	return length == ID_LENGTH && strspn(text, "0123456789abcdef") >= length;
}

/* The id in a folder's name of LENGTH bytes; the whole name where nothing stands around it. */
static const char *folder_id(const char *name, size_t *length)
{
	static const char scope[] = ".scope";

	if (*length > strlen(scope) &&
	    memcmp(name + *length - strlen(scope), scope, strlen(scope)) == 0) {
		*length -= strlen(scope);
		/* Whatever a runtime calls itself before a dash. */
		if (*length > ID_LENGTH && is_id(name + *length - ID_LENGTH, ID_LENGTH) &&
		    name[*length - ID_LENGTH - 1] == '-') {
			name += *length - ID_LENGTH;
			*length = ID_LENGTH;
			return name;
		}
	}
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t prefix = strlen(prefixes[i]);

		if (*length > prefix && memcmp(name, prefixes[i], prefix) == 0) {
			*length -= prefix;
			return name + prefix;
		}
	}
	return name;
}

static bool id_fits(const struct search *search, const char *id, size_t length)
{
	size_t wanted = strlen(search->wanted);

	if (length == wanted)
		return memcmp(id, search->wanted, wanted) == 0;
	/* A beginning, of ids that nobody chose: a name's beginning is another name. */
	return search->least && length > wanted && wanted >= search->least && is_id(id, length) &&
	       memcmp(id, search->wanted, wanted) == 0;
}

static void note_found(struct search *search, const char *id, size_t length, const char *folder)
{
	struct container *found = search->found;

	if (found->id) {
		if (strlen(found->id) != length || memcmp(found->id, id, length) != 0)
			search->error = -ENOTUNIQ;
		return;
	}
	found->id = arena_copy(search->arena, id, length);
	found->cgroup = arena_copy(search->arena, folder, strlen(folder));
}

/* The container is the outermost folder that fits. */
static void search_group(struct search *search, struct arena *arena,
			 const struct control_group *group)
{
	for (const char *at = group->path; (at = strchr(at, '/'));) {
		size_t length = strcspn(++at, "/"), id_length = length;
		const char *id = folder_id(at, &id_length);
		struct control_group outer = *group;
		const char *folder;

		if (!id_length || !id_fits(search, id, id_length))
			continue;
		outer.path = arena_copy(arena, group->path, (size_t)(at + length - group->path));
		folder = control_group_folder(arena, &search->mounts, &outer);
		if (folder)
			note_found(search, id, id_length, folder);
		return;
	}
}

/* What is read of each process is not kept: there may be very many. */
static int search_process(struct search *search, const char *pid)
{
	struct arena arena;
	control_group_list groups = {0};
	char path[64];
	int error = arena_init(&arena);

	if (error)
		return error;
	snprintf(path, sizeof(path), "/proc/%.20s/cgroup", pid);
	/* One that cannot be read has ended. */
	if (control_groups_read(&arena, path, &groups) == 0)
		for (size_t i = 0; i < groups.count; i++)
			search_group(search, &arena, &groups.items[i]);
	arena_release(&arena);
	return 0;
}

/* Every process's cgroups. */
static int search_all(struct arena *arena, const char *wanted, size_t least,
		      struct container *container)
{
	struct search search = {
		.arena = arena, .wanted = wanted, .least = least, .found = container};
	const struct dirent *entry;
	DIR *processes;
	int error;

	*container = (struct container){0};
	error = control_mounts_read(arena, "/proc/self/mountinfo", &search.mounts);
	if (error)
		return error;
	processes = opendir("/proc");
	if (!processes)
		return -errno;
	while (!error && (entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			error = search_process(&search, entry->d_name);
	closedir(processes);
	if (error || search.error)
		return error ? error : search.error;
	return container->id ? 0 : -ENOENT;
}

/* docker: one file a container, with its name behind a slash. */
static const char *docker_id(struct arena *arena, const char *name)
{
	static const char folder[] = "/var/lib/docker/containers";
	DIR *containers = opendir(folder);
	const struct dirent *entry;
	const char *id = NULL;

	while (containers && !id && (entry = readdir(containers))) {
		const char *path =
			arena_printf(arena, "%s/%s/config.v2.json", folder, entry->d_name);
		json_t *config = json_load_file(path, 0, NULL);
		const char *its = json_string_value(json_object_get(config, "Name"));

		if (its && strcmp(its + (*its == '/'), name) == 0)
			id = arena_printf(arena, "%s", entry->d_name);
		json_decref(config);
	}
	if (containers)
		closedir(containers);
	return id;
}

/* podman: one file with all of them. */
static const char *podman_id(struct arena *arena, const char *name)
{
	json_t *containers = json_load_file(
		"/var/lib/containers/storage/overlay-containers/containers.json", 0, NULL);
	const char *id = NULL;
	json_t *one, *its;
	size_t i, j;

	json_array_foreach(containers, i, one)
		json_array_foreach(json_object_get(one, "names"), j,
				   its) if (json_string_value(its) &&
					    strcmp(json_string_value(its), name) == 0 &&
					    json_string_value(json_object_get(one, "id"))) id =
			arena_printf(arena, "%s", json_string_value(json_object_get(one, "id")));
	json_decref(containers);
	return id;
}

int container_find(struct arena *arena, const char *name, struct container *container)
{
	const char *id;
	int error;

	if (!*name || strchr(name, '/'))
		return -ENOENT;
	/* What somebody called exactly so comes before what only begins so. */
	error = search_all(arena, name, 0, container);
	if (error != -ENOENT)
		return error;
	id = docker_id(arena, name);
	if (!id)
		id = podman_id(arena, name);
	if (id)
		return search_all(arena, id, 0, container);
	error = search_all(arena, name, 1, container);
	return error != -ENOENT && strlen(name) < CONTAINER_BEGINNING_LEAST ? -ERANGE : error;
}
