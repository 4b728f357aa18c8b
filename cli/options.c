/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "cli/command.h"
#include "policy-lang/base/text.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keys beside those of the table; no table uses them. */
enum {
	KEY_HELP = 'h',
};

/* getopt_long()'s two forms of a table: a letter needs three bytes ("o:"), a name one element. */
struct getopt_tables {
	char letters[2 + OPTION_ROWS_MAX * 2 + 2];
	struct option names[OPTION_ROWS_MAX + 2];
};

static void tables_fill(struct getopt_tables *tables, const struct usage *usage)
{
	char *letter = tables->letters;
	struct option *name = tables->names;

	/* ':' asks getopt to tell a missing value from an unknown option, and to print neither. */
	if (usage->operands_end_options)
		*letter++ = '+';
	*letter++ = ':';
	for (const struct option_row *row = usage->rows; row->key; row++) {
		assert(row - usage->rows < OPTION_ROWS_MAX && row->key != KEY_HELP);
		if (row->key < OPTION_LONG_ONLY) {
			*letter++ = (char)row->key;
			if (row->argument)
				*letter++ = ':';
		}
		if (row->name)
			*name++ = (struct option){
				.name = row->name,
				.has_arg = row->argument ? required_argument : no_argument,
				.val = row->key,
			};
	}
	*letter++ = KEY_HELP;
	*letter = '\0';
	*name++ = (struct option){.name = "help", .val = KEY_HELP};
	*name = (struct option){0};
}

static void row_print(const struct option_row *row)
{
	char left[64];
	int used = 0;

	if (!row->help)
		return;
	if (row->key < OPTION_LONG_ONLY)
		used = snprintf(left, sizeof(left), "-%c%s", row->key, row->name ? ", " : "");
	else
		used = snprintf(left, sizeof(left), "    ");
	if (row->name)
		used += snprintf(left + used, sizeof(left) - (size_t)used, "--%s", row->name);
	if (row->argument)
		snprintf(left + used, sizeof(left) - (size_t)used, " %s", row->argument);
	printf("  %-26s %s\n", left, row->help);
}

static void usage_print(const struct usage *usage)
{
	static const struct option_row help = {KEY_HELP, "help", NULL, "shows this help"};

	printf("usage: pale %s\n\n%s\nOptions:\n", usage->synopsis, usage->description);
	for (const struct option_row *row = usage->rows; row->key; row++)
		row_print(row);
	row_print(&help);
}

static const struct option_row *row_find(const struct usage *usage, int key)
{
	for (const struct option_row *row = usage->rows; row->key; row++)
		if (row->key == key)
			return row;
	return NULL;
}

static bool begins_with(const char *name, const char *word, size_t length)
{
	return name && strlen(name) > length && strncmp(name, word, length) == 0;
}

/* WORD ("--name" or "--name=VALUE") is no option, or begins several. */
static int name_explain(const struct options *options, const char *word)
{
	size_t length = strcspn(word, "=");
	struct word_guess guess = {0};
	struct text name = {0}, meant = {0};
	int status;

	text_add(&name, word + strlen("--"), length - strlen("--"));
	guess.word = name.bytes ? name.bytes : "";
	word_guess_offer(&guess, "help");
	for (const struct option_row *row = options->usage->rows; row->key; row++) {
		if (!row->name || !row->help)
			continue;
		word_guess_offer(&guess, row->name);
		if (name.length && begins_with(row->name, name.bytes, name.length))
			text_printf(&meant, "%s--%s", meant.length ? ", " : "", row->name);
	}
	if (meant.length)
		status = options_misuse(options, "option '%.*s' is ambiguous: %s", (int)length,
					word, meant.bytes);
	else if (guess.best)
		status = options_misuse(options, "option '%.*s' is unknown; did you mean '--%s'?",
					(int)length, word, guess.best);
	else
		status = options_misuse(options, "option '%.*s' is unknown", (int)length, word);
	text_release(&name);
	text_release(&meant);
	return status;
}

/* getopt came to something that is no option of ours: ANSWER is its '?' or ':'. */
static int options_explain(const struct options *options, int answer)
{
	const char *word = options->argv[optind - 1];

	if (answer == ':')
		return options_misuse(options, "option '%s' needs a value", word);
	if (optopt == 0)
		return name_explain(options, word);
	if (optopt == KEY_HELP || row_find(options->usage, optopt))
		return options_misuse(options, "option '%s' takes no value", word);
	return options_misuse(options, "option '-%c' is unknown", optopt);
}

int options_next(struct options *options)
{
	struct getopt_tables tables;
	int key;

	tables_fill(&tables, options->usage);
	if (!options->started) {
		optind = 0; /* 0, not 1: glibc then forgets where an earlier scan stood */
		options->started = true;
	}
	key = getopt_long(options->argc, options->argv, tables.letters, tables.names, NULL);
	options->value = optarg;
	options->index = optind;
	switch (key) {
	case -1:
		return OPTIONS_END;
	case KEY_HELP:
		usage_print(options->usage);
		options->status = COMMAND_GOOD;
		return OPTIONS_STOP;
	case ':':
	case '?':
		options->status = options_explain(options, key);
		return OPTIONS_STOP;
	default:
		return key;
	}
}

bool options_take(struct options *options, option_taker take, void *user, int *status)
{
	int key;

	while ((key = options_next(options)) != OPTIONS_END) {
		*status = key == OPTIONS_STOP ? options->status : take(user, options, key);
		if (key == OPTIONS_STOP || *status != COMMAND_GOOD)
			return false;
	}
	*status = COMMAND_GOOD;
	return true;
}

int options_misuse(const struct options *options, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "pale %s: ", options->argv[0]);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see 'pale %s --help'\n", options->argv[0]);
	return COMMAND_USAGE;
}
