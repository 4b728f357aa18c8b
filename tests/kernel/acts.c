/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/kernel/acts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void mark(int times)
{
	for (int i = 0; i < times; i++)
		syscall(SYS_getppid);
}

static int wait_for(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 90;
}

static void pause_milliseconds(long milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	while (nanosleep(&pause, &pause) < 0 && errno == EINTR)
		;
}

static int act_plain(void)
{
	mark(7);
	return 0;
}

static int act_status(void)
{
	return 42;
}

static int act_fork(void)
{
	pid_t child = fork();

	if (child == 0) {
		mark(4);
		_exit(5);
	}
	mark(3);
	return wait_for(child);
}

static int act_vfork(void)
{
	pid_t child = vfork();

	if (child == 0) {
		syscall(SYS_getppid);
		syscall(SYS_getppid);
		_exit(6);
	}
	mark(3);
	return wait_for(child);
}

static void *thread_marks(void *unused)
{
	mark(5);
	return unused;
}

static int act_threads(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, thread_marks, NULL) != 0)
			return 91;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static void become(const char *act)
{
	char own[4096];
	ssize_t length = readlink("/proc/thread-self/exe", own, sizeof(own) - 1);

	own[length > 0 ? length : 0] = '\0';
	execl(own, own, "--act", act, NULL);
	_exit(92);
}

static void *thread_becomes(void *unused)
{
	mark(1);
	become("plain");
	return unused;
}

static void *thread_waits(void *barrier)
{
	pthread_barrier_wait(barrier);
	pause();
	return NULL;
}

/* The new program takes the process's id, and all other threads end. */
static int act_thread_exec(void)
{
	pthread_barrier_t barrier;
	pthread_t threads[3];

	/* A thread that ends before its first stop is not counted, so both have to have begun. */
	pthread_barrier_init(&barrier, NULL, 3);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, thread_waits, &barrier);
	pthread_barrier_wait(&barrier);
	pthread_create(&threads[2], NULL, thread_becomes, NULL);
	pause();
	return 93;
}

/* So does one whose first thread has ended before. */
static int act_orphan_thread_exec(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, thread_becomes, NULL);
	pthread_exit(NULL);
	return 0;
}

static int act_exec_chain(void)
{
	mark(1);
	become("exec-chain-2");
	return 0;
}

static int act_exec_chain_2(void)
{
	mark(2);
	become("plain");
	return 0;
}

static int act_int80(void)
{
#ifdef __x86_64__
	mark(2);
	for (int i = 0; i < 5; i++) {
		long answer = 64; /* getppid of i386 */

		__asm__ volatile("int $0x80" : "+a"(answer) : : "memory", "r8", "r9", "r10", "r11");
		if (answer < 0)
			return 77;
	}
	return 0;
#else
	return 77;
#endif
}

/* Kernels without x32 answer ENOSYS, and the ABI is x32 all the same. */
static int act_x32(void)
{
	for (int i = 0; i < 3; i++)
		syscall(0x40000000 | 110); /* getppid */
	return 0;
}

static int act_killed(void)
{
	mark(1);
	kill(getpid(), SIGTERM);
	pause();
	return 94;
}

/* A child that stops itself: its parent has to see that, and to be able to let it go on. */
static int act_stops(void)
{
	int status, done[2];
	pid_t child;

	if (pipe(done))
		return 93;
	child = fork();
	if (child == 0) {
		char end;

		close(done[1]);
		mark(1);
		raise(SIGSTOP);
		mark(1);
		/* Its end would hide from a slow parent that it went on. */
		_exit(read(done[0], &end, 1) == 0 ? 8 : 92);
	}
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status) ||
	    WSTOPSIG(status) != SIGSTOP)
		return 95;
	pause_milliseconds(100);
	if (waitpid(child, &status, WNOHANG | WUNTRACED) != 0) /* it stays stopped */
		return 96;
	kill(child, SIGCONT);
	if (waitpid(child, &status, WCONTINUED) != child || !WIFCONTINUED(status))
		return 97;
	close(done[1]);
	return wait_for(child);
}

/* A sleep that is stopped and continued goes on as restart_syscall. */
static int act_restart(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct timespec pause = {0, 300000000};

		_exit(nanosleep(&pause, NULL) == 0 ? 0 : 98);
	}
	pause_milliseconds(100);
	kill(child, SIGSTOP);
	if (waitpid(child, &status, WUNTRACED) != child)
		return 95;
	kill(child, SIGCONT);
	return wait_for(child);
}

