/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two compilers: random policies made into filters by pale and by libseccomp, which must answer alike
 * for every call there can be, by comparing decision diagrams.
 *	libseccomp [COUNT [SEED [FIRST]]]
 */
#include "compiler/backend/libseccomp.h"
#include "compiler/backend/equal.h"
#include "compiler/compile.h"
#include "compiler/exchange/consumer.h"
#include "tests/consumers/lottery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a filter of libseccomp's can be for; x86_64's come up more often than the others. */
static const abi_set targets[] = {
	ABI_BIT(ABI_X86_64),
	ABI_BIT(ABI_X86_64),
	ABI_BIT(ABI_X86_64),
	ABI_BIT(ABI_X86),
	ABI_BIT(ABI_X32),
	ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86),
	ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X32),
	ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
	ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
	ABI_BIT(ABI_AARCH64),
	ABI_BIT(ABI_ARM),
	ABI_BIT(ABI_AARCH64) | ABI_BIT(ABI_ARM),
	ABI_BIT(ABI_MIPS),
	ABI_BIT(ABI_MIPS64),
	ABI_BIT(ABI_MIPS64N32),
	ABI_BIT(ABI_MIPS) | ABI_BIT(ABI_MIPS64) | ABI_BIT(ABI_MIPS64N32),
	ABI_BIT(ABI_MIPSEL),
	ABI_BIT(ABI_MIPSEL64),
	ABI_BIT(ABI_MIPSEL64N32),
	ABI_BIT(ABI_MIPSEL) | ABI_BIT(ABI_MIPSEL64) | ABI_BIT(ABI_MIPSEL64N32),
	ABI_BIT(ABI_RISCV64),
	ABI_BIT(ABI_PPC64LE),
	ABI_BIT(ABI_S390X),
};
#define TARGETS (sizeof(targets) / sizeof(targets[0]))

/* Calls with conditions in most policies, multiplexers and what is behind them among them. */
static const char *const names[] = {
	"ioctl",   "socket",   "prctl",  "ptrace", "fcntl",      "personality", "lseek",
	"madvise", "mprotect", "msgctl", "accept", "socketcall", "ipc",         "arch_prctl",
	"mmap2",   "sendmsg",  "semop",  "shmget", "keyctl",     "accept4",     "clone",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

enum outcome {
	OUTCOME_EQUAL,
	OUTCOME_REFUSED,   /* libseccomp cannot say it */
	OUTCOME_DIFFERENT, /* or says something else */
	OUTCOME_TURNED,    /* by a fault that is known: see turn_answers() */
	OUTCOME_UNKNOWN,   /* it was not to be proved */
	OUTCOME_NONE,      /* pale itself makes no filter of it */
	OUTCOME_COUNT
};

struct round {
	struct arena *arena;
	struct diags *diags;
	const struct libseccomp *library;
	struct lottery lottery;
	abi_set abis;
	struct policy_rules rules;
	enum libseccomp_level level;
	struct filter *ours;
	struct filter *theirs;
	struct filters_comparison comparison;
};

static void push_rule(struct round *round, call_id call, seccomp_action action,
		      const struct condition *condition)
{
	for (size_t i = 0; i < round->rules.rulesets.count; i++) {
		struct ruleset *set = &round->rules.rulesets.items[i];
		int64_t number = call_number(call, set->abi->id);

		if (number >= 0)
			*VEC_PUSH(round->arena, &set->rules) =
				(struct rule){.number = (uint32_t)number,
					      .call = call,
					      .action = action,
					      .condition = condition,
					      .item = RULE_ITEM_NONE};
	}
}

/* Whether libseccomp has a multiplexer for CALL on some ABI. */
static bool is_muxed(call_id call, abi_set abis)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id) &&
		    consumer_reach(EXPORT_OCI, call, (enum abi_id)id) == REACH_MUXED)
			return true;
	return false;
}

static bool is_new(call_id call, abi_set abis)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id) && call_number(call, (enum abi_id)id) >= 0 &&
		    consumer_may_drop(call, (enum abi_id)id))
			return true;
	return false;
}

