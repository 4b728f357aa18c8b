/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inference: each row is a handful of calls and the rule that has to come of them. What is
 * inferred is then resolved by the compiler, and every call that was seen put to the rules.
 */
#include "compiler/compile.h"
#include "compiler/resolve/resolve.h"
#include "policy-lang/catalog/constant.h"
#include "policy-lang/parse.h"
#include "profiler/infer/authority.h"
#include "profiler/infer/companions.h"
#include "profiler/infer/infer.h"
#include "profiler/recorder/recorder.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	struct policy_ast *parsed; /* by resolve() */
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture || arena_init(&fixture->arena) < 0)
		return -1;
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

/* A call as a row has it; EVENTS_MAX of them, ended by a NULL name. */
struct event {
	const char *name;
	uint64_t args[CALL_ARGS_MAX];
	int error;
	enum abi_id abi;
	uint64_t flags; /* of clone3: behind the pointer */
};
enum {
	EVENTS_MAX = 8,
	SATURATE = 400, /* an "error" that means: so many different values of args[1] */
};

/* struct clone_args or open_how, as if it stood at the address. */
static int read_memory(void *user, uint64_t address, void *bytes, size_t length)
{
	const struct event *event = user;
	uint64_t value = 0;

	if (address == 0x1000)
		value = event->flags;
	else if (address == 0x1000 + 32)
		value = event->args
				[2]; /* clone_args.exit_signal; clone3 itself has two arguments */
	memcpy(bytes, &value, length);
	return 0;
}

static void report(struct recorder *recorder, executable_id executable, const struct event *event,
		   enum recorded_phase phase)
{
	struct call_event seen = {
		.phase = phase,
		.audit_arch = abi_get(event->abi)->audit_arch,
		.number = (uint32_t)call_number(call_find(event->name), event->abi),
		.read_memory = read_memory,
		.user = (void *)event,
	};
	unsigned int times = event->error == SATURATE ? SATURATE : 1;

	assert_true(call_number(call_find(event->name), event->abi) >= 0);
	memcpy(seen.args, event->args, sizeof(seen.args));
	for (unsigned int i = 0; i < times; i++) {
		struct recorded_call *call;

		seen.args[1] += i > 0;
		call = recorder_call(recorder, executable, &seen);
		if (event->error && event->error != SATURATE)
			recorder_error(recorder, call, event->error);
	}
}

/* Event N is of phase serving where bit N of SERVING is set. */
static struct recording *record_phases(struct fixture *fixture, const struct event *events,
				       uint32_t serving)
{
	struct recording *recording = arena_alloc(&fixture->arena, sizeof(*recording));
	struct executable_identity identity = {"/bin/test", NULL, 1, 2};
	char *command[] = {(char *)"test", NULL};
	struct recorder *recorder =
		recorder_new(&fixture->arena, &(struct recorder_subject){.tracer = "ptrace",
									 .command = command,
									 .results_seen = true});
	executable_id executable = recorder_executable_start(recorder, &identity);

	recorder_launcher_call(recorder, ABI_X86_64, call_find("execve"));
	for (size_t i = 0; i < EVENTS_MAX && events[i].name; i++)
		report(recorder, executable, &events[i],
		       serving >> i & 1 ? PHASE_SERVING : PHASE_START);
	*VEC_PUSH(&fixture->arena, &recording->runs) =
		recorder_finish(recorder, RECORDED_END_EXITED, 0);
	return recording;
}

static struct recording *record(struct fixture *fixture, const struct event *events)
{
	return record_phases(fixture, events, 0);
}

/* The policy as text, without its comments and with each run of blanks as one. */
static const char *flattened(struct fixture *fixture, const struct policy_ast *ast)
{
	struct text text = {0};
	char *flat;
	size_t used = 0;
	bool comment = false;

	ast_print(ast, &text);
	flat = arena_alloc(&fixture->arena, text.length + 2);
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];

		if (byte == '#')
			comment = true;
		if (byte == '\n')
			comment = false;
		if (comment)
			continue;
		if (byte == '\n' || byte == '\t')
			byte = ' ';
		if (byte != ' ' || (used > 0 && flat[used - 1] != ' '))
			flat[used++] = byte;
	}
	text_release(&text);
	return flat;
}

static const struct policy_rules *resolve(struct fixture *fixture, const struct policy_ast *ast)
{
	struct resolve_options options = {0};
	struct text text = {0};
	uint32_t file;

	ast_print(ast, &text);
	file = sources_add(&fixture->sources, "inferred", text.bytes, (uint32_t)text.length);
	text_release(&text);
	fixture->parsed = policy_parse(&fixture->arena, &fixture->sources, file, &fixture->diags);
	if (fixture->diags.errors)
		fail_msg("%s", fixture->diags.list.items[0]->text);
	assert_true(ast_equal(fixture->parsed, ast));
	return policy_resolve(&fixture->arena, &fixture->sources, &fixture->library,
			      fixture->parsed, &options, &fixture->diags);
}

static seccomp_action answer(const struct policy_rules *rules, const struct event *event)
{
	uint32_t number = (uint32_t)call_number(call_find(event->name), event->abi);
	const struct abi *abi = abi_get(event->abi);
	uint32_t words[16] = {number, abi->audit_arch};

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++) {
		words[abi_word_low(abi, i) / 4] = (uint32_t)event->args[i];
		words[abi_word_high(abi, i) / 4] = (uint32_t)(event->args[i] >> 32);
	}
	for (size_t i = 0; i < rules->rulesets.count; i++) {
		const struct ruleset *ruleset = &rules->rulesets.items[i];

		if (ruleset->abi->id != event->abi)
			continue;
		for (size_t j = 0; j < ruleset->rules.count; j++)
			if (ruleset->rules.items[j].number == number &&
			    condition_holds(ruleset->rules.items[j].condition, words))
				return ruleset->rules.items[j].action;
	}
	return SECCOMP_RET_ERRNO;
}

/* Whether the rule set answers as the recording asks: allowed, but for what the kernel lacked. */
static void check_answer(const struct policy_rules *rules, const struct event *event,
			 bool names_only)
{
	seccomp_action got = answer(rules, event);

	uint64_t absent;

	assert_true(constant_value(constant_find("ENOSYS"), event->abi, &absent));
	if (event->error == 38 ||
	    (strcmp(event->name, "clone3") == 0 && !names_only && !(event->flags >> 33)))
		assert_int_equal(got, SECCOMP_RET_ERRNO | absent);
	else if (got != SECCOMP_RET_ALLOW)
		fail_msg("%s is not allowed: %#x", event->name, got);
}

enum {
	X32_BIT = 0x40000000,
	THREAD = 0x3d0f00, /* CLONE_VM | CLONE_FS | ...: what pthread_create() asks for */
};

