/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/random_policy.h"

#include "tests/fuzz/random_condition.h"

#include <string.h>

/* Calls with arguments of every kind, and such as differ between ABIs; as many come from the catalogue. */
static const char *const favourites[] = {
	"_llseek",
	"accept4",
	"arm_sync_file_range",
	"chown",
	"clone",
	"clone3",
	"creat",
	"fadvise64",
	"fadvise64_64",
	"fallocate",
	"fanotify_mark",
	"fcntl",
	"fcntl64",
	"ftruncate64",
	"futex",
	"getpriority",
	"ioctl",
	"ipc",
	"kcmp",
	"kill",
	"lookup_dcookie",
	"lseek",
	"mmap",
	"mmap2",
	"mprotect",
	"mknod",
	"open",
	"openat",
	"openat2",
	"personality",
	"prctl",
	"pread64",
	"preadv",
	"preadv2",
	"ptrace",
	"pwrite64",
	"pwritev2",
	"read",
	"readahead",
	"renameat2",
	"seccomp",
	"sendto",
	"setns",
	"setresuid",
	"setuid",
	"setuid32",
	"shmat",
	"socket",
	"socketcall",
	"splice",
	"sync_file_range",
	"sync_file_range2",
	"syscall",
	"sysmips",
	"tgkill",
	"truncate64",
	"umask",
	"unshare",
	"vmsplice",
	"waitid",
	"write",
	"set_tls",
	"cacheflush",
	"riscv_hwprobe",
	"s390_pci_mmio_write",
};
enum {
	FAVOURITES = sizeof(favourites) / sizeof(favourites[0]),
	POOL_MAX = 70,
	GROUPS_MAX = 3,
	GROUP_CALLS_MAX = 8,
};

struct group {
	call_id calls[GROUP_CALLS_MAX]; /* those that it names; 0: a condition cannot be added */
	size_t call_count;
};

struct maker {
	struct random_scope scope;
	struct random_policy *policy;
	call_id pool[POOL_MAX];
	uint32_t pool_count;
	struct group groups[GROUPS_MAX];
	uint32_t group_count;
	unsigned int params;
};

static bool known(const struct maker *maker, call_id call)
{
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (maker->scope.abis & ABI_BIT(abi) && call_number(call, (enum abi_id)abi) >= 0)
			return true;
	return false;
}

static void fill_pool(struct maker *maker, uint32_t count)
{
	struct dice *dice = maker->scope.dice;

	/* Some calls stand twice in it: no matter. */
	for (uint32_t i = 0; i < 8 * count && maker->pool_count < count; i++) {
		call_id call = dice_once_in(dice, 2)
				       ? call_find(favourites[dice_below(dice, FAVOURITES)])
				       : (call_id)dice_below(dice, (uint32_t)call_count());

		if (call != CALL_NONE && known(maker, call))
			maker->pool[maker->pool_count++] = call;
	}
	if (!maker->pool_count)
		maker->pool[maker->pool_count++] = call_find("read");
}

/* -- The head --------------------------------------------------------------------------------- */

static void choose_abis(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	const struct abi *abi = abi_get((enum abi_id)dice_below(dice, ABI_COUNT));
	abi_set machine = abi_machine(abi);
	abi_set abis = ABI_BIT(abi->id) | (machine & (abi_set)dice_bits(dice, 16));

	if (dice_once_in(dice, 16))
		abis |= ABI_BIT(dice_below(dice, ABI_COUNT));
	maker->scope.abis = maker->policy->abis = abis;
}

static void write_abis(struct text *out, abi_set abis)
{
	const char *separator = "";

	for (int id = 0; id < ABI_COUNT; id++) {
		if (!(abis & ABI_BIT(id)))
			continue;
		text_printf(out, "%s%s", separator, abi_get((enum abi_id)id)->name);
		separator = ", ";
	}
}

static void write_action(const struct maker *maker)
{
	static const char *const actions[] = {
		"allow",     "allow",  "allow",        "deny EPERM",  "deny EACCES", "deny ENOSYS",
		"deny 4095", "deny 1", "kill process", "kill thread", "log",         "notify",
		"trap 0",    "trap 7", "trap 65535",   "trace 0",     "trace 65535", "trace 1",
	};

	text_add_string(maker->scope.out, actions[dice_below(maker->scope.dice, 18)]);
}

