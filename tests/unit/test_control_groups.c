/* SPDX-License-Identifier: Apache-2.0 */
/* Where control groups stand, from the text of files as kernels write them. */
#include "profiler/control_groups.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

static const char unified[] =
	"21 26 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw\n"
	"26 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro\n"
	"29 21 0:25 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 "
	"rw,nsdelegate,memory_recursiveprot\n";

/* As systemd mounts them where it uses version 1: one for two controllers, one without any. */
static const char hybrid[] =
	"30 21 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,size=4096k,mode=755\n"
	"31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid,relatime shared:10 - cgroup2 cgroup2 rw\n"
	"32 30 0:28 / /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup rw,xattr,name=systemd\n"
	"35 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct\n"
	"36 30 0:32 / /sys/fs/cgroup/cpuset rw shared:16 - cgroup cgroup rw,cpuset\n";

static const char version_1[] =
	"25 0 0:22 /docker/ab /sys/fs/cgroup/memory ro master:17 - cgroup cgroup rw,memory\n"
	"33 30 0:29 / /cg rw - cgroup none rw,pids\n"
	"34 30 0:30 / /cg rw,noexec shared:3 master:4 propagate_from:2 - cgroup # rw,freezer\n";

/* A blank, a tab, an end of a line and a backslash in the point; a blank in the root; two parts. */
static const char odd[] = "40 26 0:25 / /srv/a\\040b\\011c\\012d\\134e rw - cgroup2 a\\040name rw\n"
			  "41 26 0:25 /my\\040pods /mnt/pods rw - cgroup2 none rw\n"
			  "42 26 0:26 /../.. /host rw - cgroup2 none rw\n"
			  "43 26 0:27 / / rw - cgroup2 none rw\n"
			  "44 26 0:27 / /no\\escape\\04 rw - cgroup2 none rw\n";

static const char malformed[] = "\n"
				"50\n"
				"50 26 0:25 / /a rw shared:1 cgroup2 none rw\n"
				"50 26 0:25 / - cgroup2 none rw\n"
				"50 26 0 / /b rw - cgroup2 none rw\n"
				"50 26 0:x / /c rw - cgroup2 none rw\n"
				"50 26 0:25 x /d rw - cgroup2 none rw\n"
				"50 26 0:25 / e rw - cgroup2 none rw\n"
				"50 26 0:25 / /f rw - cgroup2 none\n"
				"50 26 0:25 / /g rw - cgroup3 none rw\n"
				"50 26 99999999999999999999:1 / /h rw - cgroup2 none rw\n"
				"50 26 0:25 / /good rw - cgroup2 none rw";

