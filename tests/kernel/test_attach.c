/* SPDX-License-Identifier: Apache-2.0 */
/* The ptrace tracer comes to a process that runs already, leaves it, and dies beside programs. */
#include "profiler/ptrace/tracer.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
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

static void trace(struct traced *traced, const struct trace_request *request)
{
	static char *const none[] = {NULL};
	struct recorder *recorder;

	*traced = (struct traced){0};
	assert_int_equal(arena_init(&traced->arena), 0);
	recorder = recorder_new(
		&traced->arena,
		&(struct recorder_subject){.tracer = "ptrace",
					   .scope = request->scope,
					   .command = request->command ? request->command : none,
					   .results_seen = true});
	assert_non_null(recorder);
	traced->error = ptrace_tracer.run(request, recorder, &traced->result);
	traced->run = recorder_finish(recorder, traced->result.end, traced->result.end_value);
}

static void pause_milliseconds(long milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static uint64_t count_of(const struct recorded_run *run, const char *name)
{
	uint64_t count = 0;

	for (size_t i = 0; i < run->executables.count; i++)
		for (size_t j = 0; j < run->executables.items[i]->calls.count; j++)
			if (strcmp(run->executables.items[i]->calls.items[j]->name, name) == 0)
				count += run->executables.items[i]->calls.items[j]->count;
	return count;
}

static bool has_unseen(const struct recorded_run *run, enum unseen_kind kind)
{
	for (size_t i = 0; i < run->unseen.count; i++)
		if (run->unseen.items[i].kind == kind)
			return true;
	return false;
}

static void *call_on(void *user)
{
	volatile uint32_t *calls = user;

	for (;;) {
		syscall(SYS_getppid);
		++*calls;
		pause_milliseconds(1);
	}
	return NULL;
}

/* A process with five threads that make calls until it is killed; they count in CALLS. */
static pid_t start_threads(volatile uint32_t *calls)
{
	pid_t child = fork();

	if (child == 0) {
		pthread_t thread;

		for (int i = 0; i < 4; i++)
			pthread_create(&thread, NULL, call_on, (void *)(calls + i));
		call_on((void *)(calls + 4));
	}
	return child;
}

static volatile uint32_t *shared_words(void)
{
	void *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(words, MAP_FAILED);
	return words;
}

static bool all_go_on(volatile uint32_t *calls)
{
	for (int i = 0; i < 5; i++) {
		uint32_t before = calls[i];

		for (int tries = 0; calls[i] == before; tries++) {
			if (tries == 5000)
				return false;
			pause_milliseconds(1);
		}
	}
	return true;
}

static void test_attach(void **state)
{
	volatile uint32_t *calls = shared_words();
	pid_t child = start_threads(calls);
	struct trace_request request = {.scope = SCOPE_PID, .pid = child, .milliseconds = 500};
	struct traced traced;

	(void)state;
	assert_true(all_go_on(calls));
	trace(&traced, &request);
	assert_int_equal(traced.error, 0);
	assert_int_equal(traced.result.end, RECORDED_END_UNKNOWN);
	assert_int_equal(traced.run->processes, 1);
	assert_int_equal(traced.run->threads, 5);
	assert_true(count_of(traced.run, "getppid") > 5);
	/* Its interruption by the tracer is none of its calls. */
	assert_int_equal(count_of(traced.run, "restart_syscall"), 0);
	assert_true(has_unseen(traced.run, UNSEEN_EARLIER));
	assert_false(traced.run->counts_are_least);
	assert_true(all_go_on(calls));
	arena_release(&traced.arena);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* A signal ends the recording, and not the process; its own end does too. */
static void test_ends(void **state)
{
	volatile uint32_t *calls = shared_words();
	pid_t child = start_threads(calls), tracer = getpid();
	struct trace_request request = {.scope = SCOPE_PID, .pid = child};
	struct traced traced;

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		pid_t sender = fork();

		if (sender == 0) {
			pause_milliseconds(300);
			kill(turn == 0 ? tracer : child, SIGTERM);
			_exit(0);
		}
		trace(&traced, &request);
		assert_int_equal(traced.error, 0);
		assert_int_equal(traced.result.end,
				 turn == 0 ? RECORDED_END_UNKNOWN : RECORDED_END_KILLED);
		if (turn == 0)
			assert_true(all_go_on(calls));
		arena_release(&traced.arena);
		waitpid(sender, NULL, 0);
	}
	waitpid(child, NULL, 0);
}

static void test_refused(void **state)
{
	pid_t gone = fork(), traced_already, status;
	struct traced traced;

	(void)state;
	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	trace(&traced, &(struct trace_request){.scope = SCOPE_PID, .pid = gone});
	assert_int_equal(traced.error, -ESRCH);
	assert_non_null(traced.result.step);
	arena_release(&traced.arena);

	traced_already = fork();
	if (traced_already == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(traced_already, &status, WUNTRACED);
	trace(&traced, &(struct trace_request){.scope = SCOPE_PID, .pid = traced_already});
	assert_int_equal(traced.error, -EPERM);
	assert_non_null(traced.result.step);
	arena_release(&traced.arena);
	kill(traced_already, SIGKILL);
	waitpid(traced_already, NULL, 0);
}

static void trace_until_killed(const struct trace_request *request)
{
	struct traced traced;
	pid_t tracer = fork();

	if (tracer == 0) {
		trace(&traced, request);
		_exit(0);
	}
	pause_milliseconds(700);
	kill(tracer, SIGKILL);
	waitpid(tracer, NULL, 0);
}

/* A killed tracer takes the command with it, and lets a process go that was there before. */
static void test_killed_tracer(void **state)
{
	volatile uint32_t *calls = shared_words();
	char script[256];
	char *command[] = {(char *)"/bin/sh", (char *)"-c", script, NULL};
	char mark[] = "/tmp/pale-attach.XXXXXX";
	int fd = mkstemp(mark);
	pid_t child, command_pid = 0;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	snprintf(script, sizeof(script), "echo $$ >%s; while :; do :; done", mark);
	trace_until_killed(&(struct trace_request){.command = command});
	file = fopen(mark, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &command_pid), 1);
	fclose(file);
	unlink(mark);
	for (int tries = 0; kill(command_pid, 0) == 0 && tries < 5000; tries++)
		pause_milliseconds(1);
	assert_int_equal(kill(command_pid, 0), -1);

	child = start_threads(calls);
	assert_true(all_go_on(calls));
	trace_until_killed(&(struct trace_request){.scope = SCOPE_PID, .pid = child});
	assert_true(all_go_on(calls));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Behind its time a command goes on by itself. */
static void test_limited_command(void **state)
{
	char *command[] = {(char *)"/bin/sh", (char *)"-c", (char *)"sleep 1; exit 5", NULL};
	struct trace_request request = {.command = command, .milliseconds = 300};
	struct traced traced;
	int status;

	(void)state;
	trace(&traced, &request);
	assert_int_equal(traced.error, 0);
	assert_int_equal(traced.result.end, RECORDED_END_UNKNOWN);
	assert_true(has_unseen(traced.run, UNSEEN_CUT_SHORT));
	arena_release(&traced.arena);
	assert_true(wait(&status) > 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
}

/* By a time and by a signal all processes begin to serve at once. */
static void test_serving(void **state)
{
	static const struct serving_rule rules[] = {
		{.kind = SERVING_AFTER, .call = CALL_NONE, .milliseconds = 300},
		{.kind = SERVING_SIGNAL, .call = CALL_NONE},
	};
	char *command[] = {(char *)"/bin/sh", (char *)"-c", (char *)"sleep 1; umask 7 && :", NULL};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct trace_request request = {.command = command, .serving = rules[i]};
		const struct recorded_executable *shell;
		bool umask_served = false;
		pid_t tracer = getpid();
		struct traced traced;

		if (i == 1 && fork() == 0) {
			pause_milliseconds(500);
			kill(tracer, SIGUSR1);
			_exit(0);
		}
		trace(&traced, &request);
		assert_int_equal(traced.error, 0);
		assert_true(traced.run->served);
		for (size_t j = 0; j < traced.run->executables.count; j++) {
			shell = traced.run->executables.items[j];
			for (size_t k = 0; k < shell->calls.count; k++)
				umask_served |= strcmp(shell->calls.items[k]->name, "umask") == 0 &&
						shell->calls.items[k]->phase == PHASE_SERVING;
		}
		assert_true(umask_served);
		arena_release(&traced.arena);
	}
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attach),          cmocka_unit_test(test_ends),
		cmocka_unit_test(test_refused),         cmocka_unit_test(test_killed_tracer),
		cmocka_unit_test(test_limited_command), cmocka_unit_test(test_serving),
	};

	/* A stop that nobody hears of would last for ever. */
	alarm(120);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
