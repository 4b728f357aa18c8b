/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/process_info.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	PROC_PATH_MAX = 64,
	AUXV_BYTES_MAX = 4096,
};

static int read_proc(pid_t pid, const char *file, void *bytes, size_t size, size_t *length)
{
	char path[PROC_PATH_MAX];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* These files come whole in one read where it is large enough. */
	got = read(fd, bytes, size);
	*length = got < 0 ? 0 : (size_t)got;
	close(fd);
	return got < 0 ? -EIO : 0;
}

static long status_field(const char *text, const char *key, int column)
{
	const char *at = strstr(text, key);
	char *end;
	long value = 0;

	if (!at)
		return 0;
	at += strlen(key);
	for (int i = 0; i <= column; i++) {
		value = strtol(at, &end, 10);
		at = end;
	}
	return value;
}

/* NSpid has a pid for each namespace that PID is in, its own last. Kernels without them have none. */
static pid_t inner_pid(const char *text, pid_t pid)
{
	const char *at = strstr(text, "\nNSpid:"), *last;

	if (!at)
		return pid;
	at += strlen("\nNSpid:");
	last = at + strcspn(at, "\n");
	while (last > at && last[-1] != '\t')
		last--;
	return (pid_t)strtol(last, NULL, 10);
}

int process_read_status(pid_t pid, struct process_status *status)
{
	char text[4096];
	size_t length;
	int error = read_proc(pid, "status", text, sizeof(text) - 1, &length);

	if (error)
		return error;
	text[length] = '\0';
	/* Each behind an end of line: the first line is a name that the process chooses. */
	status->tgid = (pid_t)status_field(text, "\nTgid:", 0);
	status->parent = (pid_t)status_field(text, "\nPPid:", 0);
	status->effective_uid = (uid_t)status_field(text, "\nUid:", 1);
	status->effective_gid = (gid_t)status_field(text, "\nGid:", 1);
	status->seccomp = (int)status_field(text, "\nSeccomp:", 0);
	status->filters = (int)status_field(text, "\nSeccomp_filters:", 0);
	status->inner = inner_pid(text, status->tgid);
	return 0;
}

int process_stat_image(pid_t pid, struct process_image *image)
{
	char path[PROC_PATH_MAX];
	struct stat file;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (stat(path, &file) < 0)
		return -errno;
	image->device = file.st_dev;
	image->inode = file.st_ino;
	image->mode = file.st_mode;
	image->uid = file.st_uid;
	image->gid = file.st_gid;
	return 0;
}

