/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prover's reading of filters, held against the simulator: random programs of all instructions
 * that seccomp accepts, over random calls and the calls that a program's own constants suggest.
 */
#include "compiler/prove/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct random {
	uint64_t state;
};

static uint32_t random_next(struct random *random)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random->state >> 33);
}

static uint32_t random_below(struct random *random, uint32_t limit)
{
	return random_next(random) % limit;
}

/* Few different values, so that tests are met, and some beyond all bounds. */
static uint32_t random_constant(struct random *random)
{
	static const uint32_t corners[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0xc000003e};

	switch (random_below(random, 4)) {
	case 0:
		return corners[random_below(random, 7)];
	case 1:
		return 1u << random_below(random, 32);
	case 2:
		return random_next(random) * 2 + random_below(random, 2);
	default:
		return random_below(random, 64);
	}
}

static struct sock_filter random_test(struct random *random, uint32_t room)
{
	static const uint16_t operations[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};

	if (random_below(random, 8) == 0)
		return (struct sock_filter){BPF_JMP | BPF_JA, 0, 0, random_below(random, room)};
	return (struct sock_filter){(uint16_t)(BPF_JMP | operations[random_below(random, 4)] |
					       (random_below(random, 6) ? BPF_K : BPF_X)),
				    (uint8_t)random_below(random, room < 256 ? room : 256),
				    (uint8_t)random_below(random, room < 256 ? room : 256),
				    random_constant(random)};
}

/* X is a small number, a mask or a copy: what a program with two free words would need is refused. */
static struct sock_filter random_compute(struct random *random)
{
	static const uint16_t operations[] = {BPF_ADD, BPF_SUB, BPF_AND, BPF_OR,  BPF_XOR,
					      BPF_LSH, BPF_RSH, BPF_NEG, BPF_MUL, BPF_DIV};
	uint16_t operation = operations[random_below(random, 10)];
	uint32_t k = random_constant(random);
	bool by_x = random_below(random, 3) == 0 && operation != BPF_NEG;

	if (operation == BPF_MUL || operation == BPF_DIV || operation == BPF_LSH ||
	    operation == BPF_RSH)
		k = 1 + k % 7;
	return (struct sock_filter){(uint16_t)(BPF_ALU | operation | (by_x ? BPF_X : BPF_K)), 0, 0,
				    k};
}

static struct sock_filter random_load(struct random *random)
{
	uint32_t memory = random_below(random, 3);

	switch (random_below(random, 9)) {
	case 0:
		return (struct sock_filter){BPF_LDX | BPF_IMM, 0, 0, random_below(random, 9)};
	case 1:
		return (struct sock_filter){BPF_MISC | BPF_TXA, 0, 0, 0};
	case 2:
		return (struct sock_filter){BPF_ST, 0, 0, memory};
	case 3:
		return (struct sock_filter){BPF_STX, 0, 0, memory};
	case 4:
		return (struct sock_filter){BPF_LD | BPF_MEM, 0, 0, memory};
	case 5:
		return (struct sock_filter){(uint16_t)(random_below(random, 2)
							       ? BPF_LD | BPF_W | BPF_LEN
							       : BPF_LDX | BPF_W | BPF_LEN),
					    0, 0, 0};
	default:
		return (struct sock_filter){BPF_LD | BPF_W | BPF_ABS, 0, 0,
					    4 * random_below(random, 6)};
	}
}

/* A program of LENGTH instructions; its scratch memory is written first. */
static void random_program(struct random *random, struct sock_filter *out, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++) {
		uint32_t room = length - i - 1;

		if (i < 3)
			out[i] = (struct sock_filter){BPF_ST, 0, 0, i};
		else if (room == 0 || random_below(random, 7) == 0)
			out[i] = (struct sock_filter){BPF_RET | BPF_K, 0, 0,
						      random_below(random, 9)};
		else if (random_below(random, 3) == 0)
			out[i] = random_test(random, room);
		else
			out[i] = random_below(random, 2) ? random_load(random)
							 : random_compute(random);
	}
	if (random_below(random, 16) == 0)
		out[length - 1] = (struct sock_filter){BPF_RET | BPF_A, 0, 0, 0};
}

static void random_call(struct random *random, const struct filter *filter,
			uint32_t words[WORD_COUNT])
{
	for (unsigned int i = 0; i < WORD_COUNT; i++) {
		uint32_t k = filter->instructions[random_below(random, filter->count)].k;

		words[i] = random_below(random, 3) ? k + random_below(random, 3) - 1
						   : random_constant(random);
	}
}

