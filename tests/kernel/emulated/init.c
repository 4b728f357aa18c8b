/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first process of an emulated machine: runs the lines of /script one after the other, each a
 * program and its arguments with blanks between, and says how each ended. Then the machine stops.
 */
#include "guest.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/reboot.h>
#include <linux/wait.h>

static char script[1 << 16];

static void print_end(int status)
{
	guest_print((status & 0x7f) ? "= signal " : "= exit ");
	guest_print_decimal((status & 0x7f) ? status & 0x7f : status >> 8 & 0xff);
	guest_print("\n");
	guest_flush();
}

static void run(char **words)
{
	static char *environment[] = {"PATH=/bin", "MARK=kept", NULL};
	long child = guest_fork();
	long result;

	if (child == 0) {
		result = guest_call(__NR_execve, words[0], words, environment);
		guest_fail(words[0], result);
	}
	print_end(guest_wait(child));
	/* What it may have left behind. */
	while (guest_call(__NR_wait4, -1, 0, WNOHANG) > 0)
		;
}

/* Takes the words of the line at *TEXT, which it moves to the next. False at the end. */
static bool take_line(char **text, char **words, size_t limit)
{
	size_t count = 0;

	while (**text && **text != '\n') {
		if (count + 1 < limit)
			words[count++] = *text;
		while (**text && **text != ' ' && **text != '\n')
			(*text)++;
		while (**text == ' ')
			*(*text)++ = 0;
	}
	words[count] = NULL;
	if (!**text)
		return false;
	*(*text)++ = 0;
	return true;
}

/* An archive that anyone can make has no devices in it, so the kernel found no console for us. */
static void prepare(void)
{
	static const char *const types[] = {"proc", "sysfs", "tmpfs", "devtmpfs"};
	static const char *const places[] = {"/proc", "/sys", "/tmp", "/dev"};
	long console;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		guest_call(__NR_mount, types[i], places[i], types[i], 0, 0);
	console = guest_call(__NR_openat, AT_FDCWD, "/dev/console", O_RDWR);
	for (long fd = 0; fd < 3; fd++)
		if (fd != console)
			guest_call(__NR_dup3, console, fd, 0);
}

int guest_main(int count, char **arguments)
{
	char *text = script;
	char *words[32];

	(void)count, (void)arguments;
	prepare();
	guest_print("\n= begin\n");
	guest_flush();
	guest_read("/script", script, sizeof(script));
	while (take_line(&text, words, sizeof(words) / sizeof(words[0])))
		if (words[0])
			run(words);
	guest_print("= end\n");
	guest_flush();
	guest_call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		   LINUX_REBOOT_CMD_POWER_OFF);
	guest_call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART);
	return 1; /* the kernel panics, and qemu ends */
}
