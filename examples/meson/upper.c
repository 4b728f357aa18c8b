/* SPDX-License-Identifier: Apache-2.0 */
/* upper: prints its input in capitals.
 *
 * It fences itself before it looks at its input, with the filter of upper.pale in a header, and does not
 * work without: a file that it could open before, it cannot open then.
 */
#define _GNU_SOURCE
#include "upper_filter.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fence(void)
{
	struct sock_fprog program = upper_program();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			    &program);
}

int main(void)
{
	int letter;

	if (open("/dev/null", O_RDONLY) < 0) {
		perror("/dev/null before the fence");
		return 1;
	}
	if (fence()) {
		perror("upper: no fence");
		return 1;
	}
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EACCES) {
		perror("upper: the fence has a hole");
		return 1;
	}
	while ((letter = getchar()) != EOF)
		putchar(toupper(letter));
	return 0;
}
