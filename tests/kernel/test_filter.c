/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters made from policy text, installed in this machine's kernel, and asked by real calls: what
 * the kernel answers must be what the simulator says for the same registers. x86_64 calls are made
 * with `syscall`, x86 calls with `int 0x80`, x32 calls with their bit in the number.
 */
#include "compiler/compile.h"
#include "compiler/resolve/resolve.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * Errno values from 3000 on: no call gives them by itself, so that an answer says whether the
 * filter or the kernel gave it, and which rule.
 */
static const char policy_text[] =
	"default deny 3000;\n"
	"unknown deny 3001;\n"
	"foreign kill process;\n"
	"allow exit, exit_group, rt_sigreturn, getpid;\n"
	"deny 3002 getppid;\n"
	"deny 3003 lseek where whence in { 7, 9..11, -1 };\n"
	"allow lseek;\n"
	"deny 3004 dup3 where flags < 0 || flags within 0x0f;\n"
	"allow dup3;\n"
	"deny 3005 pread64 where offset < 4096;\n"
	"deny 3006 pread64 where offset >= 0x100000000;\n"
	"allow pread64;\n"
	"deny 3007 ioctl where request in { TCGETS, TIOCSTI, FIONBIO, 0x5400..0x5403 };\n"
	"allow ioctl;\n"
	"deny 3008 mknod where mode == 0x1ff || mode > 0x8000;\n"
	"allow mknod;\n"
	"deny 3009 setsockopt where level == SOL_SOCKET && (optname & 0xf) == 9;\n"
	"deny 3010 setsockopt where !(optname & 0x10) && optlen != 0;\n"
	"allow setsockopt;\n"
	"deny 3011 ftruncate where length <= -1;\n"
	"allow ftruncate;\n"
	"deny 3012 getpriority where which >= 0 && who > -5 && who <= 5;\n"
	"allow getpriority;\n"
	"deny 3013 flock where arg1 == 0xffffffff;\n"
	"allow flock;\n";

/* Calls that do no harm whatever their varying arguments are. */
struct sample {
	const char *name;
	const char *pattern; /* an argument each: b a bad descriptor, 0 null, r random */
};
static const struct sample samples[] = {
	{"getpid", ""},       {"getppid", ""},       {"lseek", "brr"}, {"dup3", "bbr"},
	{"pread64", "b0rrr"}, {"ioctl", "brr"},      {"mknod", "0rr"}, {"setsockopt", "brr0r"},
	{"ftruncate", "brr"}, {"getpriority", "rr"}, {"flock", "br"},  {"sched_yield", ""},
	{"getsid", "r"},
};
#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))
enum {
	TRIES = 400
};

struct trial {
	enum abi_id abi;
	uint32_t number;
	uint64_t args[6];
	int64_t result;
	bool done;
};

static uint64_t random_state = 88172645463325252u;

static uint64_t random_value(void)
{
	static const uint64_t edges[] = {
		0,           1,           5,          7,
		9,           0xf,         0x10,       0x19,
		0x1ff,       0x7fff,      0x8000,     0xffff,
		0x5400,      0x5401,      0x5403,     0x5404,
		0x5412,      0x5421,      4095,       4096,
		0x7fffffff,  0x80000000,  0xffffffff, 0xfffffffb,
		0x100000000, 0x100000005, UINT64_MAX, (uint64_t)1 << 63,
		0x1ffffffff,
	};
	uint64_t value;

	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	value = edges[random_state % (sizeof(edges) / sizeof(edges[0]))];
	if (random_state >> 60 == 0)
		value ^= random_state >> 3;
	if (random_state >> 62 == 1) /* an int with garbage above it */
		value |= random_state << 32;
	return value;
}

