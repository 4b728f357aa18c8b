/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/kernel/adaptive_acts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	ENOUGH = 1500, /* calls of one kind: the tracer has then put its filter there */
	LOST = 91,     /* exit statuses: a call was lost or made twice */
	REFUSED = 92,  /* one was refused that nobody but a filter refuses */
	OTHER = 93,
};

static void dull(int times)
{
	for (int i = 0; i < times; i++)
		syscall(SYS_getppid);
}

/* Calls that nothing else here makes; NUMBER tells them apart. */
static int news(int number)
{
	long result = syscall(SYS_getpriority, number % 3, 0);

	return result < 0 && errno == ENOSYS ? REFUSED : 0;
}

static int wait_for(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : OTHER;
}

static int act_late_news(void)
{
	dull(ENOUGH);
	if (news(0))
		return REFUSED;
	dull(ENOUGH);
	return news(1);
}

static void handle_alarm(int signal)
{
	(void)signal;
	syscall(SYS_getppid);
}

/* Signals come each millisecond, and each of so many writes is made once and only once. */
static int act_alarms(void)
{
	const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = handle_alarm, .sa_flags = SA_RESTART};
	int file = memfd_create("written", 0), times = 20 * ENOUGH;
	struct stat stat;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < times; i++)
		if (write(file, "x", 1) != 1)
			return LOST;
	setitimer(ITIMER_REAL, &never, NULL);
	if (fstat(file, &stat) < 0 || stat.st_size != times)
		return LOST;
	return news(0);
}

struct blocked {
	int pipe[2];
	uint32_t word;
	volatile int done[3];
};

/* Makes no call that some runs make and some do not: a join waits only where it is early. */
static _Noreturn void linger(volatile int *done)
{
	*done = 1;
	while (*done)
		;
	_exit(OTHER);
}

static void *block_in_read(void *user)
{
	struct blocked *blocked = user;
	char byte;

	if (read(blocked->pipe[0], &byte, 1) != 1)
		exit(LOST);
	if (news(0))
		exit(REFUSED);
	linger(&blocked->done[0]);
}

static void *block_in_poll(void *user)
{
	struct blocked *blocked = user;
	struct pollfd wait = {.fd = blocked->pipe[0], .events = POLLIN};

	if (poll(&wait, 1, -1) != 1)
		exit(LOST);
	if (news(1))
		exit(REFUSED);
	linger(&blocked->done[1]);
}

static void *block_in_futex(void *user)
{
	struct blocked *blocked = user;

	/* Once for certain, whoever is faster: it is never 2. */
	syscall(SYS_futex, &blocked->word, FUTEX_WAIT, 2, NULL, NULL, 0);
	while (__atomic_load_n(&blocked->word, __ATOMIC_SEQ_CST) == 0)
		syscall(SYS_futex, &blocked->word, FUTEX_WAIT, 0, NULL, NULL, 0);
	if (news(2))
		exit(REFUSED);
	linger(&blocked->done[2]);
}

/* Threads get the filter where they stand: in calls that last. */
static int act_blocked_threads(void)
{
	static void *(*const blocks[])(void *) = {block_in_read, block_in_poll, block_in_futex};
	static struct blocked blocked; /* the threads outlast this */
	pthread_t threads[3];

	if (pipe(blocked.pipe) < 0)
		return OTHER;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, blocks[i], &blocked);
	dull(2 * ENOUGH);
	__atomic_store_n(&blocked.word, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &blocked.word, FUTEX_WAKE, 1, NULL, NULL, 0);
	if (write(blocked.pipe[1], "xx", 2) != 2)
		return LOST;
	while (!blocked.done[0] || !blocked.done[1] || !blocked.done[2])
		;
	return 0;
}

/* A child that borrows its parent's memory; the LAST one makes a call that is new. */
static int vfork_once(bool last)
{
	pid_t child = vfork();

	if (child == 0) {
		for (int i = 0; i < 40; i++)
			syscall(SYS_getppid);
		_exit(last && syscall(SYS_getpriority, 1, 0) < 0 ? REFUSED : 0);
	}
	dull(40);
	return wait_for(child);
}

