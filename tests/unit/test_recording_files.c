/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are no good recordings get a message that says what is wrong with them. */
#include "profiler/recording/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture || arena_init(&fixture->arena) < 0)
		return -1;
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
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

/* The same in version 2. */
#define TABLE_HEAD "{\"format\":\"pale-recording\",\"version\":2,\"calls\":["
#define SOCKET_SEEN(tuples)                                                                        \
	"{\"abi\":\"x86_64\",\"call\":\"socket\",\"number\":41,"                                   \
	"\"args\":[{\"name\":\"domain\",\"ruled\":true,\"all\":\"0x0\",\"some\":\"0x3\","          \
	"\"least\":\"0x1\",\"most\":\"0x2\"}],\"tuples\":[" tuples "]}"
#define TABLE_RUN                                                                                  \
	"],\"runs\":[{"                                                                            \
	"\"id\":\"0123456789abcdef0123456789abcdef\",\"host\":\"h\",\"kernel\":\"6.1\","           \
	"\"machine\":\"m\",\"tracer\":\"t\",\"scope\":{\"kind\":\"command\",\"name\":null},"       \
	"\"command\":[\"c\"],\"only_denied\":false,\"counts_are_least\":false,"                    \
	"\"results_seen\":true,\"serving_rule\":null,\"serving_after\":null,\"started\":1,"        \
	"\"milliseconds\":2,\"end\":{\"exited\":0},\"processes\":1,\"threads\":1,\"lost\":0,"      \
	"\"unseen\":[],\"launcher\":[],\"executables\":[{\"path\":\"/bin/x\",\"script\":null,"     \
	"\"device\":\"8:1\",\"inode\":\"0x7\",\"started\":1,\"calls\":"
#define TABLE_TAIL "}]}]}"
#define TWO_TUPLES SOCKET_SEEN("[\"0x1\"],[\"0x2\"]")

static const struct {
	const char *json;
	const char *message; /* a part of it, or NULL: it is good */
} files[] = {
	{RUN_HEAD SOCKET_CALL("3", "[\"0x1\",3]") RUN_TAIL, NULL},
	{RUN_HEAD PLAIN_CALL("x86_64", "null", "100000") RUN_TAIL, NULL},
	{RUN_HEAD PLAIN_CALL("x86_64", "\"later_call\"", "100000") RUN_TAIL, NULL},
	{"{\"format\":\"pale-recording\",\"version\":1,\"runs\":[]}", NULL},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[1,2]]]" TABLE_TAIL, NULL},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[1,2],{}]]" TABLE_TAIL, NULL},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[]" TABLE_TAIL, "calls[0] was made in no run"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[1,[1,2]]]" TABLE_TAIL, "an index that"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,3]]" TABLE_TAIL, "not as many counts"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[3]]]" TABLE_TAIL, "not as many counts"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[9007199254740991,1]]]" TABLE_TAIL,
	 "sum is too large"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[1,2]],[0,[1,2]]]" TABLE_TAIL, "a call twice"},
	{TABLE_HEAD TWO_TUPLES TABLE_RUN "[[0,[1,2],{\"ENOENT\":1,\"2\":1}]]" TABLE_TAIL,
	 "an error twice"},
	{TABLE_HEAD SOCKET_SEEN("[\"0x2\"],[\"0x1\"]") TABLE_RUN "[[0,[1,2]]]" TABLE_TAIL,
	 "calls[0] has tuples that are not in order"},
	{TABLE_HEAD SOCKET_SEEN("[\"0x1\"],[\"0x1\"]") TABLE_RUN "[[0,[1,2]]]" TABLE_TAIL,
	 "a tuple of values twice"},
	{TABLE_HEAD SOCKET_SEEN("[\"0x4\"]") TABLE_RUN "[[0,1]]" TABLE_TAIL,
	 "outside of its masks"},
	{TABLE_HEAD SOCKET_SEEN("") TABLE_RUN "[[0,1]]" TABLE_TAIL, "no tuples of their values"},
	{TABLE_HEAD "7" TABLE_RUN "[[0,1]]" TABLE_TAIL, "calls[0] lacks an object"},
	{TABLE_HEAD "{}}" TABLE_RUN "[[0,1]]" TABLE_TAIL, "no JSON"},
	{TABLE_HEAD "{]" TABLE_RUN "[[0,1]]" TABLE_TAIL, "no JSON"},
	{TABLE_HEAD "{\"abi\":1,\"abi\":2}" TABLE_RUN "[[0,1]]" TABLE_TAIL, "no JSON at line 1"},
	{"{\"format\":\"pale-recording\",\"version\":2,\"runs\":[]}", "lacks the list \"calls\""},
	{"{\"format\":\"pale-recording\",\"version\":2,\"calls\":[],\"runs\":[]}", NULL},
	{"{\"runs\":[],\"calls\":[],\"version\":2,\"format\":\"pale-recording\"}", NULL},
	{"{\"format\":\"pale-recording\",\"version\":1,\"calls\":[],\"runs\":[]}",
	 "has \"calls\", which version 1"},
	{"{\"format\":\"pale-recording\",\"version\":2,\"calls\":[],\"runs\":[],}", "no JSON"},
	{"{\"format\":\"pale-recording\",\"version\":2,\"calls\":[],\"runs\":[]} x", "no JSON"},
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

