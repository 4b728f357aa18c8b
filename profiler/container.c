/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/container.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_BYTES = 8192,
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
	char *mounts; /* /proc/self/mountinfo */
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

/* Whether the comma-separated LIST has each of the comma-separated WORDS. */
static bool list_has_all(const char *list, const char *words, size_t words_length)
{
	const char *word = words;

	while (word < words + words_length) {
		size_t length = strcspn(word, ",:");
		const char *at = list;
		bool has = false;

		while (*at && !has) {
			size_t here = strcspn(at, ",");

			has = here == length && memcmp(at, word, length) == 0;
			at += here + (at[here] == ',');
		}
		if (!has)
			return false;
		word += length + 1;
	}
	return true;
}

/* The folder of PATH in the hierarchy with CONTROLLERS ("" for version 2), or NULL. */
static const char *cgroup_folder(const struct search *search, const char *controllers,
				 size_t controllers_length, const char *path, size_t path_length)
{
	const char *line = search->mounts, *end;

	for (; line && *line; line = end ? end + 1 : NULL) {
		char root[512], point[512], type[64], options[512];
		const char *rest;
		size_t cut;

		end = strchr(line, '\n');
		rest = strstr(line, " - ");
		if (!rest || (end && rest > end) ||
		    sscanf(line, "%*d %*d %*s %511s %511s", root, point) != 2 ||
		    sscanf(rest, " - %63s %*s %511s", type, options) != 2)
			continue;
		if (controllers_length
			    ? strcmp(type, "cgroup") != 0 ||
				      !list_has_all(options, controllers, controllers_length)
			    : strcmp(type, "cgroup2") != 0)
			continue;
		/* A mount may show a part of the hierarchy alone. */
		cut = strcmp(root, "/") == 0 ? 0 : strlen(root);
		if (cut > path_length || memcmp(path, root, cut) != 0)
			continue;
		return arena_printf(search->arena, "%s%.*s", point, (int)(path_length - cut),
				    path + cut);
	}
	return NULL;
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
	found->cgroup = folder;
}

/* A line "ID:CONTROLLERS:PATH": the container is the outermost folder that fits. */
static void search_line(struct search *search, char *line)
{
	char *controllers = strchr(line, ':'),
	     *path = controllers ? strchr(controllers + 1, ':') : NULL;
	const char *folder;

	if (!path)
		return;
	controllers++;
	path++;
	path[strcspn(path, "\n")] = '\0';
	for (char *at = path; (at = strchr(at, '/'));) {
		size_t length = strcspn(++at, "/"), id_length = length;
		const char *id = folder_id(at, &id_length);

		if (!id_length || !id_fits(search, id, id_length))
			continue;
		folder = cgroup_folder(search, controllers, (size_t)(path - 1 - controllers), path,
				       (size_t)(at + length - path));
		if (folder && access(folder, F_OK) == 0)
			note_found(search, id, id_length, folder);
		return;
	}
}

static void search_process(struct search *search, const char *pid)
{
	char path[64], line[LINE_BYTES];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/cgroup", pid);
	file = fopen(path, "re");
	if (!file)
		return; /* it has ended */
	while (fgets(line, sizeof(line), file))
		search_line(search, line);
	fclose(file);
}

static char *read_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t got;

	if (!file)
		return NULL;
	got = getdelim(&text, &size, '\0', file);
	fclose(file);
	if (got >= 0)
		return text;
	free(text);
	return NULL;
}

/* Every process's cgroups. */
static int search_all(struct arena *arena, const char *wanted, size_t least,
		      struct container *container)
{
	struct search search = {
		.arena = arena, .wanted = wanted, .least = least, .found = container};
	const struct dirent *entry;
	DIR *processes;

	*container = (struct container){0};
	search.mounts = read_mounts();
	processes = search.mounts ? opendir("/proc") : NULL;
	if (!processes) {
		free(search.mounts);
		return -errno;
	}
	while ((entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			search_process(&search, entry->d_name);
	closedir(processes);
	free(search.mounts);
	if (search.error)
		return search.error;
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
