/* SPDX-License-Identifier: Apache-2.0 */
/* What the test of the eBPF tracer records: one act a run, by its name. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int act_untraced(void)
{
	int status;
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		syscall(SYS_getsid, 0);
		_exit(7);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7 ? 0 : 1;
}

/* getpid of x86 is 20. */
static int act_int80(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
	return result == getpid() ? 0 : 1;
}

static void *exec_true(void *unused)
{
	execl("/bin/true", "true", NULL);
	return unused;
}

static int act_thread_exec(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_true, NULL) != 0)
		return 1;
	for (;;)
		pause();
}

static int act_vfork(void)
{
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

/* Numbers that no call has, around what the catalogue describes and in x32's part of them. */
static int act_numbers(void)
{
	static const long numbers[] = {512,        1023,       1024,       9999,
				       0x12345678, 0x40000027, 0x40000fff, -1};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		syscall(numbers[i], 1, 2, 3);
	return 0;
}

/* A program that looks whether it is traced. */
static int act_traceme(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 1;
}

static int act_memfd(void)
{
	int from = open("/bin/true", O_RDONLY | O_CLOEXEC);
	int to = memfd_create("subject", MFD_CLOEXEC);
	char bytes[65536], *const words[] = {(char *)"true", NULL};
	ssize_t got;

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)got) != got)
			return 1;
	fexecve(to, words, environ);
	return 1;
}

/* A folder made by an io_uring alone. */
static int act_uring(void)
{
	struct io_uring_params params = {0};
	int ring = (int)syscall(SYS_io_uring_setup, 4, &params);
	unsigned char *queue;
	struct io_uring_sqe *entries;

	if (ring < 0)
		return 77;
	queue = mmap(NULL, params.sq_off.array + params.sq_entries * sizeof(uint32_t),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
	if (queue == MAP_FAILED || entries == MAP_FAILED)
		return 1;
	entries[0].opcode = IORING_OP_MKDIRAT;
	entries[0].fd = AT_FDCWD;
	entries[0].addr = (uint64_t)(uintptr_t) "by-uring";
	entries[0].len = 0700;
	((uint32_t *)(queue + params.sq_off.array))[0] = 0;
	__atomic_store_n((uint32_t *)(queue + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	return syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1 ? 0
											     : 1;
}

static int act_filter(void)
{
	struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {1, code};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : 1;
}

/* Listens, waits, and does in a child what it did not before. */
static int act_serve(void)
{
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd from = {server, POLLIN, 0};
	pid_t pid;

	syscall(SYS_getsid, 0);
	if (listen(server, 1) < 0)
		return 1;
	syscall(SYS_getppid);
	poll(&from, 1, 1);
	pid = fork();
	if (pid == 0) {
		syscall(SYS_getpgid, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

static int act_eight(void)
{
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			for (int j = 0; j < 100000; j++)
				syscall(SYS_lseek, 0, (long)j, j % 3);
			_exit(0);
		}
	}
	for (int i = 0; i < 8; i++)
		wait(NULL);
	return 0;
}

/* Forks until the limit on processes stops it. */
static int act_bomb(void)
{
	for (int i = 0; i < 20000; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0)
			break;
	}
	kill(0, SIGTERM);
	return 1;
}

static int act_threads(void)
{
	static const int count = 2000;
	pid_t pid;

	for (int i = 0; i < count; i++) {
		pid = fork();
		if (pid == 0) {
			syscall(SYS_getsid, 0);
			_exit(0);
		}
		if (i % 100 == 99)
			while (wait(NULL) > 0)
				;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static int act_forever(void)
{
	for (int i = 0; i < 400; i++) {
		syscall(SYS_getppid);
		usleep(10000);
	}
	return 0;
}

static const struct act {
	const char *name;
	int (*act)(void);
} acts[] = {
	{"untraced", act_untraced}, {"int80", act_int80},     {"thread-exec", act_thread_exec},
	{"vfork", act_vfork},       {"traceme", act_traceme}, {"memfd", act_memfd},
	{"uring", act_uring},       {"filter", act_filter},   {"serve", act_serve},
	{"eight", act_eight},       {"bomb", act_bomb},       {"many", act_threads},
	{"forever", act_forever},   {"numbers", act_numbers},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, argv[1]) == 0)
			return acts[i].act();
	return 2;
}
