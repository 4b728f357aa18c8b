/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random rules, compiled, against a plain reading of the same rules: first match wins. Words are
 * drawn from the edges of the intervals that the rules test, where mistakes live.
 */
#include "compiler/compile.h"
#include "compiler/partition.h"
#include "tests/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t random_state;

static uint32_t random_word(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) ^ (uint32_t)(random_state >> 11);
}

static uint32_t random_below(uint32_t limit)
{
	return random_word() % limit;
}

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	struct policy_rules rules;
	uint32_t edges[4096]; /* values at which some test changes its mind */
	uint32_t edge_count;
};

static void fixture_begin(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
}

static void fixture_edge(struct fixture *fixture, uint32_t value)
{
	if (fixture->edge_count + 3 > sizeof(fixture->edges) / sizeof(fixture->edges[0]))
		return;
	fixture->edges[fixture->edge_count++] = value - 1;
	fixture->edges[fixture->edge_count++] = value;
	fixture->edges[fixture->edge_count++] = value + 1;
}

static uint32_t random_mask(void)
{
	static const uint32_t masks[] = {UINT32_MAX, 0xf,    0xff,       0x3,
					 0x80,       0xf0f0, 0x7e020000, 0xffff};

	return masks[random_below(sizeof(masks) / sizeof(masks[0]))];
}

/* All that a few bits make of a value, or all but some of it, and perhaps one value more. */
static size_t random_cube(struct fixture *fixture, uint32_t mask, struct interval intervals[9])
{
	uint32_t bits = 1u << random_below(20) | 1u << random_below(32) | 1u << random_below(12);
	uint32_t base = random_word() & random_word() & mask, some = 0;
	size_t count = 0;

	bits &= mask;
	base &= random_below(2) ? ~bits : 0;
	do {
		if (random_below(16)) {
			intervals[count].first = intervals[count].last = base | some;
			fixture_edge(fixture, intervals[count++].first);
		}
		some = (some - bits) & bits;
	} while (some);
	if (count && base + bits < UINT32_MAX - 1000 && random_below(2)) {
		intervals[count].first = intervals[count].last =
			base + bits + 2 + random_below(900);
		fixture_edge(fixture, intervals[count++].first);
	}
	return count;
}

static struct condition *random_test(struct fixture *fixture, uint32_t pieces)
{
	struct condition *test = arena_alloc(&fixture->arena, sizeof(*test));
	struct interval *intervals =
		arena_alloc_array(&fixture->arena, pieces + 9, sizeof(*intervals));
	uint64_t next = random_below(4) ? random_below(64) : random_word() / 2;
	size_t count = 0;

	test->kind = CONDITION_TEST;
	test->word = 16 + 4 * random_below(5);
	test->mask = random_mask();
	if (pieces < 7 && random_below(3) == 0) {
		test->mask = random_below(3) ? UINT32_MAX : test->mask;
		count = random_cube(fixture, test->mask, intervals);
		pieces = 0;
	}
	while (count < pieces && next < UINT32_MAX) {
		uint64_t last = next + (random_below(2) ? 0 : random_below(1000));

		if (last > UINT32_MAX)
			last = UINT32_MAX;
		intervals[count].first = (uint32_t)next;
		intervals[count++].last = (uint32_t)last;
		fixture_edge(fixture, (uint32_t)next);
		fixture_edge(fixture, (uint32_t)last);
		next = last + 1 + random_below(random_below(2) ? 8 : 100000);
	}
	test->intervals = intervals;
	test->interval_count = count;
	return test;
}

static const struct condition *random_condition(struct fixture *fixture, unsigned int depth)
{
	struct condition *condition;

	if (depth == 0 || random_below(3) == 0)
		return random_test(fixture, 1 + random_below(6));
	condition = arena_alloc(&fixture->arena, sizeof(*condition));
	condition->kind = (enum condition_kind)(CONDITION_AND + random_below(3));
	if (random_below(20) == 0)
		condition->kind = (enum condition_kind)(CONDITION_TRUE + random_below(2));
	condition->left = random_condition(fixture, depth - 1);
	condition->right = random_condition(fixture, depth - 1);
	return condition;
}

static seccomp_action random_action(void)
{
	static const seccomp_action actions[] = {
		SECCOMP_RET_ALLOW,      SECCOMP_RET_ALLOW,        SECCOMP_RET_ERRNO | 1,
		SECCOMP_RET_ERRNO | 38, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_TRAP | 7,
	};

	return actions[random_below(sizeof(actions) / sizeof(actions[0]))];
}

