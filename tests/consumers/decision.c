/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/consumers/decision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bits of twelve words, the highest of the first word first; leaves come behind all of them. */
#define LEAF_VARIABLE (12 * 32)
#define BUCKETS (1u << 16)
#define NONE UINT32_MAX

struct node {
	uint32_t variable;
	seccomp_action action; /* of a leaf */
	decision zero;
	decision one;
	uint32_t next;
};

/* A remembered result: of choose(), or of a filter's run from an instruction on. */
struct memo {
	uint64_t key[3];
	decision result;
	uint32_t next;
};

struct decisions {
	struct node *nodes;
	uint32_t node_count, node_capacity;
	struct memo *memos;
	uint32_t memo_count, memo_capacity;
	uint32_t node_buckets[BUCKETS];
	uint32_t memo_buckets[BUCKETS];
};

/* The two answers of a test; any values that no action has would do. */
#define NO 0xfffffff0u
#define YES 0xfffffff1u

static void *grow(void *items, uint32_t *capacity, size_t size)
{
	*capacity = *capacity ? *capacity * 2 : 1024;
	items = realloc(items, *capacity * size);
	if (!items) {
		fputs("decision: no memory\n", stderr);
		exit(99);
	}
	return items;
}

void decisions_clear(struct decisions *all)
{
	all->node_count = 0;
	all->memo_count = 0;
	memset(all->node_buckets, 0xff, sizeof(all->node_buckets));
	memset(all->memo_buckets, 0xff, sizeof(all->memo_buckets));
}

struct decisions *decisions_new(void)
{
	struct decisions *all = calloc(1, sizeof(*all));

	if (!all) {
		fputs("decision: no memory\n", stderr);
		exit(99);
	}
	decisions_clear(all);
	return all;
}

void decisions_free(struct decisions *all)
{
	free(all->nodes);
	free(all->memos);
	free(all);
}

static uint32_t bucket_of(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t hash = a * 0x9e3779b97f4a7c15u;

	hash = (hash ^ (hash >> 29) ^ b) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 32) ^ c) * 0x94d049bb133111ebu;
	return (uint32_t)(hash >> 40) % BUCKETS;
}

static decision node_make(struct decisions *all, uint32_t variable, seccomp_action action,
			  decision zero, decision one)
{
	uint32_t bucket;
	struct node *node;

	if (variable != LEAF_VARIABLE && zero == one)
		return zero;
	bucket = bucket_of((uint64_t)variable << 32 | action, zero, one);
	for (uint32_t i = all->node_buckets[bucket]; i != NONE; i = all->nodes[i].next) {
		node = &all->nodes[i];
		if (node->variable == variable && node->action == action && node->zero == zero &&
		    node->one == one)
			return i;
	}
	if (all->node_count == all->node_capacity)
		all->nodes = grow(all->nodes, &all->node_capacity, sizeof(*all->nodes));
	node = &all->nodes[all->node_count];
	*node = (struct node){variable, action, zero, one, all->node_buckets[bucket]};
	all->node_buckets[bucket] = all->node_count;
	return all->node_count++;
}

decision decision_leaf(struct decisions *all, seccomp_action action)
{
	return node_make(all, LEAF_VARIABLE, action, 0, 0);
}

static bool memo_find(struct decisions *all, const uint64_t key[3], decision *result)
{
	uint32_t i = all->memo_buckets[bucket_of(key[0], key[1], key[2])];

	for (; i != NONE; i = all->memos[i].next) {
		if (!memcmp(all->memos[i].key, key, sizeof(all->memos[i].key))) {
			*result = all->memos[i].result;
			return true;
		}
	}
	return false;
}

static void memo_add(struct decisions *all, const uint64_t key[3], decision result)
{
	uint32_t bucket = bucket_of(key[0], key[1], key[2]);
	struct memo *memo;

	if (all->memo_count == all->memo_capacity)
		all->memos = grow(all->memos, &all->memo_capacity, sizeof(*all->memos));
	memo = &all->memos[all->memo_count];
	memcpy(memo->key, key, sizeof(memo->key));
	memo->result = result;
	memo->next = all->memo_buckets[bucket];
	all->memo_buckets[bucket] = all->memo_count++;
}

static decision child(const struct decisions *all, decision of, uint32_t variable, bool one)
{
	const struct node *node = &all->nodes[of];

	if (node->variable != variable)
		return of;
	return one ? node->one : node->zero;
}