struct fixture {
	struct arena arena;
	char path[32];
	control_mount_list mounts;
	control_group_list groups;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	*state = fixture;
	return !fixture || arena_init(&fixture->arena) < 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void make_file(struct fixture *fixture, const char *text, size_t length)
{
	int fd;

	strcpy(fixture->path, "/tmp/control_groups.XXXXXX");
	fd = mkstemp(fixture->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
}

static const control_mount_list *mounts_of(struct fixture *fixture, const char *text)
{
	fixture->mounts = (control_mount_list){0};
	make_file(fixture, text, strlen(text));
	assert_int_equal(control_mounts_read(&fixture->arena, fixture->path, &fixture->mounts), 0);
	unlink(fixture->path);
	return &fixture->mounts;
}

static const control_group_list *groups_of(struct fixture *fixture, const char *text)
{
	fixture->groups = (control_group_list){0};
	make_file(fixture, text, strlen(text));
	assert_int_equal(control_groups_read(&fixture->arena, fixture->path, &fixture->groups), 0);
	unlink(fixture->path);
	return &fixture->groups;
}

/* The folder that a line "ID:CONTROLLERS:PATH" has by the first mount of its hierarchy; or NULL. */
static const char *folder(struct fixture *fixture, const control_mount_list *mounts,
			  const char *line)
{
	const control_group_list *groups = groups_of(fixture, line);

	assert_int_equal(groups->count, 1);
	for (size_t i = 0; i < mounts->count; i++) {
		const struct control_mount *mount = &mounts->items[i];
		const char *found = NULL;

		if (control_group_is_of(&groups->items[0], mount))
			found = control_mount_folder(&fixture->arena, mount, groups->items[0].path);
		if (found)
			return found;
	}
	return NULL;
}

static void test_folders(void **state)
{
	static const struct {
		const char *mounts, *line, *folder;
	} rows[] = {
		{unified, "0::/", "/sys/fs/cgroup"},
		{unified, "0::/a b/c:d", "/sys/fs/cgroup/a b/c:d"},
		{unified, "0::/a\\040b", "/sys/fs/cgroup/a\\040b"},
		{unified, "1:name=systemd:/", NULL},
		{unified, "0::/../x", NULL}, /* above this namespace's top, which is mounted */
		{unified, "0::/..", NULL},
		{unified, "0::/..x/a..", "/sys/fs/cgroup/..x/a.."},
		{hybrid, "0::/x", "/sys/fs/cgroup/unified/x"},
		{hybrid, "1:name=systemd:/x", "/sys/fs/cgroup/systemd/x"},
		{hybrid, "4:cpu,cpuacct:/x", "/sys/fs/cgroup/cpu,cpuacct/x"},
		{hybrid, "4:cpuacct,cpu:/x", "/sys/fs/cgroup/cpu,cpuacct/x"},
		{hybrid, "5:cpuset:/x", "/sys/fs/cgroup/cpuset/x"},
		{hybrid, "5:cpus:/x", NULL},
		{hybrid, "5:cpuset,cpu:/x", NULL},
		{version_1, "9:memory:/docker/ab/c", "/sys/fs/cgroup/memory/c"},
		{version_1, "9:memory:/docker/ab", "/sys/fs/cgroup/memory"},
		{version_1, "9:memory:/docker/abc", NULL},
		{version_1, "9:memory:/docker", NULL},
		{version_1, "9:memory:/", NULL},
		{version_1, "9:memory:/docker/ab/../x", NULL},
		{version_1, "8:freezer:/x", "/cg/x"},
		{version_1, "0::/x", NULL},
		{odd, "0::/x", "/srv/a b\tc\nd\\e/x"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const control_mount_list *mounts = mounts_of(fixture, rows[i].mounts);
		const char *found = folder(fixture, mounts, rows[i].line);

		if (found && rows[i].folder ? strcmp(found, rows[i].folder) != 0
					    : found || rows[i].folder)
			fail_msg("row %zu: %s", i, found ? found : "none");
	}
}

static void test_parts(void **state)
{
	static const struct {
		size_t mount; /* of odd */
		const char *path, *folder;
	} rows[] = {
		{1, "/my pods/x", "/mnt/pods/x"},
		{1, "/my pods", "/mnt/pods"},
		{1, "/my pods2", NULL},
		{1, "/", NULL},
		/* From inside of a namespace: the host's top stands two groups above. */
		{2, "/../../x/y", "/host/x/y"},
		{2, "/../..", "/host"},
		{2, "/../../..", NULL},
		{2, "/../x", NULL}, /* nothing says what the group above is called */
		{2, "/", NULL},
		{3, "/", "/"},
		{3, "/x", "/x"},
		{4, "/x", "/no\\escape\\04/x"},
	};
	struct fixture *fixture = *state;
	const control_mount_list *mounts = mounts_of(fixture, odd);

	assert_int_equal(mounts->count, 5);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *found = control_mount_folder(
			&fixture->arena, &mounts->items[rows[i].mount], rows[i].path);

		if (found && rows[i].folder ? strcmp(found, rows[i].folder) != 0
					    : found || rows[i].folder)
			fail_msg("row %zu: %s", i, found ? found : "none");
	}
}

static void test_lines(void **state)
{
	struct fixture *fixture = *state;
	const control_mount_list *mounts = mounts_of(fixture, malformed);
	const control_group_list *groups;

	assert_int_equal(mounts->count, 1);
	assert_string_equal(mounts->items[0].point, "/good");
	assert_true(mounts->items[0].device == makedev(0, 25));
	assert_true(mounts->items[0].unified);
	groups = groups_of(fixture, "\n5\n5:cpu\n5:cpu:\n:cpu:/x\nx:cpu:/x\n-1:cpu:/x\n5:cpu:x\n"
				    "12:cpu,cpuacct:/a:b\n0::/\n");
	assert_int_equal(groups->count, 2);
	assert_int_equal(groups->items[0].hierarchy, 12);
	assert_string_equal(groups->items[0].controllers, "cpu,cpuacct");
	assert_string_equal(groups->items[0].path, "/a:b");
	assert_int_equal(groups->items[1].hierarchy, 0);
	assert_string_equal(groups->items[1].controllers, "");
	assert_int_equal(groups_of(fixture, "")->count, 0);
	assert_int_equal(control_groups_read(&fixture->arena, "/nowhere/at/all", &fixture->groups),
			 -ENOENT);
	assert_int_equal(control_mounts_read(&fixture->arena, "/", &fixture->mounts), -EISDIR);
}

/* Nothing is cut: an overlay's options and deep groups make lines of many pages. */
static void test_long_lines(void **state)
{
	enum {
		LONG = 300000
	};
	struct fixture *fixture = *state;
	char *path = arena_alloc(&fixture->arena, LONG + 1);
	const control_mount_list *mounts;

	for (size_t i = 0; i < LONG; i++)
		path[i] = i % 100 ? 'x' : '/';
	path[LONG] = '\0';
	mounts = mounts_of(fixture,
			   arena_printf(&fixture->arena,
					"1 1 0:1 / %s rw - overlay overlay rw,lowerdir=%s\n"
					"1 1 0:25 %s %s rw shared:1 - cgroup2 none rw,%s\n%s",
					path, path, path, path, path, unified));
	assert_int_equal(mounts->count, 2);
	assert_string_equal(
		folder(fixture, mounts, arena_printf(&fixture->arena, "0::%s/end", path)),
		arena_printf(&fixture->arena, "%s/end", path));
	assert_string_equal(folder(fixture, mounts, "0::/end"), "/sys/fs/cgroup/end");
}

/* The first that is there: mounts may be hidden by others, or show other parts. */
static void test_hidden_mounts(void **state)
{
	struct fixture *fixture = *state;
	char top[] = "/tmp/control_groups.XXXXXX";
	const char *text;
	const control_mount_list *mounts;
	const control_group_list *groups;

	assert_non_null(mkdtemp(top));
	assert_int_equal(mkdir(arena_printf(&fixture->arena, "%s/in a", top), 0700), 0);
	text = arena_printf(&fixture->arena,
			    "1 1 0:25 / /nowhere/at/all rw - cgroup2 none rw\n"
			    "1 1 0:25 /other %s rw - cgroup2 none rw\n"
			    "1 1 0:25 / %s rw - cgroup2 none rw\n",
			    top, top);
	mounts = mounts_of(fixture, text);
	groups = groups_of(fixture, "0::/in a\n0::/gone (deleted)\n");
	assert_string_equal(control_group_folder(&fixture->arena, mounts, &groups->items[0]),
			    arena_printf(&fixture->arena, "%s/in a", top));
	assert_null(control_group_folder(&fixture->arena, mounts, &groups->items[1]));
	rmdir(arena_printf(&fixture->arena, "%s/in a", top));
	rmdir(top);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hidden_mounts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
