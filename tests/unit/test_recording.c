/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: what is written is read again, and merging obeys its laws. */
#include "profiler/recorder/recorder.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	uint64_t random;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture || arena_init(&fixture->arena) < 0)
		return -1;
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	fixture->random = 20260101;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static uint32_t pick(struct fixture *fixture, uint32_t below)
{
	fixture->random = fixture->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(fixture->random >> 33) % below;
}

static const char *const texts[] = {"/bin/sh", "a b", "\xff\x01 bytes",        "tab\there",
				    "\\",      "é",   "right\xe2\x80\xaeleft", ""};

static const char *pick_text(struct fixture *fixture)
{
	return texts[pick(fixture, sizeof(texts) / sizeof(texts[0]))];
}

/* One call of any kind, of the phase that some process is in. */
static void random_call(struct fixture *fixture, struct recorder *recorder,
			executable_id executable, bool serves)
{
	static const uint32_t archs[] = {0xc000003e, 0x40000003, 0xc000003e, 0x1234};
	uint32_t kind = pick(fixture, 4);
	struct call_event event = {.audit_arch = archs[kind]};
	struct recorded_call *call;

	event.phase = serves && pick(fixture, 2) ? PHASE_SERVING : PHASE_START;
	event.number = pick(fixture, 8) ? pick(fixture, 60) : pick(fixture, 600);
	if (kind == 2)
		event.number |= 0x40000000;
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		event.args[i] = pick(fixture, 3) ? pick(fixture, 4) : pick(fixture, 1 << 30);
	call = recorder_call(recorder, executable, &event);
	if (call && !pick(fixture, 4))
		recorder_error(recorder, call, 1 + (int)pick(fixture, 200));
}

/* What a tracer would report, at random: some values often, so that counts grow. */
static struct recorded_run *random_run(struct fixture *fixture)
{
	char *command[] = {(char *)pick_text(fixture), (char *)pick_text(fixture), NULL};
	struct recorded_label labels[] = {{"pod", recording_escape(&fixture->arena, "a\"\n", 3)},
					  {"app", "web"}};
	bool rules = pick(fixture, 2), serves = rules && pick(fixture, 2);
	struct recorder_subject subject = {
		.tracer = "ptrace",
		.scope = (enum recorded_scope)pick(fixture, SCOPE_COUNT),
		.scope_name = "/a\tb",
		.command = command,
		.serving_rule = rules ? "listen" : NULL,
		.results_seen = pick(fixture, 2),
		.labels = labels,
		.label_count = pick(fixture, 3),
	};
	struct recorder *recorder = recorder_new(&fixture->arena, &subject);
	executable_id executables[3];

	assert_non_null(recorder);
	if (serves)
		recorder_serving(recorder);
	for (unsigned int i = 0; i < 3; i++) {
		struct executable_identity identity = {pick_text(fixture), NULL, 8, i};

		if (pick(fixture, 2))
			identity.script = pick_text(fixture);
		executables[i] = recorder_executable_start(recorder, &identity);
	}
	for (unsigned int calls = pick(fixture, 400); calls > 0; calls--)
		random_call(fixture, recorder, executables[pick(fixture, 3)], serves);
	for (unsigned int i = pick(fixture, 6); i > 0; i--)
		recorder_operation(recorder, executables[pick(fixture, 3)],
				   serves && pick(fixture, 2) ? PHASE_SERVING : PHASE_START,
				   (uint8_t)pick(fixture, 256), 1 + pick(fixture, 9));
	recorder_launcher_call(recorder, ABI_X86_64, call_find("execve"));
	recorder_unseen(recorder, UNSEEN_OWN_FILTER, executables[0]);
	if (pick(fixture, 2))
		recorder_counts_least(recorder);
	if (pick(fixture, 4) == 0)
		recorder_lost(recorder, 3);
	return recorder_finish(recorder, (enum recorded_end_kind)pick(fixture, 3),
			       (int)pick(fixture, 100));
}

static const char *written(struct fixture *fixture, const struct recording *recording)
{
	struct text text = {0};
	const char *copy;

	assert_int_equal(recording_write(recording, &text), 0);
	copy = arena_copy(&fixture->arena, text.bytes, text.length);
	text_release(&text);
	return copy;
}

