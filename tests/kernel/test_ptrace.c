/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ptrace tracer against programs whose calls are known: this same program, started again with
 * --act. Each row says what the act does and what the recording has to hold of it.
 */
#include "profiler/ptrace/tracer.h"
#include "tests/kernel/acts.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct traced {
	struct arena arena;
	struct recorded_run *run;
	struct trace_result result;
	int error;
};

static char own_path[4096];

static void trace_command(struct traced *traced, char *const *command, bool exact)
{
	struct trace_request request = {.command = command, .exact = exact};
	struct recorder *recorder;

	*traced = (struct traced){0};
	assert_int_equal(arena_init(&traced->arena), 0);
	recorder = recorder_new(&traced->arena, &(struct recorder_subject){.tracer = "ptrace",
									   .command = command,
									   .results_seen = true});
	assert_non_null(recorder);
	traced->error = ptrace_tracer.run(&request, recorder, &traced->result);
	traced->run = recorder_finish(recorder, traced->result.end, traced->result.end_value);
}

static void trace_act(struct traced *traced, const char *act, bool exact)
{
	char *command[] = {own_path, (char *)"--act", (char *)act, NULL};

	trace_command(traced, command, exact);
	assert_int_equal(traced->error, 0);
	assert_int_equal(traced->result.exec_error, 0);
}

/* How often NAME was seen on ABI; errors with ERROR alone where that is not 0. */
static uint64_t count_of(const struct recorded_run *run, enum abi_id abi, const char *name,
			 int error)
{
	uint64_t count = 0;

	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++) {
			const struct recorded_call *call = executable->calls.items[j];

			if (call->abi != abi || strcmp(call->name, name) != 0)
				continue;
			count += error ? 0 : call->count;
			for (size_t k = 0; k < call->errors.count; k++)
				if (call->errors.items[k].number == error)
					count += call->errors.items[k].count;
		}
	}
	return count;
}

static const struct recorded_call *find_call(const struct recorded_run *run, const char *name)
{
	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++)
			if (strcmp(executable->calls.items[j]->name, name) == 0)
				return executable->calls.items[j];
	}
	return NULL;
}

static uint64_t unseen_count(const struct recorded_run *run, enum unseen_kind kind)
{
	for (size_t i = 0; i < run->unseen.count; i++)
		if (run->unseen.items[i].kind == kind)
			return run->unseen.items[i].count;
	return 0;
}

enum {
	NOTHING_UNSEEN = -1
};

static const struct act_row {
	const char *act;
	enum recorded_end_kind end;
	int end_value;
	unsigned int marks; /* calls of getppid */
	unsigned int processes;
	unsigned int threads;
	unsigned int execs; /* of the act's own: the launcher's is not the program's */
	int unseen;         /* enum unseen_kind */
} act_rows[] = {
	{"plain", RECORDED_END_EXITED, 0, 7, 1, 1, 0, NOTHING_UNSEEN},
	{"status", RECORDED_END_EXITED, 42, 0, 1, 1, 0, NOTHING_UNSEEN},
	{"fork", RECORDED_END_EXITED, 5, 7, 2, 2, 0, NOTHING_UNSEEN},
	{"vfork", RECORDED_END_EXITED, 6, 5, 2, 2, 0, NOTHING_UNSEEN},
	{"threads", RECORDED_END_EXITED, 0, 20, 1, 5, 0, NOTHING_UNSEEN},
	{"thread-exec", RECORDED_END_EXITED, 0, 8, 1, 4, 1, NOTHING_UNSEEN},
	{"orphan-thread-exec", RECORDED_END_EXITED, 0, 8, 1, 2, 1, NOTHING_UNSEEN},
	{"exec-chain", RECORDED_END_EXITED, 0, 10, 1, 1, 2, NOTHING_UNSEEN},
	{"killed", RECORDED_END_KILLED, SIGTERM, 1, 1, 1, 0, NOTHING_UNSEEN},
	{"stops", RECORDED_END_EXITED, 8, 2, 2, 2, 0, NOTHING_UNSEEN},
	{"many-children", RECORDED_END_EXITED, 0, 500, 501, 501, 0, NOTHING_UNSEEN},
	{"clone3", RECORDED_END_EXITED, 0, 2, 2, 2, 0, NOTHING_UNSEEN},
	{"daemon", RECORDED_END_EXITED, 5, 3, 2, 2, 0, NOTHING_UNSEEN},
	{"signals", RECORDED_END_EXITED, 0, 2, 2, 2, 0, NOTHING_UNSEEN},
	{"untraced-child", RECORDED_END_EXITED, 0, 1, 1, 1, 0, UNSEEN_UNTRACED_CHILD},
	{"own-filter", RECORDED_END_EXITED, 0, 2, 1, 1, 0, UNSEEN_OWN_FILTER},
	{"own-tracer", RECORDED_END_EXITED, 0, 0, 1, 1, 0, UNSEEN_OWN_TRACER},
};

