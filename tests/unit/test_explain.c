/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions that come back from diagrams in the words that a person would have used, and what the
 * kernel makes of answers.
 */
#include "compiler/compile.h"
#include "compiler/explain/answer.h"
#include "compiler/explain/condition.h"
#include "compiler/prove/program.h"
#include "tests/unit/resolve_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What a filter made of `allow CALL where CONDITION` allows, in words again. */
static struct wording said_again(struct resolved *resolved, struct diagrams *diagrams,
				 enum abi_id abi, const char *name, const char *condition,
				 size_t limit, diagram *set)
{
	const struct compile_options options = {0};
	struct phrasing phrasing = {.arena = &resolved->arena,
				    .diagrams = diagrams,
				    .form = {abi_get(abi), call_find(name)},
				    .limit = limit};
	struct program_reading reading;
	const struct filter *filter;
	char text[1024];

	snprintf(text, sizeof(text), "default deny EPERM; allow %s where %s;", name, condition);
	resolved_init(resolved, ABI_BIT(abi), text);
	assert_int_equal(resolved->diags.errors, 0);
	filter = policy_compile(&resolved->arena, resolved->rules, &resolved->sources, &options,
				&resolved->diags, NULL);
	assert_non_null(filter);
	diagrams_init(diagrams, &resolved->arena);
	assert_true(program_read(&resolved->arena, diagrams, filter, &reading));
	*set = answer_of_number(diagrams,
				answer_of_arch(diagrams, reading.answer, abi_get(abi)->audit_arch),
				(uint32_t)call_number(call_find(name), abi));
	*set = diagram_where(diagrams, *set, SECCOMP_RET_ALLOW);
	return condition_say(&phrasing, *set);
}

struct words_case {
	enum abi_id abi;
	const char *call;
	const char *condition;
	const char *words; /* NULL: the same */
};

static const struct words_case words_cases[] = {
	{ABI_X86_64, "ioctl", "request == TIOCSTI", NULL},
	{ABI_X86_64, "ioctl", "request != TIOCSTI", NULL},
	{ABI_X86_64, "ioctl", "request in { TCGETS, TIOCGWINSZ }", NULL},
	{ABI_X86_64, "ioctl", "request == TCGETS || request == TIOCGWINSZ",
	 "request in { TCGETS, TIOCGWINSZ }"},
	{ABI_X86_64, "ioctl", "request in { 1..100, 200 }", NULL},
	{ABI_MIPS, "ioctl", "request == TIOCSTI", NULL},
	{ABI_X86_64, "openat", "(flags & O_ACCMODE) == O_RDONLY", NULL},
	{ABI_X86_64, "openat", "flags within O_WRONLY | O_CREAT", NULL},
	{ABI_X86_64, "openat", "flags & (O_CREAT | O_TRUNC)", NULL},
	{ABI_X86_64, "openat", "!(flags & O_CREAT)", "(flags & O_CREAT) == 0"},
	{ABI_X86_64, "openat", "dirfd == AT_FDCWD", NULL},
	{ABI_X86_64, "openat", "mode within 0644 && flags & O_CREAT",
	 "flags & O_CREAT && mode within 0644"},
	{ABI_X86_64, "openat", "flags & O_CREAT || mode == 0", NULL},
	{ABI_X86_64, "socket", "domain in { AF_INET, AF_INET6 } && (type & 0xf) == SOCK_STREAM",
	 NULL},
	{ABI_X86_64, "socket", "domain == AF_UNIX || domain == AF_INET && protocol == 6",
	 "domain == AF_UNIX || domain == AF_INET && protocol == IPPROTO_TCP"},
	{ABI_X86_64, "socket", "arg0 == AF_INET", NULL},
	{ABI_X86_64, "socket", "domain == AF_INET && arg0 >= 0x100000000", NULL},
	{ABI_X86_64, "close", "fd <= 2", NULL},
	{ABI_X86_64, "close", "fd >= -1", NULL},
	{ABI_X86_64, "close", "fd in { -5..5 }", NULL},
	{ABI_X86_64, "lseek", "offset >= 4096", NULL},
	{ABI_ARM, "pread64", "offset <= 4095", NULL},
	{ABI_MIPS, "pread64", "offset <= 4095", NULL},
	{ABI_X86, "pread64", "offset == 0x100000000", NULL},
	{ABI_S390X, "clone", "flags & CLONE_NEWUSER", NULL},
	{ABI_X86_64, "execve", "argv != 0", NULL},
	{ABI_X86_64, "chmod", "mode within 0777", NULL},
	{ABI_X86_64, "prctl", "option == PR_SET_NAME && arg2 != 0", NULL},
	/* Overlapping conditions, each of its own subject. */
	{ABI_X86_64, "mmap", "prot & 1 && fd == 3 || prot & 2 && fd == 4",
	 "prot & PROT_READ && fd == 3 || prot & PROT_WRITE && fd == 4"},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words_cases) / sizeof(words_cases[0]); i++) {
		const struct words_case *one = &words_cases[i];
		struct resolved resolved;
		struct diagrams diagrams;
		struct text text = {0};
		diagram set;
		struct wording wording = said_again(&resolved, &diagrams, one->abi, one->call,
						    one->condition, 64, &set);

		assert_null(wording.refusal);
		assert_non_null(wording.where);
		assert_int_equal(wording.rest, DIAGRAM_NONE);
		ast_print_expr(wording.where, &text);
		assert_string_equal(text.bytes, one->words ? one->words : one->condition);
		text_release(&text);
		resolved_release(&resolved);
	}
}

