/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries to have somebody else than pale answer for a call that the policy denies (getsid), or to get
 * rid of pale. tests/e2e/guards says what has to come of each act.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_UNTRACED
#define CLONE_UNTRACED 0x00800000
#endif

static void say(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
	fflush(stdout);
}

static long clone_untraced(void)
{
	return syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
}

/* Its arguments stand where nobody else can write, or they are on the stack. */
static long clone3_with(bool fixed)
{
	struct clone_args on_stack = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
	struct clone_args *args = &on_stack;

	if (fixed) {
		args = mmap(NULL, sizeof(*args), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*args = on_stack;
		mprotect(args, sizeof(*args), PROT_READ);
	}
	return syscall(SYS_clone3, args, sizeof(*args));
}

static long clone3_untraced(void)
{
	return clone3_with(false);
}

static long clone3_fixed(void)
{
	return clone3_with(true);
}

static long plain_ptrace(long request, pid_t pid, long data)
{
	return syscall(SYS_ptrace, request, pid, 0, data);
}

#ifdef __x86_64__
/* A call of i386, from a program of 64 bits. Addresses have to be below 4 GiB. */
static long call_by_int80(long number, long first, long second, long third, long fourth)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second), "d"(third), "S"(fourth)
			 : "memory", "r8", "r9", "r10", "r11");
	result = (int)result;
	if (result < 0 && result > -4096) {
		errno = (int)-result;
		return -1;
	}
	return result;
}

static long int80_ptrace(long request, pid_t pid, long data)
{
	return call_by_int80(26, request, pid, 0, data);
}

static long listener_by_int80(void)
{
	struct compat_program {
		uint16_t length;
		uint32_t code;
	} *program = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	memcpy(program + 8, code, sizeof(code));
	program->length = 4;
	program->code = (uint32_t)(uintptr_t)(program + 8);
	return call_by_int80(354, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			     (long)(uintptr_t)program, 0);
}

/* The child's call goes to this process, which lets it pass. */
static void act_int80_listener(void)
{
	struct seccomp_notif question = {0};
	struct seccomp_notif_resp answer = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	long listener = listener_by_int80();
	pid_t child;

	say("listener", listener);
	child = fork();
	if (child == 0) {
		say("getsid", syscall(SYS_getsid, 0));
		_exit(0);
	}
	if (listener >= 0) {
		ioctl((int)listener, SECCOMP_IOCTL_NOTIF_RECV, &question);
		answer.id = question.id;
		ioctl((int)listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	waitpid(child, NULL, 0);
}
#endif

/* As who traces CHILD: all of its calls are made. */
static void let_all_pass(pid_t child)
{
	int status;

	while (waitpid(child, &status, __WALL) == child && WIFSTOPPED(status)) {
		int event = status >> 16;

		ptrace(PTRACE_CONT, child, 0, event ? 0 : WSTOPSIG(status));
	}
}

/* CREATE makes a child, which is to be untraced, and this process answers for it. */
static void answer_for(long (*create)(void), long (*trace)(long, pid_t, long))
{
	int gate[2];
	char byte;
	long child;

	if (pipe(gate) < 0)
		exit(3);
	child = create();
	if (child < 0) {
		say("child", child);
		return;
	}
	if (child == 0) {
		if (read(gate[0], &byte, 1) == 1)
			say("getsid", syscall(SYS_getsid, 0));
		_exit(0);
	}
	say("seize", trace(PTRACE_SEIZE, (pid_t)child, PTRACE_O_TRACESECCOMP));
	if (write(gate[1], "", 1) != 1)
		exit(3);
	let_all_pass((pid_t)child);
}

static void act_clone(void)
{
	answer_for(clone_untraced, plain_ptrace);
}

static void act_clone3(void)
{
	answer_for(clone3_untraced, plain_ptrace);
}

static void act_clone3_fixed(void)
{
	answer_for(clone3_fixed, plain_ptrace);
}

#ifdef __x86_64__
static void act_int80_clone3_fixed(void)
{
	answer_for(clone3_fixed, int80_ptrace);
}
#endif

/* An untraced child seizes a traced one beside it. */
static void act_sibling(void)
{
	pid_t sibling = fork();
	long child;

	if (sibling == 0) {
		pause();
		_exit(0);
	}
	child = clone3_fixed();
	if (child == 0) {
		say("sibling", plain_ptrace(PTRACE_SEIZE, sibling, PTRACE_O_TRACESECCOMP));
		_exit(0);
	}
	waitpid((pid_t)child, NULL, 0);
	kill(sibling, SIGKILL);
	waitpid(sibling, NULL, 0);
}

/* Into pale, which started this program. */
static void act_memory(void)
{
	char path[64], byte;
	struct iovec local = {&byte, 1}, remote = {NULL, 1};
	int fd;

	say("seize", plain_ptrace(PTRACE_SEIZE, getppid(), 0));
	say("read", process_vm_readv(getppid(), &local, 1, &remote, 1, 0));
	say("write", process_vm_writev(getppid(), &local, 1, &remote, 1, 0));
	snprintf(path, sizeof(path), "/proc/%d/mem", getppid());
	fd = open(path, O_RDWR);
	say("mem", fd);
}

/* Whoever kills pale ends with it, in whatever session. */
static void act_kill(void)
{
	if (fork() == 0) {
		setsid();
		for (;;)
			pause();
	}
	kill(getppid(), SIGKILL);
	for (;;)
		pause();
}

static const struct {
	const char *name;
	void (*act)(void);
} acts[] = {
	{"clone", act_clone},
	{"clone3", act_clone3},
	{"clone3-fixed", act_clone3_fixed},
	{"sibling", act_sibling},
	{"memory", act_memory},
	{"kill", act_kill},
#ifdef __x86_64__
	{"int80-listener", act_int80_listener},
	{"int80-clone3-fixed", act_int80_clone3_fixed},
#endif
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(argv[1], acts[i].name) != 0)
			continue;
		acts[i].act();
		return 0;
	}
	return 2;
}