static void fixture_rule(struct fixture *fixture, struct ruleset *ruleset, uint32_t number,
			 const struct condition *condition)
{
	struct rule *rule = VEC_PUSH(&fixture->arena, &ruleset->rules);

	rule->number = number;
	rule->call = call_find("read"); /* the number decides */
	rule->action = random_action();
	rule->condition = condition;
	/* All of one item: random rules that nothing reaches are no mistake here. */
	rule->item = 0;
	if (!fixture->rules.items.count)
		VEC_PUSH(&fixture->arena, &fixture->rules.items);
}

static struct ruleset *fixture_ruleset(struct fixture *fixture, enum abi_id abi)
{
	struct ruleset *ruleset = VEC_PUSH(&fixture->arena, &fixture->rules.rulesets);

	ruleset->abi = abi_get(abi);
	ruleset->highest = ruleset->abi->number_base + 300 + random_below(200);
	ruleset->unmatched = random_action();
	ruleset->unknown = random_action();
	return ruleset;
}

/* Some ABIs of one machine and byte order, each machine as often as it has ABIs. */
static abi_set random_abis(void)
{
	const struct abi *one = abi_get((enum abi_id)random_below(ABI_COUNT));

	return ABI_BIT(one->id) | (abi_machine(one) & random_word());
}

/* Some of the numbers are such as arm's private ones, far above the others. */
static uint32_t random_number(const struct abi *abi)
{
	if (abi->number_private && random_below(20) == 0)
		return abi->number_private + random_below(8);
	return abi->number_base + random_below(520);
}

static void fixture_random(struct fixture *fixture)
{
	abi_set abis = random_abis();

	fixture->rules.foreign =
		random_below(2) ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | 38;
	for (enum abi_id id = 0; id < ABI_COUNT; id++) {
		struct ruleset *ruleset;
		uint32_t count = random_below(3) ? random_below(60) : random_below(400);

		if (!(abis & ABI_BIT(id)))
			continue;
		ruleset = fixture_ruleset(fixture, id);
		for (uint32_t i = 0; i < count; i++) {
			static const struct condition always = {.kind = CONDITION_TRUE};

			fixture_rule(fixture, ruleset, random_number(ruleset->abi),
				     random_below(3) ? &always : random_condition(fixture, 3));
		}
	}
}

static void draw_call(const struct fixture *fixture, uint32_t words[16])
{
	const struct ruleset *ruleset =
		&fixture->rules.rulesets
			 .items[random_below((uint32_t)fixture->rules.rulesets.count)];
	const struct abi *abi = ruleset->abi;

	for (int i = 0; i < 16; i++)
		words[i] = fixture->edge_count && random_below(4)
				   ? fixture->edges[random_below(fixture->edge_count)]
				   : random_word();
	words[0] = random_below(30) ? random_number(abi) + random_below(20) : random_word();
	if (random_below(10) == 0)
		words[0] ^= 0x40000000; /* x32's bit */
	if (random_below(10) == 0)
		abi = abi_get((enum abi_id)random_below(ABI_COUNT));
	words[1] = random_below(30) ? abi->audit_arch : 0;
}

static void compare_answers(const struct fixture *fixture, const struct filter *filter)
{
	for (int i = 0; i < 3000; i++) {
		uint32_t words[16];

		draw_call(fixture, words);
		assert_int_equal(filter_simulate(filter, words).action,
				 oracle_answer(&fixture->rules, words));
	}
}

static struct filter *fixture_compile(struct fixture *fixture, bool plain)
{
	struct compile_options options = {.plain = plain};

	return policy_compile(&fixture->arena, &fixture->rules, &fixture->sources, &options,
			      &fixture->diags, NULL);
}

static void test_random_rules(void **state)
{
	unsigned int compiled = 0;
	abi_set met = 0;

	(void)state;
	for (int seed = 0; seed < 400; seed++) {
		struct fixture fixture;

		random_state = (uint64_t)seed * 77777 + 1;
		fixture_begin(&fixture);
		fixture_random(&fixture);
		for (int plain = 0; plain < 2; plain++) {
			struct filter *filter = fixture_compile(&fixture, plain);

			if (!filter)
				continue;
			compiled++;
			met |= filter->abis;
			assert_int_equal(filter->big_endian,
					 fixture.rules.rulesets.items[0].abi->big_endian);
			compare_answers(&fixture, filter);
		}
		arena_release(&fixture.arena);
	}
	/* A few draws are one contradiction, or need more than the kernel takes. */
	assert_in_range(compiled, 700, 800);
	assert_int_equal(met, ABI_ALL);
}

/* An arch that there is, or not; and a number of it, or not. */
static void draw_machine_call(const struct fixture *fixture, uint32_t words[16])
{
	const struct abi *abi = abi_get((enum abi_id)random_below(ABI_COUNT));

	draw_call(fixture, words);
	words[1] = random_below(20) ? abi->audit_arch : random_word();
	words[0] = random_below(20) ? abi->number_base + random_below(540) : random_word();
}

