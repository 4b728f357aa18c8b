/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program finds when pale-run has started it: `shim_probe WHAT`. Answers go to standard
 * output, one a line; what cannot be told ends with 99.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void give_up(const char *what)
{
	fprintf(stderr, "shim_probe: %s: %s\n", what, strerror(errno));
	exit(99);
}

/* The descriptors that are open, without those of this look. */
static void tell_descriptors(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d\n", fd);
}

/* What a program inherits about signals: the blocked ones, and whether SIGCHLD is ignored. */
static void tell_signals(void)
{
	struct sigaction action;
	sigset_t blocked;

	if (sigprocmask(SIG_BLOCK, NULL, &blocked) || sigaction(SIGCHLD, NULL, &action))
		give_up("signals");
	for (int signal = 1; signal <= SIGRTMAX; signal++)
		if (sigismember(&blocked, signal) == 1)
			printf("blocked %d\n", signal);
	printf("SIGCHLD %s\n", action.sa_handler == SIG_IGN ? "ignored" : "not ignored");
}

static void tell_securebits(void)
{
	printf("%#x\n", (unsigned int)prctl(PR_GET_SECUREBITS));
}

static void tell_limits(void)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {{"cpu", RLIMIT_CPU}, {"nofile", RLIMIT_NOFILE}, {"core", RLIMIT_CORE}};
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (getrlimit(limits[i].resource, &limit))
			give_up("getrlimit");
		printf("%s %lld %lld\n", limits[i].name, (long long)limit.rlim_cur,
		       (long long)limit.rlim_max);
	}
}

/*
 * An orphan: a child leaves a grandchild and ends, then the grandchild ends. "reaped" once nothing
 * is left of it, not even a zombie.
 */
static void tell_orphans(void)
{
	int ends[2];
	pid_t child, orphan = 0;

	if (pipe(ends))
		give_up("pipe");
	child = fork();
	if (child == 0) {
		orphan = fork();
		if (orphan == 0) {
			usleep(50000);
			_exit(0);
		}
		_exit(write(ends[1], &orphan, sizeof(orphan)) != sizeof(orphan));
	}
	waitpid(child, NULL, 0);
	if (read(ends[0], &orphan, sizeof(orphan)) != sizeof(orphan))
		give_up("read");
	for (int i = 0; i < 200; i++) {
		if (kill(orphan, 0) && errno == ESRCH) {
			puts("reaped");
			return;
		}
		usleep(10000);
	}
	puts("still there");
}

/* Leaves a process behind that would write FILE after a second. */
static void leave_behind(const char *file)
{
	if (fork() == 0) {
		sleep(1);
		close(open(file, O_WRONLY | O_CREAT, 0644));
		_exit(0);
	}
}

/* Waits for signal NUMBER, says so, and ends with 40. */
static void await_signal(int number)
{
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
	puts("ready");
	fflush(stdout);
	if (sigwait(&set, &got))
		give_up("sigwait");
	printf("got %d\n", got);
	fflush(stdout);
	_exit(40);
}

/* A connection to oneself on 127.0.0.1. */
static void tell_loopback(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(server, (struct sockaddr *)&address, length) || listen(server, 1) ||
	    getsockname(server, (struct sockaddr *)&address, &length))
		give_up("server");
	puts(connect(client, (struct sockaddr *)&address, length) ? strerror(errno) : "connected");
}

/*
 * Seizes the init of the pid namespace and makes it create FOLDER, which the filter denies to this
 * process. Prints how far it came.
 */
static void seize_init(const char *folder)
{
#ifdef __x86_64__
	struct user_regs_struct registers;
	int status;

	if (ptrace(PTRACE_ATTACH, 1, NULL, NULL)) {
		puts("refused");
		return;
	}
	waitpid(1, &status, __WALL);
	if (ptrace(PTRACE_GETREGS, 1, NULL, &registers))
		give_up("registers");
	/* It is stopped behind a syscall instruction: make it run that once more, as mkdir. */
	for (size_t i = 0; i <= strlen(folder); i += sizeof(long)) {
		long word;

		memcpy(&word, folder + i, sizeof(word));
		if (ptrace(PTRACE_POKEDATA, 1, (void *)(registers.rsp - 512 + i), (void *)word))
			give_up("poke");
	}
	registers.rip -= 2;
	registers.rax = 83;
	registers.orig_rax = (unsigned long long)-1;
	registers.rdi = registers.rsp - 512;
	registers.rsi = 0700;
	if (ptrace(PTRACE_SETREGS, 1, NULL, &registers))
		give_up("set registers");
	puts("seized");
	fflush(stdout);
	ptrace(PTRACE_SINGLESTEP, 1, NULL, NULL);
	waitpid(1, &status, __WALL);
	puts("alive");
#else
	(void)folder;
	give_up("not for this machine");
#endif
}

/*
 * Becomes COMMAND in a process group of its own, whose parent is in another one of the session. The
 * group of a session's leader is orphaned, and there SIGTSTP stops nobody.
 */
static void become_group(char **command)
{
	if (setpgid(0, 0))
		give_up("setpgid");
	execvp(command[0], command);
	give_up("execvp");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	static char argument[64];

	if (argc > 2)
		snprintf(argument, sizeof(argument), "%s", argv[2]);
	if (strcmp(what, "descriptors") == 0)
		tell_descriptors();
	else if (strcmp(what, "signals") == 0)
		tell_signals();
	else if (strcmp(what, "securebits") == 0)
		tell_securebits();
	else if (strcmp(what, "limits") == 0)
		tell_limits();
	else if (strcmp(what, "loopback") == 0)
		tell_loopback();
	else if (strcmp(what, "orphans") == 0)
		tell_orphans();
	else if (strcmp(what, "ids") == 0)
		printf("pid %d parent %d\n", getpid(), getppid());
	else if (strcmp(what, "leave") == 0)
		leave_behind(argument);
	else if (strcmp(what, "await") == 0)
		await_signal(atoi(argument));
	else if (strcmp(what, "mkdir") == 0)
		printf("%s\n", mkdir(argument, 0700) ? strerror(errno) : "made");
	else if (strcmp(what, "group") == 0 && argc > 2)
		become_group(argv + 2);
	else if (strcmp(what, "seize") == 0)
		seize_init(argument);
	else
		return 99;
	return 0;
}