static const struct row {
	const char *what;
	enum infer_detail detail;
	struct event events[EVENTS_MAX];
	const char *rules[3]; /* parts of the policy */
	const char *absent;   /* no part of it, or NULL */
} rows[] = {
	{"a plain call", INFER_BALANCED, {{"sync", {0}, 0, 0, 0}}, {"allow sync;"}, "where"},
	{"one value",
	 INFER_BALANCED,
	 {{"personality", {0xffffffff}, 0, 0, 0}},
	 {"allow personality where persona == 0xffffffff;"},
	 NULL},
	{"a set of commands",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0x5401}, 0, 0, 0},
	  {"ioctl", {7, 0x5413}, 0, 0, 0},
	  {"ioctl", {7, 0x5413, 99}, 0, 0, 0}},
	 {"allow ioctl where request in { TCGETS, TIOCGWINSZ };"},
	 NULL},
	{"a command without a name",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0xdead}, 0, 0, 0}},
	 {"allow ioctl where request == 0xdead;"},
	 NULL},
	{"too many commands",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0x100}, SATURATE, 0, 0}},
	 {"allow ioctl where request in { 256..655 };"},
	 NULL},
	{"too many commands that lie apart",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0x100}, SATURATE, 0, 0}, {"ioctl", {1, 0x10000}, 0, 0, 0}},
	 {"allow ioctl;"},
	 "where"},
	{"commands in a row",
	 INFER_EXACT,
	 {{"ioctl", {1, 0xa1}, 0, 0, 0},
	  {"ioctl", {1, 0xa2}, 0, 0, 0},
	  {"ioctl", {1, 0xa4}, 0, 0, 0},
	  {"ioctl", {1, 0xa5}, 0, 0, 0},
	  {"ioctl", {1, 0xa7}, 0, 0, 0},
	  {"ioctl", {1, 0xa6}, 0, 0, 0},
	  {"ioctl", {1, 0x5413}, 0, 0, 0}},
	 {"allow ioctl where request in { 161, 162, 164..167, TIOCGWINSZ };"},
	 NULL},
	{"names say more than a range",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0x5401}, 0, 0, 0},
	  {"ioctl", {1, 0x5402}, 0, 0, 0},
	  {"ioctl", {1, 0x5403}, 0, 0, 0},
	  {"ioctl", {1, 0x5404}, 0, 0, 0}},
	 {"allow ioctl where request in { TCGETS, TCSETS, TCSETSW, TCSETSF };"},
	 ".."},
	{"a companion that a multiplexer could stand for",
	 INFER_BALANCED,
	 {{"getsockname", {3, 1, 1}, 0, ABI_X86, 0}},
	 {"allow getpeername;"},
	 "any get"},
	{"flags join in a mask",
	 INFER_BALANCED,
	 {{"openat", {0xffffff9c, 1, 0x80000}, 0, 0, 0}, {"openat", {3, 1, 0x241, 0600}, 0, 0, 0}},
	 {"allow any openat where flags within O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;"},
	 "mode"},
	{"equivalents with the same argument",
	 INFER_BALANCED,
	 {{"open", {1, 1}, 0, 0, 0}, {"openat", {3, 1, 2}, 0, 0, 0}},
	 {"where flags within O_WRONLY | O_RDWR | O_CLOEXEC;"},
	 "openat2"},
	{"an equivalent behind a pointer",
	 INFER_BALANCED,
	 {{"openat2", {3, 1, 0x1000, 24}, 0, 0, 0x1}, {"openat", {3, 1, 2}, 0, 0, 0}},
	 {"allow openat where flags within O_RDWR | O_CLOEXEC;", "allow openat2;"},
	 "any openat"},
	{"equivalents without authority",
	 INFER_BALANCED,
	 {{"newfstatat", {3, 1, 1, 0x100}, 0, 0, 0}, {"statx", {3, 1, 0, 1, 1}, 0, 0, 0}},
	 {"allow any newfstatat"},
	 "where"},
	{"memory that is never both",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, 5, 2}, 0, 0, 0}, {"mmap", {0, 9, 3, 0x22}, 0, 0, 0}},
	 {"allow mmap where prot within PROT_READ | PROT_WRITE || prot within PROT_READ | PROT_EXEC;"},
	 "flags"},
	{"memory that is both",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, 7, 2}, 0, 0, 0}},
	 {"allow mmap where prot within PROT_READ | PROT_WRITE | PROT_EXEC;"},
	 NULL},
	{"memory that holds data",
	 INFER_BALANCED,
	 {{"mprotect", {1, 9, 1}, 0, 0, 0}},
	 {"allow mprotect where prot within PROT_READ | PROT_WRITE;"},
	 NULL},
	{"nonsense beside flags",
	 INFER_BALANCED,
	 {{"openat", {3, 1, 0x80000}, 0, 0, 0}, {"openat", {3, 1, UINT64_MAX}, EINVAL, 0, 0}},
	 {"allow any openat where flags within O_CLOEXEC || flags == -1;"},
	 NULL},
	{"nothing but nonsense",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, UINT64_MAX, 2}, EINVAL, 0, 0}},
	 {"allow mmap where prot == 0xffffffffffffffff;"},
	 NULL},
	{"memory that is both in nonsense alone",
	 INFER_BALANCED,
	 {{"mprotect", {1, 9, 5}, 0, 0, 0}, {"mprotect", {1, 9, UINT64_MAX}, EINVAL, 0, 0}},
	 {"prot within PROT_READ | PROT_WRITE || prot within PROT_READ | PROT_EXEC || prot == 0xfff"},
	 "PROT_WRITE | PROT_EXEC"},
	{"flags that are all the bits together",
	 INFER_BALANCED,
	 {{"openat", {3, 1, 0x7fffffff}, 0, 0, 0}, {"openat", {3, 1, 0x80000000}, 0, 0, 0}},
	 {"allow openat;"},
	 "where"},
	{"flags that nobody has named yet",
	 INFER_BALANCED,
	 {{"copy_file_range", {3, 0, 4, 0, 9, 0}, 0, 0, 0}},
	 {"allow copy_file_range where flags == 0;"},
	 NULL},
	{"socket's type has flags above it",
	 INFER_BALANCED,
	 {{"socket", {1, 0x80801, 0}, 0, 0, 0}, {"socket", {1, 1, 0}, 0, 0, 0}},
	 {"allow socket where domain == AF_UNIX && (type & 0xf) == SOCK_STREAM;"},
	 NULL},
	{"values that belong together",
	 INFER_BALANCED,
	 {{"socket", {1, 1, 0}, 0, 0, 0},
	  {"socket", {2, 2, 17}, 0, 0, 0},
	  {"socket", {10, 2, 0}, 0, 0, 0},
	  {"socket", {16, 3, 15}, 0, 0, 0}},
	 {"domain == AF_UNIX && (type & 0xf) == SOCK_STREAM",
	  "domain in { AF_INET, AF_INET6 } && (type & 0xf) == SOCK_DGRAM",
	  "domain == AF_NETLINK && (type & 0xf) == SOCK_RAW && protocol == 15"},
	 "protocol == IPPROTO"},
	{"a level, and not each option",
	 INFER_BALANCED,
	 {{"setsockopt", {3, 1, 2}, 0, 0, 0}, {"setsockopt", {3, 6, 1}, 0, 0, 0}},
	 {"allow setsockopt where level in { SOL_SOCKET, "},
	 "optname"},
	{"ids and sizes are not frozen",
	 INFER_EXACT,
	 {{"kill", {77, 15}, 0, 0, 0}, {"lseek", {3, 4096, 0}, 0, 0, 0}},
	 {"allow kill where sig == SIGTERM;", "allow lseek where whence == SEEK_SET;"},
	 "77"},
	{"clone3 falls back to clone",
	 INFER_BALANCED,
	 {{"clone3", {0x1000, 88}, 0, 0, THREAD}},
	 {"allow any clone where flags within CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | "
	  "CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | "
	  "CLONE_CHILD_CLEARTID;"},
	 "clone3"},
	{"clone3 falls back to clone exactly too",
	 INFER_EXACT,
	 {{"clone3", {0x1000, 88}, 0, 0, THREAD}},
	 {"allow any clone where flags == (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | "
	  "CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | "
	  "CLONE_CHILD_CLEARTID);"},
	 "clone3"},
	{"clone3 with a signal",
	 INFER_BALANCED,
	 {{"clone3", {0x1000, 88, 17}, 0, 0, 0x1200000}},
	 {"allow any clone where flags within CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD;"},
	 NULL},
	{"too many flags",
	 INFER_BALANCED,
	 {{"open", {1, 0}, SATURATE, 0, 0}},
	 {"allow any open where flags within O_WRONLY | O_RDWR | "},
	 "O_TRUNC"},
	{"clone3 that cannot",
	 INFER_BALANCED,
	 {{"clone3", {0x1000, 88}, 0, 0, 0x200000000}},
	 {"allow clone3;"},
	 "any clone"},
	{"a signal in clone's flags",
	 INFER_BALANCED,
	 {{"clone", {0x1200011}, 0, 0, 0}},
	 {"allow any clone where flags within CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD;",
	  "vfork"},
	 NULL},
	{"no namespaces beside what was seen",
	 INFER_BALANCED,
	 {{"vfork", {0}, 0, 0, 0}},
	 {"allow vfork"},
	 "clone"},
	{"another form of the same",
	 INFER_BALANCED,
	 {{"read", {0}, 0, 0, 0}},
	 {"pread64", "readv"},
	 "pwrite"},
	{"permissions vary, set-user-ID bits do not",
	 INFER_BALANCED,
	 {{"chmod", {1, 0644}, 0, 0, 0}},
	 {"where mode within S_IRWXO | S_IRWXG | S_IRWXU;"},
	 "S_ISUID"},
	{"a kernel without the call",
	 INFER_BALANCED,
	 {{"read", {0}, 0, 0, 0}, {"openat2", {3, 1, 0x1000, 24}, 38, 0, 0}},
	 {"deny ENOSYS openat2;"},
	 NULL},
	{"a kernel without an equivalent of what it had",
	 INFER_BALANCED,
	 {{"access", {1, 0}, 0, 0, 0},
	  {"faccessat2", {3, 1}, 38, 0, 0},
	  {"clock_gettime64", {0}, 38, ABI_X86, 0}},
	 {"deny ENOSYS faccessat2;", "allow any access;"},
	 NULL},
	{"names only",
	 INFER_NAMES_ONLY,
	 {{"openat", {3, 1, 2}, 0, 0, 0}, {"ioctl", {1, 0x5401}, 0, 0, 0}},
	 {"allow ioctl, openat;"},
	 "where"},
	{"exact tuples",
	 INFER_EXACT,
	 {{"socket", {1, 0x80001, 0}, 0, 0, 0}, {"socket", {2, 2, 17}, 0, 0, 0}},
	 {"domain == AF_UNIX && (type & 0xf) == SOCK_STREAM && (type & 0xfffffff0) == "
	  "SOCK_CLOEXEC && protocol == 0",
	  "domain == AF_INET && (type & 0xf) == SOCK_DGRAM && (type & 0xfffffff0) == 0 && "
	  "protocol == IPPROTO_UDP"},
	 "any socket"},
	{"exact flags",
	 INFER_EXACT,
	 {{"openat", {3, 1, 0x80001}, 0, 0, 0}, {"openat", {3, 1, 2}, 0, 0, 0}},
	 {"allow openat where flags in { O_RDWR, O_WRONLY | O_CLOEXEC };"},
	 "any openat"},
	{"an int below 0",
	 INFER_EXACT,
	 {{"getrusage", {0xffffffff}, 0, 0, 0}, {"getpriority", {0xfffffff0}, 0, 0, 0}},
	 {"allow getrusage where who == RUSAGE_CHILDREN;", "allow getpriority where which == -16;"},
	 NULL},
	{"two ABIs that agree",
	 INFER_BALANCED,
	 {{"sync", {0}, 0, ABI_X86_64, 0}, {"sync", {0}, 0, ABI_X86, 0}},
	 {"arch x86_64, x86;", "allow sync;"},
	 "when arch"},
	{"two ABIs that differ",
	 INFER_BALANCED,
	 {{"ioctl", {1, 0x5401}, 0, ABI_X86_64, 0}, {"ioctl", {1, 0x5413}, 0, ABI_X86, 0}},
	 {"when arch == x86_64 { allow ioctl where request == TCGETS; }",
	  "when arch == x86 { allow ioctl where request == TIOCGWINSZ; }"},
	 NULL},
	{"a call that one ABI lacks",
	 INFER_BALANCED,
	 {{"sync", {0}, 0, ABI_X86_64, 0},
	  {"sync", {0}, 0, ABI_X86, 0},
	  {"sgetmask", {0}, 0, ABI_X86, 0}},
	 {"allow sgetmask, sync;"},
	 "when arch"},
	{"a multiplexer",
	 INFER_BALANCED,
	 {{"socketcall", {1, 1}, 0, ABI_X86, 0}},
	 {"allow socketcall where call == SYS_SOCKET;"},
	 NULL},
	{"a program of another ABI than the launcher's",
	 INFER_BALANCED,
	 {{"sync", {0}, 0, ABI_X86, 0}},
	 {"arch x86_64, x86;", "allow execve;", "when arch == x86 { allow sync; }"},
	 NULL},
	{"mmap of x86_64, and a program of x86 that was not seen to map memory",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, 3, 0x22}, 0, 0, 0}, {"sync", {0}, 0, ABI_X86, 0}},
	 {"when arch == x86_64 { allow mmap where prot within PROT_READ | PROT_WRITE; }",
	  "when arch == x86 { allow sync; }"},
	 NULL},
	{"mmap of x86, whose arguments stand behind a pointer",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, 3, 0x22}, 0, 0, 0}, {"mmap", {0x1000}, 0, ABI_X86, 0}},
	 {"when arch == x86_64 { allow mmap where prot within PROT_READ | PROT_WRITE; }",
	  "when arch == x86 { allow mmap; }"},
	 NULL},
	{"mmap of both, on x86 by both names",
	 INFER_BALANCED,
	 {{"mmap", {0, 9, 3, 0x22}, 0, 0, 0},
	  {"mmap", {0x1000}, 0, ABI_X86, 0},
	  {"mmap2", {0, 9, 3, 0x22}, 0, ABI_X86, 0}},
	 {"when arch == x86_64 { allow mmap where", "allow mmap2 where", "allow mmap;"},
	 "any mmap2"},
	{"mmap of i386 by its second name",
	 INFER_BALANCED,
	 {{"mmap2", {0, 9, 3, 0x22}, 0, ABI_X86, 0}},
	 {"allow any mmap2 where prot within PROT_READ | PROT_WRITE;"},
	 NULL},
};