static void test_programs_as_simulated(void **state)
{
	struct random random = {1};
	uint32_t read = 0, refused = 0;

	(void)state;
	for (unsigned int round = 0; round < 3000; round++) {
		struct sock_filter instructions[40];
		struct filter filter = {.instructions = instructions};
		struct program_reading reading;
		struct diagrams diagrams;
		struct arena arena;
		const char *why;
		uint32_t at;

		filter.count = 5 + random_below(&random, 36);
		random_program(&random, instructions, filter.count);
		assert_int_equal(filter_check(&filter, &at, &why), 0);
		assert_int_equal(arena_init(&arena), 0);
		diagrams_init(&diagrams, &arena);
		diagrams.steps_max = 1 << 18;
		if (program_read(&arena, &diagrams, &filter, &reading)) {
			read++;
			for (unsigned int i = 0; i < 200; i++) {
				uint32_t words[WORD_COUNT];

				random_call(&random, &filter, words);
				assert_int_equal(
					diagram_evaluate(&diagrams, reading.answer, words, NULL),
					filter_simulate(&filter, words).action);
			}
		} else {
			assert_non_null(reading.refusal);
			refused++;
		}
		arena_release(&arena);
	}
	/* Refusals are for what two free words can do to each other. */
	print_message("%u programs read, %u refused\n", read, refused);
	assert_true(read > 10 * refused);
}

/* Whether two programs answer alike, by the prover. */
static bool same(const struct sock_filter *a, uint32_t a_count, const struct sock_filter *b,
		 uint32_t b_count)
{
	struct filter left = {.instructions = (struct sock_filter *)a, .count = a_count};
	struct filter right = {.instructions = (struct sock_filter *)b, .count = b_count};
	struct program_reading first, second;
	struct diagrams diagrams;
	struct arena arena;
	bool equal;

	assert_int_equal(arena_init(&arena), 0);
	diagrams_init(&diagrams, &arena);
	assert_true(program_read(&arena, &diagrams, &left, &first));
	assert_true(program_read(&arena, &diagrams, &right, &second));
	equal = first.answer == second.answer;
	arena_release(&arena);
	return equal;
}
#define SAME(a, b) same(a, sizeof(a) / sizeof((a)[0]), b, sizeof(b) / sizeof((b)[0]))

static void test_canonical(void **state)
{
	/* Four values in a row: compared one by one, as a range, and under a mask. */
	static const struct sock_filter one_by_one[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5400, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5401, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5402, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5403, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct sock_filter as_range[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5400, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 0x5403, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct sock_filter under_mask[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5400 >> 2, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct sock_filter one_less[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5400, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5403, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	(void)state;
	assert_true(SAME(one_by_one, as_range));
	assert_true(SAME(one_by_one, under_mask));
	assert_false(SAME(one_by_one, one_less));
}

/* What multiplies two free words cannot be followed: that is said, and soon. */
static void test_refusals(void **state)
{
	static struct sock_filter product[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_STMT(BPF_ALU | BPF_MUL | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 77, 0, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	static struct sock_filter free_return[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct filter filters[] = {{.instructions = product, .count = 6},
				   {.instructions = free_return, .count = 2}};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		struct program_reading reading;
		struct diagrams diagrams;
		struct arena arena;

		assert_int_equal(arena_init(&arena), 0);
		diagrams_init(&diagrams, &arena);
		assert_false(program_read(&arena, &diagrams, &filters[i], &reading));
		assert_non_null(reading.refusal);
		assert_int_equal(reading.at, i == 0 ? 3 : 1);
		arena_release(&arena);
	}
}

/* A range of a field, with and without a mask, bit by bit over a small field. */
static void test_ranges(void **state)
{
	struct diagrams diagrams;
	struct arena arena;

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	diagrams_init(&diagrams, &arena);
	for (uint32_t mask = 0; mask < 16; mask++) {
		struct field field = field_masked(field_of_word(7, 4), mask);

		for (uint32_t first = 0; first < 16; first++)
			for (uint32_t last = 0; last < 18; last++) {
				diagram set = diagram_range(&diagrams, &field, first, last);

				for (uint32_t value = 0; value < 16; value++) {
					uint32_t words[WORD_COUNT] = {[7] = value | 0xabc0};
					uint32_t seen = value & mask;

					assert_int_equal(
						diagram_evaluate(&diagrams, set, words, NULL),
						seen >= first && seen <= last);
				}
			}
	}
	arena_release(&arena);
}

static void test_wide_ranges(void **state)
{
	static const uint64_t edges[] = {0,           1,           0xfffffffe,     0xffffffff,
					 0x100000000, 0x100000001, 0x7fffffffffff, INT64_MAX,
					 UINT64_MAX};
	struct field field = field_of_words(5, 4); /* as big-endian machines have it */
	struct diagrams diagrams;
	struct arena arena;

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	diagrams_init(&diagrams, &arena);
	for (unsigned int i = 0; i < 9; i++)
		for (unsigned int j = 0; j < 9; j++) {
			diagram set = diagram_range(&diagrams, &field, edges[i], edges[j]);

			for (unsigned int k = 0; k < 9; k++) {
				uint32_t words[WORD_COUNT] = {
					[4] = (uint32_t)(edges[k] >> 32), [5] = (uint32_t)edges[k]};

				assert_int_equal(diagram_evaluate(&diagrams, set, words, NULL),
						 edges[k] >= edges[i] && edges[k] <= edges[j]);
			}
		}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_wide_ranges),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_programs_as_simulated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
