/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the command inherits. A descriptor that slipped in (a directory outside, a socket of the
 * caller's) is a way out of the sandbox, so those above standard error are closed but for the
 * named.
 */
#include "runtime/shim.h"

struct directory_entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static bool descriptor_kept(const struct shim *shim, long fd)
{
	for (unsigned int i = 0; i < shim->keep_count; i++)
		if (shim->keep[i] == fd)
			return true;
	return false;
}

/* Before Linux 5.9: what /proc lists. Closing may move what is listed, so it is read again. */
static void descriptors_close_listed(const struct shim *shim)
{
	uint64_t buffer[128];
	bool closed = true;
	long got, fd;

	while (closed) {
		long directory = sys_open("/proc/self/fd", O_RDONLY | O_DIRECTORY);

		if (directory < 0)
			fail(SHIM_FAILED, "descriptors", directory,
			     "cannot list the inherited ones in /proc/self/fd", NULL);
		closed = false;
		while ((got = sys3(__NR_getdents64, directory, buffer, sizeof(buffer))) > 0) {
			for (char *at = (char *)buffer; at < (char *)buffer + got;
			     at += ((struct directory_entry *)at)->length) {
				fd = text_number(((struct directory_entry *)at)->name, 0x7fffffff);
				if (fd <= 2 || fd == directory || descriptor_kept(shim, fd))
					continue;
				sys_close((int)fd);
				closed = true;
			}
		}
		sys_close((int)directory);
		if (got < 0)
			fail(SHIM_FAILED, "descriptors", got,
			     "cannot list the inherited ones in /proc/self/fd", NULL);
	}
}

/* Whoever names a descriptor counts on it; and its number must not fall to a pipe of the shim's. */
static void descriptors_check(const struct shim *shim)
{
	char number[24];

	for (unsigned int i = 0; i < shim->keep_count; i++) {
		long error = sys2(__NR_fcntl, shim->keep[i], F_GETFD);

		if (error < 0)
			fail(SHIM_FAILED, "descriptors", error, "there is no descriptor ",
			     number_text(number, (uint64_t)shim->keep[i]), " to keep", NULL);
	}
}

void descriptors_close(const struct shim *shim)
{
	unsigned int first = 3;

	descriptors_check(shim);
	for (unsigned int i = 0; i <= shim->keep_count; i++) {
		unsigned int last = i < shim->keep_count ? (unsigned int)shim->keep[i] - 1 : ~0u;

		if (first <= last && sys3(__NR_close_range, first, last, 0) < 0) {
			descriptors_close_listed(shim);
			return;
		}
		if (i < shim->keep_count)
			first = (unsigned int)shim->keep[i] + 1;
	}
}
