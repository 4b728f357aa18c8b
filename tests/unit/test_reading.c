/* SPDX-License-Identifier: Apache-2.0 */
/* What policy_read() makes of policies: which calls get which action, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy-lang/phases.h"
#include "tests/unit/read_text.h"

#include <linux/seccomp.h>
#include <string.h>

#define ALLOW SECCOMP_RET_ALLOW
#define LOG SECCOMP_RET_LOG
#define DENY(number) (SECCOMP_RET_ERRNO | (number))
#define BASE "default deny 1; "

struct answer {
	const char *policy; /* NULL: the one before */
	enum abi_id abi;
	const char *call; /* its name or number, and registers as a program gives them */
	uint32_t action;
};

/* clang-format off */
static const struct answer answers[] = {
	/* What no rule matches. */
	{BASE, ABI_X86_64, "read", DENY(1)},
	{NULL, ABI_X86_64, "400", DENY(1)},
	{NULL, ABI_X86_64, "5000", DENY(38)},
	{NULL, ABI_MIPS, "9999", DENY(89)},
	{NULL, ABI_ARM, "cacheflush", DENY(1)},
	{NULL, ABI_ARM, "0xf0000", DENY(38)},
	{"default kill process;", ABI_X86_64, "5000", SECCOMP_RET_KILL_PROCESS},
	{"default notify; unknown log;", ABI_X86_64, "5000", LOG},
	{"default log;", ABI_X86_64, "5000", DENY(38)},
	{"baseline linux 5.10; default trap 3;", ABI_X86_64, "mseal", SECCOMP_RET_TRAP | 3},
	{"baseline linux 4.14; default allow;", ABI_ARM, "get_tls", DENY(38)},
	{NULL, ABI_ARM, "set_tls", ALLOW},
	/* Actions. */
	{BASE "deny ENOSYS read; deny 38 write;", ABI_MIPS, "read", DENY(89)},
	{NULL, ABI_MIPS, "write", DENY(38)},
	{BASE "let n = 7; trap n read; trace 65535 write; kill thread open; notify dup;",
	 ABI_X86_64, "read", SECCOMP_RET_TRAP | 7},
	{NULL, ABI_X86_64, "write", SECCOMP_RET_TRACE | 65535},
	{NULL, ABI_X86_64, "open", SECCOMP_RET_KILL_THREAD},
	{NULL, ABI_X86_64, "dup", SECCOMP_RET_USER_NOTIF},
	/* Widths and signs. */
	{BASE "allow close where fd == -1;", ABI_X86_64, "close 0xffffffff", ALLOW},
	{NULL, ABI_X86_64, "close 0xffffffffffffffff", ALLOW},
	{NULL, ABI_X86_64, "close 0xfffffffe", DENY(1)},
	{BASE "allow close where fd < 0;", ABI_S390X, "close 0x80000000", ALLOW},
	{NULL, ABI_S390X, "close 0xffffffff00000000", DENY(1)},
	{BASE "allow chmod where mode within ~S_IFMT;", ABI_X86_64, "chmod 0 0x70fff", ALLOW},
	{NULL, ABI_X86_64, "chmod 0 0x1000", DENY(1)},
	{BASE "allow munmap where length > 0x1000;", ABI_MIPS64, "munmap 0 0x10000000000", ALLOW},
	{NULL, ABI_MIPS64, "munmap 0 0x1000", DENY(1)},
	{NULL, ABI_X86, "munmap 0 0x10000000000", DENY(1)},
	{NULL, ABI_X32, "munmap 0 0x10000000000", ALLOW},
	{BASE "allow setpriority where prio in { -5..3 };",
	 ABI_X86_64, "setpriority 0 0 0xfffffffb", ALLOW},
	{NULL, ABI_X86_64, "setpriority 0 0 3", ALLOW},
	{NULL, ABI_X86_64, "setpriority 0 0 4", DENY(1)},
	{NULL, ABI_X86_64, "setpriority 0 0 0xfffffffa", DENY(1)},
	{BASE "allow fcntl where (fd & 0x80000001) < 0;", ABI_X86_64, "fcntl 0xf0000000", ALLOW},
	{NULL, ABI_X86_64, "fcntl 0x70000001", DENY(1)},
	{BASE "allow close where fd in { 0x80000000..0xffffffff };",
	 ABI_X86_64, "close 0x80000000", ALLOW},
	{NULL, ABI_X86_64, "close 0x7fffffff", DENY(1)},
	{BASE "allow pread64 where offset < -1;",
	 ABI_X86_64, "pread64 0 0 0 0x8000000000000000", ALLOW},
	{NULL, ABI_X86_64, "pread64 0 0 0 0xffffffffffffffff", DENY(1)},
	{BASE "allow futex where uaddr2 == 0;", ABI_PPC64LE, "futex 1 1 1 1 0x100000000", DENY(1)},
	{NULL, ABI_PPC64LE, "futex 1 1 1 1 0", ALLOW},
	/* Pairs of registers, and registers as they are. */
	{BASE "allow pread64 where offset < 0x100000001 && offset > 0xffffffff;",
	 ABI_ARM, "pread64 1 2 3 9 0 1", ALLOW},
	{NULL, ABI_ARM, "pread64 1 2 3 0 1 1", DENY(1)},
	{NULL, ABI_X86, "pread64 1 2 3 0 1", ALLOW},
	{NULL, ABI_MIPS, "pread64 1 2 3 9 1 0", ALLOW},
	{NULL, ABI_MIPSEL, "pread64 1 2 3 9 0 1", ALLOW},
	{NULL, ABI_S390X, "pread64 1 2 3 0x100000000", ALLOW},
	{BASE "allow prctl where arg2 == 15 && arg1 == 0xf;", ABI_X86_64, "prctl 1 15", ALLOW},
	{BASE "allow lseek where arg1 == 0xffffffff;", ABI_X86_64, "lseek 1 0xffffffff", ALLOW},
	{NULL, ABI_X86_64, "lseek 1 0xffffffffffffffff", DENY(1)},
	/* Constants and their arithmetic. */
	{BASE "allow openat where flags & O_DIRECTORY;", ABI_X86_64, "openat 0 0 0x10000", ALLOW},
	{NULL, ABI_ARM, "openat 0 0 0x4000", ALLOW},
	{NULL, ABI_ARM, "openat 0 0 0x10000", DENY(1)},
	{BASE "let a = (1 << 4 | 3) ^ 1; let b = { a, 0x40..0x42 }; "
	 "allow ioctl where request in { b, -8 >> 1 & 0xff, ~-16 - 5 + 1 };",
	 ABI_X86_64, "ioctl 0 0x12", ALLOW},
	{NULL, ABI_X86_64, "ioctl 0 0x41", ALLOW},
	{NULL, ABI_X86_64, "ioctl 0 0xfc", ALLOW},
	{NULL, ABI_X86_64, "ioctl 0 0xb", ALLOW},
	{NULL, ABI_X86_64, "ioctl 0 0x43", DENY(1)},
	{BASE "allow personality where persona in { 9, 3..5, 1, 4..7, 0xffffffff };",
	 ABI_X86_64, "personality 6", ALLOW},
	{NULL, ABI_X86_64, "personality 8", DENY(1)},
	{NULL, ABI_X86_64, "personality 0xffffffff", ALLOW},
	{NULL, ABI_X86_64, "personality 2", DENY(1)},
	/* Logic and order. */
	{BASE "deny 7 kill where pid == 1 && sig == 9 || !(pid != 2);"
	 "allow kill where pid <= 2; log kill;", ABI_X86_64, "kill 1 9", DENY(7)},
	{NULL, ABI_X86_64, "kill 2 1", DENY(7)},
	{NULL, ABI_X86_64, "kill 1 1", ALLOW},
	{NULL, ABI_X86_64, "kill 3 1", LOG},
	/* Names of libc, of other ABIs, and of no call. */
	{BASE "allow fstatat, sync_file_range2, optional no_such, optional any none_such;",
	 ABI_X86_64, "newfstatat", ALLOW},
	{NULL, ABI_ARM, "arm_sync_file_range", ALLOW},
	/* any */
	{BASE "allow any open where (flags & O_ACCMODE) == O_RDONLY; log openat2, creat;",
	 ABI_X86_64, "openat 0 0 0x40", ALLOW},
	{NULL, ABI_X86_64, "openat 0 0 1", DENY(1)},
	{NULL, ABI_X86_64, "openat2", DENY(38)},
	{NULL, ABI_MIPS64, "openat2", DENY(89)},
	{NULL, ABI_X86_64, "creat", LOG},
	{BASE "allow any mmap where prot == 0;", ABI_X86, "mmap", DENY(38)},
	{NULL, ABI_X86, "mmap2", ALLOW},
	{NULL, ABI_S390X, "mmap", DENY(38)},
	{BASE "log any mmap2 where pgoffset == 3;", ABI_S390X, "mmap", DENY(38)},
	{BASE "log any sigsuspend where unused1 == 3 && mask & 1;", ABI_X86, "sigsuspend 3 0 1", LOG},
	{NULL, ABI_X86, "rt_sigsuspend 3 0 1", DENY(1)},
	{BASE "allow any setuid where uid in { 5, 70000 }; allow any setgid where gid < 65536;",
	 ABI_X86, "setuid 5", ALLOW},
	{NULL, ABI_X86, "setuid 70000", DENY(1)},
	{NULL, ABI_X86, "setuid32 70000", ALLOW},
	{NULL, ABI_X86, "setgid 70000", ALLOW},
	{NULL, ABI_X86, "setgid32 70000", DENY(1)},
	{BASE "allow any setuid where uid in { 5..70000 } && uid != 66000;",
	 ABI_X86, "setuid 65535", ALLOW},
	{NULL, ABI_X86, "setuid32 66000", DENY(1)},
	{BASE "allow any socket where domain == AF_INET;", ABI_X86, "socketcall 1", DENY(38)},
	{BASE "allow socket;", ABI_X86, "socketcall 1", DENY(1)},
	/* Groups. What one means changes neither with what is given below it nor with a policy's names. */
	{BASE "let three = 3;"
	 "group @a { read, write where fd == three; any clone where flags & 2; }"
	 "group @b { @a where arg1 == 0; when arch == x86 { dup; } else { dup2; } }"
	 "allow @b;", ABI_X86_64, "write 3 0", ALLOW},
	{NULL, ABI_X86_64, "write 3 1", DENY(1)},
	{NULL, ABI_X86_64, "clone3 3 1", DENY(38)},
	{NULL, ABI_X86_64, "dup2", ALLOW},
	{NULL, ABI_X86, "dup2", DENY(1)},
	{BASE "group @clock { getpid; } allow @clock; log @signal;",
	 ABI_X86_64, "nanosleep", DENY(1)},
	{NULL, ABI_X86_64, "getpid", ALLOW},
	{NULL, ABI_X86_64, "rt_sigaction", LOG},
	{BASE "group @o { open where flags == O_RDWR; } let O_RDWR = 77;"
	 "let CLONE_NEWNS = 1; allow @o; log @namespace;", ABI_X86_64, "open 0 2", ALLOW},
	{NULL, ABI_X86_64, "clone 1", DENY(1)},
	{NULL, ABI_X86_64, "clone 0x20000", LOG},
	/* when, and what holds in a block. */
	{BASE "param n = 4; param w = musl; param t = true;"
	 "when arch in { x86, x32 } { let v = 1; allow dup where fildes == v; }"
	 "else { let v = 2; allow dup where fildes == v; }"
	 "when n in { 1, 3..5 } && n < 5 && w != glibc && !(t == false) { allow read; }"
	 "when w in { a, b } || !t || n != 4 { allow write; }"
	 "let v = 3; allow dup where fildes == v;", ABI_X86_64, "dup 1", DENY(1)},
	{NULL, ABI_X86_64, "dup 2", ALLOW},
	{NULL, ABI_X86, "dup 1", ALLOW},
	{NULL, ABI_X86, "dup 2", DENY(1)},
	{NULL, ABI_X86_64, "dup 3", ALLOW},
	{NULL, ABI_X86_64, "read", ALLOW},
	{NULL, ABI_X86_64, "write", DENY(1)},
	{BASE "param p = AF_INET; let s = { p }; allow socket where domain in s;",
	 ABI_X86_64, "socket 2", ALLOW},
};