static void write_default(const struct maker *maker, const char *which)
{
	text_printf(maker->scope.out, "%s ", which);
	write_action(maker);
	text_add_string(maker->scope.out, ";\n");
}

static void write_head(struct maker *maker)
{
	static const char *const baselines[] = {"4.19", "5.10", "5.19", "6.1", "6.6"};
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;

	text_add_string(out, "policy \"random\";\narch ");
	write_abis(out, maker->scope.abis);
	text_add_string(out, ";\n");
	if (dice_once_in(dice, 2))
		text_printf(out, "baseline linux %s;\n", baselines[dice_below(dice, 5)]);
	write_default(maker, "default");
	if (dice_once_in(dice, 2))
		write_default(maker, "unknown");
	if (dice_once_in(dice, 2))
		write_default(maker, "foreign");
}

/* Params, half of which get another value by -D: `given0` is a truth, the others a number and a word. */
static void write_params(struct maker *maker, struct arena *arena)
{
	static const char *const values[][3] = {
		{"true", "false", "true"}, {"0", "3", "0x40"}, {"strict", "lax", "other"}};
	struct dice *dice = maker->scope.dice;
	struct random_policy *policy = maker->policy;

	maker->params = dice_below(dice, 4);
	for (unsigned int i = 0; i < maker->params; i++) {
		text_printf(maker->scope.out, "param given%u = %s;\n", i,
			    values[i][dice_below(dice, 3)]);
		if (dice_once_in(dice, 2))
			policy->definitions[policy->definition_count++] = (struct definition){
				arena_printf(arena, "given%u", i), values[i][dice_below(dice, 3)]};
	}
}

static void write_small_set(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;
	unsigned int count = 1 + dice_below(dice, 5);

	text_printf(out, "let set%u = { ", maker->scope.set_count);
	for (unsigned int i = 0; i < count; i++) {
		uint32_t first = dice_below(dice, 100);

		text_add_string(out, i ? ", " : "");
		if (maker->scope.set_count && dice_once_in(dice, 5))
			text_printf(out, "set%u", dice_below(dice, maker->scope.set_count));
		else if (maker->scope.number_count && dice_once_in(dice, 5))
			text_printf(out, "small%u", dice_below(dice, maker->scope.number_count));
		else if (dice_once_in(dice, 3))
			text_printf(out, "%u..%u", first, first + dice_below(dice, 40));
		else
			random_number(&maker->scope, first, false);
	}
	text_add_string(out, " };\n");
	maker->scope.set_count++;
}

static void write_lets(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;

	for (uint32_t i = dice_below(dice, 4); i > 0; i--) {
		text_printf(out, "let small%u = ", maker->scope.number_count);
		if (maker->scope.number_count && dice_once_in(dice, 4))
			text_printf(out, "small%u", dice_below(dice, maker->scope.number_count));
		else if (maker->params > 1 && dice_once_in(dice, 4))
			text_add_string(out, "given1");
		else
			random_number(&maker->scope, dice_below(dice, 100), false);
		text_add_string(out, ";\n");
		maker->scope.number_count++;
	}
	for (uint32_t i = dice_below(dice, 4); i > 0; i--)
		write_small_set(maker);
	if (dice_once_in(dice, 4))
		for (uint32_t i = 1 + dice_below(dice, 2); i > 0; i--)
			text_printf(out, "let load%u = load;\n", maker->scope.load_count++);
}

/* -- Rules ------------------------------------------------------------------------------------ */

static void write_group_item(const struct maker *maker)
{
	const struct group *group;
	uint32_t which = dice_below(maker->scope.dice, maker->group_count);

	group = &maker->groups[which];
	text_printf(maker->scope.out, "@mine%u", which);
	if (group->call_count && dice_once_in(maker->scope.dice, 2))
		random_where(&maker->scope, group->calls, group->call_count);
}

