/* SPDX-License-Identifier: Apache-2.0 */
/* How a diagnostic is written down, and which word is near to which. */
#include "policy-lang/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static uint32_t fixture_init(struct fixture *fixture, const char *name, const char *text)
{
	*fixture = (struct fixture){0};
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	return sources_add(&fixture->sources, name, text, (uint32_t)strlen(text));
}

static void test_excerpts(void **state)
{
	static const struct {
		const char *text;
		uint32_t begin, end;
		const char *rendered;
	} rows[] = {
		{"allow red;", 6, 9, "t:1:7: error: m [syntax]\n    allow red;\n          ^~~\n"},
		{"a;\n\tb c;\r\nd", 6, 7, "t:2:4: error: m [syntax]\n     b c;\n       ^\n"},
		/* A place of no length, at the end, and on an empty last line. */
		{"ab", 2, 2, "t:1:3: error: m [syntax]\n    ab\n      ^\n"},
		{"ab\n", 3, 3, "t:2:1: error: m [syntax]\n    \n    ^\n"},
		/* More than a line is marked to its end. */
		{"ab\ncd", 1, 5, "t:1:2: error: m [syntax]\n    ab\n     ^\n"},
		/* Letters take one column, whatever bytes they have. */
		{"\xc3\xa9\xe2\x82\xac x", 6, 7,
		 "t:1:7: error: m [syntax]\n    \xc3\xa9\xe2\x82\xac x\n       ^\n"},
		{"\xe2\x82\xac\xe2\x82\xac", 0, 6,
		 "t:1:1: error: m [syntax]\n    \xe2\x82\xac\xe2\x82\xac\n    ^~\n"},
		/* What would move the cursor or turn the line does not reach the terminal. */
		{"a\x1b\xff\xe2\x80\xae\x7fz", 7, 8,
		 "t:1:8: error: m [syntax]\n    a????z\n         ^\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		uint32_t file = fixture_init(&fixture, "t", rows[i].text);
		struct span span = {file, rows[i].begin, rows[i].end};
		struct text out = {0};

		diag_render(&fixture.diags, diag_error(&fixture.diags, DIAG_SYNTAX, span, "m"),
			    &out);
		assert_string_equal(out.bytes, rows[i].rendered);
		text_release(&out);
		arena_release(&fixture.arena);
	}
}

static void test_notes(void **state)
{
	struct fixture fixture;
	uint32_t file = fixture_init(&fixture, "a\nb", "x y");
	struct diag *diag = diag_warning(&fixture.diags, DIAG_INCLUDE, ((struct span){file, 0, 1}),
					 "one\ntwo\x1b");
	struct text out = {0};

	(void)state;
	diag_note(&fixture.diags, diag, (struct span){file, 2, 3}, "here");
	diag_note(&fixture.diags, diag, (struct span){0}, "nowhere");
	diag_suggest(&fixture.diags, diag, "z");
	diag_suggest(&fixture.diags, diag, NULL);
	diag_render(&fixture.diags, diag, &out);
	assert_string_equal(out.bytes, "a?b:1:1: warning: one?two?; did you mean 'z'? [include]\n"
				       "    x y\n    ^\n"
				       "a?b:1:3: note: here\n    x y\n      ^\n"
				       "note: nowhere\n");
	assert_int_equal(fixture.diags.errors, 0);
	assert_int_equal(fixture.diags.warnings, 1);
	text_release(&out);
	arena_release(&fixture.arena);
}

/* A line of any length shows the place meant, and not all of itself. */
static void test_long_lines(void **state)
{
	static char line[100001];
	struct fixture fixture;
	struct text out = {0};
	uint32_t file;

	(void)state;
	memset(line, 'a', sizeof(line) - 1);
	line[50000] = '!';
	file = fixture_init(&fixture, "t", line);
	diag_render(
		&fixture.diags,
		diag_error(&fixture.diags, DIAG_SYNTAX, ((struct span){file, 50000, 100000}), "m"),
		&out);
	assert_true(out.length < 500);
	assert_non_null(strchr(out.bytes, '!'));
	text_release(&out);
	arena_release(&fixture.arena);
}

static void test_many(void **state)
{
	struct fixture fixture;
	uint32_t file = fixture_init(&fixture, "t", "x");

	(void)state;
	for (unsigned int i = 0; i < 30; i++)
		diag_error(&fixture.diags, DIAG_SYNTAX, ((struct span){file, 0, 1}), "%u", i);
	diag_warning(&fixture.diags, DIAG_SYNTAX, ((struct span){file, 0, 1}), "w");
	assert_int_equal(fixture.diags.errors, 30);
	assert_int_equal(fixture.diags.list.count, DIAG_ERRORS_MAX + 1);
	arena_release(&fixture.arena);
}

static void test_sort(void **state)
{
	static const struct span spans[] = {{2, 5, 6}, {1, 9, 9}, {2, 1, 3}, {1, 9, 9}, {1, 2, 3}};
	static const char *const order[] = {"4", "1", "3", "2", "0"};
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, "t", "0123456789");
	sources_add(&fixture.sources, "u", "0123456789", 10);
	for (unsigned int i = 0; i < 5; i++)
		diag_error(&fixture.diags, DIAG_SYNTAX, spans[i], "%u", i);
	diags_sort(&fixture.diags);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(fixture.diags.list.items[i]->text, order[i]);
	arena_release(&fixture.arena);
}

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned int distance;
	} rows[] = {
		{"", "", 0},        {"read", "read", 0},         {"read", "raed", 1},
		{"red", "read", 1}, {"allow", "alow", 1},        {"wirte", "write", 1},
		{"lgo", "log", 1},  {"openat", "opneta", 2},     {"abc", "xyz", 3},
		{"a", "abcdef", 5}, {"abcdefgh", "ijklmnop", 6}, {"EpREM", "EPERM", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(word_distance(rows[i].a, rows[i].b, 5), rows[i].distance);
		assert_int_equal(word_distance(rows[i].b, rows[i].a, 5), rows[i].distance);
	}
}

static void test_guess(void **state)
{
	static const char *const candidates[] = {
		"allow", "deny", "log",        "trap",
		"trace", "kill", "CAP_SETGID", "CAP_NET_BIND_SERVICE"};
	static const struct {
		const char *word, *best;
	} rows[] = {
		{"alow", "allow"},  {"dney", "deny"},
		{"logg", "log"},    {"trcae", "trace"},
		{"xyz", NULL},      {"frobnicate", NULL},
		{"ALLOW", "allow"}, {"CAP_NET_BIND", "CAP_NET_BIND_SERVICE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct word_guess guess = {.word = rows[i].word};

		for (size_t j = 0; j < sizeof(candidates) / sizeof(candidates[0]); j++)
			word_guess_offer(&guess, candidates[j]);
		if (rows[i].best)
			assert_string_equal(guess.best, rows[i].best);
		else
			assert_null(guess.best);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excerpts),   cmocka_unit_test(test_notes),
		cmocka_unit_test(test_long_lines), cmocka_unit_test(test_many),
		cmocka_unit_test(test_sort),       cmocka_unit_test(test_distance),
		cmocka_unit_test(test_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
