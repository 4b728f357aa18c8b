/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparisons lowered to words, against plain C over edge values: every operator, width, sign and
 * a choice of masks. What is compared is what a kernel would see: the whole registers, with
 * rubbish in the bits that the argument's type does not have.
 */
#include "compiler/resolve/comparison.h"
#include "compiler/resolve/condition.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t edges[] = {
	0,
	1,
	2,
	3,
	4,
	5,
	7,
	8,
	0xf,
	0x10,
	0xff,
	0x100,
	0x7ffe,
	0x7fff,
	0x8000,
	0x8001,
	0xff9c,
	0xfffe,
	0xffff,
	0x10000,
	0x7ffffffe,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xffffff9c,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x1fffffff0,
	0x7fffffff00000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0x80000000ffffffff,
	0xffffffff00000000,
	0xffffffff7fffffff,
	0xffffffff80000000,
	0xffffffffffffff9c,
	0xfffffffffffffffe,
	0xffffffffffffffff,
	0x0123456789abcdef,
	0xfedcba9876543210,
};
static const uint64_t masks[] = {
	UINT64_MAX,
	0x3,
	0x5,
	0xf0,
	0x8000,
	0xff00ff,
	0x80000001,
	0x7fffffff,
	0x80000000,
	0xffffffff00000000,
	0x100000001,
	0x8000000000000003,
	0x00ff00ff00ff00ff,
};
static const enum expr_op operators[] = {EXPR_OP_EQUAL,   EXPR_OP_UNEQUAL,
					 EXPR_OP_LESS,    EXPR_OP_LESS_EQUAL,
					 EXPR_OP_GREATER, EXPR_OP_GREATER_EQUAL};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* An argument as a test chooses it: where its words stand, how wide and of which sign. */
struct shape {
	const char *name;
	uint32_t low, high;
	uint8_t bits;
	bool is_signed;
	uint32_t rubbish; /* in the high word, where bits is not 64 */
};
static const struct shape shapes[] = {
	{"int", 16, 20, 32, true, 0},
	{"int with rubbish above", 24, 28, 32, true, 0xffffffff},
	{"unsigned int", 16, 20, 32, false, 0xdeadbeef},
	{"umode_t", 32, 36, 16, false, 0xffffffff},
	{"long", 40, 44, 64, true, 0},
	{"unsigned long", 40, 44, 64, false, 0},
	{"big-endian s64", 52, 48, 64, true, 0},
	{"register pair", 40, 48, 64, true, 0},
};

static struct operand shape_operand(const struct shape *shape, uint64_t mask)
{
	return (struct operand){
		.name = shape->name,
		.type = shape->name,
		.low = shape->low,
		.high = shape->high,
		.bits = shape->bits,
		.is_signed = shape->is_signed,
		.mask = mask & number_ones(shape->bits),
	};
}

static void shape_fill(const struct shape *shape, uint64_t value, uint32_t words[16])
{
	memset(words, 0xa5, 16 * sizeof(*words));
	words[shape->low / 4] = (uint32_t)value;
	words[shape->high / 4] = shape->bits == 64 ? (uint32_t)(value >> 32) : shape->rubbish;
}

/* (value & mask) as C reads it in a type of that width and sign. */
static struct number c_value(const struct shape *shape, uint64_t value, uint64_t mask)
{
	value &= mask;
	switch (shape->bits) {
	case 16:
		return number_from_unsigned((uint16_t)value);
	case 32:
		return shape->is_signed ? number_from_signed((uint64_t)(int64_t)(int32_t)value)
					: number_from_unsigned((uint32_t)value);
	default:
		return shape->is_signed ? number_from_signed(value) : number_from_unsigned(value);
	}
}

/* Whether A and B are told apart by nothing in the low BITS. */
static bool same_pattern(const struct shape *shape, struct number a, struct number b)
{
	return ((a.bits ^ b.bits) & number_ones(shape->bits)) == 0;
}

