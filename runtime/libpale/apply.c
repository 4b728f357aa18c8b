/* SPDX-License-Identifier: Apache-2.0 */
/* libpale's calls: plan, give away, load. */
#include "runtime/calls.h"
#include "runtime/libpale/plan.h"
#include "runtime/privileges.h"

#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/mman.h>

#define PUBLIC __attribute__((visibility("default")))

/* Room for a reason that nobody asked for. */
static struct pale_error *error_begin(struct pale_error *error, struct pale_error *room)
{
	error = error ? error : room;
	*error = (struct pale_error){0};
	return error;
}

/* What stands in the way of a step, in words. */
static int explain(const struct failure *failure, struct pale_error *error)
{
	char number[16] = "";

	if (failure->has_number)
		snprintf(number, sizeof(number), "%u", failure->number);
	return error_set(error, failure->error ? (int)failure->error : -EPERM, "%s: %s%s%s",
			 failure->step, failure->words, number,
			 failure->detail ? failure->detail : "");
}

/* All but the filter. The bundle is needed for it. */
static int give_away(const struct plan *plan, struct pale_error *error)
{
	struct failure failure;
	long answer;

	error->begun = 1;
	if (!limits_apply(&plan->view, &failure) || !privileges_apply(&plan->view, &failure))
		return explain(&failure, error);
	answer = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
	if (answer < 0)
		return error_set(error, (int)answer, "no_new_privs: cannot set it");
	return 0;
}

/* With 0, no call that the filter sees has been made behind it. */
static int load(const struct plan *plan, struct pale_error *error)
{
	struct sock_fprog program = {
		.len = (unsigned short)plan->count,
		.filter = (struct sock_filter *)plan->instructions, /* only read */
	};
	long answer =
		sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);

	if (answer > 0)
		return error_set(error, -EBUSY,
				 "filter: thread %ld has one of its own, so it cannot get this one",
				 answer);
	if (answer < 0)
		return error_set(error, (int)answer, "filter: the kernel does not take it");
	error->begun = 0;
	return 0;
}

PUBLIC int pale_apply(const void *bundle, size_t size, struct pale_error *error)
{
	return pale_apply_values(bundle, size, NULL, 0, error);
}

PUBLIC int pale_apply_values(const void *bundle, size_t size, const struct pale_value *values,
			     size_t count, struct pale_error *error)
{
	const struct given_values given = {values, count};
	struct pale_error room;
	struct plan plan = {.count = 0};
	int code;

	error = error_begin(error, &room);
	code = plan_make(&plan, bundle, size, &given, error);
	if (!code)
		code = give_away(&plan, error);
	return code ? code : load(&plan, error);
}

/* Only that call is made: the filter that is in force need allow no other. */
PUBLIC int pale_apply_phase(const void *bundle, size_t size, const char *phase,
			    const struct pale_value *values, size_t count, struct pale_error *error)
{
	const struct given_values given = {values, count};
	struct pale_error room;
	struct plan plan = {.count = 0};
	int code;

	error = error_begin(error, &room);
	if (!phase)
		return error_set(error, -EINVAL, "no phase is named");
	code = plan_make_phase(&plan, bundle, size, phase, &given, error);
	if (code)
		return code;
	code = load(&plan, error);
	if (code == -EACCES)
		return error_set(error, code,
				 "filter: no_new_privs is not set, which pale_apply() and pale-run "
				 "do with the first phase; or what is in force denies seccomp()");
	if (code == 0 || code == -EBUSY)
		return code;
	return error_set(error, code,
			 "filter: the kernel does not take it, or what is in force denies "
			 "seccomp()");
}

/* The whole file in memory of its own, and its size; negative errno. */
static long file_read(const char *path, unsigned char *bytes)
{
	long fd = sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), got = 1;
	long length = 0;

	if (fd < 0)
		return fd;
	while (got != 0 && length <= BUNDLE_SIZE_MAX) {
		got = sys3(__NR_read, fd, bytes + length, BUNDLE_SIZE_MAX + 1 - length);
		if (got == -EINTR)
			continue;
		if (got < 0)
			break;
		length += got;
	}
	sys1(__NR_close, fd);
	return got < 0 ? got : length;
}

PUBLIC int pale_apply_file(const char *path, struct pale_error *error)
{
	const struct given_values none = {NULL, 0};
	int before = errno;
	struct pale_error room;
	struct plan plan = {.count = 0};
	void *bytes = mmap(NULL, BUNDLE_SIZE_MAX + 1, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long size;
	int code;

	errno = before;
	error = error_begin(error, &room);
	if (bytes == MAP_FAILED)
		return error_set(error, -ENOMEM, "no memory for the bundle");
	size = file_read(path, bytes);
	if (size < 0)
		code = error_set(error, (int)size, "cannot read '%.200s'", path ? path : "");
	else
		code = plan_make(&plan, bytes, (size_t)size, &none, error);
	if (!code)
		code = give_away(&plan, error);
	/* Behind the filter even that may be forbidden. */
	munmap(bytes, BUNDLE_SIZE_MAX + 1);
	return code ? code : load(&plan, error);
}