/* The filters are made, and proved, as are the expectations. */
static void check_compiled(struct fixture *fixture, const struct policy_rules *rules,
			   const char *what)
{
	const struct policy_text text = {
		.ast = fixture->parsed, .sources = &fixture->sources, .library = &fixture->library};
	const struct compile_options options = {.text = &text};
	struct machine_filters filters = {0};

	if (!policy_compile_machines(&fixture->arena, rules, &fixture->sources, &options,
				     &fixture->diags, &filters, NULL))
		fail_msg("%s: %s", what,
			 fixture->diags.list.items[fixture->diags.list.count - 1]->text);
}

static void check_row(struct fixture *fixture, const struct row *row)
{
	const struct infer_options options = {.detail = row->detail, .name = "test"};
	const struct recording *recording = record(fixture, row->events);
	const struct policy_ast *ast =
		infer_policy(&fixture->arena, recording, &options, &fixture->diags);
	const struct policy_rules *rules;
	const char *text;

	assert_non_null(ast);
	text = flattened(fixture, ast);
	for (size_t i = 0; i < 3 && row->rules[i]; i++)
		if (!strstr(text, row->rules[i]))
			fail_msg("%s: '%s' lacks '%s'", row->what, text, row->rules[i]);
	if (row->absent && strstr(text, row->absent))
		fail_msg("%s: '%s' has '%s'", row->what, text, row->absent);
	rules = resolve(fixture, ast);
	if (fixture->diags.errors)
		fail_msg("%s: %s: %s", row->what, fixture->diags.list.items[0]->text, text);
	for (size_t i = 0; i < EVENTS_MAX && row->events[i].name; i++)
		check_answer(rules, &row->events[i], row->detail == INFER_NAMES_ONLY);
	check_compiled(fixture, rules, row->what);
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture *fixture = *state;

		check_row(fixture, &rows[i]);
		teardown(state);
		setup(state);
	}
}