static bool c_compares(const struct shape *shape, enum expr_op op, struct number a, struct number b)
{
	int order = number_compare(a, b);

	switch (op) {
	case EXPR_OP_EQUAL:
		return same_pattern(shape, a, b);
	case EXPR_OP_UNEQUAL:
		return !same_pattern(shape, a, b);
	case EXPR_OP_LESS:
		return order < 0;
	case EXPR_OP_LESS_EQUAL:
		return order <= 0;
	case EXPR_OP_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static void expect_same(struct arena *arena, const struct shape *shape, uint64_t mask,
			enum expr_op op, struct number constant)
{
	struct operand operand = shape_operand(shape, mask);
	struct pattern_set set = {0};
	enum comparison_result result = comparison_patterns(arena, &operand, op, constant, &set);
	const struct condition *condition;
	uint32_t words[16];

	if (result == COMPARISON_WIDE) {
		assert_false(number_has_pattern(constant, shape->bits));
		return;
	}
	if (result == COMPARISON_SIGN) {
		assert_false(number_fits(constant, shape->bits, shape->is_signed));
		return;
	}
	condition = condition_from_patterns(arena, &operand, &set, (struct span){0});
	if (result == COMPARISON_NEVER)
		assert_int_equal(condition->kind, CONDITION_FALSE);
	if (result == COMPARISON_ALWAYS)
		assert_int_equal(condition->kind, CONDITION_TRUE);
	for (size_t i = 0; i < COUNT(edges); i++) {
		struct number value = c_value(shape, edges[i], operand.mask);
		bool expected = c_compares(shape, op, value, constant);

		shape_fill(shape, edges[i], words);
		if (condition_holds(condition, words) == expected)
			continue;
		fail_msg("%s: (0x%" PRIx64 " & 0x%" PRIx64 ") op %d 0x%" PRIx64 "%s should be %d",
			 shape->name, edges[i], operand.mask, (int)op, constant.bits,
			 constant.negative ? " (negative)" : "", expected);
	}
}

static void test_comparisons(void **state)
{
	struct arena arena;

	(void)state;
	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t m = 0; m < COUNT(masks); m++) {
			assert_int_equal(arena_init(&arena), 0);
			for (size_t o = 0; o < COUNT(operators); o++)
				for (size_t c = 0; c < COUNT(edges); c++) {
					expect_same(&arena, &shapes[s], masks[m], operators[o],
						    number_from_unsigned(edges[c]));
					expect_same(&arena, &shapes[s], masks[m], operators[o],
						    number_from_signed(edges[c]));
				}
			arena_release(&arena);
		}
}

/* Every value of 8 bits in a 16-bit argument: verdicts are exact, not only safe. */
static void test_verdicts(void **state)
{
	static const struct shape shape = {"umode_t", 16, 20, 16, false, 0};
	struct arena arena;

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	for (uint64_t mask = 1; mask < 256; mask++)
		for (uint64_t constant = 0; constant < 256; constant += 3)
			for (size_t o = 0; o < COUNT(operators); o++) {
				struct operand operand = shape_operand(&shape, mask);
				struct pattern_set set = {0};
				struct number number = number_from_unsigned(constant);
				unsigned int passing = 0;
				enum comparison_result result = comparison_patterns(
					&arena, &operand, operators[o], number, &set);

				for (uint64_t value = 0; value < 256; value++)
					passing += c_compares(&shape, operators[o],
							      c_value(&shape, value, mask), number);
				assert_int_equal(result, passing == 0     ? COMPARISON_NEVER
							 : passing == 256 ? COMPARISON_ALWAYS
									  : COMPARISON_GOOD);
			}
	arena_release(&arena);
}

struct range {
	int64_t first, last;
};

static bool in_ranges(const struct shape *shape, struct number value, const struct range *ranges,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct number first = number_from_signed((uint64_t)ranges[i].first);
		struct number last = number_from_signed((uint64_t)ranges[i].last);

		if (ranges[i].first == ranges[i].last && same_pattern(shape, value, first))
			return true;
		if (number_compare(value, first) >= 0 && number_compare(value, last) <= 0)
			return true;
	}
	return false;
}

