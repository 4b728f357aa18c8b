/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies from text to conditions, against plain C: each kind of argument on each ABI with its
 * registers written down here by hand, and random conditions of several comparisons.
 */
#include "compiler/resolve/sandbox.h"
#include "policy-lang/catalog/constant.h"
#include "tests/unit/resolve_text.h"

#include <inttypes.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* An argument, and how the kernel's entry reads it. */
struct argument {
	const char *call, *name;
	enum abi_id abi;
	unsigned int low;  /* the register with the low word */
	int high;          /* the register whose low word is the high one (a pair), or -1 */
	unsigned int bits; /* 16, 32 or 64 */
	bool is_signed;
};
static const struct argument arguments[] = {
	{"setpriority", "prio", ABI_X86_64, 2, -1, 32, true},
	{"setpriority", "prio", ABI_X86, 2, -1, 32, true},
	{"setpriority", "prio", ABI_X32, 2, -1, 32, true},
	{"ioctl", "cmd", ABI_X86_64, 1, -1, 32, false},
	{"ioctl", "request", ABI_X86, 1, -1, 32, false},
	{"chmod", "mode", ABI_X86_64, 1, -1, 16, false},
	{"chmod", "mode", ABI_X86, 1, -1, 16, false},
	{"munmap", "length", ABI_X86_64, 1, -1, 64, false},
	{"munmap", "length", ABI_X86, 1, -1, 32, false},
	{"munmap", "length", ABI_X32, 1, -1, 64, false},
	{"pread64", "offset", ABI_X86_64, 3, -1, 64, true},
	{"pread64", "offset", ABI_X86, 3, 4, 64, true},
	{"pread64", "offset", ABI_X32, 3, -1, 64, true},
	{"fadvise64_64", "offset", ABI_X86, 1, 2, 64, true},
	{"fadvise64_64", "advice", ABI_X86, 5, -1, 32, true},
	{"read", "arg1", ABI_X86_64, 1, -1, 64, false},
	{"read", "arg1", ABI_X86, 1, -1, 32, false},
	{"mmap", "arg5", ABI_X32, 5, -1, 64, false},
};
static const uint64_t values[] = {
	0,
	1,
	5,
	0x7fff,
	0x8000,
	0xffff,
	0x10000,
	0x7fffffff,
	0x80000000,
	0xffffff9c,
	0xffffffff,
	0x100000000,
	0x100000005,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xffffffff00000005,
	0xffffffffffffffff,
};
static const char *const operators[] = {"==", "!=", "<", "<=", ">", ">="};

/* The registers of a call whose argument has VALUE, with rubbish where the kernel does not look. */
static void fill_words(const struct argument *argument, uint64_t value, uint32_t words[16])
{
	memset(words, 0x5a, 16 * sizeof(*words));
	words[4 + 2 * argument->low] = (uint32_t)value;
	if (argument->high >= 0)
		words[4 + 2 * argument->high] = (uint32_t)(value >> 32);
	else if (argument->bits == 64)
		words[5 + 2 * argument->low] = (uint32_t)(value >> 32);
}

/* The order of two values of the argument's type, as C has it. */
static int order(const struct argument *argument, uint64_t a, uint64_t b)
{
	switch (argument->bits) {
	case 16:
		return ((uint16_t)a > (uint16_t)b) - ((uint16_t)a < (uint16_t)b);
	case 32:
		if (argument->is_signed)
			return ((int32_t)a > (int32_t)b) - ((int32_t)a < (int32_t)b);
		return ((uint32_t)a > (uint32_t)b) - ((uint32_t)a < (uint32_t)b);
	default:
		if (argument->is_signed)
			return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
		return (a > b) - (a < b);
	}
}

static bool c_says(const char *op, int order)
{
	bool equal = op[1] == '=' && order == 0;

	switch (op[0]) {
	case '=':
		return order == 0;
	case '!':
		return order != 0;
	case '<':
		return order < 0 || equal;
	default:
		return order > 0 || equal;
	}
}

/* The constant as a person writes it for that type. */
static void print_constant(const struct argument *argument, uint64_t value, char *text, size_t size)
{
	if (argument->is_signed && argument->bits == 32)
		snprintf(text, size, "%" PRId32, (int32_t)value);
	else if (argument->is_signed)
		snprintf(text, size, "%" PRId64, (int64_t)value);
	else
		snprintf(text, size, "0x%" PRIx64, value & (UINT64_MAX >> (64 - argument->bits)));
}