/* Whatever was recorded, the policy is good and allows it, at each level of detail. */
static void test_random_recordings(void **state)
{
	static const enum infer_detail details[] = {INFER_BALANCED, INFER_NAMES_ONLY, INFER_EXACT};
	uint64_t random = 7;

	for (int round = 0; round < 120; round++) {
		struct fixture *fixture = *state;
		struct row row = {.what = "random", .detail = details[round % 3]};
		size_t count = 0;

		while (count < EVENTS_MAX) {
			struct event event = {0};
			call_id call;

			random = random * 6364136223846793005u + 1442695040888963407u;
			event.abi = (enum abi_id)((random >> 33) % ABI_COUNT);
			call = (call_id)((random >> 40) % call_count());
			event.name = call_get(call)->name;
			if (call_number(call, event.abi) < 0)
				continue;
			for (size_t i = 0; i < CALL_ARGS_MAX; i++)
				event.args[i] = i % 2 ? random >> 50 : (random >> 20) & 0xffffffff;
			row.events[count++] = event;
		}
		check_row(fixture, &row);
		teardown(state);
		setup(state);
	}
}

/* Calls that widening knows, so that random ones set it off. */
static const char *const pool[] = {
	"open",       "openat",  "openat2", "creat",      "mmap",      "mprotect",
	"socket",     "connect", "accept",  "setsockopt", "clone",     "clone3",
	"fork",       "vfork",   "wait4",   "ioctl",      "fcntl",     "prctl",
	"read",       "write",   "sendmsg", "recvfrom",   "nanosleep", "epoll_wait",
	"newfstatat", "unlink",  "seccomp", "ptrace",     "execve",    "getsockname",
};
enum {
	POOL = sizeof(pool) / sizeof(pool[0]),
	PROBES = 400
};

static uint64_t next_random(uint64_t *random)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return *random >> 33;
}

/* Small values, flags, and few of them: so that calls have them in common. */
static struct event random_event(uint64_t *random)
{
	static const uint64_t values[] = {0,       1,         2,      3,      5,      7,
					  10,      16,        0x241,  0x5401, 0x5413, 0x80000,
					  0x80001, 0x1200011, THREAD, 15};
	struct event event = {0};

	do {
		event.name = pool[next_random(random) % POOL];
		event.abi = next_random(random) % 4 ? ABI_X86_64 : ABI_X86;
		if (next_random(random) % 8 == 0)
			event.abi = (enum abi_id)(next_random(random) % ABI_COUNT);
	} while (call_number(call_find(event.name), event.abi) < 0);
	for (size_t i = 0; i < CALL_ARGS_MAX; i++)
		event.args[i] = values[next_random(random) % (sizeof(values) / sizeof(values[0]))];
	if (strcmp(event.name, "openat2") == 0 || strcmp(event.name, "clone3") == 0) {
		event.args[strcmp(event.name, "openat2") == 0 ? 2 : 0] = 0x1000;
		event.flags = next_random(random) % 2 ? THREAD : 0;
	}
	return event;
}

static void random_events(struct event events[EVENTS_MAX + 1], uint64_t *random)
{
	for (size_t i = 0; i < EVENTS_MAX; i++)
		events[i] = random_event(random);
	events[EVENTS_MAX] = (struct event){0};
}

/* What A lets pass, B lets pass. */
static void check_contained(const struct policy_rules *a, const struct policy_rules *b,
			    const char *what, uint64_t *random)
{
	for (int i = 0; i < PROBES; i++) {
		const struct event probe = random_event(random);

		if (answer(a, &probe) == SECCOMP_RET_ALLOW &&
		    answer(b, &probe) != SECCOMP_RET_ALLOW)
			fail_msg("%s: %s(%#llx, %#llx, %#llx)", what, probe.name,
				 (unsigned long long)probe.args[0],
				 (unsigned long long)probe.args[1],
				 (unsigned long long)probe.args[2]);
	}
}

static bool has_event(const struct event *events, const char *name)
{
	for (; events->name; events++)
		if (strcmp(events->name, name) == 0)
			return true;
	return false;
}

/* Calls that no level adds, whatever was seen beside them. */
static void check_dangerous(const struct policy_rules *rules, const struct event *events)
{
	static const char *const names[] = {
		"ptrace",
		"bpf",
		"mount",
		"umount2",
		"kexec_load",
		"init_module",
		"finit_module",
		"delete_module",
		"keyctl",
		"add_key",
		"userfaultfd",
		"io_uring_setup",
		"io_uring_enter",
		"io_uring_register",
		"perf_event_open",
		"unshare",
		"setns",
		"pivot_root",
		"chroot",
		"process_vm_readv",
		"process_vm_writev",
		"pidfd_getfd",
		"reboot",
		"swapon",
		"iopl",
		"setuid",
		"capset",
		"open_by_handle_at",
		"personality",
		"socketcall",
		"ipc",
		"openat2",
		"clone3",
		"seccomp",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (int abi = ABI_X86_64; abi <= ABI_X86; abi++) {
			const struct event event = {names[i], {0}, 0, (enum abi_id)abi, 0};

			if (call_number(call_find(names[i]), event.abi) >= 0 &&
			    !has_event(events, names[i]) &&
			    answer(rules, &event) == SECCOMP_RET_ALLOW)
				fail_msg("%s is allowed", names[i]);
		}
	}
}

