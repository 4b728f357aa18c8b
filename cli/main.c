/* SPDX-License-Identifier: Apache-2.0 */
/* pale: finds the subcommand and runs it. */
#include "cli/command.h"
#include "config.h"
#include "policy-lang/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "cli/commands.def"
#undef COMMAND
	{0},
};

/* Names that the design has and this version has not: they are no typing mistakes. */
static const char *const later_commands[] = {"explain", "import"};

static const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static void help_print(FILE *stream)
{
	fputs("usage: pale COMMAND [ARGUMENT...]\n"
	      "       pale help COMMAND\n"
	      "       pale --version\n"
	      "\n"
	      "pale compiles seccomp policies, learns them from running programs, and runs\n"
	      "programs behind them.\n"
	      "\n"
	      "Commands:\n",
	      stream);
	for (const struct command *command = commands; command->name; command++)
		fprintf(stream, "  %-10s %s\n", command->name, command->summary);
	fputs("  help       shows how a command is used\n"
	      "\n"
	      "Exit status: 0 good, 1 the answer is no, 2 usage or bad input, 3 the environment.\n",
	      stream);
}

static int command_unknown(const char *name)
{
	struct word_guess guess = {.word = name};

	for (size_t i = 0; i < sizeof(later_commands) / sizeof(later_commands[0]); i++) {
		if (strcmp(later_commands[i], name) != 0)
			continue;
		command_error("the command '%s' is not there yet: a later version brings it", name);
		return COMMAND_USAGE;
	}
	word_guess_offer(&guess, "help");
	for (const struct command *command = commands; command->name; command++)
		word_guess_offer(&guess, command->name);
	if (guess.best)
		command_error("there is no command '%s'; did you mean '%s'?", name, guess.best);
	else
		command_error("there is no command '%s'; see 'pale --help'", name);
	return COMMAND_USAGE;
}

/* `pale help NAME` is `pale NAME --help`. */
static int command_help(int argc, char **argv)
{
	char flag[] = "--help";
	char *arguments[] = {argv[argc > 1], flag, NULL};
	const struct command *command;

	if (argc > 2) {
		command_error("help takes the name of one command");
		return COMMAND_USAGE;
	}
	if (argc == 1) {
		help_print(stdout);
		return COMMAND_GOOD;
	}
	command = command_find(argv[1]);
	return command ? command->run(2, arguments) : command_unknown(argv[1]);
}

static int command_dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		help_print(stderr);
		return COMMAND_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_print(stdout);
		return COMMAND_GOOD;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts(PACKAGE_STRING);
		return COMMAND_GOOD;
	}
	if (strcmp(argv[1], "help") == 0)
		return command_help(argc - 1, argv + 1);
	if (argv[1][0] == '-') {
		command_error("there is no option '%s' before the command; see 'pale --help'",
			      argv[1]);
		return COMMAND_USAGE;
	}
	command = command_find(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : command_unknown(argv[1]);
}

int main(int argc, char **argv)
{
	int status = command_dispatch(argc, argv);

	/* What was printed may still fail to arrive: a full disk must not look like success. */
	errno = 0;
	if (ferror(stdout) || fflush(stdout) != 0) {
		command_error("standard output: %s", strerror(errno ? errno : EIO));
		return COMMAND_ENVIRONMENT;
	}
	return status;
}