static void write_shipped_item(const struct maker *maker)
{
	size_t count = 0;

	while (library_group_name(count))
		count++;
	text_printf(maker->scope.out, "@%s",
		    library_group_name(dice_below(maker->scope.dice, (uint32_t)count)));
}

/* `any CALL`, of those that have kin. */
static void write_any_item(const struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	call_id call = maker->pool[0];

	for (int i = 0; i < 40; i++) {
		unsigned int count = 0;
		enum abi_id abi = abi_first(maker->scope.abis)->id;
		call_id drawn = (call_id)dice_below(dice, (uint32_t)call_count());

		if (dice_once_in(dice, 3))
			drawn = call_find(favourites[dice_below(dice, FAVOURITES)]);
		call_equivalents(drawn, abi, &count);
		if (count > 1) {
			call = drawn;
			break;
		}
	}
	text_printf(maker->scope.out, "%sany %s", dice_once_in(dice, 6) ? "optional " : "",
		    call_get(call)->name);
	if (dice_once_in(dice, 2))
		random_where_any(&maker->scope, call);
}

/* One to three calls with a condition; CALLS gets them. */
static size_t write_calls(const struct maker *maker, call_id calls[3])
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;
	size_t count = dice_once_in(dice, 4) ? 2 + dice_below(dice, 2) : 1;

	for (size_t i = 0; i < count; i++) {
		calls[i] = maker->pool[dice_below(dice, maker->pool_count)];
		text_printf(out, "%s%s%s", i ? ", " : "", dice_once_in(dice, 12) ? "optional " : "",
			    call_get(calls[i])->name);
	}
	if (dice_once_in(dice, 30))
		text_add_string(out, ", optional no_such_call");
	if (!dice_once_in(dice, 6))
		random_where(&maker->scope, calls, count);
	return count;
}

static void write_rule(const struct maker *maker, const char *indent)
{
	uint32_t kind = dice_below(maker->scope.dice, 24);
	call_id calls[3];

	text_add_string(maker->scope.out, indent);
	write_action(maker);
	text_add_char(maker->scope.out, ' ');
	if (kind < 4 && maker->group_count)
		write_group_item(maker);
	else if (kind == 4)
		write_shipped_item(maker);
	else if (kind < 9)
		write_any_item(maker);
	else
		write_calls(maker, calls);
	text_add_string(maker->scope.out, ";\n");
}

static void write_question(const struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;
	abi_set some = maker->scope.abis & (abi_set)dice_bits(dice, 16);

	if (maker->params && dice_once_in(dice, 3)) {
		text_add_string(out, dice_once_in(dice, 2) ? "!given0" : "given0");
		if (maker->params > 1 && dice_once_in(dice, 2))
			text_printf(out, " || given1 > %u", dice_below(dice, 100));
		if (maker->params > 2 && dice_once_in(dice, 2))
			text_add_string(out, " && given2 == strict");
		return;
	}
	if (!some)
		some = maker->scope.abis & -maker->scope.abis;
	text_add_string(out, dice_once_in(dice, 4) ? "!(arch in { " : "(arch in { ");
	write_abis(out, some);
	text_add_string(out, " })");
	if (!(some & (some - 1)) && dice_once_in(dice, 3))
		text_printf(out, " && arch != %s", abi_first(maker->scope.abis)->name);
}

static void group_learn(struct group *group, const call_id *calls, size_t count)
{
	for (size_t i = 0; i < count && group->call_count < GROUP_CALLS_MAX; i++)
		group->calls[group->call_count++] = calls[i];
}

static void write_group(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;
	struct group *group = &maker->groups[maker->group_count];
	bool opaque = false;

	text_printf(out, "group @mine%u {\n", maker->group_count);
	for (uint32_t i = 1 + dice_below(dice, 3); i > 0; i--) {
		bool asked = dice_once_in(dice, 6);
		call_id calls[3];

		if (asked) {
			text_add_string(out, "\twhen ");
			write_question(maker);
			text_add_string(out, " {\n\t");
		}
		text_add_char(out, '\t');
		if (maker->group_count && dice_once_in(dice, 4)) {
			write_group_item(maker);
			opaque = true;
		} else if (dice_once_in(dice, 5)) {
			write_any_item(maker);
			opaque = true;
		} else {
			group_learn(group, calls, write_calls(maker, calls));
		}
		text_add_string(out, asked ? ";\n\t}\n" : ";\n");
	}
	text_add_string(out, "}\n");
	group->call_count = opaque ? 0 : group->call_count;
	maker->group_count++;
}

