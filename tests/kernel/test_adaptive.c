/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adaptive tracer sees what the exact one sees: the same phases, ABIs, calls and values, of
 * programs (this same one, started again with --act) that get a filter amid something.
 */
#include "profiler/ptrace/tracer.h"
#include "tests/kernel/adaptive_acts.h"
#include "tests/kernel/recorded_lines.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char own_path[4096];

struct traced {
	struct arena arena;
	struct recorded_run *run;
	struct trace_result result;
};

static void trace_request(struct traced *traced, const struct trace_request *request)
{
	struct recorder *recorder;

	*traced = (struct traced){0};
	assert_int_equal(arena_init(&traced->arena), 0);
	recorder =
		recorder_new(&traced->arena, &(struct recorder_subject){.tracer = "ptrace",
									.command = request->command,
									.results_seen = true});
	assert_non_null(recorder);
	assert_int_equal(ptrace_tracer.run(request, recorder, &traced->result), 0);
	assert_int_equal(traced->result.exec_error, 0);
	traced->run = recorder_finish(recorder, traced->result.end, traced->result.end_value);
}

static void trace_act(struct traced *traced, const char *act, bool exact,
		      const struct recording *known)
{
	char *command[] = {own_path, (char *)"--act", (char *)act, NULL};
	struct trace_request request = {
		.command = command,
		.exact = exact,
		.known = known,
		.serving = {.kind = SERVING_LISTEN, .call = CALL_NONE},
	};

	trace_request(traced, &request);
}

static void check_same(struct traced *exact, struct traced *adaptive)
{
	line_list a = recorded_lines(&exact->arena, exact->run);
	line_list b = recorded_lines(&adaptive->arena, adaptive->run);

	assert_int_equal(recorded_lines_differ(&a, &b), 0);
}

static bool has_unseen(const struct recorded_run *run, enum unseen_kind kind)
{
	for (size_t i = 0; i < run->unseen.count; i++)
		if (run->unseen.items[i].kind == kind)
			return true;
	return false;
}

static const char *const same_acts[] = {
	"late-news", "alarms",     "blocked-threads", "vforks",  "thread-exec", "other-program",
	"clone3",    "own-filter", "closes-all",      "restart", "serves-late", "int80",
};

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(same_acts) / sizeof(same_acts[0]); i++) {
		struct traced exact, adaptive;

		print_message("           %s\n", same_acts[i]);
		trace_act(&exact, same_acts[i], true, NULL);
		trace_act(&adaptive, same_acts[i], false, NULL);
		if (exact.result.end_value == 77) {
			print_message("SKIP: %s: this kernel has no such thing\n", same_acts[i]);
		} else {
			assert_int_equal(exact.result.end_value, 0);
			assert_int_equal(adaptive.result.end_value, 0);
			check_same(&exact, &adaptive);
			assert_true(adaptive.run->counts_are_least);
			assert_false(adaptive.run->results_seen);
			assert_true(recorded_calls(adaptive.run) < recorded_calls(exact.run));
			assert_int_equal(adaptive.run->processes, exact.run->processes);
			assert_int_equal(adaptive.run->threads, exact.run->threads);
			assert_int_equal(adaptive.run->served, exact.run->served);
			assert_false(exact.run->counts_are_least);
			assert_true(exact.run->results_seen);
		}
		arena_release(&exact.arena);
		arena_release(&adaptive.arena);
	}
}

/* Who begins the same small programs again and again is soon known, and so are they. */
static void test_builds(void **state)
{
	struct traced exact, adaptive;

	(void)state;
	trace_act(&exact, "builds", true, NULL);
	trace_act(&adaptive, "builds", false, NULL);
	assert_int_equal(exact.result.end_value, 0);
	assert_int_equal(adaptive.result.end_value, 0);
	check_same(&exact, &adaptive);
	assert_int_equal(adaptive.run->processes, exact.run->processes);
	print_message("           %zu of %zu calls\n", (size_t)recorded_calls(adaptive.run),
		      (size_t)recorded_calls(exact.run));
	assert_true(recorded_calls(adaptive.run) < recorded_calls(exact.run) / 2);
	arena_release(&exact.arena);
	arena_release(&adaptive.arena);
}

