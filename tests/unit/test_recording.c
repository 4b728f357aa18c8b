/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: what is written is read again, merging obeys its laws, bad files get messages. */
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

/* What a tracer would report, at random: some values often, so that counts grow. */
static struct recorded_run *random_run(struct fixture *fixture)
{
	static const uint32_t archs[] = {0xc000003e, 0x40000003, 0xc000003e, 0x1234};
	char *command[] = {(char *)pick_text(fixture), (char *)pick_text(fixture), NULL};
	struct recorder *recorder =
		recorder_new(&fixture->arena, &(struct recorder_subject){.tracer = "ptrace",
									 .command = command,
									 .results_seen = true});
	executable_id executables[3];
	unsigned int calls = pick(fixture, 400);

	assert_non_null(recorder);
	for (unsigned int i = 0; i < 3; i++) {
		struct executable_identity identity = {pick_text(fixture), NULL, 8, i};

		if (pick(fixture, 2))
			identity.script = pick_text(fixture);
		executables[i] = recorder_executable_start(recorder, &identity);
	}
	for (unsigned int i = 0; i < calls; i++) {
		uint32_t kind = pick(fixture, 4);
		struct call_event event = {.audit_arch = archs[kind]};
		struct recorded_call *call;

		event.number = pick(fixture, 8) ? pick(fixture, 60) : pick(fixture, 600);
		if (kind == 2)
			event.number |= 0x40000000;
		for (unsigned int j = 0; j < CALL_ARGS_MAX; j++)
			event.args[j] =
				pick(fixture, 3) ? pick(fixture, 4) : pick(fixture, 1 << 30);
		call = recorder_call(recorder, executables[pick(fixture, 3)], &event);
		if (call && !pick(fixture, 4))
			recorder_error(recorder, call, 1 + (int)pick(fixture, 200));
	}
	recorder_launcher_call(recorder, ABI_X86_64, call_find("execve"));
	recorder_unseen(recorder, UNSEEN_OWN_FILTER, executables[0]);
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

#define RUN_HEAD                                                                                   \
	"{\"format\":\"pale-recording\",\"version\":1,\"runs\":[{"                                 \
	"\"id\":\"0123456789abcdef0123456789abcdef\",\"host\":\"h\",\"kernel\":\"6.1\","           \
	"\"machine\":\"m\",\"tracer\":\"t\",\"command\":[\"c\"],\"started\":1,"                    \
	"\"milliseconds\":2,\"end\":{\"exited\":0},\"processes\":1,\"threads\":1,\"lost\":0,"      \
	"\"unseen\":[],\"launcher\":[],\"executables\":[{\"path\":\"/bin/x\",\"script\":null,"     \
	"\"device\":\"8:1\",\"inode\":\"0x7\",\"started\":1,\"calls\":["
#define RUN_TAIL "]}]}]}"
#define SOCKET_ARGS                                                                                \
	"\"args\":[{\"name\":\"domain\",\"ruled\":true,\"all\":\"0x1\",\"some\":\"0x1\","          \
	"\"least\":\"0x1\",\"most\":\"0x1\"}]"
#define SOCKET_CALL(count, tuples)                                                                 \
	"{\"abi\":\"x86_64\",\"call\":\"socket\",\"number\":41,\"count\":" count "," SOCKET_ARGS   \
	",\"tuples\":[" tuples "],\"errors\":{}}"
#define PLAIN_CALL(abi, name, number)                                                              \
	"{\"abi\":\"" abi "\",\"call\":" name ",\"number\":" number                                \
	",\"count\":1,\"args\":[],\"tuples\":[],\"errors\":{}}"

static const struct {
	const char *json;
	const char *message; /* a part of it, or NULL: it is good */
} files[] = {
	{RUN_HEAD SOCKET_CALL("3", "[\"0x1\",3]") RUN_TAIL, NULL},
	{RUN_HEAD PLAIN_CALL("x86_64", "null", "100000") RUN_TAIL, NULL},
	{RUN_HEAD PLAIN_CALL("x86_64", "\"later_call\"", "100000") RUN_TAIL, NULL},
	{"{\"format\":\"pale-recording\",\"version\":1,\"runs\":[]}", NULL},
	{"", "no JSON"},
	{"{", "no JSON"},
	{"[]", "is not a recording"},
	{"{\"format\":\"other\"}", "is not a recording"},
	{"{\"format\":\"pale-recording\"}", "no \"version\""},
	{"{\"format\":\"pale-recording\",\"version\":0,\"runs\":[]}", "no \"version\""},
	{"{\"format\":\"pale-recording\",\"version\":9,\"anything\":[]}", "use a newer pale"},
	{"{\"format\":\"pale-recording\",\"version\":1,\"more\":1,\"runs\":[]}", "has \"more\""},
	{"{\"format\":\"pale-recording\",\"version\":1,\"version\":1,\"runs\":[]}", "no JSON"},
	{"{\"format\":\"pale-recording\",\"version\":1,\"runs\":{}}", "lacks the list \"runs\""},
	{"{\"format\":\"pale-recording\",\"version\":1,\"runs\":[7]}", "runs[0] lacks an object"},
	{RUN_HEAD "7" RUN_TAIL, "runs[0].executables[0].calls[0] lacks an object"},
	{RUN_HEAD SOCKET_CALL("4", "[\"0x1\",3]") RUN_TAIL, "do not add up"},
	{RUN_HEAD SOCKET_CALL("3", "[\"0x2\",3]") RUN_TAIL, "outside of its masks"},
	{RUN_HEAD SOCKET_CALL("3", "[\"0x1\",\"0x1\",3]") RUN_TAIL, "does not fit"},
	{RUN_HEAD SOCKET_CALL("3", "[\"1\",3]") RUN_TAIL, "no hexadecimal"},
	{RUN_HEAD SOCKET_CALL("3", "[\"0x10000000000000000\",3]") RUN_TAIL, "no hexadecimal"},
	{RUN_HEAD SOCKET_CALL("3", "[\"0x1\",1],[\"0x1\",2]") RUN_TAIL, "a tuple of values twice"},
	{RUN_HEAD SOCKET_CALL("0", "") RUN_TAIL, "a count of 1 or more"},
	{RUN_HEAD SOCKET_CALL("-1", "") RUN_TAIL, "a count of 1 or more"},
	{RUN_HEAD SOCKET_CALL("1e3", "") RUN_TAIL, "a count of 1 or more"},
	{RUN_HEAD SOCKET_CALL("1", "[\"0x1\",1]") "," SOCKET_CALL("1", "[\"0x1\",1]") RUN_TAIL,
	 "a call twice"},
	{RUN_HEAD PLAIN_CALL("vax", "\"read\"", "0") RUN_TAIL, "the ABI 'vax'"},
	{RUN_HEAD PLAIN_CALL("x86_64", "\"read\"", "1") RUN_TAIL, "another call's number"},
	{RUN_HEAD PLAIN_CALL("x86_64", "\"re\\nad\"", "1") RUN_TAIL, "should be escaped"},
	{RUN_HEAD PLAIN_CALL("x86_64", "\"re ad\"", "1") RUN_TAIL, "no name"},
	{RUN_HEAD PLAIN_CALL("x86_64", "7", "1") RUN_TAIL, "lacks the string"},
	{RUN_HEAD PLAIN_CALL("x86_64", "null", "-1") RUN_TAIL, "lacks a \"number\""},
	{RUN_HEAD PLAIN_CALL("x86_64", "null", "4294967296") RUN_TAIL, "lacks a \"number\""},
};

static void test_bad_files(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct recording *recording;
		const char *text;

		fixture->diags.list.count = 0;
		fixture->diags.errors = 0;
		recording = recording_read(&fixture->arena, "FILE", files[i].json,
					   strlen(files[i].json), &fixture->diags);
		text = fixture->diags.list.count ? fixture->diags.list.items[0]->text : "";
		if (files[i].message) {
			assert_null(recording);
			assert_int_equal(fixture->diags.errors, 1);
			if (!strstr(text, files[i].message))
				fail_msg("row %zu: '%s' lacks '%s'", i, text, files[i].message);
			assert_memory_equal(text, "FILE: ", 6);
		} else if (!recording) {
			fail_msg("row %zu: %s", i, text);
		}
	}
}

