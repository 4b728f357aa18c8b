/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who waits for whom. New pid and time namespaces hold for children only, so pale-run stays
 * outside as the command's parent, forwards signals and passes on the exit status. A pid namespace
 * needs an init besides: a process of its own that takes in orphans and lives as long as pale-run
 * does. The command is a child of pale-run and not of init, so that signals and the exit status
 * take one step, and it never has pid 1, whose signals the kernel treats in a way of its own.
 */
#include "runtime/shim.h"

#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/wait.h>

/* How an init ends that can no longer say so. */
enum {
	INIT_UNCONFINED = 1
};

/* A pipe's ends. */
struct pipe_ends {
	int read;
	int write;
};

static struct pipe_ends pipe_make(void)
{
	struct pipe_ends ends;
	long error = sys2(__NR_pipe2, &ends, O_CLOEXEC);

	if (error < 0)
		fail(SHIM_FAILED, "processes", error, "cannot make a pipe", NULL);
	return ends;
}

static int process_fork(void)
{
	long pid = sys_fork();

	if (pid < 0)
		fail(SHIM_FAILED, "processes", pid, "cannot fork", NULL);
	return (int)pid;
}

/* A filter for where strict mode is not to be had, because an outer filter is in force. */
static bool init_filter(void)
{
	enum {
		NUMBER = 0,
		ARCH = 4
	};
	struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARCH),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH_AUDIT, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_read, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_write, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_exit, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(instructions) / sizeof(instructions[0]),
		.filter = instructions,
	};

	return sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) == 0 &&
	       sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

static bool init_confine(void)
{
	return sys_prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0) == 0 || init_filter();
}

/*
 * The init. The command could reach into it (it has the same user) and make calls through it, so
 * before the command starts it goes where nothing but read, write and exit is possible. Children
 * of a process that ignores SIGCHLD leave no zombies, so there is nothing else to do than to wait
 * until pale-run is gone. Its end is the end of all in the namespace.
 */
static void __attribute__((noreturn))
init_run(const struct shim *shim, struct pipe_ends alive, struct pipe_ends ready)
{
	struct arch_sigaction ignore = {.handler = (unsigned long)SIG_IGN};
	char byte = 0;
	long got;

	/* It has nothing else to do, and the command has. */
	if (shim->view.namespaces & BUNDLE_NAMESPACE_NET)
		loopback_raise();
	sys_signal_action(SIGCHLD, &ignore, NULL);
	/* It must not hold the caller's terminal or pipes open. */
	for (int fd = 0; fd <= 2; fd++)
		if (fd != alive.read && fd != ready.write)
			sys_close(fd);
	for (unsigned int i = 0; i < shim->keep_count; i++)
		sys_close(shim->keep[i]);
	sys_close(alive.write);
	sys_close(ready.read);
	if (!init_confine())
		sys_exit(INIT_UNCONFINED);
	sys_write(ready.write, &byte, 1);
	do
		got = sys_read(alive.read, &byte, 1);
	while (got > 0 || got == -EINTR);
	/* Strict mode knows exit(2) and not exit_group(2). */
	sys1(__NR_exit, 0);
	sys_exit(0);
}

static void init_start(struct shim *shim)
{
	struct pipe_ends alive = pipe_make(), ready = pipe_make();

	shim->init_pid = process_fork();
	if (shim->init_pid == 0)
		init_run(shim, alive, ready);
	sys_close(alive.read);
	sys_close(ready.write);
	/* The write end of alive stays open until this process ends. */
	shim->init_ready = ready.read;
	shim->init_alive = alive.write;
}

/*
 * Where the init failed, the kernel has killed the command before it was one. Returns if it did
 * not fail: then it ends by itself when nobody has the other end of its pipe any more.
 */
static void init_question(const struct shim *shim)
{
	int status = 0;

	sys_close(shim->init_alive);
	if (sys_wait(shim->init_pid, &status, __WALL) < 0 || status == 0)
		return;
	if (status >> 8 == INIT_UNCONFINED)
		fail(SHIM_FAILED, "processes", 0,
		     "the init of the pid namespace cannot be confined", NULL);
	/* It has said why. */
	if (status >> 8 == SHIM_FAILED)
		sys_exit(SHIM_FAILED);
}

/* Ends as the command did. */
static void __attribute__((noreturn)) status_pass_on(const struct shim *shim, int status)
{
	int signal = status & 0x7f;

	if (shim->init_pid && (signal == SIGKILL || status >> 8 == SHIM_FAILED))
		init_question(shim);
	sys_exit(signal ? SHIM_SIGNALLED + signal : status >> 8 & 0xff);
}