/* Where MUXED is not set, few that libseccomp would refuse as such. */
static call_id draw_call(struct round *round, bool muxed)
{
	struct lottery *lottery = &round->lottery;
	bool odd = !draw(lottery, 64);
	call_id call;

	do {
		if (draw(lottery, 3))
			call = call_find(names[draw(lottery, draw(lottery, 4) ? 7 : NAMES)]);
		else
			call = (call_id)draw(lottery, (uint32_t)call_count());
	} while (!odd && (is_new(call, round->abis) || (!muxed && is_muxed(call, round->abis))));
	return call;
}

static void draw_rules(struct round *round)
{
	static const struct condition always = {.kind = CONDITION_TRUE};
	struct lottery *lottery = &round->lottery;
	struct words words = {true, abi_first(round->abis)->big_endian};
	uint32_t conditions = 1 + draw(lottery, 5);
	uint32_t plain = draw(lottery, 4) ? draw(lottery, 8) : draw(lottery, 300);
	bool settled = draw(lottery, 2); /* whatever comes by a multiplexer is allowed */

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (round->abis & ABI_BIT(id) && !consumer_tests_high_words((enum abi_id)id))
			words.high = false;
	if (settled) {
		push_rule(round, call_find("socketcall"), SECCOMP_RET_ALLOW, &always);
		push_rule(round, call_find("ipc"), SECCOMP_RET_ALLOW, &always);
	}
	for (uint32_t i = 0; i < conditions; i++) {
		seccomp_action action = draw_action(lottery, draw(lottery, 4));

		push_rule(round, draw_call(round, settled), action,
			  draw_condition(lottery, draw(lottery, 3), &words));
	}
	for (uint32_t i = 0; i < plain; i++) {
		call_id call = (call_id)draw(lottery, (uint32_t)call_count());

		if (!is_new(call, round->abis) && (settled || !is_muxed(call, round->abis)))
			push_rule(round, call, SECCOMP_RET_ALLOW, &always);
	}
}

/* `unknown` is what `default` is, but for some policies: few ABIs can have others. */
static void draw_policy(struct round *round)
{
	static const struct kernel_version baseline = {5, 16};
	struct lottery *lottery = &round->lottery;
	seccomp_action unmatched = draw_action(lottery, true);
	bool sayable = round->abis == ABI_BIT(ABI_X86_64);
	seccomp_action unknown =
		draw(lottery, sayable ? 3 : 64) ? unmatched : draw_action(lottery, false);

	round->rules.foreign =
		draw(lottery, 3) ? SECCOMP_RET_KILL_PROCESS : draw_action(lottery, false);
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		struct ruleset *set;

		if (!(round->abis & ABI_BIT(id)))
			continue;
		set = VEC_PUSH(round->arena, &round->rules.rulesets);
		set->abi = abi_get((enum abi_id)id);
		set->highest = call_highest((enum abi_id)id, baseline);
		set->unmatched = unmatched;
		set->unknown = unknown;
		set->foreign = round->rules.foreign;
	}
	draw_rules(round);
	round->level = draw(lottery, 2) ? LIBSECCOMP_TREE : LIBSECCOMP_CHAIN;
}

static bool is_answer(uint32_t k)
{
	switch (k & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_THREAD:
		return k == SECCOMP_RET_KILL_THREAD;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return true;
	default:
		return false;
	}
}

/*
 * For machines of the other byte order libseccomp turns those answers twice that stand in for one out
 * of a jump's reach (`answers-turned-twice` of libseccomp.faults). Turns them back; false where there
 * are none.
 */
static bool turn_answers(struct filter *filter)
{
	bool turned = false;

	for (uint32_t i = 0; i < filter->count; i++) {
		struct sock_filter *insn = &filter->instructions[i];

		if (BPF_CLASS(insn->code) != BPF_RET || is_answer(insn->k))
			continue;
		insn->k = __builtin_bswap32(insn->k);
		turned = true;
	}
	return turned;
}

static enum outcome play(struct round *round)
{
	/* Rules that nothing reaches, of which random policies are full, are no errors with this. */
	struct compile_options options = {.optional = true};