static int act_many_children(void)
{
	for (int i = 0; i < 500; i++) {
		pid_t child = fork();

		if (child < 0)
			return 90;
		if (child == 0) {
			mark(1);
			_exit(0);
		}
		if (i % 50 == 49) /* some at once, and never too many */
			while (waitpid(-1, NULL, 0) > 0)
				;
	}
	return 0;
}

static int act_clone3(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	long child = syscall(SYS_clone3, &args, sizeof(args));

	if (child == 0) {
		mark(2);
		_exit(0);
	}
	return child > 0 ? wait_for((pid_t)child) : 77;
}

static int act_untraced_child(void)
{
	long child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, NULL, NULL, NULL, NULL);

	if (child == 0) {
		mark(100);
		_exit(0);
	}
	mark(1);
	return wait_for((pid_t)child);
}

static int act_own_filter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return 77;
	mark(2);
	return 0;
}

static int act_own_tracer(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? 0 : 91;
}

static int act_errors(void)
{
	for (int i = 0; i < 6; i++)
		syscall(SYS_openat, AT_FDCWD, "/nowhere/at/all", O_RDONLY);
	syscall(SYS_openat, -1, "nothing", O_RDWR | O_CLOEXEC);
	return 0;
}

static int act_values(void)
{
	static const int kinds[][2] = {
		{AF_UNIX, SOCK_STREAM}, {AF_UNIX, SOCK_DGRAM}, {AF_UNIX, SOCK_STREAM}};

	for (size_t i = 0; i < 3; i++)
		close(socket(kinds[i][0], kinds[i][1], 0));
	/* More different ioctls than a recording keeps. */
	for (unsigned int i = 0; i < 300; i++)
		syscall(SYS_ioctl, -1, 0x10000 + i, 0);
	/* The kernel looks at 32 bits of an int, whatever is above them. */
	syscall(SYS_fcntl, -1, 0xdeadbeef00000000 | F_GETFD);
	return 0;
}

/* A daemon: what it leaves behind outlives it. */
static int act_daemon(void)
{
	if (fork() > 0)
		return 5;
	setsid();
	pause_milliseconds(150);
	mark(3);
	return 0;
}

static void exit_nine(int signal)
{
	(void)signal;
	_exit(9);
}

static int act_ends_on_request(void)
{
	signal(SIGTERM, exit_nine);
	for (;;)
		pause();
	return 0;
}

static int act_stays(void)
{
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
	return 0;
}

static int act_outlasts(void)
{
	struct sigaction child, request;

	sigaction(SIGCHLD, NULL, &child);
	sigaction(SIGTERM, NULL, &request);
	pause_milliseconds(1500);
	return child.sa_handler == SIG_IGN && request.sa_handler == SIG_IGN ? 11 : 91;
}

/* Its effective user tells whether the set-user-ID bit of its file was honoured. */
static int act_user(void)
{
	return geteuid() == 0 ? 0 : 10;
}

/* Signals with a handler, one inside of a call that it interrupts. */
static void note(int signal)
{
	(void)signal;
	syscall(SYS_getppid);
}

static int act_signals(void)
{
	struct sigaction action = {.sa_handler = note};
	struct timespec pause = {5, 0};
	pid_t parent = getpid();

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	if (fork() == 0) {
		pause_milliseconds(100);
		kill(parent, SIGUSR1);
		_exit(0);
	}
	if (nanosleep(&pause, NULL) == 0 || errno != EINTR)
		return 91;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} acts[] = {
	{"clone3", act_clone3},
	{"daemon", act_daemon},
	{"ends-on-request", act_ends_on_request},
	{"errors", act_errors},
	{"exec-chain", act_exec_chain},
	{"exec-chain-2", act_exec_chain_2},
	{"fork", act_fork},
	{"int80", act_int80},
	{"killed", act_killed},
	{"many-children", act_many_children},
	{"orphan-thread-exec", act_orphan_thread_exec},
	{"outlasts", act_outlasts},
	{"own-filter", act_own_filter},
	{"own-tracer", act_own_tracer},
	{"plain", act_plain},
	{"restart", act_restart},
	{"signals", act_signals},
	{"status", act_status},
	{"stays", act_stays},
	{"stops", act_stops},
	{"thread-exec", act_thread_exec},
	{"threads", act_threads},
	{"untraced-child", act_untraced_child},
	{"user", act_user},
	{"values", act_values},
	{"vfork", act_vfork},
	{"x32", act_x32},
};

int act_run(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, argv[2]) == 0)
			return acts[i].run();
	return 99;
}
