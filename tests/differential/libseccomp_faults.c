/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies for which libseccomp, told what they say in its own words, makes a filter that does something
 * else. Each must still do so, or the list is out of date: that is said, and is no failure.
 *	libseccomp_faults LIST
 * Blocks of the list begin with `fault NAME`; its other lines are
 *	abis NAME...           those that a context is made for
 *	level N                SCMP_FLTATR_CTL_OPTIMIZE
 *	default ACTION         of the context
 *	foreign ACTION         for calls of other ABIs
 *	rule ACTION CALL [ARG OP VALUE[..VALUE] [MASK]]...
 *	policy TEXT            what was meant, in pale's words, on one or more lines
 *	call ABI CALL ARG...   a call that the two answer otherwise
 *	pale ACTION
 *	libseccomp ACTION      or `refuses`, a rule; or `hangs`, for two seconds at least
 */
#include "compiler/backend/equal.h"
#include "compiler/compile.h"
#include "compiler/resolve/resolve.h"
#include "policy-lang/catalog/call.h"
#include "policy-lang/catalog/constant.h"
#include "policy-lang/parse.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define RULES_MAX 32

struct fault {
	char name[160];
	enum abi_id abis[8];
	size_t abi_count;
	uint32_t level;
	uint32_t fallback;
	uint32_t foreign;
	char *rules[RULES_MAX];
	size_t rule_count;
	struct text policy;
	char *call;
	char pale[64];
	char libseccomp[64];
};

static _Noreturn void die(const char *what, const char *text)
{
	printf("%s: %s\n", what, text);
	exit(1);
}

/* Takes the next word of *TEXT, or NULL. */
static char *word(char **text)
{
	char *found;

	do
		found = strsep(text, " \t");
	while (found && !*found);
	return found;
}

static uint32_t take_action(char **text)
{
	char *kind = word(text);
	uint64_t number;

	if (kind && !strcmp(kind, "allow"))
		return SCMP_ACT_ALLOW;
	if (kind && !strcmp(kind, "log"))
		return SCMP_ACT_LOG;
	if (kind && !strcmp(kind, "trap"))
		return SCMP_ACT_TRAP;
	if (kind && !strcmp(kind, "kill"))
		return !strcmp(word(text), "process") ? SCMP_ACT_KILL_PROCESS
						      : SCMP_ACT_KILL_THREAD;
	if (!kind || strcmp(kind, "deny") ||
	    !constant_value(constant_find(word(text)), ABI_X86_64, &number))
		die("no action", kind ? kind : "nothing");
	return SCMP_ACT_ERRNO((uint32_t)number);
}

static enum scmp_compare find_operator(const char *text)
{
	static const char *const operators[] = {"", "!=", "<", "<=", "==", ">=", ">", "&=="};

	for (unsigned int i = 1; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strcmp(text, operators[i]))
			return (enum scmp_compare)i;
	die("no operator", text);
}

/* Adds a rule, or for an `ARG OP FIRST..LAST` one for each value. */
static int add_rule(scmp_filter_ctx context, char *text)
{
	struct scmp_arg_cmp tests[6] = {0};
	uint32_t action = take_action(&text);
	const char *name = word(&text);
	int number = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp *ranged = tests;
	unsigned int count = 0;
	uint64_t more = 0;
	int error;
	char *arg;

	if (number == __NR_SCMP_ERROR)
		die("no such call", name);
	while ((arg = word(&text))) {
		struct scmp_arg_cmp *test = &tests[count++];
		char *end;

		test->arg = (unsigned int)strtoul(arg, NULL, 0);
		test->op = find_operator(word(&text));
		test->datum_a = strtoull(word(&text), &end, 0);
		if (!strncmp(end, "..", 2)) {
			ranged = test;
			more = strtoull(end + 2, NULL, 0) - test->datum_a;
		}
		/* `ARG &== VALUE MASK` */
		if (test->op == SCMP_CMP_MASKED_EQ) {
			test->datum_b = test->datum_a;
			test->datum_a = strtoull(word(&text), NULL, 0);
		}
	}
	do {
		error = seccomp_rule_add_array(context, action, number, count, tests);
		ranged->datum_a++;
	} while (!error && more--);
	return error;
}

static void turn(struct filter *filter)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		filter->instructions[i].code = __builtin_bswap16(filter->instructions[i].code);
		filter->instructions[i].k = __builtin_bswap32(filter->instructions[i].k);
	}
}