/* YES where TEST says YES, else NO. */
static decision choose(struct decisions *all, decision test, decision yes, decision no)
{
	uint64_t key[3] = {(uint64_t)test << 32 | 1, yes, no};
	uint32_t variable = all->nodes[test].variable;
	decision result, zero, one;

	if (variable == LEAF_VARIABLE)
		return all->nodes[test].action == YES ? yes : no;
	if (yes == no)
		return yes;
	if (memo_find(all, key, &result))
		return result;
	if (all->nodes[yes].variable < variable)
		variable = all->nodes[yes].variable;
	if (all->nodes[no].variable < variable)
		variable = all->nodes[no].variable;
	zero = choose(all, child(all, test, variable, false), child(all, yes, variable, false),
		      child(all, no, variable, false));
	one = choose(all, child(all, test, variable, true), child(all, yes, variable, true),
		     child(all, no, variable, true));
	result = node_make(all, variable, 0, zero, one);
	memo_add(all, key, result);
	return result;
}

/* One test of a word: (word & mask) in intervals. */
struct word_test {
	unsigned int word;
	uint32_t mask;
	const struct interval *intervals;
	size_t count;
};

/* Bits above BIT have the value KNOWN. */
static decision test_bit(struct decisions *all, const struct word_test *test, int bit,
			 uint32_t known)
{
	uint32_t last = known | (bit < 0 ? 0 : test->mask & (uint32_t)(((uint64_t)2 << bit) - 1));
	bool meets = false;
	decision zero, one;

	for (size_t i = 0; i < test->count; i++) {
		if (test->intervals[i].first <= known && test->intervals[i].last >= last)
			return decision_leaf(all, YES);
		if (test->intervals[i].first <= last && test->intervals[i].last >= known)
			meets = true;
	}
	if (!meets)
		return decision_leaf(all, NO);
	while (!(test->mask >> bit & 1))
		bit--;
	zero = test_bit(all, test, bit - 1, known);
	one = test_bit(all, test, bit - 1, known | (uint32_t)1 << bit);
	return node_make(all, test->word * 32 + (31 - (unsigned int)bit), 0, zero, one);
}

static decision decision_of_condition(struct decisions *all, const struct condition *condition)
{
	decision yes = decision_leaf(all, YES);
	decision no = decision_leaf(all, NO);
	struct word_test test;

	switch (condition->kind) {
	case CONDITION_TRUE:
		return yes;
	case CONDITION_FALSE:
		return no;
	case CONDITION_AND:
		return choose(all, decision_of_condition(all, condition->left),
			      decision_of_condition(all, condition->right), no);
	case CONDITION_OR:
		return choose(all, decision_of_condition(all, condition->left), yes,
			      decision_of_condition(all, condition->right));
	case CONDITION_NOT:
		return choose(all, decision_of_condition(all, condition->left), no, yes);
	case CONDITION_TEST:
		break;
	}
	test = (struct word_test){(condition->word - 16) / 4, condition->mask, condition->intervals,
				  condition->interval_count};
	return test_bit(all, &test, 31, 0);
}

decision decision_of_rules(struct decisions *all, const struct ruleset *rules, uint32_t number)
{
	decision result =
		decision_leaf(all, number > rules->highest ? rules->unknown : rules->unmatched);

	for (size_t i = rules->rules.count; i--;) {
		const struct rule *rule = &rules->rules.items[i];

		if (rule->number == number)
			result = choose(all, decision_of_condition(all, rule->condition),
					decision_leaf(all, rule->action), result);
	}
	return result;
}

/* A filter at one instruction: the accumulator is (word & mask), or with no word a number. */
struct machine {
	struct decisions *all;
	const struct filter *filter;
	uint32_t audit_arch;
	uint32_t number;
};
#define NO_WORD 12

static decision machine_run(const struct machine *machine, uint32_t at, unsigned int word,
			    uint32_t value);

static bool jump_taken(uint16_t kind, uint32_t value, uint32_t k)
{
	switch (kind) {
	case BPF_JEQ:
		return value == k;
	case BPF_JGT:
		return value > k;
	case BPF_JGE:
		return value >= k;
	default:
		return value & k;
	}
}