/* Each level allows what the one before does, and none what is dangerous. */
static void test_levels(void **state)
{
	uint64_t random = 11;

	for (int round = 0; round < 60; round++) {
		struct fixture *fixture = *state;
		struct event events[EVENTS_MAX + 1];
		const struct policy_rules *before = NULL;
		const struct recording *recording;

		random_events(events, &random);
		recording = record(fixture, events);
		for (int level = INFER_WIDEN_NONE; level <= INFER_WIDEN_SETS; level++) {
			const struct infer_options options = {.widen = (enum infer_widen)level,
							      .name = "test"};
			const struct policy_rules *rules =
				resolve(fixture, infer_policy(&fixture->arena, recording, &options,
							      &fixture->diags));
			assert_int_equal(fixture->diags.errors, 0);
			for (size_t i = 0; i < EVENTS_MAX; i++)
				check_answer(rules, &events[i], false);
			if (before)
				check_contained(before, rules, "a wider level", &random);
			check_dangerous(rules, events);
			if (round % 4 == 0)
				check_compiled(fixture, rules, "a level");
			before = rules;
		}
		teardown(state);
		setup(state);
	}
}

/* The policy's head with either the rules before the phase, or the phase's. */
static const struct policy_ast *part(struct fixture *fixture, const struct policy_ast *ast,
				     bool phase)
{
	struct policy_ast *result = arena_alloc(&fixture->arena, sizeof(*result));

	for (size_t i = 0; i < ast->statements.items.count; i++) {
		struct stmt *stmt = ast->statements.items.items[i];

		if (stmt->kind == STMT_PHASE)
			for (size_t j = 0; phase && j < stmt->group.body.items.count; j++)
				*VEC_PUSH(&fixture->arena, &result->statements.items) =
					stmt->group.body.items.items[j];
		else if (!phase || stmt->kind <= STMT_FOREIGN)
			*VEC_PUSH(&fixture->arena, &result->statements.items) = stmt;
	}
	return result;
}

/* What pale_apply_phase() asks for passes in RULES, and no other way to put on a filter. */
static void check_entry(const struct policy_rules *rules, enum abi_id abi, bool names_only)
{
	const struct event entry = {"seccomp", {1, 1}, 0, abi, 0};
	const struct event others[] = {
		{"seccomp", {1, 0}, 0, abi, 0},
		{"seccomp", {1, 9}, 0, abi, 0},
	};

	check_answer(rules, &entry, false);
	for (size_t i = 0; !names_only && i < sizeof(others) / sizeof(others[0]); i++)
		if (answer(rules, &others[i]) == SECCOMP_RET_ALLOW)
			fail_msg("%s(%llu, %llu) passes", others[i].name,
				 (unsigned long long)others[i].args[0],
				 (unsigned long long)others[i].args[1]);
}

/* A phase allows what was seen in it, and nothing that the rules before it do not. */
static void test_phases(void **state)
{
	static const enum infer_detail details[] = {INFER_BALANCED, INFER_NAMES_ONLY, INFER_EXACT};
	uint64_t random = 13;

	for (int round = 0; round < 90; round++) {
		struct fixture *fixture = *state;
		const struct infer_options options = {
			.detail = details[round % 3],
			.widen = (enum infer_widen)(round / 3 % 4 - 1),
			.phases = INFER_PHASES_BOTH,
			.name = "test",
		};
		const bool names_only = options.detail == INFER_NAMES_ONLY;
		const uint32_t serving = (uint32_t)next_random(&random) | 1;
		struct event events[EVENTS_MAX + 1];
		const struct policy_rules *first, *second;
		const struct policy_ast *ast;

		random_events(events, &random);
		ast = infer_policy(&fixture->arena, record_phases(fixture, events, serving),
				   &options, &fixture->diags);
		assert_non_null(ast);
		first = resolve(fixture, part(fixture, ast, false));
		second = resolve(fixture, part(fixture, ast, true));
		assert_int_equal(fixture->diags.errors, 0);
		for (size_t i = 0; i < EVENTS_MAX; i++) {
			check_answer(first, &events[i], names_only);
			if (serving >> i & 1)
				check_answer(second, &events[i], names_only);
		}
		check_contained(second, first, "a phase", &random);
		if (!has_event(events, "seccomp"))
			check_entry(first, events[0].abi, names_only);
		teardown(state);
		setup(state);
	}
}

/* Beside what the program itself asks of seccomp, which stays as it was seen; in the phase too. */
static void test_phase_entry(void **state)
{
	static const struct event events[] = {
		{"seccomp", {2, 0}, 0, 0, 0}, {"seccomp", {1, 0x10}, 0, 0, 0}, {0}};
	static const struct event between = {"seccomp", {1, 0x11}, 0, 0, 0};

	for (int widen = INFER_WIDEN_NONE; widen <= INFER_WIDEN_SETS; widen++) {
		struct fixture *fixture = *state;
		const struct infer_options options = {.widen = (enum infer_widen)widen,
						      .phases = INFER_PHASES_BOTH,
						      .name = "test"};
		const struct policy_ast *ast =
			infer_policy(&fixture->arena, record_phases(fixture, events, 2), &options,
				     &fixture->diags);
		const struct policy_rules *first = resolve(fixture, part(fixture, ast, false));
		const struct policy_rules *second = resolve(fixture, part(fixture, ast, true));

		assert_int_equal(fixture->diags.errors, 0);
		check_entry(first, ABI_X86_64, false);
		check_answer(first, &events[0], false);
		check_answer(first, &events[1], false);
		check_answer(second, &events[1], false);
		assert_int_not_equal(answer(first, &between), SECCOMP_RET_ALLOW);
		assert_int_not_equal(answer(second, &events[0]), SECCOMP_RET_ALLOW);
		teardown(state);
		setup(state);
	}
}

/* Where the rules of a phase, inferred by themselves, would allow what those before it do not. */
static void test_phase_traps(void **state)
{
	static const struct {
		enum infer_widen widen;
		struct event events[4];
		uint32_t serving;
		struct event denied; /* in the phase */
	} traps[] = {
		/* openat2 takes openat's equivalents from the whole, and not from the phase. */
		{INFER_WIDEN_EQUIVALENTS,
		 {{"openat2", {3, 1, 0x1000, 24}, 0, 0, 1}, {"openat", {3, 1, 2}, 0, 0, 0}, {0}},
		 2,
		 {"open", {1, 2}, 0, 0, 0}},
		/* The start knows that the kernel lacks what a group of the phase has. */
		{INFER_WIDEN_SETS,
		 {{"faccessat2", {3, 1}, 38, 0, 0}, {"openat", {3, 1, 2}, 0, 0, 0}, {0}},
		 2,
		 {"faccessat2", {3, 1}, 0, 0, 0}},
		/* What only another ABI was seen to do. */
		{INFER_WIDEN_EQUIVALENTS,
		 {{"sync", {0}, 0, ABI_X86, 0},
		  {"sync", {0}, 0, ABI_X86_64, 0},
		  {"openat", {3, 1, 2}, 0, ABI_X86_64, 0},
		  {0}},
		 6,
		 {"sync", {0}, 0, ABI_X86, 0}},
		/* A mask of the start's. */
		{INFER_WIDEN_EQUIVALENTS,
		 {{"openat", {3, 1, 0x241}, 0, 0, 0}, {"openat", {3, 1, 0}, 0, 0, 0}, {0}},
		 2,
		 {"openat", {3, 1, 1}, 0, 0, 0}},
	};

	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		struct fixture *fixture = *state;
		const struct infer_options options = {
			.widen = traps[i].widen, .phases = INFER_PHASES_BOTH, .name = "test"};
		const struct policy_ast *ast = infer_policy(
			&fixture->arena, record_phases(fixture, traps[i].events, traps[i].serving),
			&options, &fixture->diags);
		const struct policy_rules *second = resolve(fixture, part(fixture, ast, true));

		assert_int_equal(fixture->diags.errors, 0);
		if (answer(second, &traps[i].denied) == SECCOMP_RET_ALLOW)
			fail_msg("trap %zu: %s: %s", i, traps[i].denied.name,
				 flattened(fixture, ast));
		teardown(state);
		setup(state);
	}
}

