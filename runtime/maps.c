/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/maps.h"

#include <linux/prctl.h>
#include <linux/wait.h>

enum {
	/* Any signal would do: all are held. Nobody uses the highest one. */
	SIGNAL_GO = ARCH_SIGNALS,
	/* The longest line is three numbers of 10 digits, two blanks and the line's end. */
	MAP_LINE_MAX = 33,
};

/* A map's text as /proc takes it, in one write. */
struct map_text {
	char bytes[BUNDLE_MAPS_MAX * MAP_LINE_MAX];
	size_t length;
};

static void map_add(struct map_text *text, uint32_t number, char behind)
{
	char digits[24];

	for (const char *at = number_text(digits, number); *at; at++)
		text->bytes[text->length++] = *at;
	text->bytes[text->length++] = behind;
}

static void map_fill(struct map_text *text, const unsigned char *maps, uint32_t count,
		     uint32_t self)
{
	text->length = 0;
	for (uint32_t i = 0; i < count; i++) {
		const unsigned char *map = maps + i * BUNDLE_MAP_SIZE;
		uint32_t flags = bundle_get32(map + BUNDLE_MAP_AT_FLAGS);
		uint32_t inside = bundle_get32(map + BUNDLE_MAP_AT_INSIDE);
		uint32_t outside = bundle_get32(map + BUNDLE_MAP_AT_OUTSIDE);

		map_add(text, flags & BUNDLE_MAP_INSIDE_SELF ? self : inside, ' ');
		map_add(text, flags & BUNDLE_MAP_OUTSIDE_SELF ? self : outside, ' ');
		map_add(text, bundle_get32(map + BUNDLE_MAP_AT_COUNT), '\n');
	}
}

/* Writes /proc/PROCESS/NAME. */
static void proc_write(const char *process, const char *name, const char *bytes, size_t length)
{
	const char *words[] = {"/proc/", process, "/", name};
	char path[64];
	size_t at = 0;
	long fd, written;

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (const char *from = words[i]; *from; from++)
			path[at++] = *from;
	path[at] = '\0';
	fd = sys_open(path, O_WRONLY);
	if (fd < 0)
		fail(SHIM_FAILED, "maps", fd, "cannot open ", path,
		     fd == -ENOENT ? ": is there no /proc?" : "", NULL);
	written = sys_write((int)fd, bytes, length);
	sys_close((int)fd);
	if (written == -EPERM)
		fail(SHIM_FAILED, "maps", written, "not allowed to write ", path,
		     ": other ids than one's own need CAP_SETUID, CAP_SETGID, and CAP_SETFCAP for "
		     "root's",
		     NULL);
	if (written < 0)
		fail(SHIM_FAILED, "maps", written, "cannot write ", path, NULL);
	if ((size_t)written != length)
		fail(SHIM_FAILED, "maps", 0, path, " was written only in part", NULL);
}

static void maps_put(const struct shim *shim, const char *process)
{
	const struct bundle_view *view = &shim->view;
	struct map_text text;

	map_fill(&text, view->uid_maps, view->uid_map_count, shim->user);
	proc_write(process, "uid_map", text.bytes, text.length);
	map_fill(&text, view->gid_maps, view->gid_map_count, shim->group);
	proc_write(process, "gid_map", text.bytes, text.length);
}

static bool map_is_own(const unsigned char *map, uint32_t count)
{
	return count == 1 && bundle_get32(map + BUNDLE_MAP_AT_FLAGS) & BUNDLE_MAP_OUTSIDE_SELF;
}

/*
 * An id that no map gives is a nobody inside and what it was outside: files still open to it. Who
 * asks for maps wants another one.
 */
static void map_require(const unsigned char *maps, uint32_t count, uint32_t self, const char *kind,
			const char *setting)
{
	for (uint32_t i = 0; i < count; i++) {
		const unsigned char *map = maps + i * BUNDLE_MAP_SIZE;

		if (bundle_get32(map + BUNDLE_MAP_AT_FLAGS) & BUNDLE_MAP_OUTSIDE_SELF ||
		    self - bundle_get32(map + BUNDLE_MAP_AT_OUTSIDE) <
			    bundle_get32(map + BUNDLE_MAP_AT_COUNT))
			return;
	}
	fail(SHIM_FAILED, "maps", 0, "no ", kind, " map holds the id of who runs it, and no ",
	     setting, " is set to take its place", NULL);
}

static void __attribute__((noreturn)) helper_run(const struct shim *shim, const char *process)
{
	struct signal_set go = {.words = {0}};

	signal_set_add(&go, SIGNAL_GO);
	while (sys_signal_wait(&go, NULL, WAIT_LONG) == -EINTR)
		;
	maps_put(shim, process);
	sys_exit(0);
}

void maps_prepare(const struct shim *shim, struct maps_helper *helper)
{
	const struct bundle_view *view = &shim->view;
	long parent = sys0(__NR_getpid), length, pid;

	helper->pid = 0;
	if (!(view->flags & BUNDLE_SANDBOX_USER))
		map_require(view->uid_maps, view->uid_map_count, shim->user, "uid", "user");
	if (!(view->flags & BUNDLE_SANDBOX_GROUP))
		map_require(view->gid_maps, view->gid_map_count, shim->group, "gid", "group");
	if (map_is_own(view->uid_maps, view->uid_map_count) &&
	    map_is_own(view->gid_maps, view->gid_map_count) &&
	    !(view->flags & BUNDLE_SANDBOX_GROUPS))
		return;
	length = sys4(__NR_readlinkat, AT_FDCWD, "/proc/self", helper->self,
		      sizeof(helper->self) - 1);
	if (length <= 0)
		fail(SHIM_FAILED, "maps", length, "cannot read /proc/self",
		     length == -ENOENT ? ": is there no /proc?" : "", NULL);
	helper->self[length] = '\0';
	pid = sys_fork();
	if (pid < 0)
		fail(SHIM_FAILED, "maps", pid, "cannot fork", NULL);
	if (pid > 0) {
		helper->pid = (int)pid;
		return;
	}
	sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0);
	if (sys0(__NR_getppid) != parent)
		sys_exit(SHIM_FAILED);
	helper_run(shim, helper->self);
}

void maps_write(const struct shim *shim, struct maps_helper *helper)
{
	int status = 0;
	long error;

	if (!helper->pid) {
		proc_write("self", "setgroups", "deny", 4);
		maps_put(shim, "self");
		return;
	}
	sys_kill(helper->pid, SIGNAL_GO);
	do
		error = sys_wait(helper->pid, &status, __WALL);
	while (error == -EINTR);
	/* It has said why. */
	if (error < 0 || status)
		sys_exit(SHIM_FAILED);
}