static void check_comparison(const struct argument *argument, const char *op, uint64_t constant)
{
	struct resolved resolved;
	char text[200], number[32];
	uint32_t words[16];

	print_constant(argument, constant, number, sizeof(number));
	snprintf(text, sizeof(text), "default deny EPERM; allow %s where %s %s %s;", argument->call,
		 argument->name, op, number);
	resolved_init(&resolved, ABI_BIT(argument->abi), text);
	for (size_t i = 0; i < COUNT(values); i++) {
		bool expected = c_says(op, order(argument, values[i], constant));
		const struct rule *rule;

		fill_words(argument, values[i], words);
		if (resolved.diags.errors) {
			/* Only what is true of all values or of none may be refused. */
			assert_int_equal(resolved.diags.list.items[0]->code, DIAG_CONTRADICTION);
			if (expected != c_says(op, order(argument, values[0], constant)))
				fail_msg("refused: %s", text);
			continue;
		}
		assert_int_equal(resolved.rules->rulesets.items[0].rules.count, 1);
		rule = &resolved.rules->rulesets.items[0].rules.items[0];
		if (condition_holds(rule->condition, words) != expected)
			fail_msg("%s: %s with 0x%" PRIx64, abi_get(argument->abi)->name, text,
				 values[i]);
	}
	resolved_release(&resolved);
}

static void test_arguments(void **state)
{
	(void)state;
	for (size_t a = 0; a < COUNT(arguments); a++)
		for (size_t o = 0; o < COUNT(operators); o++)
			for (size_t v = 0; v < COUNT(values); v++)
				check_comparison(&arguments[a], operators[o], values[v]);
}

/* Random conditions on kill(pid_t pid, int sig), 64 calls at a time, a bit for each. */
struct sample {
	uint32_t pid[64], sig[64];
	unsigned int seed;
	char text[4096];
	size_t length;
};

static unsigned int sample_random(struct sample *sample, unsigned int below)
{
	sample->seed = sample->seed * 1103515245u + 12345u;
	return (sample->seed >> 16) % below;
}