/* Each machine's filter answers its own ABIs as the rules do, and everybody else as foreign. */
static void compare_machine(struct fixture *fixture, const struct machine_filter *made)
{
	struct policy_rules part =
		policy_rules_select(&fixture->arena, &fixture->rules, abi_machine(made->abi));

	assert_int_equal(made->filter->abis, policy_rules_abis(&part));
	assert_int_equal(made->filter->big_endian, made->abi->big_endian);
	for (int i = 0; i < 1000; i++) {
		uint32_t words[16];

		draw_machine_call(fixture, words);
		assert_int_equal(filter_simulate(made->filter, words).action,
				 oracle_answer(&part, words));
	}
}

static void fixture_machines(struct fixture *fixture)
{
	abi_set abis = (1 + random_word()) & ABI_ALL;

	for (enum abi_id id = 0; id < ABI_COUNT; id++) {
		struct ruleset *ruleset;

		if (!(abis & ABI_BIT(id)))
			continue;
		ruleset = fixture_ruleset(fixture, id);
		/* The same within a machine. */
		ruleset->foreign = SECCOMP_RET_ERRNO | (1 + (abi_machine(ruleset->abi) & 0xfff));
		for (uint32_t i = 0; i < 40; i++)
			fixture_rule(fixture, ruleset,
				     ruleset->abi->number_base + random_below(520),
				     random_condition(fixture, 3));
	}
}

static void test_machines(void **state)
{
	size_t compiled = 0;

	(void)state;
	for (int seed = 0; seed < 100; seed++) {
		const struct compile_options options = {0};
		struct machine_filters made;
		struct fixture fixture;

		random_state = (uint64_t)seed * 55555 + 3;
		fixture_begin(&fixture);
		fixture_machines(&fixture);
		if (fixture.rules.rulesets.count &&
		    policy_compile_machines(&fixture.arena, &fixture.rules, &fixture.sources,
					    &options, &fixture.diags, &made, NULL)) {
			for (size_t i = 0; i < made.items.count; i++)
				compare_machine(&fixture, &made.items.items[i]);
			compiled += made.items.count;
		}
		arena_release(&fixture.arena);
	}
	assert_true(compiled > 400);
}

/* How many instructions an allowed call takes on ABI. */
static uint32_t call_cost(const struct filter *filter, enum abi_id abi, const char *name)
{
	uint32_t words[16] = {(uint32_t)call_number(call_find(name), abi),
			      abi_get(abi)->audit_arch};

	return filter_simulate(filter, words).executed;
}

/* Two of three numbers allowed, so that each call needs its way through the tree. */
static struct filter *compile_sparse(struct fixture *fixture, enum abi_id id)
{
	static const struct condition always = {.kind = CONDITION_TRUE};
	struct ruleset *ruleset;

	fixture_begin(fixture);
	ruleset = fixture_ruleset(fixture, id);
	ruleset->highest = ruleset->abi->number_base + 450;
	ruleset->unmatched = SECCOMP_RET_ERRNO | 1;
	for (uint32_t i = 0; i < 450; i++)
		if (i % 3) {
			fixture_rule(fixture, ruleset, ruleset->abi->number_base + i, &always);
			ruleset->rules.items[ruleset->rules.count - 1].action = SECCOMP_RET_ALLOW;
		}
	return fixture_compile(fixture, false);
}

/* Where no cache serves an ABI, what is called most gets the best places; elsewhere it needs none. */
static void test_uncached(void **state)
{
	static const char *const often[] = {"read", "write", "openat", "close", "mmap"};
	const enum abi_id abis[] = {ABI_MIPS64, ABI_AARCH64};
	uint32_t cost[2] = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fixture fixture;
		const struct filter *filter = compile_sparse(&fixture, abis[i]);

		assert_non_null(filter);
		for (size_t j = 0; j < sizeof(often) / sizeof(often[0]); j++)
			cost[i] += call_cost(filter, abis[i], often[j]);
		arena_release(&fixture.arena);
	}
	/* A balanced tree over 300 edges is 9 deep. */
	assert_true(cost[0] * 4 <= cost[1] * 3);
}