static void test_written_is_read(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 50; i++) {
		struct recorded_run *run = random_run(fixture);
		struct recording recording = {.runs = {&run, 1, 1}}, *again;
		const char *text = written(fixture, &recording);

		again = recording_read(&fixture->arena, "test", text, strlen(text),
				       &fixture->diags);
		if (!again)
			fail_msg("%s", fixture->diags.list.items[0]->text);
		assert_string_equal(written(fixture, again), text);
	}
}

static struct recording *merge(struct fixture *fixture, const struct recording *a,
			       const struct recording *b)
{
	struct recording *result = arena_alloc(&fixture->arena, sizeof(*result));

	recording_merge(&fixture->arena, result, a, "a", &fixture->diags);
	recording_merge(&fixture->arena, result, b, "b", &fixture->diags);
	assert_int_equal(fixture->diags.errors, 0);
	return result;
}

/* Up to four of the runs, in any order. */
static struct recording *random_recording(struct fixture *fixture, struct recorded_run **runs,
					  uint32_t count)
{
	struct recording *result = arena_alloc(&fixture->arena, sizeof(*result));

	for (uint32_t i = pick(fixture, 5); i > 0; i--) {
		struct recorded_run *run = runs[pick(fixture, count)];
		struct recording one = {.runs = {&run, 1, 1}};

		recording_merge(&fixture->arena, result, &one, "one", &fixture->diags);
	}
	return result;
}

static void test_merge_laws(void **state)
{
	struct fixture *fixture = *state;
	struct recorded_run *runs[6];

	for (size_t i = 0; i < 6; i++)
		runs[i] = random_run(fixture);
	for (int i = 0; i < 60; i++) {
		struct recording *a = random_recording(fixture, runs, 6);
		struct recording *b = random_recording(fixture, runs, 6);
		struct recording *c = random_recording(fixture, runs, 6);
		struct recording *ab = merge(fixture, a, b);

		assert_string_equal(written(fixture, ab), written(fixture, merge(fixture, b, a)));
		assert_string_equal(written(fixture, merge(fixture, ab, c)),
				    written(fixture, merge(fixture, a, merge(fixture, b, c))));
		assert_string_equal(written(fixture, merge(fixture, a, a)), written(fixture, a));
		assert_string_equal(written(fixture, merge(fixture, ab, b)), written(fixture, ab));
	}
}

/* As pale merge does it: recordings come from files, and what they have in common is shared. */
static void test_merge_of_files(void **state)
{
	struct fixture *fixture = *state;
	struct recording_pool *pool = recording_pool_new(&fixture->arena);
	struct recorded_run *runs[6];

	for (size_t i = 0; i < 6; i++)
		runs[i] = random_run(fixture);
	for (int i = 0; i < 30; i++) {
		struct recording *a = random_recording(fixture, runs, 6);
		struct recording *b = random_recording(fixture, runs, 6);
		const char *both[2] = {written(fixture, a), written(fixture, b)};
		struct recording all = {0};

		for (int j = 0; j < 4; j++) { /* a, b, b, a: twice each, in both orders */
			const char *text = both[(j == 1 || j == 2) ^ (i % 2)];
			struct recording *one = recording_pool_read(pool, "one", text, strlen(text),
								    &fixture->diags);

			assert_non_null(one);
			recording_merge(&fixture->arena, &all, one, "one", &fixture->diags);
		}
		assert_int_equal(fixture->diags.errors, 0);
		assert_string_equal(written(fixture, &all), written(fixture, merge(fixture, a, b)));
	}
}

/* The same id on two runs that differ is no union. */
static void test_merge_conflict(void **state)
{
	struct fixture *fixture = *state;
	struct recorded_run *run = random_run(fixture), *other = random_run(fixture);
	struct recording a = {.runs = {&run, 1, 1}}, b = {.runs = {&other, 1, 1}}, into = {0};

	other->id = run->id;
	recording_merge(&fixture->arena, &into, &a, "a", &fixture->diags);
	recording_merge(&fixture->arena, &into, &b, "b", &fixture->diags);
	assert_int_equal(fixture->diags.errors, 1);
	assert_non_null(strstr(fixture->diags.list.items[0]->text, "differs"));
	assert_int_equal(into.runs.count, 1);
}

