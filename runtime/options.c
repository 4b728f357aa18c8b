/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of pale-run. */
#include "runtime/shim.h"

static const char help[] =
	"usage: pale-run [OPTION]... [--] BUNDLE [--] COMMAND [ARGUMENT]...\n"
	"       pale-run [OPTION]... --bundle-fd N [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Runs COMMAND behind the filter and in the sandbox that BUNDLE holds, as\n"
	"`pale compile` wrote it. What cannot be applied stops it before COMMAND runs.\n"
	"\n"
	"  --bundle-fd N   read the bundle from descriptor N, then close it\n"
	"  --keep-fd N     let COMMAND inherit descriptor N (above 2; can be repeated);\n"
	"                  all others above standard error are closed\n"
	"  --load NAME=N   give the policy's value NAME, which is known only now; N is a\n"
	"                  number, or @pid for the number of the process that runs COMMAND\n"
	"  --help          print this and end\n"
	"  --version       print the version and end\n"
	"\n"
	"Exit status: that of COMMAND, or 128+N where signal N ended it behind pale-run;\n"
	"125 where pale-run itself failed, 126 where COMMAND cannot be executed,\n"
	"127 where it is not found.\n";

static const char version[] = "pale-run " PALE_VERSION "\n";

static void print_and_end(const char *text, size_t length)
{
	long written = sys_write(1, text, length);

	if (written < 0)
		fail(SHIM_FAILED, "arguments", written, "cannot write to standard output", NULL);
	sys_exit(0);
}

static int descriptor_parse(const char *option, const char *text)
{
	long number = text ? text_number(text, 0x7fffffff) : -1;

	if (!text)
		fail(SHIM_FAILED, "arguments", 0, option, " wants the number of a descriptor",
		     NULL);
	if (number < 0)
		fail(SHIM_FAILED, "arguments", 0, option, ": '", text,
		     "' is not the number of a descriptor", NULL);
	return (int)number;
}

/* Keeps the list sorted. Descriptors up to 2 are inherited in any case. */
static void keep_add(struct shim *shim, int fd)
{
	unsigned int at = 0;

	if (fd <= 2)
		return;
	while (at < shim->keep_count && shim->keep[at] < fd)
		at++;
	if (at < shim->keep_count && shim->keep[at] == fd)
		return;
	if (shim->keep_count == SHIM_KEEP_MAX)
		fail(SHIM_FAILED, "arguments", 0, "--keep-fd can be given 64 times at most", NULL);
	for (unsigned int i = shim->keep_count; i > at; i--)
		shim->keep[i] = shim->keep[i - 1];
	shim->keep[at] = fd;
	shim->keep_count++;
}

/* TEXT is NAME=VALUE. What NAME and VALUE are good for is seen once the bundle is there. */
static void value_add(struct shim *shim, const char *text)
{
	const char *at = text;

	while (at && *at && *at != '=')
		at++;
	if (!at || !*at || at == text)
		fail(SHIM_FAILED, "arguments", 0, "--load wants NAME=VALUE", NULL);
	if (shim->value_count == SHIM_VALUES_MAX)
		fail(SHIM_FAILED, "arguments", 0, "--load can be given 64 times at most", NULL);
	shim->values[shim->value_count++] = (struct shim_value){text, at + 1};
}

/*
 * The value of option NAME where WORD is that option, from behind `=` or from the next word, which
 * is then taken. False for another option.
 */
static bool option_take(const char *name, char ***at, const char **value)
{
	const char *word = **at;

	while (*name && *name == *word) {
		name++;
		word++;
	}
	if (*name || (*word && *word != '='))
		return false;
	*value = *word ? word + 1 : *++*at;
	return true;
}

/* Takes the options. Returns the first word that is none. */
static char **options_take(struct shim *shim, char **at)
{
	const char *value;

	for (; *at && (*at)[0] == '-' && (*at)[1]; at++) {
		if (text_equal(*at, "--"))
			return at + 1;
		if (text_equal(*at, "--help"))
			print_and_end(help, sizeof(help) - 1);
		if (text_equal(*at, "--version"))
			print_and_end(version, sizeof(version) - 1);
		if (option_take("--bundle-fd", &at, &value))
			shim->bundle_fd = descriptor_parse("--bundle-fd", value);
		else if (option_take("--keep-fd", &at, &value))
			keep_add(shim, descriptor_parse("--keep-fd", value));
		else if (option_take("--load", &at, &value))
			value_add(shim, value);
		else
			fail(SHIM_FAILED, "arguments", 0, "unknown option '", *at,
			     "'; see pale-run --help", NULL);
	}
	return at;
}

void options_parse(struct shim *shim, int argc, char **argv)
{
	char **at;

	shim->bundle_fd = -1;
	at = argc > 0 ? options_take(shim, argv + 1) : argv;
	if (shim->bundle_fd < 0) {
		if (!*at)
			fail(SHIM_FAILED, "arguments", 0, "no bundle is given; see pale-run --help",
			     NULL);
		shim->bundle_path = *at++;
		if (*at && text_equal(*at, "--"))
			at++;
	}
	if (!*at)
		fail(SHIM_FAILED, "arguments", 0, "no command is given; see pale-run --help", NULL);
	shim->command = at;
}
