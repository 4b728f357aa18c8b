/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that pale-run starts inside an emulated machine: `subject WHAT`.
 *
 *	exit N		ends with N
 *	facts		prints what a sandbox changes, a line each
 *	getppid		prints what getppid(2) returns
 *	swapon		makes that call, which a filter may kill
 *	echo WORD...	prints the words
 */
#include "guest.h"

#include <asm/unistd.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/utsname.h>

struct limit {
	unsigned long current;
	unsigned long maximum;
};

static char text[4096];

static void print_number(const char *name, long value)
{
	guest_print(name);
	guest_print(" ");
	guest_print_decimal(value);
	guest_print("\n");
}

/* The rest of the line of /proc/self/status behind NAME. */
static void print_status(const char *name)
{
	size_t at = 0;

	for (size_t i = 0; text[i]; i++) {
		if (i && text[i - 1] != '\n')
			continue;
		for (at = 0; name[at] && text[i + at] == name[at]; at++)
			;
		if (name[at] || text[i + at] != ':')
			continue;
		guest_print(name);
		for (i += at + 1; text[i] == '\t' || text[i] == ' '; i++)
			;
		guest_print(" ");
		for (; text[i] && text[i] != '\n'; i++)
			guest_print((const char[]){text[i], 0});
		guest_print("\n");
		return;
	}
}

static void print_limit(const char *name, long resource)
{
#ifdef __NR_ugetrlimit
	const long number = __NR_ugetrlimit;
#else
	const long number = __NR_getrlimit;
#endif
	struct limit limit = {0};

	guest_call(number, resource, &limit);
	print_number(name, (long)limit.current);
}

static void print_facts(void)
{
	struct new_utsname names;

	print_number("pid", guest_call(__NR_getpid));
	print_number("uid", guest_call(__NR_getuid));
	print_number("gid", guest_call(__NR_getgid));
	guest_call(__NR_uname, &names);
	guest_print("host ");
	guest_print(names.nodename);
	print_limit("\nnofile", RLIMIT_NOFILE);
	print_limit("as", RLIMIT_AS);
	guest_read("/proc/self/status", text, sizeof(text));
	print_status("CapEff");
	print_status("CapBnd");
	print_status("NoNewPrivs");
	print_status("Seccomp");
}

static int parse(const char *word)
{
	int value = 0;

	for (; *word >= '0' && *word <= '9'; word++)
		value = value * 10 + *word - '0';
	return value;
}

int guest_main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";

	if (guest_equal(what, "exit") && count > 2)
		return parse(arguments[2]);
	if (guest_equal(what, "facts"))
		print_facts();
	else if (guest_equal(what, "getppid"))
		print_number("getppid", guest_call(__NR_getppid));
	else if (guest_equal(what, "swapon"))
		print_number("swapon", guest_call(__NR_swapon));
	else if (!guest_equal(what, "echo"))
		guest_fail("usage: subject WHAT", count);
	for (int i = 2; i < count; i++) {
		guest_print(arguments[i]);
		guest_print(i + 1 < count ? " " : "\n");
	}
	return 0;
}