/* A thread is one, however it is made. */
static void test_odd_threads(void **state)
{
	struct traced exact, adaptive;

	(void)state;
	trace_act(&exact, "odd-threads", true, NULL);
	trace_act(&adaptive, "odd-threads", false, NULL);
	assert_int_equal(exact.result.end_value, 0);
	assert_int_equal(adaptive.result.end_value, 0);
	check_same(&exact, &adaptive);
	assert_int_equal(exact.run->processes, 1);
	assert_int_equal(adaptive.run->processes, 1);
	assert_int_equal(exact.run->threads, 3);
	assert_int_equal(adaptive.run->threads, 3);
	arena_release(&exact.arena);
	arena_release(&adaptive.arena);
}

/* A child that would run untraced behind a filter is traced instead, and is refused nothing. */
static void test_untraced_child(void **state)
{
	struct traced traced;

	(void)state;
	trace_act(&traced, "untraced-child", false, NULL);
	assert_int_equal(traced.result.end_value, 0);
	assert_true(traced.run->processes >= 2);
	assert_true(traced.run->counts_are_least);
	arena_release(&traced.arena);
}

/* Where a child escapes the tracer all the same, the recording says so. */
static void test_flipped_flags(void **state)
{
	(void)state;
	for (int exact = 0; exact < 2; exact++) {
		struct traced traced;

		trace_act(&traced, "flipped-flags", exact != 0, NULL);
		assert_int_equal(traced.result.end_value, 0);
		print_message("           %zu of 301 processes\n", (size_t)traced.run->processes);
		assert_true(traced.run->processes == 301 ||
			    has_unseen(traced.run, UNSEEN_UNTRACED_CHILD));
		arena_release(&traced.arena);
	}
}

/* The filter comes once it is worth its making, and from then on news alone is seen. */
static void test_replay(void **state)
{
	struct traced first, second, other;
	struct recording known = {0};

	(void)state;
	trace_act(&first, "late-news", true, NULL);
	*VEC_PUSH(&first.arena, &known.runs) = first.run;
	trace_act(&second, "late-news", false, &known);
	assert_int_equal(second.result.end_value, 0);
	assert_true(recorded_calls(first.run) > 1000);
	assert_true(recorded_calls(second.run) < 250);
	assert_true(second.run->counts_are_least);
	assert_true(has_unseen(second.run, UNSEEN_KNOWN));
	assert_string_equal(second.run->tracer, "ptrace replay");
	arena_release(&second.arena);

	/* Together they have seen what the whole of the other one does. */
	trace_act(&second, "vforks", false, &known);
	trace_act(&other, "vforks", true, NULL);
	assert_int_equal(second.result.end_value, 0);
	for (size_t i = 0; i < first.run->executables.count; i++)
		*VEC_PUSH(&second.arena, &second.run->executables) =
			first.run->executables.items[i];
	for (size_t i = 0; i < first.run->executables.count; i++)
		*VEC_PUSH(&other.arena, &other.run->executables) = first.run->executables.items[i];
	check_same(&other, &second);
	arena_release(&first.arena);
	arena_release(&second.arena);
	arena_release(&other.arena);
}

static void send_later(pid_t target, int signal, int times, long milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	if (fork() != 0)
		return;
	for (int i = 0; i < times; i++) {
		nanosleep(&pause, NULL);
		kill(target, signal);
	}
	_exit(0);
}

static size_t own_processes(void)
{
	char command[256], line[64] = "";
	FILE *stream;

	snprintf(command, sizeof(command), "pgrep -g %d -f -c -- '--act fork-bomb'", getpgrp());
	stream = popen(command, "r");
	assert_non_null(stream);
	if (!fgets(line, sizeof(line), stream))
		line[0] = '\0';
	pclose(stream);
	return strtoul(line, NULL, 10);
}

/* Hundreds of processes at once, and then none. */
static void test_fork_bomb(void **state)
{
	struct traced traced;

	(void)state;
	send_later(getpid(), SIGTERM, 2, 1500);
	trace_act(&traced, "fork-bomb", false, NULL);
	assert_true(traced.run->processes >= 32);
	assert_true(own_processes() <= 1); /* the shell that asks */
	arena_release(&traced.arena);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),          cmocka_unit_test(test_builds),
		cmocka_unit_test(test_odd_threads),   cmocka_unit_test(test_untraced_child),
		cmocka_unit_test(test_flipped_flags), cmocka_unit_test(test_replay),
		cmocka_unit_test(test_fork_bomb),
	};

	if (argc > 1)
		return adaptive_act_run(argc, argv);
	if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
		return 99;
	/* A stop that nobody hears of would last for ever. */
	alarm(300);
	/* The leak checker traces its own process, which is traced already. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
