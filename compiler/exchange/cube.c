/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/cube.h"

#include <assert.h>
#include <string.h>

unsigned int cube_word(uint32_t offset)
{
	assert(offset >= 16 && offset < 64 && offset % 4 == 0);
	return (offset - 16) / 4;
}

bool cube_is_everything(const struct cube *cube)
{
	for (unsigned int i = 0; i < CUBE_WORDS; i++)
		if (cube->mask[i])
			return false;
	return true;
}

bool cube_meets(const struct cube *a, const struct cube *b)
{
	for (unsigned int i = 0; i < CUBE_WORDS; i++)
		if ((a->value[i] ^ b->value[i]) & a->mask[i] & b->mask[i])
			return false;
	return true;
}

void cube_push(struct cube_work *work, cube_list *list, const struct cube *cube)
{
	if (work->overflow)
		return;
	if (++work->steps > CUBE_STEPS_MAX) {
		work->overflow = true;
		return;
	}
	*VEC_PUSH(work->arena, list) = *cube;
}

/* One TEST being split: where the answers go, and the bits chosen so far. */
struct test_split {
	struct cube_work *work;
	const struct cube *cube;
	const struct condition *test;
	unsigned int word;
	cube_list *yes;
	cube_list *no;
};

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_MIXED, /* it depends, and the parts have been added */
};

/* Whether all values of [FIRST, LAST] are in the test's intervals, none, or some. */
static enum answer test_range(const struct condition *test, uint32_t first, uint32_t last)
{
	size_t low = 0;
	size_t high = test->interval_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (test->intervals[middle].last < first)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == test->interval_count || test->intervals[low].first > last)
		return ANSWER_NO;
	if (test->intervals[low].first <= first && test->intervals[low].last >= last)
		return ANSWER_YES;
	return ANSWER_MIXED;
}

static void split_add(struct test_split *split, enum answer answer, uint32_t mask, uint32_t value)
{
	cube_list *list = answer == ANSWER_YES ? split->yes : split->no;
	struct cube part = *split->cube;

	if (answer == ANSWER_MIXED || !list)
		return;
	part.mask[split->word] |= mask;
	part.value[split->word] |= value;
	cube_push(split->work, list, &part);
}

/*
 * Goes down the bits of the test's mask, highest first. Those above BIT are decided: KNOWN is
 * their value, the cube's own bits among them; MASK and VALUE are the ones that this split chose.
 */
static enum answer split_bit(struct test_split *split, int bit, uint32_t known, uint32_t mask,
			     uint32_t value)
{
	uint32_t of_cube = split->cube->mask[split->word];
	enum answer answer, zero, one;
	uint32_t here;

	while (bit >= 0 && !(split->test->mask >> bit & 1))
		bit--;
	here = bit < 0 ? 0 : (uint32_t)1 << bit;
	answer = test_range(split->test, known,
			    known | (split->test->mask & (here ? here | (here - 1) : 0)));
	if (answer != ANSWER_MIXED || split->work->overflow)
		return answer;
	if (of_cube & here)
		return split_bit(split, bit - 1, known | (split->cube->value[split->word] & here),
				 mask, value);
	zero = split_bit(split, bit - 1, known, mask | here, value);
	one = split_bit(split, bit - 1, known | here, mask | here, value | here);
	if (zero == one && zero != ANSWER_MIXED)
		return zero;
	split_add(split, zero, mask | here, value);
	split_add(split, one, mask | here, value | here);
	return ANSWER_MIXED;
}

static void split_test(struct cube_work *work, const struct cube *cube,
		       const struct condition *test, cube_list *yes, cube_list *no)
{
	struct test_split split = {
		.work = work,
		.cube = cube,
		.test = test,
		.word = cube_word(test->word),
		.yes = yes,
		.no = no,
	};

	split_add(&split, split_bit(&split, 31, 0, 0, 0), 0, 0);
}

void cube_split(struct cube_work *work, const struct cube *cube, const struct condition *condition,
		cube_list *yes, cube_list *no)
{
	cube_list part = {0};

	switch (condition->kind) {
	case CONDITION_TRUE:
		if (yes)
			cube_push(work, yes, cube);
		return;
	case CONDITION_FALSE:
		if (no)
			cube_push(work, no, cube);
		return;
	case CONDITION_NOT:
		cube_split(work, cube, condition->left, no, yes);
		return;
	case CONDITION_TEST:
		split_test(work, cube, condition, yes, no);
		return;
	case CONDITION_AND:
		cube_split(work, cube, condition->left, &part, no);
		break;
	case CONDITION_OR:
		cube_split(work, cube, condition->left, yes, &part);
		break;
	}
	for (size_t i = 0; i < part.count && !work->overflow; i++)
		cube_split(work, &part.items[i], condition->right, yes, no);
}

bool cube_join(struct cube *a, const struct cube *b)
{
	unsigned int word = CUBE_WORDS;

	if (memcmp(a->mask, b->mask, sizeof(a->mask)) != 0)
		return false;
	for (unsigned int i = 0; i < CUBE_WORDS; i++) {
		uint32_t difference = a->value[i] ^ b->value[i];

		if (!difference)
			continue;
		if (word != CUBE_WORDS || (difference & (difference - 1)))
			return false;
		word = i;
	}
	if (word == CUBE_WORDS)
		return false;
	a->mask[word] &= ~(a->value[word] ^ b->value[word]);
	a->value[word] &= a->mask[word];
	return true;
}
