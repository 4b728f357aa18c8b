/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return -errno;
		at += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

/* Errors of a delayed write come with close(). */
static int close_checked(int fd)
{
	return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

static int write_in_place(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int error, closed;

	if (fd < 0)
		return -errno;
	error = write_all(fd, bytes, length);
	closed = close_checked(fd);
	return error ? error : closed;
}

/* The signals that would leave a temporary file behind, while there is one. */
struct signals_held {
	sigset_t mask;
	struct sigaction file_size;
};

static void signals_hold(struct signals_held *held)
{
	/*
	 * Over RLIMIT_FSIZE write() then just fails with EFBIG. It is not blocked, since Linux
	 * keeps a signal that is blocked pending even where it is ignored.
	 */
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &all, &held->mask);
	sigaction(SIGXFSZ, &ignore, &held->file_size);
}

static void signals_release(const struct signals_held *held)
{
	sigaction(SIGXFSZ, &held->file_size, NULL);
	sigprocmask(SIG_SETMASK, &held->mask, NULL);
}

static mode_t mode_of_new_files(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* What a file gets besides its bytes: those of the OLD one where there is one. */
static int file_inherit(int fd, const struct stat *old)
{
	mode_t mode = old ? old->st_mode & 0777 : mode_of_new_files();

	/* Only root can give a file away; for anyone else the new owner is the writer. */
	if (old && fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM)
		return -errno;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

/* TEMPORARY ends in XXXXXX and stands in PATH's folder. */
static int write_and_rename(const char *path, char *temporary, const struct stat *old,
			    const void *bytes, size_t length)
{
	struct signals_held held;
	int fd, error, closed;

	signals_hold(&held);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		error = -errno;
		goto out;
	}
	error = write_all(fd, bytes, length);
	if (!error)
		error = file_inherit(fd, old);
	if (!error && fsync(fd) < 0)
		error = -errno;
	closed = close_checked(fd);
	if (!error)
		error = closed;
	if (!error && rename(temporary, path) < 0)
		error = -errno;
	if (error)
		unlink(temporary);
out:
	signals_release(&held);
	return error;
}

static int write_beside(const char *path, const struct stat *old, const void *bytes, size_t length)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	char *temporary;
	int error;

	/* The name is not built on PATH's own, which may be as long as names can be. */
	if (asprintf(&temporary, "%.*s.pale-output.XXXXXX", folder, path) < 0)
		return -ENOMEM;
	error = write_and_rename(path, temporary, old, bytes, length);
	free(temporary);
	return error;
}

int output_write(const char *path, const void *bytes, size_t length)
{
	struct stat old;
	char *real;
	int error;

	if (strcmp(path, "-") == 0) {
		if (fflush(stdout) != 0)
			return -errno;
		return write_all(STDOUT_FILENO, bytes, length);
	}
	if (stat(path, &old) < 0) {
		if (errno != ENOENT || lstat(path, &old) == 0) /* a link that leads nowhere */
			return -errno;
		return write_beside(path, NULL, bytes, length);
	}
	if (S_ISDIR(old.st_mode))
		return -EISDIR;
	if (!S_ISREG(old.st_mode))
		return write_in_place(path, bytes, length);
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		return -errno;
	real = realpath(path, NULL);
	if (!real)
		return -errno;
	error = write_beside(real, &old, bytes, length);
	free(real);
	return error;
}

/* Whether a file can be made in PATH's folder: a name of its own, at once gone again. */
static int probe_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	struct signals_held held;
	int fd, error = 0;
	char *temporary;

	if (asprintf(&temporary, "%.*s.pale-output.XXXXXX", folder, path) < 0)
		return -ENOMEM;
	signals_hold(&held);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		error = -errno;
	else
		unlink(temporary);
	signals_release(&held);
	if (fd >= 0)
		close(fd);
	free(temporary);
	return error;
}

int output_probe(const char *path)
{
	struct stat old;
	char *real;
	int error;

	if (strcmp(path, "-") == 0)
		return write(STDOUT_FILENO, "", 0) < 0 ? -errno : 0;
	if (stat(path, &old) < 0) {
		if (errno != ENOENT || lstat(path, &old) == 0)
			return -errno;
		return probe_folder(path);
	}
	if (S_ISDIR(old.st_mode))
		return -EISDIR;
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		return -errno;
	if (!S_ISREG(old.st_mode))
		return 0;
	real = realpath(path, NULL);
	if (!real)
		return -errno;
	error = probe_folder(real);
	free(real);
	return error;
}

int output_write_or_complain(const char *path, const void *bytes, size_t length)
{
	int error = output_write(path, bytes, length);

	if (!error)
		return COMMAND_GOOD;
	command_error("cannot write %s: %s", strcmp(path, "-") == 0 ? "standard output" : path,
		      strerror(-error));
	return COMMAND_ENVIRONMENT;
}

int output_text(const char *path, struct text *text)
{
	int status = COMMAND_ENVIRONMENT;

	if (text->failed)
		command_path_error(path, -ENOMEM);
	else
		status = output_write_or_complain(path, text->bytes ? text->bytes : "",
						  text->length);
	text_release(text);
	return status;
}
