/* SPDX-License-Identifier: Apache-2.0 */
/* What text parses to: shapes, places, comments, limits; messages are in tests/golden/language. */
#include "policy-lang/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static struct policy_ast *parse(struct fixture *fixture, const char *text, size_t length)
{
	uint32_t file;

	*fixture = (struct fixture){0};
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	file = sources_add(&fixture->sources, "test.pale", text, (uint32_t)length);
	return policy_parse(&fixture->arena, &fixture->sources, file, &fixture->diags);
}

static void release(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

/* An expression with parentheses around every operator, so that its shape shows. */
static void write_shape(const struct expr *expr, struct text *out)
{
	struct expr leaf = *expr;

	if (expr->kind == EXPR_BINARY || expr->kind == EXPR_UNARY) {
		text_printf(out, "(%d ", (int)expr->op);
		write_shape(expr->left, out);
		if (expr->right) {
			text_add_char(out, ' ');
			write_shape(expr->right, out);
		}
		text_add_char(out, ')');
		return;
	}
	ast_print_expr(&leaf, out);
}

static void test_expressions(void **state)
{
	/* Two texts that must have the same shape: bare, and with all parentheses. */
	static const char *const pairs[][2] = {
		{"a || b && c || d", "(a || (b && c)) || d"},
		{"a && b || c && d", "(a && b) || (c && d)"},
		{"a == b && c != d", "(a == b) && (c != d)"},
		{"a & b == c", "(a & b) == c"},
		{"a == b & c", "a == (b & c)"},
		{"a | b ^ c & d", "a | (b ^ (c & d))"},
		{"a & b << c", "a & (b << c)"},
		{"a << b + c", "a << (b + c)"},
		{"a - b - c", "(a - b) - c"},
		{"a << b >> c", "(a << b) >> c"},
		{"!a & b", "(!a) & b"},
		{"!a == b", "(!a) == b"},
		{"-a + ~b", "(-a) + (~b)"},
		{"!!a || --1 < ~-2", "(!(!a)) || ((-(-1)) < (~(-2)))"},
		{"a within b | c", "a within (b | c)"},
		{"a & b within c", "(a & b) within c"},
		{"a in { b | c, 1..2 + 3 }", "a in { (b | c), 1..(2 + 3) }"},
		{"a < b || a >= c", "(a < b) || (a >= c)"},
		{"in in in && within within within", "(in in in) && (within within within)"},
		{"a in { 1, }", "a in { 1 }"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct fixture fixtures[2];
		struct text shapes[2] = {{0}, {0}};

		for (size_t side = 0; side < 2; side++) {
			char text[256];
			const struct policy_ast *ast;

			snprintf(text, sizeof(text), "let x = %s;", pairs[i][side]);
			ast = parse(&fixtures[side], text, strlen(text));
			assert_int_equal(fixtures[side].diags.errors, 0);
			assert_int_equal(ast->statements.items.count, 1);
			write_shape(ast->statements.items.items[0]->let.value, &shapes[side]);
		}
		assert_string_equal(shapes[0].bytes, shapes[1].bytes);
		for (size_t side = 0; side < 2; side++) {
			text_release(&shapes[side]);
			release(&fixtures[side]);
		}
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
		const char *spelling;
	} rows[] = {
		{"0", 0, NULL},
		{"10", 10, NULL},
		{"0x10", 16, "0x10"},
		{"0XfF", 255, "0XfF"},
		{"0644", 0644, "0644"},
		{"00", 0, "00"},
		{"18446744073709551615", UINT64_MAX, NULL},
		{"0xffffffffffffffff", UINT64_MAX, "0xffffffffffffffff"},
		{"01777777777777777777777", UINT64_MAX, "01777777777777777777777"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		char text[64];
		const struct expr *expr;

		snprintf(text, sizeof(text), "let x = %s;", rows[i].text);
		expr = parse(&fixture, text, strlen(text))->statements.items.items[0]->let.value;
		assert_int_equal(fixture.diags.errors, 0);
		assert_true(expr->number == rows[i].value);
		if (rows[i].spelling)
			assert_string_equal(expr->text, rows[i].spelling);
		else
			assert_null(expr->text);
		release(&fixture);
	}
}

static void test_strings(void **state)
{
	static const struct {
		const char *text;
		const char *meant;
	} rows[] = {
		{"\"\"", ""},
		{"\"a b\"", "a b"},
		{"\"\\\"\\\\\"", "\"\\"},
		{"\"\\n\\t\\x41\\xff\"", "\n\tA\xff"},
		{"\"caf\xc3\xa9 # no comment\"", "caf\xc3\xa9 # no comment"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		char text[64];
		const struct policy_ast *ast;

		snprintf(text, sizeof(text), "policy %s;", rows[i].text);
		ast = parse(&fixture, text, strlen(text));
		assert_int_equal(fixture.diags.errors, 0);
		assert_string_equal(ast->statements.items.items[0]->string.text, rows[i].meant);
		release(&fixture);
	}
}

/* Places are what messages point at: bytes from the first to behind the last of what is meant. */
static void test_places(void **state)
{
	static const char text[] = "# c\nallow any a, @b where x == 1; # d\nwhen y { log z; }\n";
	struct fixture fixture;
	const struct policy_ast *ast = parse(&fixture, text, strlen(text));
	const struct stmt *rule, *when;

	(void)state;
	assert_int_equal(fixture.diags.errors, 0);
	assert_int_equal(ast->statements.items.count, 2);
	rule = ast->statements.items.items[0];
	when = ast->statements.items.items[1];
#define assert_place(span, words)                                                                  \
	do {                                                                                       \
		assert_int_equal((span).end - (span).begin, strlen(words));                        \
		assert_memory_equal(text + (span).begin, words, strlen(words));                    \
	} while (0)
	assert_place(rule->span, "allow any a, @b where x == 1;");
	assert_place(rule->rule.action.span, "allow");
	assert_place(rule->rule.items.items[0].span, "any a");
	assert_place(rule->rule.items.items[0].name.span, "a");
	assert_place(rule->rule.items.items[1].span, "@b");
	assert_place(rule->rule.where->span, "x == 1");
	assert_place(when->span, "when y { log z; }");
	assert_place(when->when.then.span, "{ log z; }");
#undef assert_place
	assert_string_equal(rule->rule.items.items[1].name.text, "b");
	release(&fixture);
}

static void test_comments(void **state)
{
	static const char text[] =
		"# 1\n\n#2  \nallow a; # 3\n\n\nallow b, # 4\n  c; allow d; #\t5\n"
		"when x { # 6\n} # 7\nelse {\n\tallow e;\n\n\t# 8\n}\n# 9";
	struct fixture fixture;
	const struct policy_ast *ast = parse(&fixture, text, strlen(text));
	struct stmt *const *list;

	(void)state;
	assert_int_equal(fixture.diags.errors, 0);
	assert_int_equal(ast->statements.items.count, 4);
	list = ast->statements.items.items;
	assert_int_equal(list[0]->comments.count, 3);
	assert_string_equal(list[0]->comments.items[0], "1");
	assert_null(list[0]->comments.items[1]);
	assert_string_equal(list[0]->comments.items[2], "2");
	assert_string_equal(list[0]->comment, "3");
	assert_true(list[1]->blank_before);
	assert_string_equal(list[1]->comments.items[0], "4");
	assert_null(list[1]->comment);
	assert_false(list[2]->blank_before);
	assert_string_equal(list[2]->comment, "\t5");
	assert_string_equal(list[3]->when.then.comments.items[0], "6");
	assert_string_equal(list[3]->when.otherwise.items.items[0]->comments.items[0], "7");
	assert_int_equal(list[3]->when.otherwise.comments.count, 2);
	assert_null(list[3]->when.otherwise.comments.items[0]);
	assert_string_equal(list[3]->when.otherwise.comments.items[1], "8");
	assert_string_equal(ast->statements.comments.items[0], "9");
	release(&fixture);
}

/* Reading goes on behind mistakes: what was good around them is in the tree. */
static void test_recovery(void **state)
{
	static const struct {
		const char *text;
		unsigned int errors;
		size_t statements;
	} rows[] = {
		{"alow a; allow b;", 1, 1},
		{"allow a b; allow c; allow d e; allow f;", 2, 2},
		{"when x { alow a; allow b; } allow c;", 1, 2},
		{"when x { allow a } allow c;", 1, 2},
		{"wen x { allow a; allow b; } allow c;", 1, 1},
		{"group @x { allow a; b; } allow c;", 1, 2},
		{"sandbox { 1; a b; c { 2; } } allow c;", 2, 2},
		{"allow a where x inn { 1, 2 }; allow c;", 1, 1},
		{"allow a where x in { 1 2 }; allow c;", 1, 1},
		{"policy \"a\nallow b; allow c;", 1, 1},
		{"} allow a;", 1, 0},
		{"", 0, 0},
		{"#", 0, 0},
		{"\xef\xbb\xbf"
		 "allow a;\r\n",
		 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		const struct policy_ast *ast = parse(&fixture, rows[i].text, strlen(rows[i].text));

		if (fixture.diags.errors != rows[i].errors ||
		    ast->statements.items.count != rows[i].statements)
			print_error("in '%s': %u errors, %zu statements\n", rows[i].text,
				    fixture.diags.errors, ast->statements.items.count);
		assert_int_equal(fixture.diags.errors, rows[i].errors);
		assert_int_equal(ast->statements.items.count, rows[i].statements);
		release(&fixture);
	}
}

/* BEGIN, MIDDLE so many times, END. */
struct repeated {
	const char *begin, *middle, *end;
	size_t times;
	/* What is expected: one error with this code, or none at all. */
	bool good;
	enum diag_code code;
};

static void check_repeated(const struct repeated *row)
{
	struct fixture fixture;
	struct text text = {0};

	text_add_string(&text, row->begin);
	for (size_t i = 0; i < row->times; i++)
		text_add_string(&text, row->middle);
	text_add_string(&text, row->end);
	assert_false(text.failed);
	parse(&fixture, text.bytes, text.length);
	if (row->good) {
		assert_int_equal(fixture.diags.errors, 0);
	} else {
		if (!fixture.diags.errors || fixture.diags.list.items[0]->code != row->code)
			print_error("%zu times '%s': %u errors\n", row->times, row->middle,
				    fixture.diags.errors);
		assert_true(fixture.diags.errors >= 1);
		assert_int_equal(fixture.diags.list.items[0]->code, row->code);
		if (row->code == DIAG_LIMIT)
			assert_int_equal(fixture.diags.errors, 1);
	}
	release(&fixture);
	text_release(&text);
}

static void test_limits(void **state)
{
	static const struct repeated rows[] = {
		{"let a = ", "(", "", 1000000, false, DIAG_LIMIT},
		{"let a = ", "!", "", 1000000, false, DIAG_LIMIT},
		{"let a = ", "-", "1;", 9000, false, DIAG_LIMIT},
		{"let a = ", "~", "1;", 999, true, 0},
		{"let a = ", "~", "1;", 1000, false, DIAG_LIMIT},
		{"let a = ", "1|", "1;", 999, true, 0},
		{"let a = ", "1|", "1;", 1000, false, DIAG_LIMIT},
		{"let a = ", "1|", "1;", 400000, false, DIAG_LIMIT},
		{"let a = ", "a && (b || ", "", 90000, false, DIAG_LIMIT},
		{"let a = ", "{", "", 1000000, false, DIAG_LIMIT},
		{"", "{", "", 1000000, false, DIAG_SYNTAX},
		{"", "}", "", 1000000, false, DIAG_SYNTAX},
		{"", "when a { ", "", 100000, false, DIAG_LIMIT},
		{"", "when a { ", "", 32, false, DIAG_SYNTAX},
		{"", "when a { ", "", 33, false, DIAG_LIMIT},
		{"sandbox ", "{ a ", "", 33, false, DIAG_LIMIT},
		{"let a = {", "1,", "};", 20000, true, 0},
		{"let a = {", "1,", "};", 20001, false, DIAG_LIMIT},
		{"", "log a;", "", 100000, true, 0},
		{"", "log a;", "", 100001, false, DIAG_LIMIT},
		{"sandbox {", "a;", "}", 100000, false, DIAG_LIMIT},
		{"allow ", "a", ";", 255, true, 0},
		{"allow ", "a", ";", 256, false, DIAG_LIMIT},
		{"allow @", "a", ";", 256, false, DIAG_LIMIT},
		{"let a = 0", "0", ";", 255, false, DIAG_LIMIT},
		{"policy \"", "a", "\";", 4096, true, 0},
		{"policy \"", "a", "\";", 4097, false, DIAG_LIMIT},
		{"", "#\n", "", 500000, true, 0},
		{"", ";", "", 1000000, false, DIAG_SYNTAX},
		{"", "a b;\n", "", 200000, false, DIAG_SYNTAX},
		{"", "/*", "", 500000, false, DIAG_SYNTAX},
		{"", "\\", "", 1000000, false, DIAG_SYNTAX},
		{"", "@", "", 1000000, false, DIAG_SYNTAX},
		{"", "\"\n", "", 500000, false, DIAG_SYNTAX},
		{"allow ", "a,", "a;", 500000, true, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_repeated(&rows[i]);
}

static void test_encoding(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		bool good;
	} rows[] = {
		{"# \t caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\r\n", 20, true},
		{"allow a;\0allow b;", 17, false},
		{"\x1b[31m", 5, false},
		{"# \x7f", 3, false},
		{"# \xc2\x85", 4, false},
		{"# \xe9", 3, false},
		{"# \xc0\xaf", 4, false},
		{"# \xe0\x80\xaf", 5, false},
		{"# \xed\xa0\x80", 5, false},
		{"# \xf4\x90\x80\x80", 6, false},
		{"# \xe2\x82", 4, false},
		{"# \xe2\x80\xae", 5, false},
		{"# \xe2\x81\xa6", 5, false},
		{"\r", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;

		parse(&fixture, rows[i].bytes, rows[i].length);
		assert_int_equal(fixture.diags.errors, rows[i].good ? 0 : 1);
		if (!rows[i].good)
			assert_int_equal(fixture.diags.list.items[0]->code, DIAG_ENCODING);
		release(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strings),     cmocka_unit_test(test_places),
		cmocka_unit_test(test_comments),    cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_limits),      cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
