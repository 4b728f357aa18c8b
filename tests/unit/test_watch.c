/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A watching filter against the filter that it was made of, and the line that is said to decide
 * against the filter's answer, for calls of every number and for arguments at the rules' edges.
 */
#include "compiler/cbpf/watch.h"
#include "compiler/compile.h"
#include "compiler/partition.h"
#include "compiler/ruling.h"
#include "policy-lang/parse.h"
#include "tests/unit/resolve_text.h"

#include <linux/sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char policy[] = "baseline linux 6.6;\n"
			     "default deny EPERM; unknown deny ENOSYS; foreign kill process;\n"
			     "let self = load;\n"
			     "allow read, write, seccomp, clone, execve;\n"
			     "allow openat where (flags & O_ACCMODE) == O_RDONLY;\n"
			     "kill process mkdirat; kill thread fchmod; trap 3 fchown;\n"
			     "notify fsync; log fdatasync;\n"
			     "allow kill where pid == self;\n"
			     "deny ESRCH kill;\n";

static const uint32_t edges[] = {0,       1,          2,          3,          8,         77,
				 0x80000, 0x00800000, 0x00800011, 0x7fffffff, UINT32_MAX};
#define EDGE_COUNT (sizeof(edges) / sizeof(edges[0]))

struct watched {
	struct resolved resolved;
	struct policy_rules rules; /* of one machine */
	const struct filter *filter;
	uint64_t loads[1];
};

static void watched_init(struct watched *watched, abi_set abis, const char *text)
{
	const struct compile_options options = {0};

	watched->loads[0] = 77;
	resolved_init(&watched->resolved, abis, text);
	assert_int_equal(watched->resolved.diags.errors, 0);
	watched->rules = *watched->resolved.rules;
	watched->filter = policy_compile(&watched->resolved.arena, &watched->rules,
					 &watched->resolved.sources, &options,
					 &watched->resolved.diags, NULL);
	assert_non_null(watched->filter);
}

/* What a watching filter has to answer where the policy answers VALUE. */
static uint32_t expected(uint32_t value, enum filter_watch watch)
{
	switch (value & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return value;
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_USER_NOTIF:
		return SECCOMP_RET_TRACE;
	default:
		return watch == FILTER_WATCH_ALL ? SECCOMP_RET_TRACE : value;
	}
}

static void check_call(const struct watched *watched, const struct filter *filled,
		       const struct filter *watching, enum filter_watch watch,
		       const struct seccomp_data *data)
{
	uint32_t words[16], value, wanted;
	uint64_t args[6];
	enum watch_question question;

	memcpy(words, data, sizeof(words));
	memcpy(args, data->args, sizeof(args));
	value = filter_simulate(filled, words).action;
	wanted = expected(value, watch);
	question = filter_watch_asks(data->arch, words[0], args);
	if (question == WATCH_CLONE || question == WATCH_LISTENER ||
	    (question == WATCH_PTRACE && watch != FILTER_WATCH_ALL))
		wanted = SECCOMP_RET_TRACE;
	assert_int_equal(filter_simulate(watching, words).action, wanted);
	assert_int_equal(policy_rule_on(&watched->rules, words, watched->loads).action, value);
}

/* Every number, with arguments that change with it, and each pair of edges for the few that matter. */
static void check_abi(const struct watched *watched, enum abi_id id, const struct filter *filled,
		      const struct filter *watching, enum filter_watch watch)
{
	static const char *const names[] = {"seccomp", "clone", "openat", "kill", "read"};
	struct seccomp_data data = {.arch = abi_get(id)->audit_arch};
	uint32_t first = abi_get(id)->number_base;

	for (uint32_t number = first; number < first + 600; number++) {
		data.nr = (int)number;
		for (unsigned int i = 0; i < 6; i++)
			data.args[i] = edges[(number + i) % EDGE_COUNT];
		if (abi_identify(data.arch, number))
			check_call(watched, filled, watching, watch, &data);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		data.nr = (int)call_number(call_find(names[i]), id);
		for (size_t j = 0; j < EDGE_COUNT * EDGE_COUNT; j++) {
			data.args[0] = data.args[2] = edges[j % EDGE_COUNT];
			data.args[1] = edges[j / EDGE_COUNT] | (uint64_t)j << 32;
			check_call(watched, filled, watching, watch, &data);
		}
	}
}

