/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ready.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

bool ready_take(struct ready *ready, const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > INT_MAX ||
	    fcntl((int)number, F_SETFD, FD_CLOEXEC) < 0)
		return false;
	ready->descriptor = (int)number;
	return true;
}

void ready_say(void *user)
{
	struct ready *ready = user;
	ssize_t written = write(ready->descriptor, "\n", 1);

	(void)written; /* nobody may be there any more */
	close(ready->descriptor);
}