static void check_row(const struct act_row *row, const struct traced *traced)
{
	const struct recorded_run *run = traced->run;

	assert_int_equal(traced->result.end, row->end);
	assert_int_equal(traced->result.end_value, row->end_value);
	if (run->counts_are_least)
		assert_in_range(count_of(run, ABI_X86_64, "getppid", 0), 1, row->marks);
	else
		assert_int_equal(count_of(run, ABI_X86_64, "getppid", 0), row->marks);
	assert_int_equal(count_of(run, ABI_X86_64, "execve", 0), row->execs);
	assert_int_equal(run->processes, row->processes);
	assert_int_equal(run->threads, row->threads);
	assert_int_equal(run->lost, 0);
	assert_int_equal(run->launcher.count, 1);
	assert_string_equal(run->launcher.items[0]->name, "execve");
	assert_int_equal(run->executables.count, 1);
	assert_string_equal(run->executables.items[0]->path, own_path);
	assert_int_equal(run->executables.items[0]->started, row->execs + 1);
	if (row->unseen == NOTHING_UNSEEN)
		assert_int_equal(run->unseen.count, 0);
	else
		assert_int_not_equal(unseen_count(run, (enum unseen_kind)row->unseen), 0);
}

/* With a child of its own that is none of the tracer's: what counts is what is traced. */
static void test_acts(void **state)
{
	pid_t idle = fork();

	(void)state;
	if (idle == 0) {
		pause();
		_exit(0);
	}
	for (size_t i = 0; i < 2 * sizeof(act_rows) / sizeof(act_rows[0]); i++) {
		const struct act_row *row = &act_rows[i / 2];
		bool exact = i % 2 == 0;
		struct traced traced;

		if (!exact && row->unseen == UNSEEN_UNTRACED_CHILD)
			continue; /* it is traced then: test_adaptive.c */
		print_message("           %s, %s\n", row->act, exact ? "exact" : "adaptive");
		trace_act(&traced, row->act, exact);
		assert_false(exact && traced.run->counts_are_least);
		check_row(row, &traced);
		arena_release(&traced.arena);
	}
	kill(idle, SIGKILL);
	waitpid(idle, NULL, 0);
}

static void test_abis(void **state)
{
	struct traced traced;

	(void)state;
	trace_act(&traced, "int80", false);
	if (traced.result.end_value == 77)
		print_message("SKIP: this kernel has no int 0x80\n");
	else
		assert_int_equal(count_of(traced.run, ABI_X86, "getppid", 0), 5);
	assert_int_equal(count_of(traced.run, ABI_X86_64, "getppid", 0), 2);
	arena_release(&traced.arena);

	trace_act(&traced, "x32", false);
	assert_int_equal(count_of(traced.run, ABI_X32, "getppid", 0), 3);
	assert_int_equal(count_of(traced.run, ABI_X86_64, "getppid", 0), 0);
	arena_release(&traced.arena);
}

static void test_restarted_call(void **state)
{
	struct traced traced;

	(void)state;
	trace_act(&traced, "restart", false);
	assert_int_equal(traced.result.end_value, 0);
	assert_int_not_equal(count_of(traced.run, ABI_X86_64, "restart_syscall", 0), 0);
	arena_release(&traced.arena);
}

static void test_errors(void **state)
{
	struct traced traced;

	(void)state;
	trace_act(&traced, "errors", false);
	assert_true(count_of(traced.run, ABI_X86_64, "openat", ENOENT) >= 6);
	assert_int_equal(count_of(traced.run, ABI_X86_64, "openat", EBADF), 1);
	arena_release(&traced.arena);
}

static void test_values(void **state)
{
	const struct recorded_call *call;
	struct traced traced;

	(void)state;
	trace_act(&traced, "values", false);
	call = find_call(traced.run, "socket");
	assert_non_null(call);
	assert_int_equal(call->count, 3);
	assert_int_equal(call->tuples.count, 2); /* sorted: domain, type, protocol */
	assert_int_equal(call->tuples.items[0].values[0], 1);
	assert_int_equal(call->tuples.items[0].values[1], 1);
	assert_int_equal(call->tuples.items[0].count, 2);
	assert_int_equal(call->tuples.items[1].values[1], 2);
	call = find_call(traced.run, "ioctl");
	assert_true(call->saturated);
	assert_int_equal(call->tuples.count, 0);
	assert_true(call->count >= 300);
	assert_string_equal(call->args.items[1].name, "request");
	assert_true(call->args.items[1].most >= 0x1012b);
	call = find_call(traced.run, "fcntl");
	assert_int_equal(call->args.items[1].some, 1); /* F_GETFD alone */
	assert_int_equal(call->args.items[0].least, 0xffffffff);
	arena_release(&traced.arena);

	trace_act(&traced, "clone3", false);
	call = find_call(traced.run, "clone3");
	assert_int_equal(call->tuples.count, 1);
	assert_int_equal(call->tuples.items[0].values[0], 0);
	assert_int_equal(call->tuples.items[0].values[1], SIGCHLD);
	arena_release(&traced.arena);
}