static void check_cache(const struct watched *watched, enum abi_id id,
			const struct filter *watching, enum filter_watch watch)
{
	uint32_t arch = abi_get(id)->audit_arch, first = abi_get(id)->number_base;

	for (uint32_t number = first; number < first + 600; number++) {
		bool always = filter_cacheable(watched->filter, arch, number);

		if (watch != FILTER_WATCH_ALL &&
		    number == (uint32_t)call_number(call_find("ptrace"), id))
			always = false;
		if (number == (uint32_t)call_number(call_find("seccomp"), id) ||
		    number == (uint32_t)call_number(call_find("clone"), id) ||
		    number == (uint32_t)call_number(call_find("clone3"), id))
			always = false;
		assert_int_equal(filter_cacheable(watching, arch, number), always);
	}
}

static void check_machine(abi_set abis)
{
	static const enum filter_watch watches[] = {FILTER_WATCH_DENIED, FILTER_WATCH_ALL};
	struct watched watched;

	watched_init(&watched, abis, policy);
	for (size_t i = 0; i < 2; i++) {
		struct arena *arena = &watched.resolved.arena;
		const struct filter *filled = filter_fill(arena, watched.filter, watched.loads);
		const struct filter *watching, *both;
		const char *why = NULL;
		uint32_t at;

		watching = filter_watch(arena, watched.filter, watches[i], &why);
		assert_non_null(watching);
		assert_int_equal(filter_check(watching, &at, &why), 0);
		/* Its loads are filled as the policy's are. */
		both = filter_fill(arena, watching, watched.loads);
		for (int id = 0; id < ABI_COUNT; id++) {
			if (!(abis & ABI_BIT(id)))
				continue;
			check_abi(&watched, (enum abi_id)id, filled, both, watches[i]);
			check_cache(&watched, (enum abi_id)id, watching, watches[i]);
		}
	}
	resolved_release(&watched.resolved);
}

/* What goes to the tracer does so by a foreign ABI too, whose calls the policy lets through. */
static void test_foreign(void **state)
{
	static const struct {
		const char *call;
		uint64_t args[2];
	} rows[] = {
		{"seccomp", {SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER}},
		{"ptrace", {0, 0}},
	};
	struct watched watched;
	const struct filter *watching;
	const char *why = NULL;

	(void)state;
	watched_init(&watched, ABI_BIT(ABI_X86_64),
		     "baseline linux 6.6; default allow; unknown allow; foreign allow;");
	watching = filter_watch(&watched.resolved.arena, watched.filter, FILTER_WATCH_DENIED, &why);
	assert_non_null(watching);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seccomp_data data = {
			.arch = abi_get(ABI_X86)->audit_arch,
			.nr = (int)call_number(call_find(rows[i].call), ABI_X86),
			.args = {rows[i].args[0], rows[i].args[1]},
		};
		uint32_t words[16];

		memcpy(words, &data, sizeof(words));
		assert_int_equal(filter_simulate(watched.filter, words).action, SECCOMP_RET_ALLOW);
		assert_int_equal(filter_simulate(watching, words).action, SECCOMP_RET_TRACE);
	}
	resolved_release(&watched.resolved);
}

/* What the policy always kills or traps for is left to the kernel, where it is enforced. */
static void test_fatal(void **state)
{
	static const struct {
		const char *call;
		uint64_t args[2];
		uint32_t denied; /* the answer under FILTER_WATCH_DENIED */
	} rows[] = {
		{"ptrace", {0, 0}, SECCOMP_RET_KILL_PROCESS},
		{"clone3", {0, 0}, SECCOMP_RET_TRAP | 9},
		{"clone", {CLONE_UNTRACED, 0}, SECCOMP_RET_KILL_THREAD},
		/* Not whatever its arguments are. */
		{"seccomp",
		 {SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER},
		 SECCOMP_RET_TRACE},
	};
	static const enum filter_watch watches[] = {FILTER_WATCH_DENIED, FILTER_WATCH_ALL};
	struct watched watched;

	(void)state;
	watched_init(&watched, ABI_BIT(ABI_X86_64),
		     "baseline linux 6.6; default allow; kill process ptrace; trap 9 clone3;"
		     "kill thread clone; kill process seccomp where op == 1;");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 2; i++) {
		const char *why = NULL;
		const struct filter *watching =
			filter_watch(&watched.resolved.arena, watched.filter, watches[i % 2], &why);
		struct seccomp_data data = {
			.arch = abi_get(ABI_X86_64)->audit_arch,
			.nr = (int)call_number(call_find(rows[i / 2].call), ABI_X86_64),
			.args = {rows[i / 2].args[0], rows[i / 2].args[1]},
		};
		uint32_t words[16];

		memcpy(words, &data, sizeof(words));
		assert_int_equal(filter_simulate(watching, words).action,
				 watches[i % 2] == FILTER_WATCH_ALL ? SECCOMP_RET_TRACE
								    : rows[i / 2].denied);
	}
	resolved_release(&watched.resolved);
}