static void export_filter(struct arena *arena, scmp_filter_ctx context, struct filter *filter)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	off_t size;

	if (fd < 0 || seccomp_export_bpf(context, fd))
		die("export", strerror(errno));
	size = lseek(fd, 0, SEEK_END);
	filter->count = (uint32_t)((size_t)size / sizeof(*filter->instructions));
	filter->instructions =
		arena_alloc_array(arena, filter->count, sizeof(*filter->instructions));
	if (pread(fd, filter->instructions, (size_t)size, 0) != size)
		die("export", strerror(errno));
	close(fd);
}

/* What libseccomp makes of the rules; the error of the first that it refuses. */
static int make_theirs(struct arena *arena, struct fault *fault, struct filter *filter)
{
	scmp_filter_ctx context = seccomp_init(fault->fallback);
	int error = context ? 0 : -ENOMEM;

	if (!error)
		error = seccomp_arch_remove(context, SCMP_ARCH_NATIVE);
	for (size_t i = 0; i < fault->abi_count && !error; i++)
		error = seccomp_arch_add(context,
					 seccomp_arch_resolve_name(abi_get(fault->abis[i])->name));
	if (error || seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, fault->foreign) ||
	    seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, fault->level))
		die(fault->name, "no context");
	for (size_t i = 0; i < fault->rule_count && !error; i++)
		error = add_rule(context, fault->rules[i]);
	if (!error) {
		export_filter(arena, context, filter);
		filter->big_endian = abi_get(fault->abis[0])->big_endian;
		if (filter->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
			turn(filter);
	}
	seccomp_release(context);
	return error;
}