/* Mistakes, each on x86_64 but where it says another ABI. */
struct mistake {
	const char *policy;
	const char *text; /* a part of the problem's */
	enum abi_id abi;
};

static const struct mistake mistakes[] = {
	{"allow read;", "no `default`", 0},
	{"default deny 1; default allow;", "said before", 0},
	{"default deny 0;", "no errno", 0},
	{"default deny PROT_READ;", "no errno", 0},
	{BASE "trap 65536 read;", "above 65535", 0},
	{BASE "let x = load; allow kill where pid < x;", "number", 0},
	{BASE "let x = load; allow kill where (pid & 7) == x;", "part of an argument", 0},
	{BASE "allow no_such;", "a call that no ABI has", 0},
	{BASE "allow @none;", "a group that there is not", 0},
	{BASE "allow @a; group @a { read; }", "not defined at this place", 0},
	{BASE "group @a { @a; } allow @a;", "not defined at this place", 0},
	{BASE "group @a { read; } group @a { read; }", "given twice", 0},
	{BASE "let a = 1; let a = 2;", "given twice", 0},
	{BASE "let arg0 = 1;", "a meaning of its own", 0},
	{"baseline linux 99.1; " BASE, "a baseline", 0},
	{BASE "allow close where arg1 == 0;", "the call lacks", 0},
	{BASE "allow close where flgas == 0;", "the call lacks", 0},
	{BASE "allow any open where flgas == 0;", "that no form has", 0},
	{BASE "allow mmap where prot == 0;", "cannot see", ABI_X86},
	{BASE "let fd = 3; allow close where fd == 3;", "a name of the policy", 0},
	{BASE "allow openat where flags == dirfd;", "an argument where", 0},
	{BASE "allow openat where flags == NO_SUCH;", "a name that nothing has", 0},
	{BASE "let l = { F_SETLK64 }; allow fcntl where cmd in l;", "the ABI lacks", 0},
	{BASE "allow openat where flags;", "a condition is wanted", 0},
	{BASE "allow openat where 3 == flags;", "an argument is wanted", 0},
	{BASE "allow openat where flags in 3;", "a set is wanted", 0},
	{BASE "let s = { 1 }; allow openat where flags == s;", "a number is wanted", 0},
	{BASE "allow open where pathname == 5;", "a pointer", 0},
	{BASE "allow open where pathname & 1;", "a pointer", 0},
	{BASE "expect allow open(17);", "a pointer", 0},
	{BASE "expect allow close(1, 2);", "the call lacks", 0},
	{BASE "allow dup where fildes == 0x100000000;", "cannot have", 0},
	{BASE "allow close where fd >= 0x80000000;", "cannot have", 0},
	{BASE "allow setuid where uid < -1;", "cannot have", 0},
	{BASE "allow munmap where length < -1;", "cannot have", 0},
	{BASE "allow poll where timeout in { -5..0xffffffff };", "cannot have", 0},
	{BASE "allow ioctl where request in { 5..3 };", "cannot have", 0},
	{BASE "allow any setuid where uid == 0x100000000;", "no form", ABI_X86},
	{BASE "allow fchmod where (mode & 0x10000) == 0;", "a mask wider", 0},
	{BASE "allow openat where flags & O_RDONLY;", "always or never", 0},
	{BASE "allow lseek where (whence & 3) == 4;", "always or never", 0},
	{BASE "allow fcntl where fd within 0xffffffff;", "always or never", 0},
	{BASE "allow setuid where uid == 1 << 64;", "a shift", 0},
	{BASE "allow setuid where uid == 0xffffffffffffffff + 1;", "outside of", 0},
	{BASE "allow setuid where uid == 2 << 63;", "outside of", 0},
	{BASE "allow setuid where uid == -0x8000000000000001;", "outside of", 0},
	{BASE "when x32 { allow read; }", "none of `when`", 0},
	{BASE "when arch == vax { allow read; }", "no ABI", 0},
	{BASE "param d = true; when d > false { allow read; }", "none of `when`", 0},
	{BASE "let n = 3; when n == 3 { allow read; }", "none of `when`", 0},
};
/* clang-format on */

