/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/consumers/lottery.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>

uint32_t draw(struct lottery *lottery, uint32_t below)
{
	lottery->state ^= lottery->state << 13;
	lottery->state ^= lottery->state >> 7;
	lottery->state ^= lottery->state << 17;
	return (uint32_t)(lottery->state >> 32) % below;
}

static uint32_t draw_value(struct lottery *lottery)
{
	static const uint32_t values[] = {0,          1,          2,          3,         5,
					  7,          8,          0x10,       0xff,      0x5401,
					  0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

	if (draw(lottery, 3))
		return values[draw(lottery, sizeof(values) / sizeof(values[0]))];
	return draw(lottery, UINT32_MAX) >> draw(lottery, 32);
}

static int interval_compare(const void *a, const void *b)
{
	const struct interval *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

static void draw_intervals(struct lottery *lottery, struct condition *test)
{
	uint32_t count = 1 + draw(lottery, 3);
	struct interval *list = arena_alloc_array(lottery->arena, count, sizeof(*list));
	size_t kept = 1;

	for (uint32_t i = 0; i < count; i++) {
		list[i].first = draw_value(lottery);
		list[i].last = draw(lottery, 2) ? list[i].first : draw_value(lottery);
		if (list[i].last < list[i].first)
			list[i] = (struct interval){list[i].last, list[i].first};
	}
	qsort(list, count, sizeof(*list), interval_compare);
	for (uint32_t i = 1; i < count; i++) {
		if (list[i].first <= list[kept - 1].last) {
			if (list[i].last > list[kept - 1].last)
				list[kept - 1].last = list[i].last;
		} else {
			list[kept++] = list[i];
		}
	}
	test->intervals = list;
	test->interval_count = kept;
}

const struct condition *draw_condition(struct lottery *lottery, unsigned int depth,
				       const struct words *words)
{
	static const uint32_t masks[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0xffff,    0xf,
					 1,          0x80000000, 0xfff000,   0x7e020000};
	struct condition *condition = arena_alloc(lottery->arena, sizeof(*condition));
	uint32_t kind = draw(lottery, 8);

	if (!depth || kind < 3) {
		condition->kind = CONDITION_TEST;
		condition->word = 16 + 8 * draw(lottery, 6);
		if ((words->high && !draw(lottery, 3)) != words->big_endian)
			condition->word += 4;
		condition->mask = masks[draw(lottery, sizeof(masks) / sizeof(masks[0]))];
		draw_intervals(lottery, condition);
		return condition;
	}
	condition->kind = kind < 5 ? CONDITION_AND : kind < 7 ? CONDITION_OR : CONDITION_NOT;
	condition->left = draw_condition(lottery, depth - 1, words);
	if (condition->kind != CONDITION_NOT)
		condition->right = draw_condition(lottery, depth - 1, words);
	return condition;
}

seccomp_action draw_action(struct lottery *lottery, bool plain)
{
	switch (draw(lottery, plain ? 5 : 8)) {
	case 0:
	case 1:
		return SECCOMP_RET_ALLOW;
	case 2:
		return SECCOMP_RET_ERRNO | EPERM;
	case 3:
		return SECCOMP_RET_ERRNO | ENOSYS;
	case 4:
		return SECCOMP_RET_KILL_THREAD;
	case 5:
		return SECCOMP_RET_KILL_PROCESS;
	case 6:
		return SECCOMP_RET_TRAP;
	default:
		return SECCOMP_RET_ERRNO | (1 + draw(lottery, 4000));
	}
}