/* Whether TEXT, read by itself, is a recording whose first run is another than RUN; also if it is none. */
static bool text_differs(const char *text, const struct recorded_run *run)
{
	const struct recording *read;
	bool differs = true;
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};

	assert_int_equal(arena_init(&arena), 0);
	read = recording_read(&arena, "changed", text, strlen(text), &diags);
	if (read)
		differs = !recorded_run_equal(run, read->runs.items[0]);
	arena_release(&arena);
	return differs;
}

/* No member of a run may differ unnoticed. Digits are in all that counts, in names and in values. */
static void test_equal(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 4; i++) {
		struct recorded_run *run = random_run(fixture);
		struct recording recording = {.runs = {&run, 1, 1}};
		char *text = (char *)written(fixture, &recording);
		const char *runs = strstr(text, "\"runs\"");

		assert_false(text_differs(text, run));
		for (char *at = text; *at; at += at < runs ? 1 + pick(fixture, 100) : 1) {
			if (*at < '1' || *at > '8' || (at > runs && pick(fixture, 4)))
				continue;
			++*at;
			if (!text_differs(text, run))
				fail_msg("a change goes unnoticed: %.60s", at);
			--*at;
		}
	}
}

static void test_escape(void **state)
{
	static const struct {
		const char *bytes;
		const char *text;
	} rows[] = {
		{"/usr/bin/ls", "/usr/bin/ls"},
		{"caf\xc3\xa9 \xf0\x9f\x8e\x89", "caf\xc3\xa9 \xf0\x9f\x8e\x89"},
		{"a\nb\x7f", "a\\x0ab\\x7f"},
		{"back\\slash", "back\\\\slash"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xc0\xaf", "\\xc0\\xaf"},                   /* a longer form of '/' */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
		{"\xc2\x9b", "\\xc2\\x9b"},                   /* CSI of a terminal */
		{"\xe2\x80\xae", "\\xe2\\x80\\xae"},          /* right-to-left override */
		{"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},          /* line separator */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text =
			recording_escape(&fixture->arena, rows[i].bytes, strlen(rows[i].bytes));

		assert_string_equal(text, rows[i].text);
		assert_true(recording_is_escaped(text));
	}
	assert_false(recording_is_escaped("line\nbreak"));
	assert_false(recording_is_escaped("\\x0"));
	assert_false(recording_is_escaped("\\"));
	assert_false(recording_is_escaped("\xff"));
}

static struct recorder *new_recorder(struct fixture *fixture, executable_id *executable)
{
	char *command[] = {(char *)"x", NULL};
	struct recorder *recorder =
		recorder_new(&fixture->arena, &(struct recorder_subject){.tracer = "ptrace",
									 .command = command,
									 .results_seen = true});
	struct executable_identity identity = {"/bin/x", NULL, 1, 2};

	*executable = recorder_executable_start(recorder, &identity);
	return recorder;
}

/* What the kernel does not read of a register is not recorded; a pointer is its being one. */
static void test_values(void **state)
{
	struct fixture *fixture = *state;
	executable_id executable;
	struct recorder *recorder = new_recorder(fixture, &executable);
	struct call_event event = {.audit_arch = 0xc000003e};
	const struct recorded_call *call;

	event.number = 257; /* openat(int, const char *, int, umode_t) */
	event.args[0] = 0xdeadbeefffffff9c;
	event.args[1] = 0x7fff12345678;
	event.args[2] = 0x100000002;
	event.args[3] = 0xabcd01a4;
	call = recorder_call(recorder, executable, &event);
	event.args[0] = 3;
	recorder_call(recorder, executable, &event);
	assert_int_equal(call->args.items[0].least, 0xffffff9c); /* -100, and 3 is more */
	assert_int_equal(call->args.items[0].most, 3);
	assert_int_equal(call->args.items[1].most, 1);
	assert_int_equal(call->tuples.count, 1);
	assert_int_equal(call->tuples.items[0].values[0], 2);
	assert_int_equal(call->tuples.items[0].count, 2);
	assert_int_equal(call->args.items[3].most, 0x01a4);
}

/* Where memory lies is not recorded, also where the kernel takes an address as a number. */
static void test_addresses(void **state)
{
	struct fixture *fixture = *state;
	executable_id executable;
	struct recorder *recorder = new_recorder(fixture, &executable);
	struct call_event map = {.audit_arch = 0xc000003e, .number = 9 /* mmap */};
	struct call_event unmap = {.audit_arch = 0xc000003e, .number = 11 /* munmap */};
	const struct recorded_call *mapped, *unmapped;

	map.args[1] = 0x5000;
	mapped = recorder_call(recorder, executable, &map);
	map.args[0] = 0x7f0000001000;
	recorder_call(recorder, executable, &map);
	unmap.args[0] = 0x7f0000001000;
	unmapped = recorder_call(recorder, executable, &unmap);
	recorder_finish(recorder, RECORDED_END_EXITED, 0);
	assert_int_equal(mapped->args.items[0].least, 0);
	assert_int_equal(mapped->args.items[0].most, 1);
	assert_int_equal(mapped->args.items[0].all, 0);
	assert_int_equal(mapped->args.items[0].some, 1);
	assert_int_equal(mapped->args.items[1].most, 0x5000);
	assert_int_equal(unmapped->args.items[0].all, 1);
	assert_int_equal(unmapped->args.items[0].most, 1);
}

static void test_saturation(void **state)
{
	struct fixture *fixture = *state;
	executable_id executable;
	struct recorder *recorder = new_recorder(fixture, &executable);
	struct call_event event = {.audit_arch = 0xc000003e, .number = 16 /* ioctl */};
	const struct recorded_call *call = NULL;

	for (unsigned int i = 0; i < RECORDING_TUPLES_MAX; i++) {
		event.args[1] = i;
		call = recorder_call(recorder, executable, &event);
	}
	assert_false(call->saturated);
	assert_int_equal(call->tuples.count, RECORDING_TUPLES_MAX);
	event.args[1] = 0x5401;
	recorder_call(recorder, executable, &event);
	assert_true(call->saturated);
	assert_int_equal(call->tuples.count, 0);
	assert_int_equal(call->count, RECORDING_TUPLES_MAX + 1);
	assert_int_equal(call->args.items[1].most, 0x5401);
}

/* More executables than are told apart share an entry, and nothing of them is lost. */
static void test_many_executables(void **state)
{
	struct fixture *fixture = *state;
	executable_id executable;
	struct recorder *recorder = new_recorder(fixture, &executable);
	struct call_event event = {.audit_arch = 0xc000003e, .number = 39};
	const struct recorded_run *run;
	uint64_t calls = 0;

	for (unsigned int i = 0; i < RECORDING_EXECUTABLES_MAX + 100; i++) {
		struct executable_identity identity = {"/tmp/conftest", NULL, 1, 100 + i};

		executable = recorder_executable_start(recorder, &identity);
		recorder_call(recorder, executable, &event);
	}
	run = recorder_finish(recorder, RECORDED_END_EXITED, 0);
	assert_int_equal(run->executables.count, RECORDING_EXECUTABLES_MAX);
	for (size_t i = 0; i < run->executables.count; i++)
		if (run->executables.items[i]->calls.count)
			calls += run->executables.items[i]->calls.items[0]->count;
	assert_int_equal(calls, RECORDING_EXECUTABLES_MAX + 100);
	assert_int_equal(run->unseen.count, 1);
	assert_int_equal(run->unseen.items[0].kind, UNSEEN_SHARED_ENTRY);
	assert_int_equal(run->lost, 0);
}

/* A program that tries every number: what does not fit is counted as lost. */
static void test_many_numbers(void **state)
{
	struct fixture *fixture = *state;
	executable_id executable;
	struct recorder *recorder = new_recorder(fixture, &executable);
	struct call_event event = {.audit_arch = 0xc000003e};
	const struct recorded_run *run;

	for (event.number = 0; event.number < RECORDING_CALLS_MAX + 7; event.number++)
		recorder_call(recorder, executable, &event);
	run = recorder_finish(recorder, RECORDED_END_EXITED, 0);
	assert_int_equal(run->executables.items[0]->calls.count, RECORDING_CALLS_MAX);
	assert_int_equal(run->lost, 7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_written_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_merge_laws, setup, teardown),
		cmocka_unit_test_setup_teardown(test_merge_of_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_merge_conflict, setup, teardown),
		cmocka_unit_test_setup_teardown(test_escape, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_saturation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_executables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_numbers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