/* Machines whose byte order is this one's: struct seccomp_data is filled as this one has it. */
static void test_machines(void **state)
{
	(void)state;
	check_machine(ABI_BIT(ABI_X86_64));
	check_machine(ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X32));
	check_machine(ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32));
	check_machine(ABI_BIT(ABI_AARCH64) | ABI_BIT(ABI_ARM));
	check_machine(ABI_BIT(ABI_MIPSEL) | ABI_BIT(ABI_MIPSEL64) | ABI_BIT(ABI_MIPSEL64N32));
	check_machine(ABI_BIT(ABI_RISCV64));
}

/* Which line it is. */
static void test_lines(void **state)
{
	static const struct {
		const char *call;
		uint64_t args[3];
		enum ruling_source source;
		const char *span;
		const char *near;
	} rows[] = {
		{"mkdirat", {0}, RULING_RULE, "mkdirat", NULL},
		{"kill", {78}, RULING_RULE, "kill", "kill"},
		{"openat", {0, 0, 1}, RULING_DEFAULT, "default deny EPERM;", "openat"},
		{"socket", {2}, RULING_DEFAULT, "default deny EPERM;", NULL},
	};
	struct watched watched;

	(void)state;
	watched_init(&watched, ABI_BIT(ABI_X86_64), policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = sources_get(&watched.resolved.sources, 1)->text;
		struct seccomp_data data = {.arch = abi_get(ABI_X86_64)->audit_arch};
		struct ruling ruling;
		uint32_t words[16];

		data.nr = (int)call_number(call_find(rows[i].call), ABI_X86_64);
		for (int j = 0; j < 3; j++)
			data.args[j] = rows[i].args[j];
		memcpy(words, &data, sizeof(words));
		ruling = policy_rule_on(&watched.rules, words, watched.loads);
		assert_int_equal(ruling.source, rows[i].source);
		assert_memory_equal(text + ruling.span.begin, rows[i].span, strlen(rows[i].span));
		assert_int_equal(ruling.near.file != 0, rows[i].near != NULL);
		if (rows[i].near)
			assert_memory_equal(text + ruling.near.begin, rows[i].near,
					    strlen(rows[i].near));
	}
	resolved_release(&watched.resolved);
}

static void test_refused(void **state)
{
	struct sock_filter computed[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_filter bare[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct filter filter = {.count = 2, .instructions = computed};
	struct watched watched;
	const char *why = NULL;

	(void)state;
	watched_init(&watched, ABI_BIT(ABI_X86_64), "default allow; trace 3 getsid;");
	assert_null(filter_watch(&watched.resolved.arena, watched.filter, FILTER_WATCH_ALL, &why));
	assert_non_null(strstr(why, "trace"));
	assert_null(filter_watch(&watched.resolved.arena, &filter, FILTER_WATCH_ALL, &why));
	assert_non_null(strstr(why, "computes"));
	filter.instructions = bare;
	assert_null(filter_watch(&watched.resolved.arena, &filter, FILTER_WATCH_ALL, &why));
	assert_non_null(strstr(why, "begins"));
	filter.count = FILTER_INSTRUCTIONS_MAX;
	filter.abis = ABI_BIT(ABI_X86_64);
	filter.instructions = computed;
	assert_null(filter_watch(&watched.resolved.arena, &filter, FILTER_WATCH_ALL, &why));
	assert_non_null(strstr(why, "room"));
	resolved_release(&watched.resolved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fatal),    cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_machines), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