static void test_sets(void **state)
{
	static const struct range sets[][5] = {
		{{0, 0}, {2, 4}, {7, 7}, {5, 6}, {0x7ffe, 0x7fff}},
		{{-1, -1}, {1, 3}, {-100, -100}, {0, 0}, {8, 8}},
		{{0x10, 0xff}, {0x80, 0x100}, {1, 1}, {1, 1}, {2, 2}},
	};
	static const struct range wide[] = {{1, 0x1fffffff0},
					    {0x7fffffff00000000, 0x7fffffffffffffff},
					    {0x300000000, 0x5ffffffff}};
	struct arena arena;
	uint32_t words[16];

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t m = 0; m < COUNT(masks); m++)
			for (size_t n = 0; n < COUNT(sets) + 1; n++) {
				struct operand operand = shape_operand(&shapes[s], masks[m]);
				const struct range *ranges = n < COUNT(sets) ? sets[n] : wide;
				size_t count = n < COUNT(sets) ? COUNT(sets[0]) : COUNT(wide);
				struct pattern_set set = {0};
				const struct condition *condition;

				if (n == COUNT(sets) && operand.bits != 64)
					continue;
				for (size_t i = 0; i < count; i++) {
					enum comparison_result result = comparison_add_range(
						&arena, &operand,
						number_from_signed((uint64_t)ranges[i].first),
						number_from_signed((uint64_t)ranges[i].last), &set);

					assert_true(result == COMPARISON_GOOD ||
						    result == COMPARISON_NEVER);
				}
				pattern_set_normalise(&set, operand.mask);
				condition = condition_from_patterns(&arena, &operand, &set,
								    (struct span){0});
				for (size_t i = 0; i < COUNT(edges); i++) {
					struct number value =
						c_value(&shapes[s], edges[i], operand.mask);

					shape_fill(&shapes[s], edges[i], words);
					assert_int_equal(
						condition_holds(condition, words),
						in_ranges(&shapes[s], value, ranges, count));
				}
			}
	arena_release(&arena);
}

static void test_refused_ranges(void **state)
{
	struct operand fd = shape_operand(&shapes[0], UINT64_MAX);
	struct operand uid = shape_operand(&shapes[2], UINT64_MAX);
	struct pattern_set set = {0};
	struct number minus = number_from_signed((uint64_t)-1), five = number_from_unsigned(5);
	struct number wide = number_from_unsigned(0x100000000);
	struct arena arena;

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	assert_int_equal(comparison_add_range(&arena, &fd, five, minus, &set), COMPARISON_REVERSED);
	assert_int_equal(comparison_add_range(&arena, &uid, minus, five, &set), COMPARISON_SIGN);
	assert_int_equal(comparison_add_range(&arena, &uid, five, wide, &set), COMPARISON_WIDE);
	assert_int_equal(
		comparison_add_range(&arena, &fd, five, number_from_unsigned(0xffffffff), &set),
		COMPARISON_SIGN);
	assert_int_equal(set.ranges.count, 0);
	arena_release(&arena);
}

static void test_masks(void **state)
{
	struct operand mode = shape_operand(&shapes[3], UINT64_MAX);
	uint64_t mask;

	(void)state;
	assert_true(comparison_mask(&mode, number_from_unsigned(0170000), &mask));
	assert_int_equal(mask, 0170000);
	assert_true(comparison_mask(&mode, number_from_signed(~(uint64_t)0170000), &mask));
	assert_int_equal(mask, 0007777);
	assert_false(comparison_mask(&mode, number_from_unsigned(0x10000), &mask));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comparisons), cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_sets),        cmocka_unit_test(test_refused_ranges),
		cmocka_unit_test(test_masks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
