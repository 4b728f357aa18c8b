/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies, exported and read back as their consumers read them: what libseccomp makes of
 * the profile must be the policy, or with `lossy` let nothing more through; for every call, by
 * comparing decision diagrams.
 *	random_export [COUNT [SEED [FIRST]]]
 */
#include "compiler/exchange/consumer.h"
#include "compiler/exchange/export.h"
#include "policy-lang/catalog/constant.h"
#include "tests/consumers/decision.h"
#include "tests/consumers/lottery.h"
#include "tests/consumers/replay.h"

#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Some with few arguments, some behind multiplexers, some that only one ABI has. */
static const char *const names[] = {
	"ioctl",   "socket",   "prctl",  "ptrace", "fcntl",      "personality", "lseek",
	"madvise", "mprotect", "msgctl", "accept", "socketcall", "ipc",         "arch_prctl",
	"mmap2",   "sendmsg",  "semop",  "shmget", "keyctl",     "accept4",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static void draw_rules(struct lottery *lottery, struct policy_rules *rules, abi_set abis)
{
	static const struct condition always = {.kind = CONDITION_TRUE};
	struct words words = {true, abi_first(abis)->big_endian};
	uint32_t count = 1 + draw(lottery, 8);

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id) && !consumer_tests_high_words((enum abi_id)id))
			words.high = false;
	if (!draw(lottery, 4))
		words.high = true;
	for (uint32_t i = 0; i < count; i++) {
		call_id call = call_find(names[draw(lottery, draw(lottery, 3) ? 6 : NAMES)]);
		seccomp_action action = draw_action(lottery, draw(lottery, 4));
		const struct condition *condition =
			draw(lottery, 4) ? draw_condition(lottery, draw(lottery, 4), &words)
					 : &always;

		for (size_t j = 0; j < rules->rulesets.count; j++) {
			struct ruleset *set = &rules->rulesets.items[j];
			int64_t number = call_number(call, set->abi->id);
			struct rule *rule;

			if (number < 0)
				continue;
			rule = VEC_PUSH(lottery->arena, &set->rules);
			*rule = (struct rule){.number = (uint32_t)number,
					      .call = call,
					      .action = action,
					      .condition = condition};
		}
	}
}

#define X86_64 ABI_BIT(ABI_X86_64)

/* What a profile can be for, and the machine's own ABI. x86 is drawn as often as all of these. */
static const struct {
	enum abi_id native;
	abi_set abis;
} targets[] = {
	{ABI_AARCH64, ABI_BIT(ABI_AARCH64)},
	{ABI_AARCH64, ABI_BIT(ABI_AARCH64) | ABI_BIT(ABI_ARM)},
	{ABI_ARM, ABI_BIT(ABI_ARM)},
	{ABI_AARCH64, ABI_BIT(ABI_AARCH64) | X86_64},
	{ABI_X86_64, ABI_BIT(ABI_AARCH64) | ABI_BIT(ABI_X86) | X86_64},
	{ABI_MIPSEL, ABI_BIT(ABI_MIPSEL)},
	{ABI_MIPSEL64, ABI_BIT(ABI_MIPSEL) | ABI_BIT(ABI_MIPSEL64) | ABI_BIT(ABI_MIPSEL64N32)},
	{ABI_MIPSEL64N32, ABI_BIT(ABI_MIPSEL64N32)},
	{ABI_MIPS, ABI_BIT(ABI_MIPS)},
	{ABI_MIPS64, ABI_BIT(ABI_MIPS64) | ABI_BIT(ABI_MIPS64N32)},
	{ABI_RISCV64, ABI_BIT(ABI_RISCV64)},
	{ABI_PPC64LE, ABI_BIT(ABI_PPC64LE)},
	{ABI_S390X, ABI_BIT(ABI_S390X)},
};
static const abi_set x86_targets[] = {X86_64, X86_64 | ABI_BIT(ABI_X86),
				      X86_64 | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32)};