static const struct read_options *options_for(enum abi_id abi, struct read_options *options)
{
	options->abis = ABI_BIT(abi);
	return options;
}

static void test_answers(void **state)
{
	const char *policy = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer *answer = &answers[i];
		struct read_options options = {0};
		struct read_text read;
		uint32_t words[16], action;

		policy = answer->policy ? answer->policy : policy;
		read_text_init(&read, options_for(answer->abi, &options), policy);
		if (!read.good || read.diags.errors)
			fail_msg("%s: %s", policy, read.problem.text);
		words_of(abi_get(answer->abi), answer->call, words);
		action = reading_answer(&read.diagrams, &read.reading.abis.items[0], words);
		if (action != answer->action)
			fail_msg("%s: %s gets %#x", policy, answer->call, action);
		read_text_release(&read);
	}
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct read_options options = {0};
		struct read_text read;

		read_text_init(&read, options_for(mistakes[i].abi, &options), mistakes[i].policy);
		if (read.good)
			fail_msg("%s: read", mistakes[i].policy);
		if (!strstr(read.problem.text, mistakes[i].text))
			fail_msg("%s: %s", mistakes[i].policy, read.problem.text);
		read_text_release(&read);
	}
}

/* -D: the last counts, and the kind is the param's. */
static void test_definitions(void **state)
{
	static const char policy[] =
		"default deny 1; param n = 3; param w = a; param t = false;"
		"allow personality where persona == n; when w == b { log read; }"
		"when t { log write; }";
	static const struct read_definition good[] = {
		{"n", "5"}, {"t", "true"}, {"w", "b"}, {"n", "-0x10"}};
	static const struct read_definition bad[] = {
		{"n", "a"}, {"n", "1+1"},  {"n", "08"}, {"n", ""},  {"n", "0x"},
		{"w", "5"}, {"w", "true"}, {"t", "1"},  {"x", "1"}, {"n", "18446744073709551616"}};
	struct read_options options = {ABI_BIT(ABI_X86_64), good, 4, NULL};
	struct read_text read;
	uint32_t words[16];

	(void)state;
	read_text_init(&read, &options, policy);
	assert_true(read.good);
	words_of(abi_get(ABI_X86_64), "personality 0xfffffff0", words);
	assert_int_equal(reading_answer(&read.diagrams, &read.reading.abis.items[0], words), ALLOW);
	words_of(abi_get(ABI_X86_64), "read", words);
	assert_int_equal(reading_answer(&read.diagrams, &read.reading.abis.items[0], words), LOG);
	words_of(abi_get(ABI_X86_64), "write", words);
	assert_int_equal(reading_answer(&read.diagrams, &read.reading.abis.items[0], words), LOG);
	read_text_release(&read);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		options.definitions = &bad[i];
		options.definition_count = 1;
		read_text_init(&read, &options, policy);
		assert_false(read.good);
		read_text_release(&read);
	}
}

