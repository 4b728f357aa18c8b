/* SPDX-License-Identifier: Apache-2.0 */
/* Comments of generated policies: where their lines are broken. */
#include "profiler/infer/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	WIDTH = 98,
	PARTS = 40,
};

/* Parts of all lengths: each stays whole where it fits a line, and all that was said is there. */
static void test_parts(void **state)
{
	struct arena arena;
	const char *parts[PARTS];

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	for (size_t length = 1; length < WIDTH - 8; length++) {
		for (size_t indent = 0; indent <= 8; indent += 8) {
			ast_comments lines = {0};
			const char *whole, *joined;

			for (size_t i = 0; i < PARTS; i++)
				parts[i] = evidence_whole(
					&arena,
					arena_printf(&arena, "%.*s %zu times",
						     (int)((length * (i + 1)) % (WIDTH - 20)),
						     "call_with_a_long_name_call_with_a_long_"
						     "name_call_with_a_long_name_call_with_a_",
						     i));
			whole = evidence_join(&arena, parts, PARTS, "; ");
			evidence_wrap(&arena, whole, indent, &lines);
			assert_true(lines.count > 1);
			for (size_t i = 0; i < lines.count; i++) {
				size_t end = strlen(lines.items[i]);

				assert_true(end <= WIDTH - indent);
				assert_null(strchr(lines.items[i], '\037'));
				if (i + 1 < lines.count)
					assert_int_equal(lines.items[i][end - 1], ';');
			}
			joined = evidence_join(&arena, lines.items, lines.count, " ");
			assert_string_equal(joined, evidence_plain(&arena, whole));
		}
	}
	arena_release(&arena);
}

/* What fits no line is broken where it can be, and what cannot be takes a line of its own. */
static void test_long(void **state)
{
	struct arena arena;
	ast_comments lines = {0};
	char word[3 * WIDTH + 1], part[3 * WIDTH + 1];

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	for (size_t i = 0; i < sizeof(part) - 1; i++)
		part[i] = i % 10 ? 'p' : ' ';
	part[0] = 'p';
	part[sizeof(part) - 1] = '\0';
	evidence_wrap(
		&arena,
		arena_printf(&arena, "before %s %s behind", word, evidence_whole(&arena, part)), 0,
		&lines);
	assert_string_equal(lines.items[0], "before");
	assert_string_equal(lines.items[1], word);
	assert_true(strncmp(lines.items[2], "ppppp", 5) == 0);
	for (size_t i = 2; i < lines.count; i++)
		assert_true(strlen(lines.items[i]) <= WIDTH);
	assert_string_equal(evidence_join(&arena, lines.items, lines.count, " "),
			    arena_printf(&arena, "before %s %s behind", word, part));

	lines.count = 0;
	evidence_wrap(&arena, "", 0, &lines);
	assert_int_equal(lines.count, 1);
	assert_string_equal(lines.items[0], "");
	assert_string_equal(evidence_join(&arena, NULL, 0, ", "), "");
	arena_release(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