/* For kernels without CONFIG_CROSS_MEMORY_ATTACH. WRITE: from BYTES, else into them. */
static ssize_t access_mem(pid_t pid, uint64_t address, void *bytes, size_t length, bool write)
{
	char path[PROC_PATH_MAX];
	ssize_t done;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, (write ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = write ? pwrite64(fd, bytes, length, (off64_t)address)
		     : pread64(fd, bytes, length, (off64_t)address);
	close(fd);
	return done;
}

static int access_memory(pid_t pid, uint64_t address, void *bytes, size_t length, bool write)
{
	struct iovec local = {bytes, length};
	struct iovec remote = {(void *)(uintptr_t)address, length};
	ssize_t done = write ? process_vm_writev(pid, &local, 1, &remote, 1, 0)
			     : process_vm_readv(pid, &local, 1, &remote, 1, 0);

	if (done < 0 && errno == ENOSYS)
		done = access_mem(pid, address, bytes, length, write);
	if (done < 0)
		return -errno;
	return (size_t)done == length ? 0 : -EFAULT;
}

int process_read_memory(pid_t pid, uint64_t address, void *bytes, size_t length)
{
	return access_memory(pid, address, bytes, length, false);
}

int process_write_memory(pid_t pid, uint64_t address, const void *bytes, size_t length)
{
	return access_memory(pid, address, (void *)bytes, length, true);
}

/* A string of at most SIZE - 1 bytes, page by page, since the page behind its end may be none. */
static int read_string(pid_t pid, uint64_t address, char *string, size_t size)
{
	const size_t page = 4096;
	size_t used = 0;

	while (used < size - 1) {
		size_t piece = page - (address + used) % page;
		int error;

		if (piece > size - 1 - used)
			piece = size - 1 - used;
		error = process_read_memory(pid, address + used, string + used, piece);
		if (error)
			return error;
		if (memchr(string + used, '\0', piece))
			return 0;
		used += piece;
	}
	return -ENAMETOOLONG;
}

/* Words of the auxiliary vector are as wide as the program's own. */
static uint64_t auxv_find(const unsigned char *bytes, size_t length, bool wide, uint64_t type)
{
	size_t size = wide ? 8 : 4;

	for (size_t at = 0; at + 2 * size <= length; at += 2 * size) {
		uint64_t words[2] = {0};

		for (size_t i = 0; i < 2; i++) {
			uint32_t narrow;

			memcpy(&narrow, bytes + at + i * size, sizeof(narrow));
			words[i] = narrow;
			if (wide)
				memcpy(&words[i], bytes + at + i * size, sizeof(words[i]));
		}
		if (words[0] == type)
			return words[1];
		if (words[0] == AT_NULL)
			break;
	}
	return 0;
}

/* AT_EXECFN: the name that execve() was called with, or /dev/fd/N of execveat(). */
static int read_execution_name(pid_t pid, char *name, size_t size)
{
	unsigned char auxv[AUXV_BYTES_MAX], ident[EI_NIDENT] = {0};
	uint64_t address;
	size_t length;
	int error;

	error = read_proc(pid, "exe", ident, sizeof(ident), &length);
	if (!error)
		error = read_proc(pid, "auxv", auxv, sizeof(auxv), &length);
	if (error)
		return error;
	address = auxv_find(auxv, length, ident[EI_CLASS] == ELFCLASS64, AT_EXECFN);
	return address ? read_string(pid, address, name, size) : -ENOENT;
}

/* NAME as the process sees it, for this process: below its root, its folder or its descriptors. */
static bool own_path(pid_t pid, const char *name, char *path, size_t size)
{
	int length;

	if (strncmp(name, "/dev/fd/", 8) == 0)
		length = snprintf(path, size, "/proc/%d/fd/%s", pid, name + 8);
	else if (strncmp(name, "/proc/self/", 11) == 0) /* who reads that is itself */
		length = snprintf(path, size, "/proc/%d/%s", pid, name + 11);
	else if (strncmp(name, "/proc/thread-self/", 18) == 0)
		length = snprintf(path, size, "/proc/%d/%s", pid, name + 18);
	else if (name[0] == '/')
		length = snprintf(path, size, "/proc/%d/root%s", pid, name);
	else
		length = snprintf(path, size, "/proc/%d/cwd/%s", pid, name);
	return length > 0 && (size_t)length < size;
}

static void read_link(pid_t pid, const char *file, char *target, size_t size)
{
	char path[PROC_PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	length = readlink(path, target, size - 1);
	target[length < 0 ? 0 : length] = '\0';
}

static void name_script(pid_t pid, const char *name, char *script, size_t size)
{
	char folder[PATH_MAX], *joined;

	if (strncmp(name, "/dev/fd/", 8) == 0) {
		char link[PROC_PATH_MAX / 2];

		snprintf(link, sizeof(link), "fd/%.16s", name + 8);
		read_link(pid, link, script, size);
		return;
	}
	folder[0] = '\0';
	if (name[0] != '/')
		read_link(pid, "cwd", folder, sizeof(folder));
	if (asprintf(&joined, "%s%s%s", folder, folder[0] ? "/" : "", name) < 0)
		return;
	/* A longer name is cut: it still tells more than none. */
	strncpy(script, joined, size - 1);
	script[size - 1] = '\0';
	free(joined);
}

int process_read_image(pid_t pid, struct process_image *image)
{
	char name[PATH_MAX], path[PATH_MAX + PROC_PATH_MAX];
	struct stat called;
	int error = process_stat_image(pid, image);

	if (error)
		return error;
	read_link(pid, "exe", image->path, sizeof(image->path));
	image->script[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	image->has_capabilities = getxattr(path, "security.capability", NULL, 0) > 0;
	if (read_execution_name(pid, name, sizeof(name)) < 0 ||
	    !own_path(pid, name, path, sizeof(path)) || stat(path, &called) < 0)
		return 0;
	if (called.st_dev != image->device || called.st_ino != image->inode)
		name_script(pid, name, image->script, sizeof(image->script));
	return 0;
}
