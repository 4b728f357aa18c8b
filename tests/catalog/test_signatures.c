/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every signature on the native ABI beside what the running kernel says of it under
 * events/syscalls in tracefs: the number of arguments, their names and their types. Where the
 * catalogue means to say something else, the table below says so and why.
 */
#include "policy-lang/catalog/call.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>

#define EVENTS "events/syscalls"
/* The release whose parameter names the data follows: others may spell them otherwise. */
#define NAMES_MAJOR 6
#define NAMES_MINOR 18

/* Entries whose function has another name than the call in the kernel's table. */
static const struct {
	const char *event;
	const char *call;
} renamed[] = {
	{"newfstat", "fstat"}, {"newlstat", "lstat"},      {"newstat", "stat"},
	{"newuname", "uname"}, {"sendfile64", "sendfile"}, {"umount", "umount2"},
};

/* Where the entry declares more of a register than the kernel goes on to look at. */
static const struct {
	const char *call;
	const char *argument;
	enum arg_kind kind;
	const char *why;
} narrowed[] = {
	{"clone", "flags", ARG_UINT, "kernel/fork.c keeps lower_32_bits(clone_flags)"},
	{"mbind", "mode", ARG_UINT, "mm/mempolicy.c: kernel_mbind() keeps it as an int"},
	{"mmap", "fd", ARG_FD, "fget() takes an unsigned int"},
	{"preadv", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"preadv2", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"pwritev", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"pwritev2", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"readv", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"writev", "fd", ARG_FD, "fdget() takes an unsigned int"},
	{"ptrace", "pid", ARG_INT, "find_get_task_by_vpid() takes a pid_t"},
	{"preadv", "offset", ARG_S64, "pos_from_hilo() makes it a loff_t"},
	{"preadv2", "offset", ARG_S64, "pos_from_hilo() makes it a loff_t"},
	{"pwritev", "offset", ARG_S64, "pos_from_hilo() makes it a loff_t"},
	{"pwritev2", "offset", ARG_S64, "pos_from_hilo() makes it a loff_t"},
};

/* The kernel's types, qualifiers and stars taken off. */
static const struct {
	const char *type;
	enum arg_kind kind;
} types[] = {
	{"int", ARG_INT},
	{"pid_t", ARG_INT},
	{"clockid_t", ARG_INT},
	{"timer_t", ARG_INT},
	{"mqd_t", ARG_INT},
	{"key_t", ARG_INT},
	{"key_serial_t", ARG_INT},
	{"rwf_t", ARG_INT},
	{"__s32", ARG_INT},
	{"unsigned int", ARG_UINT},
	{"unsigned", ARG_UINT},
	{"u32", ARG_UINT},
	{"__u32", ARG_UINT},
	{"uid_t", ARG_UINT},
	{"gid_t", ARG_UINT},
	{"qid_t", ARG_UINT},
	{"enum landlock_rule_type", ARG_UINT},
	{"umode_t", ARG_UMODE},
	{"long", ARG_LONG},
	{"off_t", ARG_LONG},
	{"unsigned long", ARG_ULONG},
	{"size_t", ARG_ULONG},
	{"aio_context_t", ARG_ULONG},
	{"loff_t", ARG_S64},
	{"u64", ARG_U64},
	{"__u64", ARG_U64},
	{"cap_user_header_t", ARG_POINTER},
	{"cap_user_data_t", ARG_POINTER},
};

static unsigned int signatures, arguments, notes, wrong;
static bool names_count;

static bool kind_of(const char *type, enum arg_kind *kind)
{
	if (strchr(type, '*')) {
		*kind = ARG_POINTER;
		return true;
	}
	if (strncmp(type, "const ", 6) == 0)
		type += 6;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].type, type) == 0) {
			*kind = types[i].kind;
			return true;
		}
	return false;
}

static bool kind_agrees(const char *call, const struct call_arg *arg, enum arg_kind theirs)
{
	/* A descriptor is an int or an unsigned int there; which of them makes no difference. */
	if (arg->kind == theirs)
		return true;
	for (size_t i = 0; i < sizeof(narrowed) / sizeof(narrowed[0]); i++)
		if (strcmp(narrowed[i].call, call) == 0 &&
		    strcmp(narrowed[i].argument, arg->name) == 0)
			return arg->kind == narrowed[i].kind;
	return arg->kind == ARG_FD && (theirs == ARG_INT || theirs == ARG_UINT);
}