/* What each level adds, and no level below it. */
static void test_level_contents(void **state)
{
	static const struct {
		struct event seen[2];
		struct event asked;
		int level; /* the first one that allows it; INFER_WIDEN_SETS + 1: none */
	} cases[] = {
		{{{"read", {0}, 0, 0, 0}}, {"readv", {0}, 0, 0, 0}, INFER_WIDEN_EQUIVALENTS},
		{{{"open", {1, 0}, 0, 0, 0}}, {"openat", {3, 1, 0}, 0, 0, 0}, 0},
		{{{"openat", {3, 1, 0}, 0, 0, 0}},
		 {"getdents64", {0}, 0, 0, 0},
		 INFER_WIDEN_FAMILY},
		{{{"openat", {3, 1, 0}, 0, 0, 0}},
		 {"openat", {3, 1, 0x10000}, 0, 0, 0},
		 INFER_WIDEN_FAMILY},
		{{{"openat", {3, 1, 0}, 0, 0, 0}}, {"openat", {3, 1, 1}, 0, 0, 0}, 3},
		{{{"openat", {3, 1, 0}, 0, 0, 0}}, {"unlink", {0}, 0, 0, 0}, 3},
		{{{"openat", {3, 1, 0x41}, 0, 0, 0}}, {"unlink", {0}, 0, 0, 0}, INFER_WIDEN_FAMILY},
		{{{"clone", {THREAD}, 0, 0, 0}},
		 {"clone", {0x1200011}, 0, 0, 0},
		 INFER_WIDEN_FAMILY},
		{{{"clone", {THREAD}, 0, 0, 0}}, {"clone", {0x10000011}, 0, 0, 0}, 3},
		{{{"clone", {THREAD}, 0, 0, 0}}, {"kill", {1, 9}, 0, 0, 0}, INFER_WIDEN_SETS},
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"socket", {10, 2, 0}, 0, 0, 0}, 1},
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"socket", {1, 1, 0}, 0, 0, 0}, 3},
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"listen", {0}, 0, 0, 0}, 3},
		/* Sockets of its own, and those that were handed down. */
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"connect", {0}, 0, 0, 0}, 1},
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"sendmsg", {0}, 0, 0, 0}, 1},
		{{{"socket", {2, 1, 0}, 0, 0, 0}}, {"bind", {0}, 0, 0, 0}, 3},
		{{{"socketpair", {1, 1, 0}, 0, 0, 0}}, {"sendmsg", {0}, 0, 0, 0}, 1},
		{{{"socketpair", {1, 1, 0}, 0, 0, 0}}, {"connect", {0}, 0, 0, 0}, 3},
		{{{"accept4", {0}, 0, 0, 0}}, {"sendto", {0}, 0, 0, 0}, 1},
		{{{"accept4", {0}, 0, 0, 0}}, {"accept", {0}, 0, 0, 0}, 0},
		{{{"accept4", {0}, 0, 0, 0}}, {"listen", {0}, 0, 0, 0}, 3},
		{{{"accept4", {0}, 0, 0, 0}}, {"socket", {2, 1, 0}, 0, 0, 0}, 3},
		{{{"connect", {0}, 0, 0, 0}}, {"shutdown", {0}, 0, 0, 0}, 1},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"recvmmsg", {0}, 0, 0, 0}, 0},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"recvfrom", {0}, 0, 0, 0}, 1},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"sendmsg", {0}, 0, 0, 0}, 3},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"connect", {0}, 0, 0, 0}, 3},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"bind", {0}, 0, 0, 0}, 3},
		{{{"recvmsg", {0}, 0, 0, 0}}, {"shutdown", {0}, 0, 0, 0}, 3},
		{{{"sendmsg", {0}, 0, 0, 0}}, {"recvmsg", {0}, 0, 0, 0}, 1},
		{{{"sendmsg", {0}, 0, 0, 0}}, {"connect", {0}, 0, 0, 0}, 3},
		{{{"sendmsg", {0}, 0, 0, 0}}, {"socket", {2, 1, 0}, 0, 0, 0}, 3},
		{{{"listen", {0}, 0, 0, 0}}, {"accept", {0}, 0, 0, 0}, 1},
		{{{"listen", {0}, 0, 0, 0}}, {"connect", {0}, 0, 0, 0}, 3},
		{{{"mmap", {0, 9, 3, 2}, 0, 0, 0}}, {"mprotect", {0, 9, 1}, 0, 0, 0}, 1},
		{{{"mmap", {0, 9, 5, 2}, 0, 0, 0}}, {"mprotect", {0, 9, 5}, 0, 0, 0}, 3},
		{{{"mmap", {0, 9, 5, 2}, 0, 0, 0}}, {"mmap", {0, 9, 7, 2}, 0, 0, 0}, 3},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture *fixture = *state;
		const struct event seen[] = {cases[i].seen[0], {0}};
		const struct recording *recording = record(fixture, seen);

		for (int level = INFER_WIDEN_NONE; level <= INFER_WIDEN_SETS; level++) {
			const struct infer_options options = {.widen = (enum infer_widen)level,
							      .name = "test"};
			const struct policy_rules *rules =
				resolve(fixture, infer_policy(&fixture->arena, recording, &options,
							      &fixture->diags));

			if ((answer(rules, &cases[i].asked) == SECCOMP_RET_ALLOW) !=
			    (level >= cases[i].level))
				fail_msg("%s and %s at level %d (case %zu)", cases[i].seen[0].name,
					 cases[i].asked.name, level, i);
		}
		teardown(state);
		setup(state);
	}
}