/* Items have the same numbers on all ABIs, whatever branches are taken. */
static void test_items(void **state)
{
	struct read_options options = {ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86), NULL, 0, NULL};
	struct read_text read;

	(void)state;
	read_text_init(&read, &options,
		       "default deny 1; when arch == x86 { allow open, dup; when arch == x32 { "
		       "allow read; } } else { allow write, @io-uring; } allow close;");
	assert_true(read.good);
	assert_int_equal(read.reading.items.count, 6);
	assert_int_equal(read.reading.abis.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct abi_reading *abi = &read.reading.abis.items[i];
		const struct read_rule *last = &abi->rules.items[abi->rules.count - 1];

		assert_int_equal(abi->rules.items[0].item, i ? 0 : 3);
		assert_int_equal(last->item, 5);
		assert_memory_equal(&last->span, &read.reading.items.items[5].item,
				    sizeof(last->span));
	}
	assert_int_equal(read.reading.abis.items[0].rules.items[1].item, 4);
	read_text_release(&read);
}

static void test_expectations(void **state)
{
	struct read_options options = {ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_MIPS), NULL, 0, NULL};
	const struct read_expectation *expectation;
	struct read_text read;
	uint32_t words[16];

	(void)state;
	read_text_init(&read, &options,
		       "default deny 1; let s = { AF_INET, AF_UNIX };"
		       "expect deny ENOSYS socket(s, _, -1); expect allow uselib;"
		       "when arch == mips { expect log pread64(_, _, _, 0x100000002); }");
	assert_true(read.good);
	assert_int_equal(read.reading.expectations.count, 5);
	expectation = &read.reading.expectations.items[0];
	assert_int_equal(expectation->action, DENY(38));
	words_of(expectation->abi, "socket 2 7 0xffffffff", words);
	assert_int_equal(expectation->number, words[WORD_NR]);
	assert_true(diagram_evaluate(&read.diagrams, expectation->condition, words, NULL));
	words_of(expectation->abi, "socket 3 7 0xffffffff", words);
	assert_false(diagram_evaluate(&read.diagrams, expectation->condition, words, NULL));
	assert_int_equal(read.reading.expectations.items[1].condition, DIAGRAM_ALL);
	assert_int_equal(read.reading.expectations.items[2].action, DENY(89));
	expectation = &read.reading.expectations.items[4];
	assert_ptr_equal(expectation->abi, abi_get(ABI_MIPS));
	words_of(expectation->abi, "pread64 1 2 3 9 1 2", words);
	assert_true(diagram_evaluate(&read.diagrams, expectation->condition, words, NULL));
	words_of(expectation->abi, "pread64 1 2 3 9 2 1", words);
	assert_false(diagram_evaluate(&read.diagrams, expectation->condition, words, NULL));
	read_text_release(&read);
}

