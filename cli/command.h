/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands share: how one is called, and how it ends. */
#ifndef PALE_CLI_COMMAND_H
#define PALE_CLI_COMMAND_H

/* Exit statuses of every subcommand. */
enum command_status {
	COMMAND_GOOD = 0,
	COMMAND_NO = 1,          /* the answer is no: differs, an expectation fails */
	COMMAND_USAGE = 2,       /* usage or bad input */
	COMMAND_ENVIRONMENT = 3, /* a file, the kernel, memory */
};

/* One subcommand, in its own file cmd_NAME.c. argv[0] is its name. Returns the exit status. */
struct command {
	const char *name;
	const char *summary; /* one line for `pale --help` */
	int (*run)(int argc, char **argv);
};

/* cmd_check() for COMMAND(check, ...), and so on for each line of commands.def. */
#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "cli/commands.def"
#undef COMMAND

/* `pale: ` and the message, one line without a full stop, on standard error. */
void command_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says that PATH could not be used: ERROR is negative errno. Returns COMMAND_ENVIRONMENT. */
int command_path_error(const char *path, int error);

#endif
