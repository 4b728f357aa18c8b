/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void command_error(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("pale: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int command_path_error(const char *path, int error)
{
	command_error("%s: %s", strcmp(path, "-") == 0 ? "<stdin>" : path, strerror(-error));
	return COMMAND_ENVIRONMENT;
}
