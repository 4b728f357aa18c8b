/* SPDX-License-Identifier: Apache-2.0 */
/* The exporters' sets of calls, and their facts about consumers beside libseccomp itself. */
#include "compiler/exchange/consumer.h"
#include "compiler/exchange/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <linux/seccomp.h>
#include <seccomp.h>

static int arena_set_up(void **state)
{
	static struct arena arena;

	*state = &arena;
	return arena_init(&arena);
}

static int arena_tear_down(void **state)
{
	arena_release(*state);
	return 0;
}

static struct condition word_test(uint32_t word, uint32_t mask, const struct interval *intervals,
				  size_t count)
{
	return (struct condition){.kind = CONDITION_TEST,
				  .word = word,
				  .mask = mask,
				  .intervals = intervals,
				  .interval_count = count};
}

/* How many cubes a test of one word takes, on both sides. */
static void test_split(void **state)
{
	static const struct {
		uint32_t mask;
		struct interval intervals[2];
		size_t count, yes, no;
	} cases[] = {
		{UINT32_MAX, {{5, 5}}, 1, 1, 32},
		{UINT32_MAX, {{0, 0x7fffffff}}, 1, 1, 1},
		{UINT32_MAX, {{1, UINT32_MAX}}, 1, 32, 1},
		{UINT32_MAX, {{0x5400, 0x5403}}, 1, 1, 30},
		{UINT32_MAX, {{0, UINT32_MAX}}, 1, 1, 0},
		{~(uint32_t)3, {{0, 0}}, 1, 1, 30},
		{2, {{0, 0}, {2, 2}}, 2, 1, 0},
		{2, {{1, 1}}, 1, 0, 1},
		{0, {{0, 0}}, 1, 1, 0},
		{0xf, {{1, 10}}, 1, 5, 3},
	};
	static const struct cube everything = {{0}, {0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct condition test =
			word_test(16, cases[i].mask, cases[i].intervals, cases[i].count);
		struct cube_work work = {.arena = *state};
		cube_list yes = {0}, no = {0};

		cube_split(&work, &everything, &test, &yes, &no);
		assert_int_equal(yes.count, cases[i].yes);
		assert_int_equal(no.count, cases[i].no);
		for (size_t j = 0; j < yes.count; j++)
			for (size_t k = 0; k < no.count; k++)
				assert_false(cube_meets(&yes.items[j], &no.items[k]));
	}
}

/* Bits that a cube has already are not tested again. */
static void test_split_inside(void **state)
{
	static const struct interval low = {0, 0xff};
	struct condition test = word_test(16, UINT32_MAX, &low, 1);
	struct cube inside = {{0xffffff00}, {0}};
	struct cube outside = {{0x100}, {0x100}};
	struct cube_work work = {.arena = *state};
	cube_list yes = {0}, no = {0};

	cube_split(&work, &inside, &test, &yes, &no);
	cube_split(&work, &outside, &test, &yes, &no);
	assert_int_equal(yes.count, 1);
	assert_memory_equal(&yes.items[0], &inside, sizeof(inside));
	assert_int_equal(no.count, 1);
	assert_memory_equal(&no.items[0], &outside, sizeof(outside));
}

static void part_add(struct arena *arena, part_list *list, uint32_t mask, uint32_t value,
		     seccomp_action action)
{
	*VEC_PUSH(arena, list) = (struct part){.cube = {{mask}, {value}}, .action = action};
}

static void test_compare(void **state)
{
	static const struct {
		uint32_t mask, value;
		seccomp_action action, fallback;
		enum parts_verdict verdict;
	} cases[] = {
		/* Wanted is: the first word's lowest bit is set, allow. */
		{1, 1, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, PARTS_SAME},
		{3, 3, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, PARTS_STRICTER},
		{0, 0, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, PARTS_WIDER},
		{3, 2, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, PARTS_WIDER},
		{1, 1, SECCOMP_RET_LOG, SECCOMP_RET_ERRNO, PARTS_WIDER},
		{1, 1, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO, PARTS_STRICTER},
		{3, 3, SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, PARTS_WIDER},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cube_work work = {.arena = *state};
		part_list wanted = {0}, given = {0};
		struct span where = {0};

		part_add(*state, &wanted, 1, 1, SECCOMP_RET_ALLOW);
		part_add(*state, &given, cases[i].mask, cases[i].value, cases[i].action);
		assert_int_equal(parts_compare(&work, &wanted, &given, cases[i].fallback, &where),
				 cases[i].verdict);
		assert_false(work.overflow);
	}
}

/* What no single part covers, several may. */
static void test_compare_covered_together(void **state)
{
	struct cube_work work = {.arena = *state};
	part_list wanted = {0}, given = {0};
	struct span where = {0};

	part_add(*state, &wanted, 1, 1, SECCOMP_RET_ALLOW);
	part_add(*state, &given, 3, 1, SECCOMP_RET_ALLOW);
	part_add(*state, &given, 5, 5, SECCOMP_RET_ALLOW);
	part_add(*state, &given, 7, 3, SECCOMP_RET_ALLOW);
	assert_int_equal(parts_compare(&work, &wanted, &given, SECCOMP_RET_ERRNO, &where),
			 PARTS_SAME);
	given.count--;
	assert_int_equal(parts_compare(&work, &wanted, &given, SECCOMP_RET_ERRNO, &where),
			 PARTS_STRICTER);
}

/*
 * Entries name calls, so that libseccomp must have each name that is not too new for it, with the
 * catalogue's number; and it must have the multiplexers' pseudo numbers exactly where we say.
 */
static void test_names(void **state)
{
	(void)state;
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		uint32_t token = seccomp_arch_resolve_name(abi_get((enum abi_id)id)->name);

		if (!token) {
			print_message("libseccomp does not know %s\n",
				      abi_get((enum abi_id)id)->name);
			continue;
		}
		for (size_t i = 0; i < call_count(); i++) {
			call_id call = (call_id)i;
			int64_t number = call_number(call, (enum abi_id)id);
			int theirs = seccomp_syscall_resolve_name_arch(token, call_get(call)->name);

			if (number < 0 || (theirs < 0 && consumer_may_drop(call, (enum abi_id)id)))
				continue;
			if (consumer_reach(EXPORT_OCI, call, (enum abi_id)id) == REACH_MUXED) {
				uint32_t index;
				call_id muxer = consumer_multiplexer(call, &index);

				assert_int_equal(theirs,
						 -(call_get(muxer)->name[0] == 's' ? 100 : 200) -
							 (int)index);
			} else if (theirs != number) {
				fail_msg("%s on %s: %lld, but libseccomp has %d",
					 call_get(call)->name, abi_get((enum abi_id)id)->name,
					 (long long)number, theirs);
			}
		}
	}
}

static void test_launcher_names(void **state)
{
	(void)state;
	for (int format = EXPORT_DOCKER; format <= EXPORT_LXC; format++)
		for (int kills = 0; kills < 2; kills++) {
			const char *const *name =
				consumer_launcher_calls((enum export_format)format, kills);

			for (; *name; name++)
				assert_int_not_equal(call_find(*name), CALL_NONE);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_split, arena_set_up, arena_tear_down),
		cmocka_unit_test_setup_teardown(test_split_inside, arena_set_up, arena_tear_down),
		cmocka_unit_test_setup_teardown(test_compare, arena_set_up, arena_tear_down),
		cmocka_unit_test_setup_teardown(test_compare_covered_together, arena_set_up,
						arena_tear_down),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_launcher_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