	round->ours = policy_compile(round->arena, &round->rules, round->diags->sources, &options,
				     round->diags, NULL);
	if (!round->ours)
		return OUTCOME_NONE;
	round->diags->errors = 0;
	round->theirs = libseccomp_compile(round->arena, round->library, &round->rules,
					   round->level, round->diags);
	if (!round->theirs)
		return round->diags->errors ? OUTCOME_REFUSED : OUTCOME_DIFFERENT;
	round->comparison = filters_compare(round->arena, round->ours, round->theirs);
	if (round->comparison.verdict == FILTERS_DIFFER && turn_answers(round->theirs)) {
		round->comparison = filters_compare(round->arena, round->ours, round->theirs);
		if (round->comparison.verdict == FILTERS_EQUAL)
			return OUTCOME_TURNED;
	}
	return round->comparison.verdict == FILTERS_EQUAL    ? OUTCOME_EQUAL
	       : round->comparison.verdict == FILTERS_DIFFER ? OUTCOME_DIFFERENT
							     : OUTCOME_UNKNOWN;
}

static void complain(const struct round *round, uint32_t index, enum outcome outcome)
{
	struct text text = {0};

	if (outcome == OUTCOME_UNKNOWN) {
		printf("round %u is not to be proved: %s\n", index, round->comparison.refusal);
		return;
	}
	text_printf(&text, "round %u, level %d: ", index, round->level);
	seccomp_data_print(round->comparison.words, &text);
	text_printf(&text, ": pale %08x, libseccomp %08x\n", round->comparison.left,
		    round->comparison.right);
	policy_rules_print(&round->rules, round->diags->sources, &text);
	for (uint32_t i = 0; round->theirs && i < round->theirs->count && i < 80; i++) {
		text_printf(&text, "%4u  ", i);
		filter_print_instruction(round->theirs, i, &text);
		text_add_char(&text, '\n');
	}
	puts(text.bytes);
	text_release(&text);
}

static enum outcome play_once(const struct libseccomp *library, uint64_t seed, uint32_t index,
			      bool verbose)
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	struct round round = {.arena = &arena, .diags = &diags, .library = library};
	enum outcome outcome;

	if (arena_init(&arena))
		exit(99);
	round.lottery = (struct lottery){
		seed * 0x9e3779b97f4a7c15u + index * 0x2545f4914f6cdd1du + 1, &arena};
	for (int i = 0; i < 8; i++)
		draw(&round.lottery, 2);
	round.abis = targets[draw(&round.lottery, TARGETS)];
	draw_policy(&round);
	outcome = play(&round);
	if (outcome == OUTCOME_DIFFERENT || outcome == OUTCOME_UNKNOWN)
		complain(&round, index, outcome);
	for (size_t i = 0; verbose && outcome == OUTCOME_REFUSED && i < diags.list.count; i++)
		if (diags.list.items[i]->severity == DIAG_ERROR)
			printf("refused: %s\n", diags.list.items[i]->text);
	arena_release(&arena);
	return outcome;
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 2400;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	uint32_t first = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 0;
	uint32_t outcomes[OUTCOME_COUNT] = {0};
	struct libseccomp library;
	struct arena arena;
	const char *why;

	if (arena_init(&arena))
		return 99;
	if (libseccomp_open(&arena, &library, &why)) {
		printf("SKIP: %s\n", why);
		return 77;
	}
	for (uint32_t i = first; i < first + count; i++)
		outcomes[play_once(&library, seed, i, getenv("VERBOSE"))]++;
	printf("%u policies, seed %llu, %s: %u equal, %u refused, %u different, %u with answers "
	       "turned twice, %u not to be proved, %u that pale refuses\n",
	       count, (unsigned long long)seed, library.version, outcomes[OUTCOME_EQUAL],
	       outcomes[OUTCOME_REFUSED], outcomes[OUTCOME_DIFFERENT], outcomes[OUTCOME_TURNED],
	       outcomes[OUTCOME_UNKNOWN], outcomes[OUTCOME_NONE]);
	libseccomp_close(&library);
	arena_release(&arena);
	return outcomes[OUTCOME_DIFFERENT] || outcomes[OUTCOME_UNKNOWN] ||
	       outcomes[OUTCOME_EQUAL] < count / 2;
}
