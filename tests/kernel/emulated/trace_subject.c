/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What trace_probe traces: calls that are dull until the tracer has put its filter there, then news,
 * by this process and by a child; and writes that are counted, so that none is lost or made twice.
 */
#include "guest.h"

#include <asm/unistd.h>

enum {
	ENOUGH = 1500,
	WRITES = 2500,
};

static void dull(void)
{
	for (int i = 0; i < ENOUGH; i++)
		guest_call(__NR_getppid);
}

/* What so many writes have put into a pipe comes out of it again. */
static int write_and_read(void)
{
	int ends[2];
	char byte;

	if (guest_call(__NR_pipe2, ends, 0) < 0)
		return 1;
	for (int i = 0; i < WRITES; i++)
		if (guest_call(__NR_write, ends[1], "x", 1) != 1)
			return 2;
	for (int i = 0; i < WRITES; i++)
		if (guest_call(__NR_read, ends[0], &byte, 1) != 1)
			return 3;
	guest_call(__NR_close, ends[1]);
	return guest_call(__NR_read, ends[0], &byte, 1) == 0 ? 0 : 4;
}

int guest_main(int count, char **arguments)
{
	long child;
	int status;

	(void)count;
	(void)arguments;
	dull();
	if (guest_call(__NR_getpriority, 0, 0) < 0)
		return 5;
	status = write_and_read();
	if (status)
		return status;
	child = guest_fork();
	if (child == 0) {
		dull();
		guest_exit(guest_call(__NR_getpriority, 1, 0) < 0 ? 6 : 0);
	}
	status = guest_wait(child);
	dull();
	return status == 0 && guest_call(__NR_getpriority, 2, 0) > 0 ? 0 : 7;
}