static void sample_write(struct sample *sample, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void sample_write(struct sample *sample, const char *format, ...)
{
	size_t room = sizeof(sample->text) - sample->length;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(sample->text + sample->length, room, format, args);
	va_end(args);
	assert_true(length >= 0 && (size_t)length < room);
	sample->length += (size_t)length;
}

static const int32_t small[] = {-100, -1, 1, 2, 3, 9, 15, 64, 1000};

static uint64_t sample_leaf(struct sample *sample)
{
	bool on_pid = sample_random(sample, 2);
	const uint32_t *words = on_pid ? sample->pid : sample->sig;
	const char *name = on_pid ? "pid" : "sig";
	int32_t a = small[sample_random(sample, COUNT(small))];
	int32_t b = small[2 + sample_random(sample, COUNT(small) - 2)];
	unsigned int form = sample_random(sample, 6);
	uint64_t answer = 0;

	if (form == 0)
		sample_write(sample, "%s < %d", name, a);
	else if (form == 1)
		sample_write(sample, "(%s & %d) == %d", name, b, b);
	else if (form == 2)
		sample_write(sample, "%s & %d", name, b);
	else if (form == 3)
		sample_write(sample, "%s within %d|64", name, b);
	else if (form == 4)
		sample_write(sample, "%s in { %d, -7..%d }", name, a, b);
	else
		sample_write(sample, "%s != %d", name, a);
	for (unsigned int i = 0; i < 64; i++) {
		int32_t value = (int32_t)words[i];
		bool holds = form == 0   ? value < a
			     : form == 1 ? (value & b) == b
			     : form == 2 ? (value & b) != 0
			     : form == 3 ? (value & ~(b | 64)) == 0
			     : form == 4 ? value == a || (value >= -7 && value <= b)
					 : value != a;

		answer |= (uint64_t)holds << i;
	}
	return answer;
}

static uint64_t sample_node(struct sample *sample, unsigned int depth)
{
	unsigned int form = depth ? sample_random(sample, 4) : 0;
	uint64_t left, right;

	if (form == 0)
		return sample_leaf(sample);
	sample_write(sample, form == 3 ? "!(" : "(");
	left = sample_node(sample, depth - 1);
	if (form == 3) {
		sample_write(sample, ")");
		return ~left;
	}
	sample_write(sample, form == 1 ? " && " : " || ");
	right = sample_node(sample, depth - 1);
	sample_write(sample, ")");
	return form == 1 ? left & right : left | right;
}

static void check_sample(struct sample *sample, enum abi_id abi)
{
	struct resolved resolved;
	uint32_t words[16];
	uint64_t answer;

	for (unsigned int i = 0; i < 64; i++) {
		sample->pid[i] = (uint32_t)small[i % COUNT(small)] + sample_random(sample, 3) - 1;
		sample->sig[i] = sample_random(sample, 8) ? sample_random(sample, 80) : 0x80000001;
	}
	sample->length = 0;
	sample_write(sample, "default deny EPERM; allow kill where ");
	answer = sample_node(sample, 5);
	sample_write(sample, ";");
	resolved_init(&resolved, ABI_BIT(abi), sample->text);
	if (resolved.diags.errors)
		fail_msg("%s: %s", resolved.diags.list.items[0]->text, sample->text);
	for (unsigned int i = 0; i < 64; i++) {
		memset(words, 0xff, sizeof(words));
		words[abi_word_low(abi_get(abi), 0) / 4] = sample->pid[i];
		words[abi_word_low(abi_get(abi), 1) / 4] = sample->sig[i];
		if (condition_holds(resolved.rules->rulesets.items[0].rules.items[0].condition,
				    words) != (answer >> i & 1))
			fail_msg("pid %d, sig %u: %s", (int32_t)sample->pid[i], sample->sig[i],
				 sample->text);
	}
	resolved_release(&resolved);
}

static void test_random_conditions(void **state)
{
	struct sample sample = {.seed = 20240229};

	(void)state;
	for (unsigned int i = 0; i < 600; i++)
		check_sample(&sample, (enum abi_id)(i % ABI_COUNT));
}

/* A hidden call never gets less than a denial, whatever the rule's action is. */
static void test_hidden_members(void **state)
{
	static const char *const actions[] = {"allow",        "log",    "deny EACCES",
					      "kill process", "trap 5", "notify"};
	struct resolved resolved;
	char text[200];

	(void)state;
	for (size_t i = 0; i < COUNT(actions); i++) {
		bool found = false;

		snprintf(text, sizeof(text),
			 "default allow; %s any openat where flags & O_CREAT; allow openat2;",
			 actions[i]);
		resolved_init(&resolved, ABI_BIT(ABI_X86_64), text);
		assert_int_equal(resolved.diags.errors, 0);
		for (size_t r = 0; r < resolved.rules->rulesets.items[0].rules.count; r++) {
			const struct rule *rule = &resolved.rules->rulesets.items[0].rules.items[r];

			if (rule->call != call_find("openat2") || found)
				continue;
			found = true;
			assert_int_equal(rule->action, SECCOMP_RET_ERRNO | 38);
			assert_int_equal(rule->condition->kind, CONDITION_TRUE);
		}
		assert_true(found);
		resolved_release(&resolved);
	}
}

/* Items keep their number and their words on each ABI, though branches differ. */
static void test_items(void **state)
{
	static const char text[] = "default deny EPERM; allow read, any open;\n"
				   "when arch == x86 { allow vm86; } else { log arch_prctl; }\n"
				   "group @g { close; dup; } deny EIO @g;";
	struct resolved resolved;

	(void)state;
	resolved_init(&resolved, ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86), text);
	assert_int_equal(resolved.diags.errors, 0);
	assert_int_equal(resolved.rules->items.count, 5);
	for (size_t a = 0; a < resolved.rules->rulesets.count; a++)
		for (size_t i = 0; i < resolved.rules->rulesets.items[a].rules.count; i++) {
			static const char *const words[] = {"read", "any open", "vm86",
							    "arch_prctl", "@g"};
			const struct rule *rule = &resolved.rules->rulesets.items[a].rules.items[i];
			const char *expected = words[rule->item];

			assert_int_equal(rule->span.end - rule->span.begin, strlen(expected));
			assert_memory_equal(text + rule->span.begin, expected, strlen(expected));
			assert_int_equal(resolved.rules->items.items[rule->item].item.begin,
					 rule->span.begin);
		}
	resolved_release(&resolved);
}

static char *rules_text(const char *policy)
{
	struct resolved resolved;
	struct text text = {0};

	resolved_init(&resolved, ABI_BIT(ABI_X86_64), policy);
	assert_int_equal(resolved.diags.errors, 0);
	policy_rules_print(resolved.rules, &resolved.sources, &text);
	assert_false(text.failed);
	resolved_release(&resolved);
	return text.bytes;
}

/* What a policy names cannot change what a shipped group means. */
static void test_shipped_scope(void **state)
{
	char *plain = rules_text("default deny EPERM; allow @basic-io;");
	char *named = rules_text("let F_DUPFD = 77; let F_GETFD = 78; let TCGETS = 79;"
				 "default deny EPERM; allow @basic-io;");

	(void)state;
	assert_string_equal(plain, named);
	free(plain);
	free(named);
}