/* Sets so large that jumps do not reach: every action needs stand-ins. */
static void test_far_jumps(void **state)
{
	(void)state;
	for (int seed = 0; seed < 20; seed++) {
		struct fixture fixture;
		struct ruleset *ruleset;
		struct filter *filter;

		random_state = (uint64_t)seed * 99991 + 5;
		fixture_begin(&fixture);
		fixture.rules.foreign = SECCOMP_RET_KILL_PROCESS;
		ruleset = fixture_ruleset(&fixture, ABI_X86_64);
		ruleset->unmatched = SECCOMP_RET_ERRNO | 1;
		for (uint32_t call = 0; call < 6; call++) {
			struct condition *test = random_test(&fixture, 300);

			test->mask = UINT32_MAX;
			fixture_rule(&fixture, ruleset, 10 + 7 * call, test);
			ruleset->rules.items[call].action = SECCOMP_RET_ALLOW;
		}
		filter = fixture_compile(&fixture, false);
		assert_non_null(filter);
		assert_true(filter->count > 1000);
		compare_answers(&fixture, filter);
		arena_release(&fixture.arena);
	}
}

/* Few calls that look at one word, for many values that matter: what is behind a lost word. */
static void test_one_word(void **state)
{
	(void)state;
	for (int seed = 0; seed < 1000; seed++) {
		struct fixture fixture;
		struct ruleset *ruleset;
		struct filter *filter;

		random_state = (uint64_t)seed * 611953 + 7;
		fixture_begin(&fixture);
		ruleset = fixture_ruleset(&fixture, ABI_X86_64);
		for (uint32_t i = 0; i < 4; i++) {
			struct condition *test = random_test(&fixture, 1 + random_below(6));

			test->word = 16;
			fixture_rule(&fixture, ruleset, random_below(2), test);
		}
		filter = fixture_compile(&fixture, false);
		for (int i = 0; filter && i < 300; i++) {
			uint32_t words[16];

			draw_call(&fixture, words);
			words[0] = random_below(2);
			words[1] = ruleset->abi->audit_arch;
			assert_int_equal(filter_simulate(filter, words).action,
					 oracle_answer(&fixture.rules, words));
		}
		arena_release(&fixture.arena);
	}
}

/* More instructions than the kernel takes is an error, and never a filter. */
static void test_too_long(void **state)
{
	struct fixture fixture;
	struct ruleset *ruleset;

	(void)state;
	random_state = 3;
	fixture_begin(&fixture);
	ruleset = fixture_ruleset(&fixture, ABI_X86_64);
	ruleset->unmatched = SECCOMP_RET_ERRNO | 1;
	for (uint32_t call = 0; call < 40; call++) {
		struct condition *test = random_test(&fixture, 300);

		test->mask = UINT32_MAX;
		fixture_rule(&fixture, ruleset, call, test);
		ruleset->rules.items[call].action = SECCOMP_RET_ALLOW;
	}
	assert_null(fixture_compile(&fixture, false));
	assert_int_equal(fixture.diags.errors, 1);
	assert_int_equal(fixture.diags.list.items[0]->code, DIAG_LIMIT);
	arena_release(&fixture.arena);
}

/* More rules for one call than can be held against each other is an error at once. */
static void test_too_many_rules(void **state)
{
	static const struct condition always = {.kind = CONDITION_TRUE};
	struct fixture fixture;
	struct ruleset *ruleset;

	(void)state;
	fixture_begin(&fixture);
	ruleset = fixture_ruleset(&fixture, ABI_X86_64);
	for (int i = 0; i < CALL_RULES_MAX + 1; i++)
		fixture_rule(&fixture, ruleset, 0, &always);
	assert_null(fixture_compile(&fixture, false));
	assert_int_equal(fixture.diags.errors, 1);
	assert_int_equal(fixture.diags.list.items[0]->code, DIAG_LIMIT);
	ruleset->rules.count = CALL_RULES_MAX;
	assert_non_null(fixture_compile(&fixture, false));
	arena_release(&fixture.arena);
}

/* Every call that is allowed whatever its arguments stays provable by the kernel's cache, if any. */
static void test_cacheable(void **state)
{
	(void)state;
	for (int seed = 0; seed < 100; seed++) {
		struct compile_options options = {0};
		struct filter_stats stats;
		struct fixture fixture;

		random_state = (uint64_t)seed * 31337 + 9;
		fixture_begin(&fixture);
		fixture_random(&fixture);
		if (policy_compile(&fixture.arena, &fixture.rules, &fixture.sources, &options,
				   &fixture.diags, &stats) &&
		    fixture.rules.rulesets.count == 1)
			assert_int_equal(stats.cacheable,
					 fixture.rules.rulesets.items[0].abi->cache_native
						 ? stats.allowed
						 : 0);
		arena_release(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_rules),   cmocka_unit_test(test_far_jumps),
		cmocka_unit_test(test_one_word),       cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_too_many_rules), cmocka_unit_test(test_cacheable),
		cmocka_unit_test(test_machines),       cmocka_unit_test(test_uncached),
	};

	return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