/* What was seen in one phase alone, and a recording without it. */
static void test_one_phase(void **state)
{
	static const struct event events[] = {
		{"openat", {3, 1, 2}, 0, 0, 0}, {"sync", {0}, 0, 0, 0}, {0}};
	struct fixture *fixture = *state;
	const struct infer_options start = {.phases = INFER_PHASES_START, .name = "test"};
	const struct infer_options serving = {.phases = INFER_PHASES_SERVING, .name = "test"};
	const struct infer_options both = {.phases = INFER_PHASES_BOTH, .name = "test"};
	const struct recording *recording = record_phases(fixture, events, 2);
	const char *text;

	text = flattened(fixture,
			 infer_policy(&fixture->arena, recording, &start, &fixture->diags));
	assert_non_null(strstr(text, "allow any openat"));
	assert_non_null(strstr(text, "execve"));
	assert_null(strstr(text, "sync"));
	text = flattened(fixture,
			 infer_policy(&fixture->arena, recording, &serving, &fixture->diags));
	assert_non_null(strstr(text, "allow sync;"));
	assert_null(strstr(text, "execve"));
	assert_null(strstr(text, "openat"));
	text = flattened(fixture, infer_policy(&fixture->arena, recording, &both, &fixture->diags));
	assert_null(strstr(strstr(text, "phase serving {"), "allow execve"));
	assert_int_equal(fixture->diags.errors, 0);
	recording = record(fixture, events);
	assert_null(infer_policy(&fixture->arena, recording, &serving, &fixture->diags));
	assert_null(infer_policy(&fixture->arena, recording, &both, &fixture->diags));
	assert_int_equal(fixture->diags.errors, 2);
}

/* Whatever a program and its files are called, the rules are the same, and the text parses. */
static void test_hostile_names(void **state)
{
	static const struct event events[] = {
		{"openat", {3, 1, 2}, 0, 0, 0}, {"sync", {0}, 0, 0, 0}, {0}};
	static const char *const names[] = {
		"x\nallow ptrace;\n#",
		"*/ allow ptrace; /*",
		"\"; allow ptrace; policy \"",
		"\xe2\x80\xae reversed \xd8\x9c marked \xe2\x80\xa8 ended",
		"\xff\xfe\x80 no letters \x1b[31m \x7f\r\x0b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		"\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7"
		"\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7",
		"\\",
		"",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct fixture *fixture = *state;
		const struct recording *plain = record(fixture, events);
		const struct recording *other = record(fixture, events);
		struct recorded_run *run = other->runs.items[0];
		struct recorded_executable *executable = run->executables.items[0];
		const char *name = recording_escape(&fixture->arena, names[i], strlen(names[i]));
		struct infer_options options = {.name = "x"};
		const struct policy_ast *ast;
		const char *wanted, *got;

		wanted = flattened(fixture,
				   infer_policy(&fixture->arena, plain, &options, &fixture->diags));
		executable->path = arena_printf(&fixture->arena, "/bin/%s", name);
		executable->script = i % 2 ? name : NULL;
		run->command.items[0] = name;
		*VEC_PUSH(&fixture->arena, &run->command) = name;
		run->kernel = arena_printf(&fixture->arena, "6.18 %s", name);
		run->host = run->tracer = name;
		*VEC_PUSH(&fixture->arena, &run->unseen) =
			(struct recorded_unseen){UNSEEN_PATH, name, 1};
		ast = infer_policy(&fixture->arena, other, &options, &fixture->diags);
		got = flattened(fixture, ast);
		assert_string_equal(wanted, got);
		resolve(fixture, ast);
		assert_int_equal(fixture->diags.errors, 0);
		options.name = names[i];
		resolve(fixture, infer_policy(&fixture->arena, other, &options, &fixture->diags));
		assert_int_equal(fixture->diags.errors, 0);
		teardown(state);
		setup(state);
	}
}

static const char *printed(struct fixture *fixture, const struct policy_ast *ast)
{
	struct text text = {0};
	const char *copy;

	assert_non_null(ast);
	ast_print(ast, &text);
	copy = arena_copy(&fixture->arena, text.bytes, text.length);
	text_release(&text);
	return copy;
}

static bool is_warned(const struct fixture *fixture, const char *words)
{
	for (size_t i = 0; i < fixture->diags.list.count; i++)
		if (strstr(fixture->diags.list.items[i]->text, words))
			return true;
	return false;
}

/* Each thing that makes a recording a poor witness is said, and only where it is so. */
static void test_unsure(void **state)
{
	static const struct event first[] = {
		{"sync", {0}, 0, 0, 0}, {"read", {0}, 0, 0, 0}, {"read", {0}, 0, 0, 0}, {0}};
	static const struct event second[] = {
		{"read", {0}, 0, 0, 0}, {"write", {0}, 0, 0, 0}, {"write", {0}, 0, 0, 0}, {0}};
	struct fixture *fixture = *state;
	const struct infer_options options = {.name = "test"};
	struct recording *recording = record(fixture, first);
	struct recorded_run *early = recording->runs.items[0], *late;
	const char *text;

	text = printed(fixture,
		       infer_policy(&fixture->arena, recording, &options, &fixture->diags));
	assert_non_null(strstr(text, "# - there was one run"));
	assert_non_null(strstr(text, "# - seen once: sync\n"));
	assert_null(strstr(text, "or more often"));
	assert_int_equal(fixture->diags.list.count, 0);

	late = record(fixture, second)->runs.items[0];
	*VEC_PUSH(&fixture->arena, &recording->runs) = late;
	early->started = 1;
	late->started = 2;
	late->counts_are_least = true;
	late->only_denied = true;
	late->kernel = "5.10";
	*VEC_PUSH(&fixture->arena, &late->executables.items[0]->operations) =
		(struct recorded_operation){PHASE_START, 18, "OPENAT", 3};
	*VEC_PUSH(&fixture->arena, &late->executables.items[0]->operations) =
		(struct recorded_operation){PHASE_START, 200, NULL, 1};
	*VEC_PUSH(&fixture->arena, &late->unseen) =
		(struct recorded_unseen){UNSEEN_ATTRIBUTION, "/bin/x", 1};
	text = printed(fixture,
		       infer_policy(&fixture->arena, recording, &options, &fixture->diags));
	assert_null(strstr(text, "there was one run"));
	assert_non_null(strstr(text, "# - calls that the last run alone brought: write\n"));
	assert_non_null(strstr(text, "# - 1 of 2 runs tell only what a policy would have denied"));
	assert_non_null(strstr(text, "OPENAT 3, operation 200 1"));
	assert_non_null(strstr(text, "# - recorded on several kernels"));
	assert_non_null(strstr(text, "or more often"));
	assert_non_null(strstr(text, "# - it ran behind what was known of it"));
	assert_true(is_warned(fixture, "run 2 of 2 still brought 1 new call (write)"));
	assert_true(is_warned(fixture, "io_uring did what no rule sees: OPENAT 3"));
	assert_true(is_warned(fixture, "several kernels"));

	/* The other way round, nothing is new but what the second brought. */
	early->started = 3;
	text = printed(fixture,
		       infer_policy(&fixture->arena, recording, &options, &fixture->diags));
	assert_non_null(strstr(text, "# - calls that the last run alone brought: sync\n"));
}

/* Whoever reads the policy has to decide about each of them. */
static void test_all_names(void **state)
{
	static const char *const names[] = {
		"chroot",      "fsync",   "getcwd", "getegid", "geteuid", "getgid",     "getpgid",
		"getpid",      "getppid", "getsid", "gettid",  "getuid",  "munlockall", "mlockall",
		"sched_yield", "setsid",  "sync",   "times",   "umask",   "uname",      "vhangup",
	};
	struct fixture *fixture = *state;
	const struct infer_options options = {.name = "test"};
	struct recording recording = {0};
	const char *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct event events[] = {{names[i], {0}, 0, 0, 0}, {0}};

		*VEC_PUSH(&fixture->arena, &recording.runs) =
			record(fixture, events)->runs.items[0];
	}
	text = printed(fixture,
		       infer_policy(&fixture->arena, &recording, &options, &fixture->diags));
	text = strstr(text, "# - seen once:");
	assert_non_null(text);
	text = arena_copy(&fixture->arena, text, (size_t)(strstr(text, "\npolicy") - text));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strstr(text, names[i]))
			fail_msg("%s is not named", names[i]);
	assert_null(strstr(text, " more"));
}

