/* SPDX-License-Identifier: Apache-2.0 */
/* sum: adds the numbers of its input.
 *
 * It fences itself before it looks at its input, with the filter of sum.pale in a header, and does not
 * work without: a file that it could open before, it cannot open then.
 */
#define _GNU_SOURCE
#include "sum_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fence(void)
{
	struct sock_fprog program = sum_program();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			    &program);
}

int main(void)
{
	long number, sum = 0;

	if (open("/dev/null", O_RDONLY) < 0) {
		perror("/dev/null before the fence");
		return 1;
	}
	if (fence()) {
		perror("sum: no fence");
		return 1;
	}
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EACCES) {
		perror("sum: the fence has a hole");
		return 1;
	}
	while (scanf("%ld", &number) == 1)
		sum += number;
	printf("%ld\n", sum);
	return 0;
}