static int64_t call_native(uint64_t number, const uint64_t args[6])
{
	register uint64_t r10 __asm__("r10") = args[3];
	register uint64_t r8 __asm__("r8") = args[4];
	register uint64_t r9 __asm__("r9") = args[5];
	int64_t result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* From 64-bit code; the kernel takes the low halves. RBP and RBX are the compiler's. */
static int64_t call_x86(uint32_t number, const uint64_t args[6])
{
	int64_t result;

	__asm__ volatile("push %%rbx\n\tpush %%rbp\n\t"
			 "mov 0(%[args]), %%rbx\n\tmov 8(%[args]), %%rcx\n\t"
			 "mov 16(%[args]), %%rdx\n\tmov 32(%[args]), %%rdi\n\t"
			 "mov 40(%[args]), %%rbp\n\tmov 24(%[args]), %%rsi\n\t"
			 "int $0x80\n\tpop %%rbp\n\tpop %%rbx"
			 : "=a"(result)
			 : "a"((uint64_t)number), [args] "S"(args)
			 : "rcx", "rdx", "rdi", "r8", "r9", "r10", "r11", "memory");
	return (int32_t)result;
}

static int64_t trial_make(const struct trial *trial)
{
	if (trial->abi == ABI_X86)
		return call_x86(trial->number, trial->args);
	return call_native(trial->number, trial->args);
}

static void trial_words(const struct trial *trial, uint32_t words[16])
{
	memset(words, 0, 16 * sizeof(*words));
	words[0] = trial->number;
	words[1] = abi_get(trial->abi)->audit_arch;
	for (unsigned int i = 0; i < 6; i++) {
		words[4 + 2 * i] = (uint32_t)trial->args[i];
		if (trial->abi != ABI_X86)
			words[5 + 2 * i] = (uint32_t)(trial->args[i] >> 32);
	}
}

static void trial_draw(struct trial *trial, enum abi_id abi)
{
	const struct sample *sample = &samples[random_value() % SAMPLE_COUNT];
	call_id call = call_find(sample->name);

	assert_int_not_equal(call, CALL_NONE);
	trial->abi = abi;
	trial->number = (uint32_t)call_number(call, abi);
	if (random_value() % 16 == 0) /* no call at all */
		trial->number = abi_get(abi)->number_base + 700 + (uint32_t)(random_value() & 0xff);
	for (size_t i = 0; i < 6; i++) {
		char letter = i < strlen(sample->pattern) ? sample->pattern[i] : 'r';

		trial->args[i] = letter == 'b' ? 0xfffffff0u : letter == '0' ? 0 : random_value();
	}
}

struct fixture {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	const struct filter *filter;
};

static void fixture_compile(struct fixture *fixture, abi_set abis)
{
	struct resolve_options options = {.abis = abis};
	struct compile_options compile = {0};
	struct policy_ast *ast;
	struct policy_rules *rules;
	uint32_t file;

	memset(fixture, 0, sizeof(*fixture));
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	file = sources_add(&fixture->sources, "test.pale", policy_text, sizeof(policy_text) - 1);
	ast = policy_parse(&fixture->arena, &fixture->sources, file, &fixture->diags);
	rules = policy_resolve(&fixture->arena, &fixture->sources, &fixture->library, ast, &options,
			       &fixture->diags);
	for (size_t i = 0; i < fixture->diags.list.count; i++) {
		struct text text = {0};

		diag_render(&fixture->diags, fixture->diags.list.items[i], &text);
		if (fixture->diags.list.items[i]->severity == DIAG_ERROR)
			print_message("%s", text.bytes);
		text_release(&text);
	}
	assert_int_equal(fixture->diags.errors, 0);
	fixture->filter = policy_compile(&fixture->arena, rules, &fixture->sources, &compile,
					 &fixture->diags, NULL);
	assert_non_null(fixture->filter);
}

static int install(const struct filter *filter)
{
	struct sock_fprog program = {(unsigned short)filter->count, filter->instructions};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* Makes all trials in a child behind the filter. Returns its wait status. */
static int run_trials(const struct filter *filter, struct trial *trials, size_t count)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (install(filter))
			_exit(99);
		for (size_t i = 0; i < count; i++) {
			trials[i].result = trial_make(&trials[i]);
			trials[i].done = true;
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void compare_trial(const struct filter *filter, const struct trial *trial)
{
	uint32_t words[16], action;

	trial_words(trial, words);
	action = filter_simulate(filter, words).action;
	if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO) {
		assert_int_equal(trial->result, -(int64_t)(action & SECCOMP_RET_DATA));
		return;
	}
	assert_int_equal(action, SECCOMP_RET_ALLOW);
	if (trial->result <= -3000 && trial->result >= -3100)
		fail_msg("number %u on %s was denied with %lld, and the simulator allows it",
			 trial->number, abi_get(trial->abi)->name, (long long)trial->result);
}

static struct trial *trials_map(size_t count)
{
	void *memory = mmap(NULL, count * sizeof(struct trial), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static void test_abis(void **state)
{
	static const enum abi_id abis[] = {ABI_X86_64, ABI_X86, ABI_X32};
	struct trial *trials = trials_map(3 * TRIES);
	struct fixture fixture;

	(void)state;
	fixture_compile(&fixture, ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32));
	for (size_t i = 0; i < 3 * (size_t)TRIES; i++)
		trial_draw(&trials[i], abis[i / TRIES]);
	assert_int_equal(run_trials(fixture.filter, trials, 3 * (size_t)TRIES), 0);
	for (size_t i = 0; i < 3 * (size_t)TRIES; i++) {
		assert_true(trials[i].done);
		compare_trial(fixture.filter, &trials[i]);
	}
	print_message("%d real calls on each of 3 ABIs\n", TRIES);
	munmap(trials, 3 * TRIES * sizeof(*trials));
	arena_release(&fixture.arena);
}

/* Compiled for x86_64 alone, the other two are foreign: the first such call is the last. */
static void test_foreign(void **state)
{
	static const enum abi_id foreign[] = {ABI_X86, ABI_X32};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct trial *trials = trials_map(2);
		struct fixture fixture;
		int status;

		fixture_compile(&fixture, ABI_BIT(ABI_X86_64));
		trials[0].abi = ABI_X86_64;
		trials[0].number = (uint32_t)call_number(call_find("getpid"), ABI_X86_64);
		trials[1].abi = foreign[i];
		trials[1].number = (uint32_t)call_number(call_find("getpid"), foreign[i]);
		status = run_trials(fixture.filter, trials, 2);
		assert_true(trials[0].done);
		assert_true(trials[0].result > 0);
		assert_false(trials[1].done);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
		munmap(trials, 2 * sizeof(*trials));
		arena_release(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_abis),
		cmocka_unit_test(test_foreign),
	};

#ifndef __x86_64__
	puts("SKIP: the calls of this test are made with x86 instructions");
	return 77;
#endif
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0) {
		puts("SKIP: this kernel has no seccomp");
		return 77;
	}
	return cmocka_run_group_tests_name("filter on this kernel", tests, NULL, NULL);
}