/* A file that ends anywhere, or with any bit changed, is good or gets a message; none crashes. */
static void test_damaged_files(void **state)
{
	static const char good[] = RUN_HEAD SOCKET_CALL("3", "[\"0x1\",3]") RUN_TAIL;
	struct fixture *fixture = *state;
	char bytes[sizeof(good)];

	for (size_t length = 0; length < sizeof(good) - 1; length++) {
		fixture->diags.errors = 0;
		assert_null(recording_read(&fixture->arena, "cut", good, length, &fixture->diags));
		assert_int_equal(fixture->diags.errors, 1);
	}
	for (size_t bit = 0; bit < (sizeof(good) - 1) * 8; bit++) {
		memcpy(bytes, good, sizeof(good));
		bytes[bit / 8] ^= (char)(1 << bit % 8);
		fixture->diags.errors = 0;
		if (!recording_read(&fixture->arena, "flipped", bytes, sizeof(good) - 1,
				    &fixture->diags))
			assert_int_equal(fixture->diags.errors, 1);
	}
	fixture->diags.errors = 0;
	assert_null(recording_read(&fixture->arena, "huge", good, RECORDING_BYTES_MAX + 1,
				   &fixture->diags));
	assert_int_equal(fixture->diags.errors, 1);
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
		cmocka_unit_test_setup_teardown(test_merge_conflict, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_escape, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_saturation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_executables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_numbers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