static int act_vforks(void)
{
	for (int i = 0; i < 60; i++)
		if (vfork_once(i == 59))
			return REFUSED;
	return news(0);
}

static void *exec_late(void *user)
{
	char *arguments[] = {user, (char *)"--act", (char *)"late-news", NULL};

	execv("/proc/self/exe", arguments);
	return NULL;
}

/* The exec may come before the leader's last read or find it waiting there: it reads once before, so
   that both have made the same calls. */
static int act_thread_exec(void)
{
	static char name[] = "program";
	pthread_t thread;
	char byte = 0;
	int ends[2];

	dull(ENOUGH);
	if (pipe(ends) || write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
		return REFUSED;
	if (pthread_create(&thread, NULL, exec_late, name))
		return REFUSED;
	return read(ends[0], &byte, 1) == 1 ? REFUSED : OTHER;
}

static int act_other_program(void)
{
	pid_t child;

	dull(ENOUGH);
	child = fork();
	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(OTHER);
	}
	return wait_for(child) ? REFUSED : news(0);
}

/* A builder: the same small program again and again. */
static int act_builds(void)
{
	for (int i = 0; i < 60; i++) {
		pid_t child;

		dull(30);
		child = fork();
		if (child == 0) {
			execl("/bin/true", "true", (char *)NULL);
			_exit(OTHER);
		}
		if (wait_for(child))
			return REFUSED;
	}
	return news(0);
}

static int act_clone3(void)
{
	struct clone_args arguments = {.exit_signal = SIGCHLD};
	long child;

	dull(ENOUGH);
	child = syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (child < 0)
		return errno == ENOSYS ? 0 : OTHER;
	if (child == 0)
		_exit(news(1));
	return wait_for((pid_t)child);
}

static int act_untraced_child(void)
{
	struct clone_args arguments = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
	long child;

	dull(ENOUGH);
	child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child == 0)
		_exit(news(1));
	if (wait_for((pid_t)child))
		return REFUSED;
	child = syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (child == 0)
		_exit(news(2));
	return child < 0 ? 0 : wait_for((pid_t)child);
}

static struct clone_args flipped;
static volatile bool flipping = true;

static void *flip_flags(void *unused)
{
	volatile __u64 *flags = (volatile __u64 *)&flipped.flags;

	while (flipping) {
		for (volatile int i = 0; i < 2000; i++)
			*flags = CLONE_UNTRACED;
		for (volatile int i = 0; i < 2000; i++)
			*flags = 0;
	}
	return unused;
}

/* The flag comes back into memory between the tracer's look and the kernel's. */
static int act_flipped_flags(void)
{
	pthread_t thread;

	dull(ENOUGH);
	if (pthread_create(&thread, NULL, flip_flags, NULL))
		return REFUSED;
	for (int i = 0; i < 300; i++) {
		long child;
		int status;

		flipped.exit_signal = SIGCHLD;
		child = syscall(SYS_clone3, &flipped, sizeof(flipped));
		if (child == 0)
			_exit(0);
		if (child < 0)
			return REFUSED;
		waitpid((pid_t)child, &status, __WALL);
	}
	flipping = false;
	pthread_join(thread, NULL);
	return 0;
}

static int act_own_filter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 7),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	dull(ENOUGH);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return OTHER;
	if (syscall(SYS_getpriority, 0, 0) != -1 || errno != EPERM)
		return REFUSED;
	/* It has no tracer of its own. */
	if (syscall(SYS_getpgid, 0) != -1 || errno != ENOSYS)
		return REFUSED;
	dull(ENOUGH);
	return 0;
}

static int act_closes_all(void)
{
	for (int i = 0; i < 1024; i++)
		close(i);
	dull(ENOUGH);
	return news(0);
}