/* Groups that double what they hold, 32 times. */
static void test_growth(void **state)
{
	struct read_options options = {ABI_BIT(ABI_X86_64), NULL, 0, NULL};
	struct text text = {0};
	struct read_text read;

	(void)state;
	text_add_string(&text, "default deny 1; group @g0 { vm86; }\n");
	for (int i = 1; i < 32; i++)
		text_printf(&text, "group @g%d { @g%d; @g%d; }\n", i, i - 1, i - 1);
	text_add_string(&text, "allow @g31;\n");
	read_text_init(&read, &options, text.bytes);
	assert_false(read.good);
	assert_non_null(strstr(read.problem.text, "more conditions"));
	read_text_release(&read);
	text_release(&text);
}

/* Of each phase what stands in it counts, with what the policy says in all of them. */
static void test_phases(void **state)
{
	static const char text[] =
		"default deny 1; let n = 3; group @a { write; } allow read, close;"
		"phase late { default kill process; allow read; allow @a where fd == n;"
		" expect allow read; }"
		"when arch == x86_64 { unknown deny 2; }"
		"expect allow close;"
		"phase last { unknown trap 1; when arch == x86_64 { deny 5 close; } }";
	static const struct {
		const char *call;
		uint32_t actions[3];
	} rows[] = {
		{"read", {ALLOW, ALLOW, DENY(1)}},
		{"write 3", {DENY(1), ALLOW, DENY(1)}},
		{"write 4", {DENY(1), SECCOMP_RET_KILL_PROCESS, DENY(1)}},
		{"close", {ALLOW, SECCOMP_RET_KILL_PROCESS, DENY(5)}},
		{"0x7000", {DENY(2), DENY(2), SECCOMP_RET_TRAP | 1}},
	};
	static const size_t expectations[] = {1, 1, 0};
	static const struct stmt elsewhere = {.kind = STMT_PHASE};

	(void)state;
	for (size_t phase = 0; phase < 3; phase++) {
		struct read_options options = {.abis = ABI_BIT(ABI_X86_64)};
		struct phase_list phases;
		struct read_text read;
		uint32_t words[16];

		read_text_init(&read, &options, text);
		phases = phases_list(&read.arena, read.ast);
		assert_int_equal(phases.items.count, 2);
		options.phase = phase ? phases.items.items[phase - 1] : NULL;
		assert_true(policy_read(&read.arena, &read.diagrams, &read.sources, &read.library,
					read.ast, &options, &read.reading, &read.problem));
		assert_int_equal(read.reading.items.count, 5);
		assert_int_equal(read.reading.expectations.count, expectations[phase]);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			words_of(abi_get(ABI_X86_64), rows[i].call, words);
			assert_int_equal(
				reading_answer(&read.diagrams, &read.reading.abis.items[0], words),
				rows[i].actions[phase]);
		}
		options.phase = &elsewhere;
		assert_false(policy_read(&read.arena, &read.diagrams, &read.sources, &read.library,
					 read.ast, &options, &read.reading, &read.problem));
		assert_string_equal(read.problem.text, "no such phase");
		read_text_release(&read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),      cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_definitions),  cmocka_unit_test(test_items),
		cmocka_unit_test(test_expectations), cmocka_unit_test(test_growth),
		cmocka_unit_test(test_phases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