/* With a name of its own, perhaps, which ends with it. */
static void write_branch(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	unsigned int outside = maker->scope.number_count;

	if (dice_once_in(dice, 3)) {
		text_printf(maker->scope.out, "\tlet small%u = ", outside);
		random_number(&maker->scope, dice_below(dice, 100), false);
		text_add_string(maker->scope.out, ";\n");
		maker->scope.number_count++;
	}
	for (uint32_t i = 1 + dice_below(dice, 2); i > 0; i--)
		write_rule(maker, "\t");
	maker->scope.number_count = outside;
}

static void write_when(struct maker *maker)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;

	text_add_string(out, "when ");
	write_question(maker);
	text_add_string(out, " {\n");
	write_branch(maker);
	if (dice_once_in(dice, 2)) {
		text_add_string(out, "} else {\n");
		write_branch(maker);
	}
	text_add_string(out, "}\n");
}

/*
 * A phase that says what the text says from RULES on, but for some lines, and sometimes more: often it is
 * tighter than that. What gets `default` is killed then.
 */
static void write_phase(struct maker *maker, size_t rules)
{
	struct dice *dice = maker->scope.dice;
	struct text *out = maker->scope.out;
	struct text copy = {0};
	bool inside = false;

	text_add_string(&copy, out->bytes ? out->bytes + rules : "");
	text_add_string(out, "phase later {\n");
	if (!dice_once_in(dice, 4))
		text_add_string(out, "\tdefault kill process;\n\tunknown kill process;\n");
	for (const char *line = copy.bytes; line && *line; line = strchr(line, '\n') + 1) {
		size_t length = (size_t)(strchr(line, '\n') - line) + 1;

		inside = inside || !strncmp(line, "when ", 5);
		if (inside || !dice_once_in(dice, 4)) {
			text_add_char(out, '\t');
			text_add(out, line, length);
		}
		inside = inside && strncmp(line, "}\n", 2) != 0;
	}
	if (dice_once_in(dice, 3))
		write_rule(maker, "\t");
	text_add_string(out, "}\n");
	text_release(&copy);
}

void random_policy_make(struct arena *arena, struct dice *dice, struct random_policy *policy)
{
	bool large = dice_once_in(dice, 24); /* so that jumps are long */
	struct maker maker = {.scope = {.dice = dice, .out = &policy->text}, .policy = policy};
	size_t rules_at;
	uint32_t rules = large ? 60 + dice_below(dice, 90) : 2 + dice_below(dice, 14);

	*policy = (struct random_policy){0};
	choose_abis(&maker);
	fill_pool(&maker, large ? POOL_MAX : 2 + dice_below(dice, 7));
	write_head(&maker);
	write_params(&maker, arena);
	write_lets(&maker);
	for (uint32_t i = dice_below(dice, GROUPS_MAX + 1); i > 0; i--)
		write_group(&maker);
	rules_at = policy->text.length;
	while (rules--)
		if (dice_once_in(dice, 8))
			write_when(&maker);
		else
			write_rule(&maker, "");
	if (dice_once_in(dice, 3))
		write_phase(&maker, rules_at);
}

bool random_policy_drop(struct random_policy *policy, uint32_t at)
{
	static const char *const kept[] = {"policy ",  "arch ",    "baseline ", "default ",
					   "unknown ", "foreign ", "param "};
	char *begin = policy->text.bytes + at, *end = begin;

	while (begin > policy->text.bytes && begin[-1] != '\n')
		begin--;
	while (*end && *end != '\n')
		end++;
	while (*begin == '\t')
		begin++;
	if (begin >= end || *begin == ' ' || end[-1] != ';')
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (!strncmp(begin, kept[i], strlen(kept[i])))
			return false;
	memset(begin, ' ', (size_t)(end - begin));
	return true;
}
