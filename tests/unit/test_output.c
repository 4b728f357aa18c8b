/* SPDX-License-Identifier: Apache-2.0 */
/* Output files are replaced whole or not at all, and nothing else is left in their folder. */
#include "cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Each test runs inside a new folder. */
static int folder_make(void **state)
{
	char *path = strdup("/tmp/pale-test-output.XXXXXX");

	if (!path || !mkdtemp(path) || chdir(path) < 0)
		return -1;
	umask(022);
	*state = path;
	return 0;
}

static int folder_remove(void **state)
{
	DIR *folder = opendir(".");
	struct dirent *entry;

	while ((entry = readdir(folder)))
		unlinkat(dirfd(folder), entry->d_name, entry->d_type == DT_DIR ? AT_REMOVEDIR : 0);
	closedir(folder);
	if (chdir("/") < 0)
		return -1;
	rmdir(*state);
	free(*state);
	return 0;
}

static void file_write(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void file_expect(const char *path, const char *text, mode_t mode)
{
	char buffer[64] = {0};
	struct stat info;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, buffer, sizeof(buffer) - 1) >= 0);
	assert_string_equal(buffer, text);
	assert_int_equal(fstat(fd, &info), 0);
	assert_int_equal(info.st_mode & 07777, mode);
	close(fd);
}

static unsigned int folder_count(void)
{
	DIR *folder = opendir(".");
	unsigned int count = 0;
	struct dirent *entry;

	while ((entry = readdir(folder)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return count;
}

static void new_file_obeys_umask(void **state)
{
	(void)state;
	assert_int_equal(output_write("new", "text", 4), 0);
	file_expect("new", "text", 0644);
	assert_int_equal(folder_count(), 1);
}

static void old_file_keeps_mode_and_owner(void **state)
{
	struct stat info;

	(void)state;
	file_write("old", "before", 0751);
	if (geteuid() == 0)
		assert_int_equal(chown("old", 12, 34), 0);
	assert_int_equal(output_write("old", "after", 5), 0);
	file_expect("old", "after", 0751);
	assert_int_equal(stat("old", &info), 0);
	assert_int_equal(info.st_uid, geteuid() == 0 ? 12 : geteuid());
	assert_int_equal(folder_count(), 1);
}

static void link_is_followed(void **state)
{
	struct stat info;

	(void)state;
	file_write("file", "before", 0600);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(output_write("link", "after", 5), 0);
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	file_expect("file", "after", 0600);
}

static void device_stays_a_device(void **state)
{
	struct stat info;

	(void)state;
	assert_int_equal(output_write("/dev/null", "text", 4), 0);
	assert_int_equal(output_write("/dev/full", "text", 4), -ENOSPC);
	assert_int_equal(stat("/dev/full", &info), 0);
	assert_true(S_ISCHR(info.st_mode));
}

static void bad_places_are_errors(void **state)
{
	(void)state;
	assert_int_equal(output_write("none/file", "text", 4), -ENOENT);
	assert_int_equal(output_write(".", "text", 4), -EISDIR);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(output_write("dangling", "text", 4), -ENOENT);
	assert_int_equal(folder_count(), 1);
}

static void protected_file_stays(void **state)
{
	bool root = geteuid() == 0; /* who may write everything */

	(void)state;
	file_write("old", "before", 0444);
	assert_int_equal(chmod(".", 0777), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(output_write("old", "after", 5), -EACCES);
	if (root)
		assert_int_equal(seteuid(0), 0);
	file_expect("old", "before", 0444);
	assert_int_equal(folder_count(), 1);
}

/* The write fails half way, as on a full disk. */
static void short_write_keeps_old_file(void **state)
{
	struct rlimit before, tight = {4, RLIM_INFINITY};
	struct sigaction handler;

	(void)state;
	file_write("old", "before", 0644);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	assert_int_equal(output_write("old", "a longer text", 13), -EFBIG);
	assert_int_equal(output_write("new", "a longer text", 13), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	file_expect("old", "before", 0644);
	assert_int_equal(folder_count(), 1);
	assert_int_equal(sigaction(SIGXFSZ, NULL, &handler), 0);
	assert_ptr_equal(handler.sa_handler, SIG_DFL);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(new_file_obeys_umask),       IN_FOLDER(old_file_keeps_mode_and_owner),
		IN_FOLDER(link_is_followed),           IN_FOLDER(device_stays_a_device),
		IN_FOLDER(bad_places_are_errors),      IN_FOLDER(protected_file_stays),
		IN_FOLDER(short_write_keeps_old_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
