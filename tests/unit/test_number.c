/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic of constants: what it gives and where it refuses, at the ends of the range. */
#include "compiler/resolve/number.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define U(value)                                                                                   \
	{                                                                                          \
		(value), false                                                                     \
	}
#define S(value)                                                                                   \
	{                                                                                          \
		(uint64_t)(value), true                                                            \
	}
#define MOST UINT64_MAX
#define LEAST INT64_MIN

struct row {
	enum expr_op op;
	struct number left, right;
	bool fails;
	struct number result;
};
static const struct row rows[] = {
	{EXPR_OP_PLUS, U(1), U(2), false, U(3)},
	{EXPR_OP_PLUS, U(MOST), U(1), true, U(0)},
	{EXPR_OP_PLUS, U(MOST), S(-1), false, U(MOST - 1)},
	{EXPR_OP_PLUS, S(-5), U(3), false, S(-2)},
	{EXPR_OP_PLUS, S(-5), U(5), false, U(0)},
	{EXPR_OP_PLUS, S(LEAST), S(-1), true, U(0)},
	{EXPR_OP_PLUS, S(LEAST), U(MOST), false, U(INT64_MAX)},
	{EXPR_OP_PLUS, S(-1), S(-1), false, S(-2)},
	{EXPR_OP_MINUS, U(3), U(5), false, S(-2)},
	{EXPR_OP_MINUS, U(0), U((uint64_t)1 << 63), false, S(LEAST)},
	{EXPR_OP_MINUS, U(0), U(((uint64_t)1 << 63) + 1), true, U(0)},
	{EXPR_OP_MINUS, S(-1), U((uint64_t)INT64_MAX), false, S(LEAST)},
	{EXPR_OP_MINUS, S(-2), U((uint64_t)INT64_MAX), true, U(0)},
	{EXPR_OP_MINUS, S(-2), S(-5), false, U(3)},
	{EXPR_OP_MINUS, S(-5), S(-2), false, S(-3)},
	{EXPR_OP_MINUS, U(MOST), S(-1), true, U(0)},
	{EXPR_OP_MINUS, U(MOST - 1), S(-1), false, U(MOST)},
	{EXPR_OP_MINUS, U(5), S(LEAST), false, U(((uint64_t)1 << 63) + 5)},
	{EXPR_OP_NEGATE, U(1), U(0), false, S(-1)},
	{EXPR_OP_NEGATE, U(0), U(0), false, U(0)},
	{EXPR_OP_NEGATE, S(LEAST), U(0), false, U((uint64_t)1 << 63)},
	{EXPR_OP_NEGATE, U((uint64_t)1 << 63), U(0), false, S(LEAST)},
	{EXPR_OP_NEGATE, U(MOST), U(0), true, U(0)},
	{EXPR_OP_COMPLEMENT, U(0), U(0), false, S(-1)},
	{EXPR_OP_COMPLEMENT, S(-1), U(0), false, U(0)},
	{EXPR_OP_COMPLEMENT, U(MOST), U(0), false, U(0)},
	{EXPR_OP_COMPLEMENT, U((uint64_t)1 << 63), U(0), false, U(INT64_MAX)},
	{EXPR_OP_BIT_AND, S(-1), U(0xff), false, U(0xff)},
	{EXPR_OP_BIT_AND, S(-4), S(-2), false, S(-4)},
	{EXPR_OP_BIT_OR, S(-4), U(1), false, S(-3)},
	{EXPR_OP_BIT_OR, U(1), U(2), false, U(3)},
	{EXPR_OP_BIT_XOR, S(-1), U(5), false, S(-6)},
	{EXPR_OP_BIT_XOR, S(-1), S(-1), false, U(0)},
	{EXPR_OP_SHIFT_LEFT, U(1), U(63), false, U((uint64_t)1 << 63)},
	{EXPR_OP_SHIFT_LEFT, U(1), U(64), true, U(0)},
	{EXPR_OP_SHIFT_LEFT, U(1), S(-1), true, U(0)},
	{EXPR_OP_SHIFT_LEFT, U(2), U(63), true, U(0)},
	{EXPR_OP_SHIFT_LEFT, S(-1), U(63), false, S(LEAST)},
	{EXPR_OP_SHIFT_LEFT, S(-2), U(63), true, U(0)},
	{EXPR_OP_SHIFT_RIGHT, S(-8), U(1), false, S(-4)},
	{EXPR_OP_SHIFT_RIGHT, U(MOST), U(63), false, U(1)},
	{EXPR_OP_SHIFT_RIGHT, U(1), U(64), true, U(0)},
};

static void test_arithmetic(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct number result = {0, false};
		const char *fault = number_apply(row->op, row->left, row->right, &result);

		if (!fault != !row->fails)
			fail_msg("row %zu: %s", i, fault ? fault : "should be refused");
		if (!fault &&
		    (result.bits != row->result.bits || result.negative != row->result.negative))
			fail_msg("row %zu gives 0x%" PRIx64 " (negative: %d)", i, result.bits,
				 result.negative);
	}
}

static void test_fits(void **state)
{
	static const struct {
		struct number number;
		unsigned int bits;
		bool is_signed, fits, pattern;
	} cases[] = {
		{S(-100), 32, true, true, true},
		{S(-100), 32, false, false, true},
		{U(0xffffff9c), 32, true, false, true},
		{U(0xffffff9c), 32, false, true, true},
		{U(0x100000000), 32, false, false, false},
		{S(INT32_MIN), 32, true, true, true},
		{S(INT32_MIN - (int64_t)1), 32, true, false, false},
		{U(0xffff), 16, false, true, true},
		{U(0x10000), 16, false, false, false},
		{S(-0x8000), 16, false, false, true},
		{S(-0x8001), 16, false, false, false},
		{U(MOST), 64, false, true, true},
		{U(MOST), 64, true, false, true},
		{S(LEAST), 64, true, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(number_fits(cases[i].number, cases[i].bits, cases[i].is_signed),
				 cases[i].fits);
		assert_int_equal(number_has_pattern(cases[i].number, cases[i].bits),
				 cases[i].pattern);
	}
}

static void test_text(void **state)
{
	char text[NUMBER_TEXT_SIZE];

	(void)state;
	assert_string_equal(number_text((struct number)U(17), text), "17");
	assert_string_equal(number_text((struct number)U(0x12345), text), "0x12345");
	assert_string_equal(number_text((struct number)S(LEAST), text), "-9223372036854775808");
	assert_string_equal(number_text((struct number)U(MOST), text), "0xffffffffffffffff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