/* One `field:TYPE NAME;` of a format file beside one argument. */
static void check_argument(const char *call, const struct call_arg *arg, char *declaration)
{
	char *name = strrchr(declaration, ' ');
	enum arg_kind kind;

	if (!name) {
		printf("%s: cannot read '%s'\n", call, declaration);
		wrong++;
		return;
	}
	*name++ = '\0';
	arguments++;
	if (!kind_of(declaration, &kind)) {
		printf("%s: no idea what a %s is\n", call, declaration);
		wrong++;
	} else if (!kind_agrees(call, arg, kind)) {
		printf("%s: %s is a %s\n", call, arg->name, declaration);
		wrong++;
	}
	if (strcmp(arg->name, name) == 0 || (arg->kernel_name && !strcmp(arg->kernel_name, name)))
		return;
	printf("%s: %s is named %s by this kernel\n", call, arg->name, name);
	if (names_count)
		wrong++;
	else
		notes++;
}

/* The format file of one event. The first five fields are the event's own. */
static void check_format(FILE *format, const char *call)
{
	unsigned int count = 0, seen = 0, field = 0;
	call_id id = call_find(call);
	const struct call_arg *args;
	char line[512];

	if (id == CALL_NONE) {
		printf("%s: the catalogue lacks it\n", call);
		wrong++;
		return;
	}
	args = call_args(id, abi_host()->id, &count);
	signatures++;
	while (fgets(line, sizeof(line), format)) {
		char *at = strstr(line, "field:");
		char *end = at ? strchr(at, ';') : NULL;

		if (!end || ++field <= 5)
			continue;
		*end = '\0';
		/* The tracer's own copies of what pointers point to. */
		if (strncmp(at + 6, "__data_loc", 10) == 0)
			continue;
		if (seen < count)
			check_argument(call, &args[seen], at + 6);
		seen++;
	}
	if (seen != count) {
		printf("%s: %u arguments here, %u there\n", call, count, seen);
		wrong++;
	}
}

static void check_event(const char *folder, const char *event)
{
	const char *call = event + strlen("sys_enter_");
	char path[1024];
	FILE *format;

	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
		if (strcmp(renamed[i].event, call) == 0) {
			call = renamed[i].call;
			break;
		}
	snprintf(path, sizeof(path), "%s/%s/format", folder, event);
	format = fopen(path, "r");
	if (!format) {
		printf("%s: %s\n", path, strerror(errno));
		wrong++;
		return;
	}
	check_format(format, call);
	fclose(format);
}

/* Opens the folder of events, in a mount of our own where the kernel's is not to be seen. */
static DIR *open_events(char *folder, size_t size)
{
	char made[] = "/tmp/pale-tracefs.XXXXXX";
	DIR *dir;

	snprintf(folder, size, "/sys/kernel/tracing/" EVENTS);
	dir = opendir(folder);
	if (dir)
		return dir;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		printf("SKIP: tracefs is not to be read here, and not to be mounted: %s\n",
		       strerror(errno));
		exit(77);
	}
	if (!mkdtemp(made)) {
		perror(made);
		exit(1);
	}
	snprintf(folder, size, "%s/" EVENTS, made);
	dir = mount("tracefs", made, "tracefs", 0, NULL) ? NULL : opendir(folder);
	if (!dir) {
		printf("SKIP: this kernel has no tracefs with system calls: %s\n", strerror(errno));
		umount2(made, MNT_DETACH);
		rmdir(made);
		exit(77);
	}
	return dir;
}

/* Takes away what open_events() made: the folder ends with the event folder's parent's parent. */
static void close_events(DIR *dir, char *folder)
{
	closedir(dir);
	if (strncmp(folder, "/tmp/", 5) != 0)
		return;
	folder[strlen(folder) - strlen("/" EVENTS)] = '\0';
	umount2(folder, MNT_DETACH);
	rmdir(folder);
}

int main(void)
{
	unsigned int major = 0, minor = 0;
	char folder[256];
	struct utsname host;
	struct dirent *entry;
	DIR *dir;

	if (!abi_host() || abi_host()->id != ABI_X86_64) {
		printf("SKIP: the kernel lists its native calls, and no x86_64 runs here\n");
		return 77;
	}
	uname(&host);
	sscanf(host.release, "%u.%u", &major, &minor);
	names_count = major == NAMES_MAJOR && minor == NAMES_MINOR;
	dir = open_events(folder, sizeof(folder));
	while ((entry = readdir(dir)))
		if (strncmp(entry->d_name, "sys_enter_", 10) == 0)
			check_event(folder, entry->d_name);
	close_events(dir, folder);
	printf("%u signatures with %u arguments compared with Linux %s, %u named otherwise, %u wrong\n",
	       signatures, arguments, host.release, notes, wrong);
	return wrong != 0 || signatures == 0;
}