/* Calls that are equal stand in memory once, whatever the version; those that are not do not. */
static void test_equal_calls(void **state)
{
	static const char *const texts[] = {
		RUN_HEAD SOCKET_CALL("4", "[\"0x1\",4]") RUN_TAIL,
		RUN_HEAD SOCKET_CALL("4", "[\"0x1\",4]") RUN_TAIL,
		RUN_HEAD SOCKET_CALL("5", "[\"0x1\",5]") RUN_TAIL,
		TABLE_HEAD SOCKET_SEEN("[\"0x1\"]") TABLE_RUN "[[0,4]]" TABLE_TAIL,
		TABLE_HEAD SOCKET_SEEN("[\"0x1\"]") TABLE_RUN "[[0,4]]" TABLE_TAIL,
	};
	enum {
		COUNT = sizeof(texts) / sizeof(texts[0])
	};
	struct fixture *fixture = *state;
	struct recording_pool *pool = recording_pool_new(&fixture->arena);
	const struct recorded_call *calls[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		const struct recording *one = recording_pool_read(
			pool, "one", texts[i], strlen(texts[i]), &fixture->diags);

		assert_non_null(one);
		calls[i] = one->runs.items[0]->executables.items[0]->calls.items[0];
		assert_int_equal(calls[i]->tuples.items[0].count, calls[i]->count);
		assert_string_equal(calls[i]->args.items[0].name, "domain");
	}
	assert_ptr_equal(calls[0], calls[1]);
	assert_ptr_not_equal(calls[0], calls[2]);
	assert_ptr_equal(calls[0]->args.items, calls[2]->args.items);
	assert_int_equal(calls[0]->count, 4);
	assert_int_equal(calls[2]->count, 5);
	assert_ptr_equal(calls[3], calls[4]);
}

static void damage(struct fixture *fixture, const char *good)
{
	size_t size = strlen(good);
	char *bytes = arena_copy(&fixture->arena, good, size);

	for (size_t length = 0; length < size; length++) {
		fixture->diags.errors = 0;
		assert_null(recording_read(&fixture->arena, "cut", good, length, &fixture->diags));
		assert_int_equal(fixture->diags.errors, 1);
	}
	for (size_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (char)(1 << bit % 8);
		fixture->diags.errors = 0;
		if (!recording_read(&fixture->arena, "flipped", bytes, size, &fixture->diags))
			assert_int_equal(fixture->diags.errors, 1);
		bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
}

/* A file that ends anywhere, or with any bit changed, is good or gets a message; none crashes. */
static void test_damaged_files(void **state)
{
	static const char good[] = RUN_HEAD SOCKET_CALL("3", "[\"0x1\",3]") RUN_TAIL;
	struct fixture *fixture = *state;

	damage(fixture, good);
	damage(fixture,
	       TABLE_HEAD SOCKET_SEEN("[\"0x1\"]") TABLE_RUN "[[0,3,{\"EPERM\":1}]]" TABLE_TAIL);
	fixture->diags.errors = 0;
	assert_null(recording_read(&fixture->arena, "huge", good, RECORDING_BYTES_MAX + 1,
				   &fixture->diags));
	assert_int_equal(fixture->diags.errors, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bad_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_files, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
