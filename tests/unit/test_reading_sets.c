/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of 64-bit numbers, which machines show as two words, the low one or the high one first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/read_text.h"

#include <inttypes.h>
#include <linux/seccomp.h>

static uint64_t draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 20;
}

/* A number whose halves are small, at their ends, or anything. */
static uint64_t draw_value(uint64_t *state)
{
	static const uint32_t halves[] = {0, 1, 2, 7, 0x80000000, 0xfffffffe, 0xffffffff};
	uint64_t high = draw(state) % 8, low = draw(state) % 8;

	high = high < 7 ? halves[high] : draw(state);
	low = low < 7 ? halves[low] : draw(state);
	return high << 32 | (uint32_t)low;
}

struct drawn_set {
	uint64_t first[12], last[12];
	unsigned int count;
	uint64_t mask;
};

static void draw_set(uint64_t *state, struct drawn_set *set, struct text *text)
{
	set->count = 1 + draw(state) % 12;
	set->mask = draw(state) % 2 ? UINT64_MAX : draw_value(state) | 3;
	text_add_string(text, "default deny 1; allow munmap where (length & ");
	text_printf(text, "%" PRIu64 ") in {", set->mask);
	for (unsigned int i = 0; i < set->count; i++) {
		uint64_t a = draw_value(state), b = draw(state) % 2 ? a : draw_value(state);

		set->first[i] = a < b ? a : b;
		set->last[i] = a < b ? b : a;
		text_printf(text, "%" PRIu64 "..%" PRIu64 ",", set->first[i], set->last[i]);
	}
	text_add_string(text, "};");
}

static bool set_has(const struct drawn_set *set, uint64_t value)
{
	for (unsigned int i = 0; i < set->count; i++)
		if (set->first[i] <= (value & set->mask) && (value & set->mask) <= set->last[i])
			return true;
	return false;
}

static void test_sets(void **state)
{
	uint64_t random = 1;
	unsigned int good = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		enum abi_id abi = i % 2 ? ABI_S390X : ABI_X86_64;
		struct read_options options = {.abis = ABI_BIT(abi)};
		struct drawn_set set;
		struct text text = {0};
		struct read_text read;
		unsigned int edge;

		draw_set(&random, &set, &text);
		read_text_init(&read, &options, text.bytes);
		for (int j = 0; read.good && j < 200; j++) {
			uint32_t words[16];
			char call[64];
			uint64_t value = draw_value(&random);

			edge = draw(&random) % set.count;
			if (j % 2)
				value = (j % 4 == 1 ? set.first[edge] : set.last[edge]) +
					(uint64_t)(j % 3) - 1;
			snprintf(call, sizeof(call), "munmap 0 %" PRIu64, value);
			words_of(abi_get(abi), call, words);
			assert_int_equal(
				reading_answer(&read.diagrams, &read.reading.abis.items[0], words),
				set_has(&set, value) ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | 1u);
		}
		if (!read.good)
			assert_non_null(strstr(read.problem.text, "always or never"));
		good += read.good;
		read_text_release(&read);
		text_release(&text);
	}
	assert_true(good > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
