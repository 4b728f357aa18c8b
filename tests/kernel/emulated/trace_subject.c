/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What trace_probe traces: calls that are dull until the tracer has put its filter there, then news,
 * by this process and by a child; and writes that are counted, so that none is lost or made twice.
 */
#include "guest.h"

#include <asm/unistd.h>

enum {
	ENOUGH = 1500,
};

/* Each byte that goes into a pipe comes out of it again, and none is left. */
static int dull(void)
{
	int ends[2];
	char byte;

	if (guest_call(__NR_pipe2, ends, 0) < 0)
		return 1;
	for (int i = 0; i < ENOUGH; i++) {
		if (guest_call(__NR_write, ends[1], "x", 1) != 1 || guest_call(__NR_getppid) < 0)
			return 2;
		if (guest_call(__NR_read, ends[0], &byte, 1) != 1)
			return 3;
	}
	guest_call(__NR_close, ends[1]);
	return guest_call(__NR_read, ends[0], &byte, 1) == 0 ? 0 : 4;
}

int guest_main(int count, char **arguments)
{
	long child;
	int status;

	(void)count;
	(void)arguments;
	status = dull();
	if (status || guest_call(__NR_getpriority, 0, 0) < 0)
		return status ? status : 5;
	child = guest_fork();
	if (child == 0) {
		status = dull();
		guest_exit(guest_call(__NR_getpriority, 1, 0) < 0 ? 6 : status);
	}
	status = guest_wait(child);
	if (status || dull())
		return 7;
	return guest_call(__NR_getpriority, 2, 0) > 0 ? 0 : 8;
}