/* Few of many, those with conditions first; and what is denied is not what was seen. */
static void test_expectations(void **state)
{
	static const struct event events[] = {{"ptrace", {0, 1}, 0, 0, 0},
					      {"openat", {3, 1, 0x80000}, 0, 0, 0},
					      {"socket", {1, 0x80801, 0}, 0, 0, 0},
					      {"clone3", {0x1000, 88}, 0, 0, THREAD},
					      {"sync", {0}, 0, ABI_X86, 0},
					      {"ioctl", {1, 0x5401}, 0, ABI_X86, 0},
					      {0}};
	struct fixture *fixture = *state;
	struct infer_options options = {.name = "test"};
	const struct recording *recording = record(fixture, events);
	const struct policy_ast *ast =
		infer_policy(&fixture->arena, recording, &options, &fixture->diags);
	const char *text = flattened(fixture, ast);

	assert_non_null(strstr(text, "expect allow openat(_, _, O_CLOEXEC);"));
	assert_non_null(strstr(text, "expect allow socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | "
				     "SOCK_CLOEXEC, 0);"));
	assert_non_null(strstr(text, "when arch == x86 { expect allow ioctl(_, TCGETS); expect "
				     "allow sync; }"));
	assert_null(strstr(text, "clone3"));
	assert_null(strstr(text, "deny EPERM ptrace"));
	assert_non_null(strstr(text, "expect deny EPERM mount;"));
	check_compiled(fixture, resolve(fixture, ast), "expectations");
	options.no_expectations = true;
	text = flattened(fixture,
			 infer_policy(&fixture->arena, recording, &options, &fixture->diags));
	assert_null(strstr(text, "expect"));
}

/* What was too much for one run is not made narrow by another. */
static void test_saturated_run(void **state)
{
	static const struct event many[] = {{"ioctl", {1, 0x100}, SATURATE, 0, 0}, {0}};
	static const struct event few[] = {{"ioctl", {1, 0x5401}, 0, 0, 0}, {0}};
	const struct infer_options options = {.name = "test"};

	for (int order = 0; order < 2; order++) {
		struct fixture *fixture = *state;
		struct recording *recording = record(fixture, order ? many : few);
		const struct recording *other = record(fixture, order ? few : many);
		const char *text;

		*VEC_PUSH(&fixture->arena, &recording->runs) = other->runs.items[0];
		text = flattened(fixture, infer_policy(&fixture->arena, recording, &options,
						       &fixture->diags));
		assert_non_null(strstr(text, "allow ioctl;"));
		assert_int_equal(fixture->diags.warnings, order + 1);
	}
}

/* A recording by a pale whose catalogue did not know of the argument, beside one that did. */
static void test_unruled(void **state)
{
	static const struct event events[] = {{"ioctl", {1, 0x5401}, 0, 0, 0}, {0}};
	struct fixture *fixture = *state;
	const struct infer_options options = {.name = "test"};
	struct recording *recording = record(fixture, events);
	const struct recording *old = record(fixture, events);
	struct recorded_call *call = old->runs.items[0]->executables.items[0]->calls.items[0];
	const char *text;

	for (size_t i = 0; i < call->args.count; i++)
		call->args.items[i].ruled = false;
	call->tuples.count = 0;
	recording_merge(&fixture->arena, recording, old, "old", &fixture->diags);
	assert_int_equal(recording->runs.count, 2);
	text = flattened(fixture,
			 infer_policy(&fixture->arena, recording, &options, &fixture->diags));
	assert_non_null(strstr(text, "allow ioctl;"));
	assert_int_equal(fixture->diags.errors, 0);
	assert_int_equal(fixture->diags.list.count, 1);
	assert_non_null(strstr(fixture->diags.list.items[0]->text,
			       "ioctl was recorded without the arguments"));
}

static void test_nothing(void **state)
{
	struct fixture *fixture = *state;
	const struct infer_options options = {.name = "test"};
	const struct recording empty = {0};

	assert_null(infer_policy(&fixture->arena, &empty, &options, &fixture->diags));
	assert_int_equal(fixture->diags.errors, 1);
}

static void check_harmless(call_id call, enum abi_id abi)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, abi, &count);

	for (unsigned int i = 0; i < count; i++)
		if (arg_has_authority(call, &args[i]))
			fail_msg("%s's %s", call_get(call)->name, args[i].name);
}

/* Companions and what triggers them exist; no companion has an argument that is restrained. */
static void test_companions(void **state)
{
	const struct companion_class *class;

	(void)state;
	for (size_t i = 0; (class = companion_class(i)) != NULL; i++) {
		for (const char *const *name = class->names; *name; name++) {
			assert_int_not_equal(call_find(*name), CALL_NONE);
			for (int abi = 0; abi < ABI_COUNT; abi++)
				check_harmless(call_find(*name), (enum abi_id)abi);
		}
		for (const char *const *name = class->triggers; *name; name++)
			if (strcmp(*name, INFER_FILES_MADE) != 0)
				assert_int_not_equal(call_find(*name), CALL_NONE);
	}
}

/* What must stay restrained, whatever becomes of the tables. */
static void test_authority(void **state)
{
	static const struct {
		const char *call;
		const char *arg;
		bool authority;
	} expected[] = {
		{"bpf", "cmd", true},
		{"clone", "flags", true},
		{"fcntl", "cmd", true},
		{"ioctl", "request", true},
		{"keyctl", "operation", true},
		{"mmap", "prot", true},
		{"mount", "mountflags", true},
		{"openat", "flags", true},
		{"personality", "persona", true},
		{"prctl", "option", true},
		{"ptrace", "request", true},
		{"seccomp", "operation", true},
		{"setns", "nstype", true},
		{"setsockopt", "level", true},
		{"socket", "domain", true},
		{"socket", "type", true},
		{"unshare", "flags", true},
		{"read", "fd", false},
		{"read", "buf", false},
		{"lseek", "whence", false},
		{"kill", "sig", false},
		{"futex", "futex_op", false},
		{"clock_gettime", "clockid", false},
		{"msgget", "key", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		call_id call = call_find(expected[i].call);
		int index = call_arg_find(call, ABI_X86_64, expected[i].arg);
		unsigned int count;

		if (index < 0)
			fail_msg("%s has no %s", expected[i].call, expected[i].arg);
		if (arg_has_authority(call, &call_args(call, ABI_X86_64, &count)[index]) !=
		    expected[i].authority)
			fail_msg("%s's %s", expected[i].call, expected[i].arg);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random_recordings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phase_entry, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phase_traps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_level_contents, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_phase, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unsure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expectations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_saturated_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unruled, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test(test_companions),
		cmocka_unit_test(test_authority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
