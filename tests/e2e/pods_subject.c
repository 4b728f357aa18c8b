/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pods_subject CALL FILE: what runs in a pod. It makes the call by which the test tells pods apart,
 * again and again, until there is FILE.
 */
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int make_call(const char *name)
{
	int file;

	if (strcmp(name, "chroot") == 0)
		return chroot("") < 0 ? 0 : -1;
	if (strcmp(name, "inotify_init1") == 0)
		file = inotify_init1(IN_CLOEXEC);
	else if (strcmp(name, "timerfd_create") == 0)
		file = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	else if (strcmp(name, "epoll_create1") == 0)
		file = (int)syscall(SYS_epoll_create1, 0);
	else
		return -1;
	return file < 0 ? -1 : close(file);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	do {
		if (make_call(argv[1]) < 0) {
			perror(argv[1]);
			return 1;
		}
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	} while (access(argv[2], F_OK) < 0);
	return 0;
}
