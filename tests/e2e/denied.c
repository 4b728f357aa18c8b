/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does what its argument says: calls that tests/e2e/denials has policies for. What it prints is the
 * same whether pale watches or not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
	fflush(stdout);
}

static void act_errno(void)
{
	say("getsid", syscall(SYS_getsid, 0));
	say("getpgid", syscall(SYS_getpgid, 0));
	printf("still here\n");
}

static void act_notify(void)
{
	say("getpriority", syscall(SYS_getpriority, 0, 0));
}

static void act_process(void)
{
	syscall(SYS_sysinfo, NULL);
	printf("not here\n");
}

static void act_thread(void)
{
	syscall(SYS_times, NULL);
	printf("not here\n");
}

static void *thread_main(void *sleeps)
{
	if (sleeps)
		pause();
	syscall(SYS_times, NULL);
	printf("not here\n");
	return NULL;
}

/* Only the thread ends, and the process goes on. */
static void act_one_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, thread_main, NULL);
	usleep(200000);
	printf("the others go on\n");
	fflush(stdout);
	_exit(7);
}

/* One among many that sleep. */
static void act_many_threads(void)
{
	static char sleeps;
	pthread_t thread;

	for (int i = 0; i < 8; i++)
		pthread_create(&thread, NULL, thread_main, &sleeps);
	usleep(100000);
	act_process();
}

static void handle_trap(int signal, siginfo_t *info, void *context)
{
	(void)context;
	printf("signal %d code %d errno %d call %d address %d arch %x\n", signal, info->si_code,
	       info->si_errno, info->si_syscall == SYS_capget, info->si_call_addr != NULL,
	       info->si_arch);
	fflush(stdout);
}

static void act_trap(void)
{
	const struct sigaction action = {.sa_sigaction = handle_trap, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
	syscall(SYS_capget, NULL, NULL);
	syscall(SYS_capget, NULL, NULL);
	printf("still here\n");
}

static void act_trap_default(void)
{
	syscall(SYS_capget, NULL, NULL);
	printf("not here\n");
}

static void act_trap_blocked(void)
{
	const struct sigaction action = {.sa_sigaction = handle_trap, .sa_flags = SA_SIGINFO};
	sigset_t all;

	sigaction(SIGSYS, &action, NULL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	syscall(SYS_capget, NULL, NULL);
	printf("not here\n");
}

static void act_trap_ignored(void)
{
	signal(SIGSYS, SIG_IGN);
	syscall(SYS_capget, NULL, NULL);
	printf("not here\n");
}

static int child_status(void (*act)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		act();
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status & ~0x80; /* whether there was a core is the system's to say */
}

static void act_children(void)
{
	printf("%x\n", child_status(act_errno));
	printf("%x\n", child_status(act_process));
	printf("%x\n", child_status(act_thread));
	printf("%x\n", child_status(act_trap_default));
	printf("%x\n", child_status(act_many_threads));
	exit(3);
}

/* A filter of its own: what CODE says where it finds getppid. */
static long own_filter(unsigned int flags, unsigned int answer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {4, code};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void act_own_filter(void)
{
	say("filter", own_filter(0, SECCOMP_RET_TRACE));
	say("getsid", syscall(SYS_getsid, 0));
}

/* It would answer its own calls itself, and so pass by whoever watches. */
static void act_listener(void)
{
	long listener = own_filter(SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF);
	struct seccomp_notif question;
	struct seccomp_notif_resp answer = {0};
	pid_t child;

	if (listener < 0) {
		say("listener", listener);
		say("getsid", syscall(SYS_getsid, 0));
		return;
	}
	child = fork();
	if (child == 0) {
		say("getsid", syscall(SYS_getsid, 0));
		_exit(0);
	}
	memset(&question, 0, sizeof(question));
	ioctl((int)listener, SECCOMP_IOCTL_NOTIF_RECV, &question);
	answer.id = question.id;
	answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl((int)listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	waitpid(child, NULL, 0);
}

static void act_untraced(void)
{
	long child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);

	if (child == 0) {
		say("getsid", syscall(SYS_getsid, 0));
		_exit(0);
	}
	waitpid((pid_t)child, NULL, 0);
}

/* Each call that pale asks of by itself, which a policy may trap for. */
static void act_asked(void)
{
	const struct sigaction action = {.sa_sigaction = handle_trap, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
	say("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0));
	say("seccomp", own_filter(SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF));
	say("clone3", syscall(SYS_clone3, NULL, 0));
	printf("still here\n");
}

static void act_asked_default(void)
{
	syscall(SYS_ptrace, 0, 0, 0, 0);
	printf("not here\n");
}

/* Its child is stopped, and nobody is there to wake it; what it does behind SIGHUP is STAYS. */
static void leave_stopped(bool stays)
{
	fflush(stdout);
	if (fork() != 0) {
		usleep(100000);
		_exit(3);
	}
	if (stays)
		signal(SIGHUP, SIG_IGN);
	do
		raise(SIGSTOP);
	while (stays);
	_exit(0);
}

static void act_stopped(void)
{
	leave_stopped(false);
}

static void act_stopped_again(void)
{
	leave_stopped(true);
}

static void *stop_process(void *unused)
{
	usleep(100000);
	raise(SIGSTOP);
	_exit(0);
	return unused;
}

/* The same where only a thread is left of the child. */
static void act_stopped_thread(void)
{
	pthread_t thread;

	fflush(stdout);
	if (fork() != 0) {
		usleep(200000);
		_exit(3);
	}
	pthread_create(&thread, NULL, stop_process, NULL);
	pthread_exit(NULL);
}

static void act_loop(void)
{
	for (int i = 0; i < 1000; i++)
		syscall(SYS_getsid, i);
	for (int i = 0; i < 100000; i++)
		syscall(SYS_getppid);
}

static void act_sleep(void)
{
	if (fork() == 0)
		setpgid(0, 0);
	for (;;)
		pause();
}

static const struct {
	const char *name;
	void (*act)(void);
} acts[] = {
	{"errno", act_errno},
	{"notify", act_notify},
	{"process", act_process},
	{"thread", act_thread},
	{"one-thread", act_one_thread},
	{"many-threads", act_many_threads},
	{"trap", act_trap},
	{"trap-default", act_trap_default},
	{"trap-blocked", act_trap_blocked},
	{"trap-ignored", act_trap_ignored},
	{"children", act_children},
	{"own-filter", act_own_filter},
	{"listener", act_listener},
	{"untraced", act_untraced},
	{"asked", act_asked},
	{"asked-default", act_asked_default},
	{"stopped", act_stopped},
	{"stopped-again", act_stopped_again},
	{"stopped-thread", act_stopped_thread},
	{"loop", act_loop},
	{"sleep", act_sleep},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(argv[1], acts[i].name) != 0)
			continue;
		acts[i].act();
		if (argc > 3 && strcmp(argv[2], "before") == 0) {
			fflush(stdout);
			execv(argv[0], (char *[]){argv[0], argv[3], NULL});
		}
		return 0;
	}
	return 2;
}