/* What the limit leaves out is told apart and counted. */
static void test_rest(void **state)
{
	struct resolved resolved;
	struct diagrams diagrams;
	diagram set;
	struct wording wording =
		said_again(&resolved, &diagrams, ABI_X86_64, "ioctl",
			   "request in { 1, 3, 5, 7, 9, 12, 15, 18, 21..30 }", 4, &set);

	(void)state;
	assert_non_null(wording.where);
	assert_string_equal(wording.more, "14 more values of request");
	assert_int_not_equal(wording.rest, DIAGRAM_NONE);
	assert_int_equal(diagram_without(&diagrams, wording.rest, set), DIAGRAM_NONE);
	resolved_release(&resolved);
}

static void test_normal(void **state)
{
	static const uint32_t cases[][2] = {
		{0x7fff1234, SECCOMP_RET_ALLOW},        {0x7ffc0001, SECCOMP_RET_LOG},
		{0x7fc00001, SECCOMP_RET_USER_NOTIF},   {0x80000001, SECCOMP_RET_KILL_PROCESS},
		{0x00000001, SECCOMP_RET_KILL_THREAD},  {0x00050001, SECCOMP_RET_ERRNO | 1},
		{0x00051000, SECCOMP_RET_ERRNO | 4095}, {0x0005ffff, SECCOMP_RET_ERRNO | 4095},
		{0x00030007, SECCOMP_RET_TRAP | 7},     {0x7ff00007, SECCOMP_RET_TRACE | 7},
		{0x12340000, SECCOMP_RET_KILL_PROCESS}, {0x90000000, SECCOMP_RET_KILL_PROCESS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(answer_normal(cases[i][0]), cases[i][1]);
}

/* Two filters of one process: newest first, the lowest action as a signed number, first of equals. */
static void test_stack(void **state)
{
	static const uint32_t cases[][3] = {
		/* newer, older, both */
		{0x7fff0000, 0x00050001, 0x00050001}, {0x00050001, 0x7fff0000, 0x00050001},
		{0x00050002, 0x00050001, 0x00050002}, {0x00050001, 0x80000000, 0x80000000},
		{0x00000000, 0x80000000, 0x80000000}, {0x80000007, 0x00030000, 0x80000007},
		{0x7fff0001, 0x7fff0002, 0x7fff0001}, {0x90000000, 0x80000000, 0x80000000},
		{0x00020000, 0x00030000, 0x00020000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct diagrams diagrams;
		struct arena arena;

		assert_int_equal(arena_init(&arena), 0);
		diagrams_init(&diagrams, &arena);
		assert_int_equal(answer_stack(&arena, &diagrams,
					      diagram_leaf(&diagrams, cases[i][0]),
					      diagram_leaf(&diagrams, cases[i][1])),
				 diagram_leaf(&diagrams, cases[i][2]));
		arena_release(&arena);
	}
}

static void test_pieces(void **state)
{
	struct field number = field_of_word(WORD_NR, 32);
	struct number_pieces pieces = {0};
	struct diagrams diagrams;
	struct arena arena;
	diagram set;

	(void)state;
	assert_int_equal(arena_init(&arena), 0);
	diagrams_init(&diagrams, &arena);
	set = diagram_or(&diagrams, diagram_range(&diagrams, &number, 3, 9),
			 diagram_range(&diagrams, &number, 0xffffffff, 0xffffffff));
	assert_true(answer_pieces(&arena, &diagrams, set, 1, UINT32_MAX, &pieces));
	assert_int_equal(pieces.items.count, 4);
	assert_int_equal(pieces.items.items[0].first, 1);
	assert_int_equal(pieces.items.items[0].last, 2);
	assert_int_equal(pieces.items.items[1].last, 9);
	assert_int_equal(pieces.items.items[1].answer, DIAGRAM_ALL);
	assert_int_equal(pieces.items.items[3].first, UINT32_MAX);
	/* Every other number is a piece of its own, and they are too many. */
	set = diagram_of_bit(&diagrams, variable_of_bit(WORD_NR, 0));
	pieces = (struct number_pieces){0};
	assert_false(answer_pieces(&arena, &diagrams, set, 0, UINT32_MAX, &pieces));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),  cmocka_unit_test(test_rest),
		cmocka_unit_test(test_normal), cmocka_unit_test(test_stack),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