static decision machine_jump(const struct machine *machine, uint32_t at, unsigned int word,
			     uint32_t value)
{
	const struct sock_filter *now = &machine->filter->instructions[at];
	uint16_t kind = BPF_OP(now->code);
	uint32_t yes = at + 1 + now->jt;
	uint32_t no = at + 1 + now->jf;
	struct interval interval = {now->k, UINT32_MAX};
	struct word_test test = {word, value, &interval, 1};
	decision taken;

	if (kind == BPF_JA)
		return machine_run(machine, at + 1 + now->k, word, value);
	if (word == NO_WORD)
		return machine_run(machine, jump_taken(kind, value, now->k) ? yes : no, word,
				   value);
	if (kind == BPF_JEQ)
		interval.last = now->k;
	else if (kind == BPF_JGT && now->k == UINT32_MAX)
		test.count = 0;
	else if (kind == BPF_JGT)
		interval.first = now->k + 1;
	else if (kind == BPF_JSET) {
		interval.first = 1;
		test.mask = value & now->k;
	}
	taken = test_bit(machine->all, &test, 31, 0);
	return choose(machine->all, taken, machine_run(machine, yes, word, value),
		      machine_run(machine, no, word, value));
}

static decision machine_step(const struct machine *machine, uint32_t at, unsigned int word,
			     uint32_t value)
{
	const struct sock_filter *now = &machine->filter->instructions[at];

	switch (now->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (now->k >= 16)
			return machine_run(machine, at + 1, (now->k - 16) / 4, UINT32_MAX);
		if (now->k == 0 || now->k == 4)
			return machine_run(machine, at + 1, NO_WORD,
					   now->k ? machine->audit_arch : machine->number);
		break;
	case BPF_ALU | BPF_AND | BPF_K:
		return machine_run(machine, at + 1, word, value & now->k);
	case BPF_RET | BPF_K:
		return decision_leaf(machine->all, now->k);
	default:
		if (BPF_CLASS(now->code) == BPF_JMP && BPF_SRC(now->code) == BPF_K)
			return machine_jump(machine, at, word, value);
		break;
	}
	fprintf(stderr, "decision: instruction %u (code %#x) is beyond this reader\n", at,
		now->code);
	exit(99);
}

static decision machine_run(const struct machine *machine, uint32_t at, unsigned int word,
			    uint32_t value)
{
	uint64_t key[3] = {(uint64_t)at << 32 | 2, word, value};
	decision result;

	if (memo_find(machine->all, key, &result))
		return result;
	result = machine_step(machine, at, word, value);
	memo_add(machine->all, key, result);
	return result;
}

decision decision_of_filter(struct decisions *all, const struct filter *filter, uint32_t audit_arch,
			    uint32_t number)
{
	struct machine machine = {all, filter, audit_arch, number};

	/* What was remembered is of another number or filter. */
	all->memo_count = 0;
	memset(all->memo_buckets, 0xff, sizeof(all->memo_buckets));
	return machine_run(&machine, 0, NO_WORD, 0);
}

static bool is_permissive(seccomp_action action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG || kind == SECCOMP_RET_TRACE ||
	       kind == SECCOMP_RET_USER_NOTIF;
}

static bool difference_find(struct decisions *all, decision wanted, decision given, bool only_wider,
			    struct difference *difference)
{
	uint64_t key[3] = {(uint64_t)wanted << 32 | 3, given, only_wider};
	const struct node *a = &all->nodes[wanted];
	const struct node *b = &all->nodes[given];
	uint32_t variable = a->variable < b->variable ? a->variable : b->variable;
	uint32_t bit = (uint32_t)1 << (31 - variable % 32);
	decision seen;

	if (wanted == given || memo_find(all, key, &seen))
		return false;
	if (variable == LEAF_VARIABLE) {
		difference->wanted = a->action;
		difference->given = b->action;
		return !only_wider || is_permissive(b->action);
	}
	if (difference_find(all, child(all, wanted, variable, false),
			    child(all, given, variable, false), only_wider, difference))
		return true;
	if (difference_find(all, child(all, wanted, variable, true),
			    child(all, given, variable, true), only_wider, difference)) {
		difference->words[variable / 32] |= bit;
		return true;
	}
	memo_add(all, key, 0);
	return false;
}

bool decision_difference(struct decisions *all, decision wanted, decision given, bool only_wider,
			 struct difference *difference)
{
	*difference = (struct difference){0};
	return difference_find(all, wanted, given, only_wider, difference);
}
