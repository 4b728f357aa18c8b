/* SPDX-License-Identifier: Apache-2.0 */
/* Becomes the command, found as execvp(3) finds it. */
#include "runtime/shim.h"

static const char *path_variable(char **environment)
{
	for (; *environment; environment++) {
		const char *at = *environment;

		if (at[0] == 'P' && at[1] == 'A' && at[2] == 'T' && at[3] == 'H' && at[4] == '=')
			return at + 5;
	}
	/* What execvp(3) takes where there is no PATH. */
	return "/bin:/usr/bin";
}

/* Returns the error. A file that the kernel has no loader for is a script of /bin/sh. */
static long exec_try(const struct shim *shim, char *path)
{
	static char shell[] = "/bin/sh";
	char **words = shim->command;
	long error = sys3(__NR_execve, path, words, shim->environment);
	char *before;

	if (error != -ENOEXEC)
		return error;
	/* The words before the command are pale-run's own and done with. */
	before = words[0];
	words[-1] = shell;
	words[0] = path;
	sys3(__NR_execve, shell, words - 1, shim->environment);
	words[0] = before;
	return error;
}

/* The next of PATH's folders with NAME behind it, into PATH; -ENAMETOOLONG where it has no room. */
static long path_join(const char **folders, const char *name, char path[4096])
{
	size_t length = 0, name_length = text_length(name);
	const char *at = *folders;

	for (; *at && *at != ':'; at++)
		if (length < 4095)
			path[length++] = *at;
	*folders = *at ? at + 1 : NULL;
	if (length + name_length + 2 > 4096)
		return -ENAMETOOLONG;
	/* An empty folder is the present one. */
	if (length)
		path[length++] = '/';
	for (size_t i = 0; i <= name_length; i++)
		path[length + i] = name[i];
	return 0;
}

/* Returns the error: the first other than "there is none", if there was one. */
static long exec_search(const struct shim *shim)
{
	const char *folders = path_variable(shim->environment);
	char path[4096];
	long found = -ENOENT;

	while (folders) {
		long error = path_join(&folders, shim->command[0], path);

		if (!error)
			error = exec_try(shim, path);
		switch (error) {
		case -ENOENT:
		case -ENOTDIR:
		case -ENAMETOOLONG:
		case -ESTALE:
		case -ENODEV:
		case -ETIMEDOUT:
			break;
		case -EACCES:
			found = error;
			break;
		default:
			return error;
		}
	}
	return found;
}

void command_exec(const struct shim *shim)
{
	const char *name = shim->command[0];
	bool search = *name;
	long error;

	for (const char *at = name; *at; at++)
		if (*at == '/')
			search = false;
	error = search ? exec_search(shim) : exec_try(shim, shim->command[0]);
	if (error == -ENOENT)
		fail(SHIM_NOT_FOUND, "exec", error, "cannot find '", name, "'", NULL);
	fail(SHIM_NOT_EXECUTABLE, "exec", error, "cannot execute '", name, "'", NULL);
}
