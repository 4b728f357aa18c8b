/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A task that never rests is put into a control group and out of it again, many times. It makes some
 * calls only while it is surely inside, some only while it is surely outside, and some while it is
 * moved. What it made of each goes to standard output: "call argument where count" on a line each.
 *
 * usage: ebpf_moves INSIDE OUTSIDE ROUNDS process|thread; the first two are the files that a number is
 * written to, of the task, which is a process, or a thread of this one.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	KINDS = 24, /* more than a task remembers at once */
	IOCTLS = 0x5000,
	FCNTLS = 0x7000,
	QUIET_MICROSECONDS = 300,
};

enum where {
	INSIDE,
	BORDER,
	OUTSIDE,
	PLACES,
	END
};

static const char *const words[PLACES] = {"inside", "border", "outside"};

/* What the task and its mover share. */
struct play {
	uint32_t wanted; /* enum where */
	uint32_t taken;  /* the same of the calls that the task makes now */
	int task;
	uint64_t rounds[PLACES]; /* each makes every call once */
};

static void calls_make(unsigned int where)
{
	for (unsigned int i = 0; i < KINDS; i++) {
		syscall(SYS_ioctl, -1, IOCTLS + 256 * where + i, 0);
		syscall(SYS_fcntl, -1, FCNTLS + 256 * where + i, 0);
	}
	if (where == INSIDE)
		syscall(SYS_getsid, 0);
	else if (where == OUTSIDE)
		syscall(SYS_getpgid, 0);
}

static void *task_play(void *user)
{
	struct play *play = user;

	__atomic_store_n(&play->task, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	for (;;) {
		uint32_t where = __atomic_load_n(&play->wanted, __ATOMIC_SEQ_CST);

		if (where == END)
			return NULL;
		__atomic_store_n(&play->taken, where, __ATOMIC_SEQ_CST);
		play->rounds[where]++;
		calls_make(where);
	}
}

/* Returns when the task makes those calls and no others any more. */
static void want(struct play *play, enum where where)
{
	__atomic_store_n(&play->wanted, where, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&play->taken, __ATOMIC_SEQ_CST) != where)
		sched_yield();
}

static void move(int file, int task)
{
	char number[16];
	int length = snprintf(number, sizeof(number), "%d", task);

	if (pwrite(file, number, (size_t)length, 0) != length) {
		perror("moving the task");
		exit(1);
	}
}

static void print(const struct play *play)
{
	for (unsigned int i = 0; i < PLACES; i++) {
		for (unsigned int j = 0; j < KINDS; j++) {
			printf("ioctl %#x %s %ju\n", IOCTLS + 256 * i + j, words[i],
			       (uintmax_t)play->rounds[i]);
			printf("fcntl %#x %s %ju\n", FCNTLS + 256 * i + j, words[i],
			       (uintmax_t)play->rounds[i]);
		}
	}
	printf("getsid - inside %ju\n", (uintmax_t)play->rounds[INSIDE]);
	printf("getpgid - outside %ju\n", (uintmax_t)play->rounds[OUTSIDE]);
}

int main(int argc, char **argv)
{
	struct play *play = mmap(NULL, sizeof(*play), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int inside = argc == 5 ? open(argv[1], O_WRONLY | O_CLOEXEC) : -1;
	int outside = argc == 5 ? open(argv[2], O_WRONLY | O_CLOEXEC) : -1;
	pthread_t thread;

	if (inside < 0 || outside < 0 || play == MAP_FAILED)
		return 77;
	play->wanted = BORDER;
	play->taken = END;
	if (strcmp(argv[4], "thread") == 0) {
		if (pthread_create(&thread, NULL, task_play, play) != 0)
			return 1;
	} else if (fork() == 0) {
		task_play(play);
		_exit(0);
	}
	want(play, BORDER);
	for (int i = 0; i < atoi(argv[3]); i++) {
		move(inside, play->task);
		want(play, INSIDE);
		usleep(QUIET_MICROSECONDS);
		want(play, BORDER);
		move(outside, play->task);
		want(play, OUTSIDE);
		usleep(QUIET_MICROSECONDS);
		want(play, BORDER);
	}
	__atomic_store_n(&play->wanted, END, __ATOMIC_SEQ_CST);
	usleep(100000); /* it has made its last calls */
	print(play);
	return 0;
}