/* Whether libseccomp does not come back, which is found out in another process. */
static bool hangs(struct arena *arena, struct fault *fault)
{
	struct filter theirs = {0};
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		die("fork", strerror(errno));
	if (!child) {
		alarm(2);
		make_theirs(arena, fault, &theirs);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid", strerror(errno));
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
}

static void explain(const struct fault *fault, const struct diags *diags)
{
	struct text text = {0};

	for (size_t i = 0; i < diags->list.count; i++)
		if (diags->list.items[i]->severity == DIAG_ERROR)
			diag_render(diags, diags->list.items[i], &text);
	die(fault->name, text.bytes ? text.bytes : "pale makes no filter of it");
}

static struct filter *make_ours(struct arena *arena, struct fault *fault, struct sources *sources)
{
	struct diags diags = {.arena = arena, .sources = sources};
	struct library library = {0};
	struct resolve_options resolve = {0};
	struct compile_options compile = {0};
	struct policy_rules *rules;
	struct policy_ast *ast;
	struct filter *filter;

	for (size_t i = 0; i < fault->abi_count; i++)
		resolve.abis |= ABI_BIT(fault->abis[i]);
	ast = policy_parse(arena, sources,
			   sources_add(sources, fault->name, fault->policy.bytes,
				       (uint32_t)fault->policy.length),
			   &diags);
	if (!ast || diags.errors)
		explain(fault, &diags);
	rules = policy_resolve(arena, sources, &library, ast, &resolve, &diags);
	if (!rules || diags.errors)
		explain(fault, &diags);
	filter = policy_compile(arena, rules, sources, &compile, &diags, NULL);
	if (!filter)
		explain(fault, &diags);
	return filter;
}

static void read_call(const struct fault *fault, uint32_t words[WORD_COUNT])
{
	char *text = fault->call;
	const char *name = word(&text);
	const struct abi *abi = name ? abi_find(name) : NULL;
	char *end;

	if (!abi || !(name = word(&text)))
		die(fault->name, "no call");
	words[WORD_ARCH] = abi->audit_arch;
	words[WORD_NR] = (uint32_t)strtoul(name, &end, 0);
	if (*end)
		words[WORD_NR] = (uint32_t)call_number(call_find(name), abi->id);
	for (unsigned int i = 0; i < 6 && (name = word(&text)); i++) {
		uint64_t value = strtoull(name, NULL, 0);

		words[abi_word_low(abi, i) / 4] = (uint32_t)value;
		words[abi_word_high(abi, i) / 4] = (uint32_t)(value >> 32);
	}
}

static bool answers(const struct filter *filter, const uint32_t words[WORD_COUNT],
		    const char *wanted, struct text *found)
{
	found->length = 0;
	seccomp_action_print(filter_simulate(filter, words).action, ABI_X86_64, found);
	return !strcmp(found->bytes, wanted);
}

/* Whether the fault is there as described; false where libseccomp has mended it. */
static bool judge(struct arena *arena, struct fault *fault)
{
	struct sources sources = {.arena = arena};
	struct filter *ours = make_ours(arena, fault, &sources);
	struct filter theirs = {0};
	uint32_t words[WORD_COUNT] = {0};
	struct filters_comparison found;
	struct text text = {0};
	int error;
	bool good;

	if (!strcmp(fault->libseccomp, "hangs"))
		return hangs(arena, fault);
	error = make_theirs(arena, fault, &theirs);
	if (error) {
		printf("%s: libseccomp refuses: %s\n", fault->name, strerror(-error));
		return !strcmp(fault->libseccomp, "refuses");
	}
	found = filters_compare(arena, ours, &theirs);
	if (found.verdict == FILTERS_UNKNOWN)
		die(fault->name, found.refusal);
	if (found.verdict == FILTERS_DIFFER) {
		seccomp_data_print(found.words, &text);
		printf("%s: proof finds %s: pale %08x, libseccomp %08x\n", fault->name, text.bytes,
		       found.left, found.right);
	}
	read_call(fault, words);
	if (!strcmp(fault->pale, fault->libseccomp))
		die(fault->name, "both answer alike");
	if (!answers(ours, words, fault->pale, &text))
		die(fault->name, arena_printf(arena, "pale answers %s", text.bytes));
	good = found.verdict == FILTERS_DIFFER && answers(&theirs, words, fault->libseccomp, &text);
	if (!good)
		printf("%s: libseccomp answers %s\n", fault->name, text.bytes);
	text_release(&text);
	return good;
}

static void read_line(struct fault *fault, char *line)
{
	char *key = word(&line);
	char *name;

	if (!strcmp(key, "abis"))
		while ((name = word(&line))) {
			if (!abi_find(name))
				die("no ABI", name);
			fault->abis[fault->abi_count++] = abi_find(name)->id;
		}
	else if (!strcmp(key, "level"))
		fault->level = (uint32_t)atoi(line);
	else if (!strcmp(key, "default"))
		fault->fallback = take_action(&line);
	else if (!strcmp(key, "foreign"))
		fault->foreign = take_action(&line);
	else if (!strcmp(key, "rule"))
		fault->rules[fault->rule_count++] = strdup(line);
	else if (!strcmp(key, "policy"))
		text_printf(&fault->policy, "%s\n", line);
	else if (!strcmp(key, "call"))
		fault->call = strdup(line);
	else if (!strcmp(key, "pale"))
		snprintf(fault->pale, sizeof(fault->pale), "%s", line);
	else if (!strcmp(key, "libseccomp"))
		snprintf(fault->libseccomp, sizeof(fault->libseccomp), "%s", line);
	else
		die("what is", key);
}

static void finish(struct fault *fault, unsigned int *there, unsigned int *mended)
{
	struct arena arena;

	if (!*fault->name)
		return;
	if (arena_init(&arena))
		exit(99);
	if (judge(&arena, fault))
		++*there;
	else
		printf("%s: NOT AS LISTED (%u)\n", fault->name, ++*mended);
	for (size_t i = 0; i < fault->rule_count; i++)
		free(fault->rules[i]);
	free(fault->call);
	text_release(&fault->policy);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	static const struct fault fresh = {
		.level = 2, .fallback = SCMP_ACT_ERRNO(EPERM), .foreign = SCMP_ACT_KILL_PROCESS};
	FILE *list = argc == 2 ? fopen(argv[1], "re") : NULL;
	unsigned int there = 0, mended = 0;
	struct fault fault = {0};
	char *line = NULL;
	size_t capacity = 0;

	if (!list)
		die("list", strerror(errno));
	seccomp_api_set(6);
	while (getline(&line, &capacity, list) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (strncmp(line, "fault ", 6) != 0) {
			read_line(&fault, line);
			continue;
		}
		finish(&fault, &there, &mended);
		fault = fresh;
		snprintf(fault.name, sizeof(fault.name), "%s", line + 6);
	}
	finish(&fault, &there, &mended);
	free(line);
	fclose(list);
	printf("libseccomp %u.%u.%u: %u faults as listed, %u not\n", seccomp_version()->major,
	       seccomp_version()->minor, seccomp_version()->micro, there, mended);
	return there + mended ? 0 : 1;
}