static enum abi_id draw_target(struct lottery *lottery, abi_set *abis)
{
	uint32_t drawn = draw(lottery, 2 * sizeof(targets) / sizeof(targets[0]));

	if (drawn < sizeof(targets) / sizeof(targets[0])) {
		*abis = targets[drawn].abis;
		return targets[drawn].native;
	}
	*abis = x86_targets[draw(lottery, 3)];
	return ABI_X86_64;
}

static seccomp_action answer_enosys(enum abi_id abi)
{
	uint64_t number = 0;

	constant_value(constant_find("ENOSYS"), abi, &number);
	return SECCOMP_RET_ERRNO | (seccomp_action)number;
}

static void draw_policy(struct lottery *lottery, struct policy_rules *rules, abi_set abis)
{
	static const struct kernel_version baseline = {5, 16};
	seccomp_action unmatched = draw_action(lottery, true);
	bool absent = draw(lottery, 2);

	*rules = (struct policy_rules){0};
	rules->foreign = draw(lottery, 3) ? SECCOMP_RET_KILL_THREAD : SECCOMP_RET_KILL_PROCESS;
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		struct ruleset *set;

		if (!(abis & ABI_BIT(id)))
			continue;
		set = VEC_PUSH(lottery->arena, &rules->rulesets);
		set->abi = abi_get((enum abi_id)id);
		set->highest = call_highest((enum abi_id)id, baseline);
		set->unmatched = unmatched;
		set->unknown = absent ? answer_enosys((enum abi_id)id) : unmatched;
		set->foreign = rules->foreign;
	}
	draw_rules(lottery, rules, abis);
}

/* The numbers worth a look on an ABI: those of the names above, and some that no rule has. */
static uint32_t number_at(const struct abi *abi, uint32_t highest, size_t index, bool *end)
{
	const uint32_t others[] = {abi->number_base,
				   abi->number_base + 9,
				   highest,
				   highest + 1,
				   abi->number_base + 470,
				   abi->number_base + 2000,
				   abi->number_base + 0x3fffffff};
	int64_t number;

	*end = index >= NAMES + sizeof(others) / sizeof(others[0]);
	if (*end)
		return 0;
	if (index >= NAMES)
		return others[index - NAMES];
	number = call_number(call_find(names[index]), abi->id);
	return number < 0 ? abi->number_base : (uint32_t)number;
}

struct judge {
	struct decisions *all;
	const struct policy_rules *rules;
	const struct export_options *options;
	const struct replay *replay;
	struct difference difference;
	uint32_t number;
	const struct abi *abi;
};

static bool is_launcher_call(const struct judge *judge, call_id call)
{
	const char *const *name = consumer_launcher_calls(judge->options->format, true);

	for (; judge->options->launcher && call != CALL_NONE && *name; name++)
		if (!strcmp(*name, call_get(call)->name))
			return true;
	return false;
}

/* With STUBBED runc's test of the number comes first. */
static bool judge_number(struct judge *judge, const struct ruleset *rules, bool stubbed)
{
	enum abi_id id = judge->abi->id;
	decision wanted, given;

	if (is_launcher_call(judge, call_by_number(id, judge->number)))
		return true;
	decisions_clear(judge->all);
	wanted = rules ? decision_of_rules(judge->all, rules, judge->number)
		       : decision_leaf(judge->all, judge->rules->foreign);
	if (stubbed && (judge->replay->stubbed & ABI_BIT(id)) &&
	    judge->number > judge->replay->last[id])
		given = decision_leaf(judge->all, answer_enosys(id));
	else
		given = decision_of_filter(judge->all, &judge->replay->filter,
					   judge->abi->audit_arch, judge->number);
	return !decision_difference(judge->all, wanted, given, judge->options->lossy,
				    &judge->difference);
}

