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

#endif
