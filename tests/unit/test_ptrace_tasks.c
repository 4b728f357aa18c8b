/* SPDX-License-Identifier: Apache-2.0 */
/* The table of traced tasks: whoever begins, is announced and ends in whatever order is gone. */
#include "profiler/ptrace/tasks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

/* What happens to task 5: A is announced, S stops first, E ends. */
static const struct {
	const char *events;
	size_t left;
} rows[] = {
	{"A", 1},   {"S", 1},  {"AS", 1},     {"SA", 1},     {"ASE", 0},    {"SAE", 0},
	{"SEA", 0}, {"AE", 0}, {"SEAASE", 0}, {"SEASEA", 0}, {"SESEAA", 0},
};

static void test_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct task_table table;

		assert_int_equal(task_table_init(&table), 0);
		for (const char *event = rows[i].events; *event; event++) {
			struct traced_task *task = task_find(&table, 5);
			const struct heritage heritage = {0};

			if (*event == 'A')
				assert_int_equal(task_announce(&table, 5, &heritage), 0);
			else if (*event == 'E')
				assert_int_equal(task_end(&table, task), 0);
			else if (!task)
				assert_non_null(task_add(&table, 5));
		}
		if (table.count != rows[i].left)
			fail_msg("%s leaves %zu", rows[i].events, table.count);
		task_table_release(&table);
	}
}

/* A process lasts as long as one of its tasks, also where its leader is gone. */
static void test_processes(void **state)
{
	struct task_table table;
	struct traced_task *leader, *thread, *child;

	(void)state;
	assert_int_equal(task_table_init(&table), 0);
	leader = task_add(&table, 10);
	thread = task_add(&table, 1034); /* the same bucket */
	child = task_add(&table, 11);
	assert_int_equal(task_join(&table, leader, 10, 3), 0);
	assert_int_equal(task_join(&table, thread, 10, 0), 0);
	assert_int_equal(task_join(&table, child, 11, 4), 0);
	assert_ptr_equal(leader->process, thread->process);
	assert_ptr_not_equal(leader->process, child->process);
	assert_int_equal(thread->process->executable, 3);
	task_remove(&table, leader);
	assert_ptr_equal(process_find(&table, 10), thread->process);
	assert_null(task_find(&table, 10));
	task_remove(&table, thread);
	assert_null(process_find(&table, 10));
	assert_non_null(process_find(&table, 11));
	task_table_release(&table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