/* Stops this process, unless somebody has already said to go on: to stop would forget that. */
static void stop_with(int command)
{
	struct signal_set go = {.words = {0}};

	signal_set_add(&go, SIGCONT);
	if (sys_signal_wait(&go, NULL, WAIT_NONE) > 0)
		sys_kill(command, SIGCONT);
	else
		sys_kill((int)sys0(__NR_getpid), SIGSTOP);
}

/*
 * Ends if COMMAND has ended, and stops if a terminal has stopped it, so that a shell sees it. From
 * a SIGSTOP, somebody inside may wake it again, who could not wake this process. Whatever else has
 * ended, the init, is left for later.
 */
static void command_reap(const struct shim *shim, int command)
{
	int status, signal;

	if (sys_wait(command, &status, WNOHANG | WUNTRACED | __WALL) <= 0)
		return;
	if ((status & 0xff) != 0x7f)
		status_pass_on(shim, status);
	signal = status >> 8;
	if (signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU)
		stop_with(command);
}

/*
 * What the terminal sends goes to the whole foreground group, in which the command is too. What
 * somebody sends to this process was meant for the command.
 */
static void signal_pass_on(int command, int signal, const siginfo_t *info)
{
	if (!info || info->si_code != SI_KERNEL)
		sys_kill(command, signal);
}

static void __attribute__((noreturn)) command_attend(const struct shim *shim, int command)
{
	struct signal_set all;
	siginfo_t info;
	long signal;

	signal_set_fill(&all);
	/* What came before there was a command to get it. */
	while ((signal = sys_signal_wait(&all, &info, WAIT_NONE)) > 0)
		if (signal != SIGCHLD)
			signal_pass_on(command, (int)signal, NULL);
	for (;;) {
		command_reap(shim, command);
		signal = sys_signal_wait(&all, &info, WAIT_LONG);
		if (signal > 0 && signal != SIGCHLD)
			signal_pass_on(command, (int)signal, &info);
	}
}

/* In the new pid namespace /proc would show, and let reach, the processes outside. */
static void proc_mount(void)
{
	long error =
		sys5(__NR_mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);

	if (error == -EPERM)
		fail(SHIM_FAILED, "mounts", error,
		     "cannot mount a fresh /proc: parts of the one here are hidden", NULL);
	if (error == -ENODEV)
		fail(SHIM_FAILED, "mounts", error,
		     "cannot mount a fresh /proc: this kernel lacks CONFIG_PROC_FS", NULL);
	if (error == -ENOENT)
		fail(SHIM_FAILED, "mounts", error,
		     "cannot mount a fresh /proc: there is no folder /proc", NULL);
	if (error < 0)
		fail(SHIM_FAILED, "mounts", error, "cannot mount a fresh /proc", NULL);
}

void processes_split(struct shim *shim)
{
	uint32_t namespaces = shim->view.namespaces;
	int parent = (int)sys0(__NR_getpid), command;

	if (!(namespaces & (BUNDLE_NAMESPACE_PID | BUNDLE_NAMESPACE_TIME)))
		return;
	/* Nobody inside shall debug what stands outside of the filter. exec undoes it. */
	if (sys_prctl(PR_SET_DUMPABLE, 0, 0) < 0)
		fail(SHIM_FAILED, "processes", 0, "cannot be made undumpable", NULL);
	if (namespaces & BUNDLE_NAMESPACE_PID)
		init_start(shim);
	command = (int)sys_fork();
	/* Behind an init that has failed already nobody can be born. */
	if (command < 0 && shim->init_pid)
		init_question(shim);
	if (command < 0)
		fail(SHIM_FAILED, "processes", command, "cannot fork", NULL);
	if (command > 0)
		command_attend(shim, command);
	shim->outside_pid = parent;
	if (namespaces & BUNDLE_NAMESPACE_PID)
		sys_close(shim->init_alive);
	if ((namespaces & BUNDLE_NAMESPACE_PID) && (namespaces & BUNDLE_NAMESPACE_MOUNT))
		proc_mount();
}

void processes_settle(const struct shim *shim)
{
	char byte;

	if (shim->view.namespaces & BUNDLE_NAMESPACE_PID) {
		/* Without an init this process is about to be killed; the parent asks why. */
		if (sys_read(shim->init_ready, &byte, 1) != 1)
			sys_exit(SHIM_FAILED);
		sys_close(shim->init_ready);
	} else if (shim->outside_pid) {
		sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0);
		if (sys0(__NR_getppid) != shim->outside_pid)
			sys_exit(SHIM_FAILED);
	}
}