static void test_unknown_default(void **state)
{
	static const struct {
		const char *text;
		seccomp_action unknown;
	} cases[] = {
		{"default deny EPERM;", SECCOMP_RET_ERRNO | 38},
		{"default allow;", SECCOMP_RET_ERRNO | 38},
		{"default log;", SECCOMP_RET_ERRNO | 38},
		{"default kill process;", SECCOMP_RET_KILL_PROCESS},
		{"default kill thread;", SECCOMP_RET_KILL_THREAD},
		{"default trap 3;", SECCOMP_RET_TRAP | 3},
		{"default trace 3;", SECCOMP_RET_TRACE | 3},
		{"default notify;", SECCOMP_RET_USER_NOTIF},
		{"default allow; unknown allow;", SECCOMP_RET_ALLOW},
	};
	struct resolved resolved;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		resolved_init(&resolved, ABI_BIT(ABI_X86_64), cases[i].text);
		assert_int_equal(resolved.diags.errors, 0);
		assert_int_equal(resolved.rules->rulesets.items[0].unknown, cases[i].unknown);
		assert_int_equal(resolved.rules->foreign, SECCOMP_RET_KILL_PROCESS);
		resolved_release(&resolved);
	}
}

static void test_sandbox(void **state)
{
	static const char text[] =
		"default deny EPERM; sandbox { namespaces user, mount, pid, net, ipc, uts, cgroup,"
		" time; uid map 0 to self; uid map 1 to 100000 count 65535; gid map 7 to 8;"
		" hostname \"box\"; capabilities keep CAP_CHOWN, CAP_NET_BIND_SERVICE;"
		" limit nofile 1024 4096; limit core 0; limit as unlimited; user 3; group 7;"
		" groups 7; }";
	const struct sandbox *sandbox;
	struct resolved resolved;

	(void)state;
	resolved_init(&resolved, ABI_BIT(ABI_X86_64), text);
	assert_int_equal(resolved.diags.errors, 0);
	sandbox = resolved.rules->sandbox;
	assert_non_null(sandbox);
	assert_int_equal(sandbox->namespaces, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
						      CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
						      CLONE_NEWCGROUP | CLONE_NEWTIME);
	assert_int_equal(sandbox->uid_maps.count, 2);
	assert_true(sandbox->uid_maps.items[0].outside_self);
	assert_int_equal(sandbox->uid_maps.items[0].count, 1);
	assert_int_equal(sandbox->uid_maps.items[1].inside, 1);
	assert_int_equal(sandbox->uid_maps.items[1].outside, 100000);
	assert_int_equal(sandbox->uid_maps.items[1].count, 65535);
	assert_int_equal(sandbox->gid_maps.count, 1);
	assert_string_equal(sandbox->hostname, "box");
	assert_true(sandbox->has_capabilities);
	assert_int_equal(sandbox->capabilities, 1 << 0 | 1 << 10);
	assert_int_equal(sandbox->limits.count, 3);
	assert_int_equal(sandbox->limits.items[0].resource, 7);
	assert_int_equal(sandbox->limits.items[0].soft, 1024);
	assert_int_equal(sandbox->limits.items[0].hard, 4096);
	assert_int_equal(sandbox->limits.items[1].hard, 0);
	assert_true(sandbox->limits.items[2].soft == UINT64_MAX);
	assert_true(sandbox->has_user && sandbox->has_group && sandbox->has_groups);
	assert_int_equal(sandbox->user, 3);
	assert_int_equal(sandbox->groups.count, 1);
	resolved_release(&resolved);
}

/* Each machine has its own number of an errno, and all of them one number of a limit. */
static void test_machines(void **state)
{
	struct resolved resolved;

	(void)state;
	resolved_init(&resolved, ABI_ALL,
		      "default deny ENOSYS; foreign deny ENOSYS; allow read;"
		      "sandbox { limit nofile 5; limit as 6; }");
	assert_int_equal(resolved.diags.errors, 0);
	assert_int_equal(resolved.rules->rulesets.count, ABI_COUNT);
	for (size_t i = 0; i < ABI_COUNT; i++) {
		const struct ruleset *ruleset = &resolved.rules->rulesets.items[i];
		uint64_t number;

		assert_true(constant_value(constant_find("ENOSYS"), ruleset->abi->id, &number));
		assert_int_equal(ruleset->foreign, SECCOMP_RET_ERRNO | number);
		assert_int_equal(ruleset->unmatched, ruleset->foreign);
	}
	/* As asm-generic/resource.h has them, not mips. */
	assert_int_equal(resolved.rules->sandbox->limits.items[0].resource, 7);
	assert_int_equal(resolved.rules->sandbox->limits.items[1].resource, 9);
	resolved_release(&resolved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),      cmocka_unit_test(test_random_conditions),
		cmocka_unit_test(test_hidden_members), cmocka_unit_test(test_items),
		cmocka_unit_test(test_shipped_scope),  cmocka_unit_test(test_unknown_default),
		cmocka_unit_test(test_sandbox),        cmocka_unit_test(test_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