static void test_no_program(void **state)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{"/nowhere/at/all", ENOENT},
		{"no-such-program-anywhere", ENOENT},
		{"/", EACCES},
		{"/proc/self/status", EACCES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *command[] = {(char *)rows[i].path, NULL};
		struct traced traced;

		trace_command(&traced, command, false);
		assert_int_equal(traced.error, 0);
		assert_int_equal(traced.result.exec_error, rows[i].error);
		assert_int_equal(traced.run->executables.count, 0);
		arena_release(&traced.arena);
	}
}

/* Sends SIGNAL to this process TIMES times, once the program had time to begin. */
static void send_later(int signal, int times)
{
	struct timespec pause = {0, 400000000};
	pid_t tracer = getpid();

	if (fork() != 0)
		return;
	for (int i = 0; i < times; i++) {
		nanosleep(&pause, NULL);
		kill(tracer, signal);
	}
	_exit(0);
}

static void test_request_to_end(void **state)
{
	struct traced traced;
	sigset_t before, after;

	(void)state;
	sigprocmask(SIG_BLOCK, NULL, &before);
	send_later(SIGTERM, 1);
	trace_act(&traced, "ends-on-request", false);
	assert_int_equal(traced.result.end, RECORDED_END_EXITED);
	assert_int_equal(traced.result.end_value, 9);
	assert_false(traced.result.killed);
	arena_release(&traced.arena);

	send_later(SIGTERM, 2);
	trace_act(&traced, "stays", false);
	assert_int_equal(traced.result.end, RECORDED_END_KILLED);
	assert_int_equal(traced.result.end_value, SIGKILL);
	assert_true(traced.result.killed);
	assert_int_equal(unseen_count(traced.run, UNSEEN_CUT_SHORT), 1);
	arena_release(&traced.arena);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int signal = 1; signal < NSIG; signal++)
		assert_int_equal(sigismember(&before, signal), sigismember(&after, signal));
}

/* What this process ignores does nothing to it, and the program ignores it too. */
static void test_ignored_signals(void **state)
{
	static const int signals[] = {SIGCHLD, SIGTERM};
	struct traced traced;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		signal(signals[i], SIG_IGN);
	send_later(SIGTERM, 2);
	trace_act(&traced, "outlasts", false);
	assert_int_equal(traced.result.end, RECORDED_END_EXITED);
	assert_int_equal(traced.result.end_value, 11);
	arena_release(&traced.arena);
	for (size_t i = 0; i < 2; i++)
		signal(signals[i], SIG_DFL);
}

static bool copy_as_setuid(const char *path)
{
	char command[8192];

	snprintf(command, sizeof(command), "cp '%s' '%s' && chmod 4755 '%s'", own_path, path, path);
	return system(command) == 0;
}

/* An unprivileged tracer takes a set-user-ID program's privileges from it, and says so. */
static void test_setuid(void **state)
{
	char folder[] = "/tmp/pale-setuid.XXXXXX", path[64];
	int status;
	pid_t child;

	(void)state;
	if (geteuid() != 0) {
		print_message("SKIP: only root makes a set-user-ID program\n");
		skip();
	}
	assert_non_null(mkdtemp(folder));
	chmod(folder, 0755);
	snprintf(path, sizeof(path), "%s/program", folder);
	assert_true(copy_as_setuid(path));
	child = fork();
	if (child == 0) {
		char *command[] = {path, (char *)"--act", (char *)"user", NULL};
		struct traced traced;

		/* Who gives up privileges may not be traced, nor may his children, until he execs. */
		if (setgid(65534) < 0 || setuid(65534) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
			_exit(1);
		trace_command(&traced, command, false);
		_exit(traced.error == 0 && traced.result.end_value == 10 &&
				      unseen_count(traced.run, UNSEEN_NEUTERED) == 1
			      ? 0
			      : 2);
	}
	waitpid(child, &status, 0);
	unlink(path);
	rmdir(folder);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Of a script, its own name and its interpreter's file. */
static void test_script(void **state)
{
	char path[] = "/tmp/pale-script.XXXXXX";
	static const char text[] = "#!/bin/sh\nexit 3\n";
	int fd = mkstemp(path);
	char *command[] = {path, NULL};
	struct traced traced;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	fchmod(fd, 0755);
	close(fd);
	trace_command(&traced, command, false);
	unlink(path);
	assert_int_equal(traced.result.end_value, 3);
	assert_int_equal(traced.run->executables.count, 1);
	assert_string_equal(traced.run->executables.items[0]->script, path);
	assert_string_not_equal(traced.run->executables.items[0]->path, path);
	arena_release(&traced.arena);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acts),           cmocka_unit_test(test_abis),
		cmocka_unit_test(test_restarted_call), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_values),         cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_request_to_end), cmocka_unit_test(test_ignored_signals),
		cmocka_unit_test(test_setuid),         cmocka_unit_test(test_script),
	};

	if (argc > 1)
		return act_run(argc, argv);
	if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
		return 99;
	/* A stop that nobody hears of would last for ever. */
	alarm(120);
	/* The leak checker traces its own process, which is traced already. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