static bool judge_policy(struct judge *judge)
{
	enum export_format format = judge->options->format;

	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct ruleset *rules = NULL;
		bool end = false;

		judge->abi = abi_get((enum abi_id)id);
		for (size_t i = 0; i < judge->rules->rulesets.count; i++)
			if (judge->rules->rulesets.items[i].abi->id == id)
				rules = &judge->rules->rulesets.items[i];
		for (size_t i = 0; !end; i++) {
			judge->number = number_at(
				judge->abi, rules ? rules->highest : judge->abi->number_base + 450,
				i, &end);
			/* -1 is no call, but what a tracer sets to skip one. */
			if (end || judge->number == UINT32_MAX)
				continue;
			if ((format != EXPORT_DOCKER && !judge_number(judge, rules, false)) ||
			    (format != EXPORT_LXC && !judge_number(judge, rules, true)))
				return false;
		}
	}
	return true;
}

static void complain(const struct judge *judge, uint32_t round, const char *profile,
		     struct diags *diags)
{
	struct text text = {0};

	policy_rules_print(judge->rules, diags->sources, &text);
	printf("round %u, format %d%s: number %#x on %s:", round, judge->options->format,
	       judge->options->lossy ? " lossy" : "", judge->number, judge->abi->name);
	for (unsigned int i = 0; i < 12; i++)
		printf(" %08x", judge->difference.words[i]);
	printf("\nwanted %08x, given %08x\n%s\n%s\n", judge->difference.wanted,
	       judge->difference.given, text.bytes, profile);
	text.length = 0;
	for (uint32_t i = 0; i < judge->replay->filter.count; i++) {
		text_printf(&text, "%4u  ", i);
		filter_print_instruction(&judge->replay->filter, i, &text);
		text_add_char(&text, '\n');
	}
	printf("%s\n", text.bytes);
	text_release(&text);
}

static bool play(uint64_t seed, uint32_t round, struct decisions *all, uint32_t exported[2],
		 uint32_t by_abi[ABI_COUNT])
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	struct lottery lottery = {seed * 0x9e3779b97f4a7c15u + round * 0x2545f4914f6cdd1du + 1,
				  &arena};
	struct export_options options;
	struct policy_rules rules;
	struct text profile = {0};
	struct replay replay = {0};
	struct judge judge = {all, &rules, &options, &replay, {{0}, 0, 0}, 0, abi_get(0)};
	bool good = true;
	enum abi_id native;
	abi_set abis;
	int error = 0;

	if (arena_init(&arena))
		exit(99);
	for (int i = 0; i < 8; i++)
		draw(&lottery, 2);
	native = draw_target(&lottery, &abis);
	draw_policy(&lottery, &rules, abis);
	options.format = (enum export_format)draw(&lottery, 3);
	options.lossy = draw(&lottery, 2);
	options.launcher = options.format == EXPORT_LXC;
	options.guard = options.format == EXPORT_LXC && draw(&lottery, 4);
	policy_export(&arena, &rules, &options, &diags, &profile);
	/* libseccomp's time grows with the square of a profile's size. */
	if (!diags.errors && profile.length < 60000) {
		exported[options.lossy]++;
		by_abi[native]++;
		error = options.format == EXPORT_LXC ? replay_lxc(profile.bytes, &replay)
						     : replay_oci(profile.bytes, native, &replay);
		good = !error && judge_policy(&judge);
		if (!good)
			complain(&judge, round, profile.bytes, &diags);
	}
	free(replay.filter.instructions);
	text_release(&profile);
	arena_release(&arena);
	return good;
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 400;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	uint32_t first = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 0;
	struct decisions *all = decisions_new();
	uint32_t exported[2] = {0, 0};
	uint32_t by_abi[ABI_COUNT] = {0};
	uint32_t bad = 0;

	for (uint32_t round = first; round < first + count && bad < 9000; round++)
		bad += !play(seed, round, all, exported, by_abi);
	decisions_free(all);
	printf("%u policies, seed %llu: %u exported exactly, %u with losses, %u wrong\n", count,
	       (unsigned long long)seed, exported[0], exported[1], bad);
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (by_abi[id])
			printf("%u for %s\n", by_abi[id], abi_get((enum abi_id)id)->name);
	return bad || !exported[0] || !exported[1];
}
