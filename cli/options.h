/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a subcommand: one table gives getopt_long(3) its arrays and --help its lines. */
#ifndef PALE_CLI_OPTIONS_H
#define PALE_CLI_OPTIONS_H

#include <stdbool.h>

struct option_row {
	int key;              /* the letter, or from OPTION_LONG_ONLY up where there is none */
	const char *name;     /* behind the --, or NULL where there is only a letter */
	const char *argument; /* what its value is called in --help, or NULL: it takes none */
	const char *help;     /* or NULL: another spelling of an option, which is not shown */
};
#define OPTION_LONG_ONLY 256
/* How many rows a table may have, --help not counted. */
#define OPTION_ROWS_MAX 32

struct usage {
	const char *synopsis;          /* behind "usage: pale "; further forms on lines below */
	const char *description;       /* a paragraph or a few, ending in an end of line */
	const struct option_row *rows; /* the last is all zeros; --help needs no row */
	bool operands_end_options;     /* true where a command line of another program follows */
};

/* Ends of options_next(). */
#define OPTIONS_END (-1)  /* the operands are argv[index..argc-1] */
#define OPTIONS_STOP (-2) /* the command is over: return `status` */

struct options {
	int argc;
	char **argv;
	const struct usage *usage;
	char *value; /* of the option that options_next() gave */
	int index;   /* the first operand, once OPTIONS_END came */
	int status;  /* once OPTIONS_STOP came: --help was printed (0) or a mistake was (2) */
	/* For options.c alone. */
	bool started;
};

/*
 * The next option's key, OPTIONS_END or OPTIONS_STOP. Start from {argc, argv, usage}:
 *
 *	struct options options = {argc, argv, &usage};
 *	int key;
 *
 *	while ((key = options_next(&options)) != OPTIONS_END) {
 *		switch (key) {
 *		case 'o': output = options.value; break;
 *		default: return options.status;
 *		}
 *	}
 */
int options_next(struct options *options);

/*
 * The same as a loop: gives every option to TAKE, which returns COMMAND_GOOD or, having said what is
 * wrong, the status to end with. True once the operands are next; false where the command is over,
 * with its status in *STATUS.
 */
typedef int (*option_taker)(void *user, const struct options *options, int key);
bool options_take(struct options *options, option_taker take, void *user, int *status);

/* Says what is wrong with the command line and where to read on. Returns COMMAND_USAGE. */
int options_misuse(const struct options *options, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
