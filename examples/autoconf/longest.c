/* SPDX-License-Identifier: Apache-2.0 */
/* longest: says how long the longest line of its input is.
 *
 * It fences itself before it looks at its input, with the filter of longest.pale in an object, and does not
 * work without: a file that it could open before, it cannot open then.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>

/* In longest_filter.o. */
extern const struct sock_filter longest_filter[];
extern const unsigned short longest_filter_count;

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fence(void)
{
	struct sock_fprog program = {
		.len = longest_filter_count,
		.filter = (struct sock_filter *)longest_filter, /* only read */
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			    &program);
}

int main(void)
{
	unsigned long length = 0, longest = 0;
	int letter;

	if (open("/dev/null", O_RDONLY) < 0) {
		perror("/dev/null before the fence");
		return 1;
	}
	if (fence()) {
		perror("longest: no fence");
		return 1;
	}
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EACCES) {
		perror("longest: the fence has a hole");
		return 1;
	}
	while ((letter = getchar()) != EOF) {
		length = letter == '\n' ? 0 : length + 1;
		if (length > longest)
			longest = length;
	}
	printf("%lu\n", longest);
	return 0;
}