static void *stop_main(void *user)
{
	struct timespec pause = {0, 100000000};
	pid_t child = fork();

	(void)user;
	if (child == 0) {
		nanosleep(&pause, NULL);
		kill(getppid(), SIGSTOP);
		nanosleep(&pause, NULL);
		kill(getppid(), SIGCONT);
		_exit(0);
	}
	return NULL;
}

/* Stopped in a sleep behind the filter: restart_syscall is then the news. */
static int act_restart(void)
{
	struct timespec half = {0, 500000000};

	dull(ENOUGH);
	stop_main(NULL);
	if (syscall(SYS_nanosleep, &half, NULL) < 0)
		return LOST;
	return wait(NULL) > 0 ? news(0) : OTHER;
}

static void *dull_thread(void *user)
{
	volatile int *serving = user;

	while (!serving[0])
		syscall(SYS_getppid);
	/* In the serving phase this is to be seen again, known or not. */
	dull(5);
	linger(&serving[1]);
}

/* Behind a filter of the start phase, what is made again while serving is seen again. */
static int act_serves_late(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct pollfd wait = {.events = POLLIN};
	static volatile int serving[2];
	pthread_t thread;

	pthread_create(&thread, NULL, dull_thread, (void *)serving);
	dull(3 * ENOUGH);
	for (int i = 0; i < ENOUGH; i++)
		poll(NULL, 0, 0);
	wait.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(wait.fd, (struct sockaddr *)&address, sizeof(address.sun_family)) < 0 ||
	    listen(wait.fd, 1) < 0)
		return OTHER;
	poll(&wait, 1, 10);
	serving[0] = 1;
	while (!serving[1])
		;
	dull(2 * ENOUGH);
	return news(0);
}

static int act_int80(void)
{
#ifdef __x86_64__
	long result = 0;

	for (int i = 0; i < ENOUGH && result >= 0; i++)
		__asm__ volatile("int $0x80"
				 : "=a"(result)
				 : "0"(64L)
				 : "memory", "r8", "r9", "r10", "r11");
	if (result < 0)
		return 77;
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(96L), "b"(1L), "c"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return result < 0 ? REFUSED : news(0);
#else
	return 77;
#endif
}

static int odd_thread(void *unused)
{
	(void)unused;
	dull(ENOUGH);
	return news(1);
}

/* Threads whose creation looks like a fork's or a vfork's: by their signal, by who waits for them. */
static int act_odd_threads(void)
{
	static const int odd[] = {SIGCHLD, CLONE_VFORK};
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			  CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	static char stack[1 << 16] __attribute__((aligned(16)));
	static int tid;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		int seen;

		if (clone(odd_thread, stack + sizeof(stack), flags | odd[i], NULL, &tid, NULL,
			  &tid) < 0)
			return OTHER;
		while ((seen = __atomic_load_n(&tid, __ATOMIC_ACQUIRE)) != 0)
			syscall(SYS_futex, &tid, FUTEX_WAIT, seen, NULL, NULL, 0);
	}
	return 0;
}

/* As many processes as double eight times, each with calls enough for filters to come and go. */
static int act_fork_bomb(void)
{
	for (int i = 0; i < 8; i++)
		fork();
	while (getppid() >= 0) {
		dull(1000);
		usleep(1000);
	}
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} acts[] = {
	{"alarms", act_alarms},
	{"blocked-threads", act_blocked_threads},
	{"builds", act_builds},
	{"clone3", act_clone3},
	{"closes-all", act_closes_all},
	{"flipped-flags", act_flipped_flags},
	{"fork-bomb", act_fork_bomb},
	{"int80", act_int80},
	{"late-news", act_late_news},
	{"odd-threads", act_odd_threads},
	{"other-program", act_other_program},
	{"own-filter", act_own_filter},
	{"restart", act_restart},
	{"serves-late", act_serves_late},
	{"thread-exec", act_thread_exec},
	{"untraced-child", act_untraced_child},
	{"vforks", act_vforks},
};

int adaptive_act_run(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, argv[2]) == 0)
			return acts[i].run();
	return 99;
}
