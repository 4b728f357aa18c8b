/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/stats.h"

#include <stddef.h>

struct meter {
	const struct filter *filter;
	uint32_t *longest; /* instructions from each on, at most */
	double *mean;      /* and on average, where tests go both ways alike */
	uint8_t *seen;     /* enum seen: by calls of the ABI that is measured */
	const struct weighing *weighing;
	/* Sums over all ABIs. */
	double numbers;
	double uniform;
	double weight;
};

enum seen {
	SEEN_NOT,
	SEEN_NUMBER,   /* on the way that a number takes */
	SEEN_ARGUMENT, /* behind the load of an argument */
};

/* One number's way. */
struct number_steps {
	double mean;
	uint32_t worst;
};

/* Where the instruction at I, which is no ret, goes on; NO is YES where it does not test. */
static void meter_targets(const struct sock_filter *insn, uint32_t i, uint32_t *yes, uint32_t *no)
{
	*yes = *no = i + 1;
	if (BPF_CLASS(insn->code) != BPF_JMP)
		return;
	*yes += BPF_OP(insn->code) == BPF_JA ? insn->k : insn->jt;
	*no += BPF_OP(insn->code) == BPF_JA ? insn->k : insn->jf;
}

/* Jumps go forward, so one walk from the end finds both. */
static void meter_init(struct meter *meter, struct arena *arena)
{
	uint32_t count = meter->filter->count;

	meter->longest = arena_alloc_array(arena, count, sizeof(*meter->longest));
	meter->mean = arena_alloc_array(arena, count, sizeof(*meter->mean));
	meter->seen = arena_alloc_array(arena, count, sizeof(*meter->seen));
	for (uint32_t i = count; i-- > 0;) {
		const struct sock_filter *insn = &meter->filter->instructions[i];
		uint32_t yes, no;

		if (BPF_CLASS(insn->code) == BPF_RET) {
			meter->longest[i] = 1;
			meter->mean[i] = 1;
			continue;
		}
		meter_targets(insn, i, &yes, &no);
		meter->longest[i] =
			1 + (meter->longest[yes] > meter->longest[no] ? meter->longest[yes]
								      : meter->longest[no]);
		meter->mean[i] = 1 + (meter->mean[yes] + meter->mean[no]) / 2;
	}
}

static bool meter_takes(const struct sock_filter *insn, uint32_t a)
{
	return BPF_OP(insn->code) == BPF_JEQ   ? a == insn->k
	       : BPF_OP(insn->code) == BPF_JGE ? a >= insn->k
	       : BPF_OP(insn->code) == BPF_JGT ? a > insn->k
					       : (a & insn->k) != 0;
}

/* Follows one number up to the first load of an argument, and takes mean and longest from there. */
static struct number_steps meter_number(struct meter *meter, uint32_t audit_arch, uint32_t number)
{
	uint32_t a = 0, steps = 0;

	for (uint32_t i = 0;; i++, steps++) {
		const struct sock_filter *insn = &meter->filter->instructions[i];

		meter->seen[i] = meter->seen[i] > SEEN_NUMBER ? meter->seen[i] : SEEN_NUMBER;
		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			return (struct number_steps){steps + 1, steps + 1};
		case BPF_LD:
			if (insn->k == offsetof(struct seccomp_data, nr))
				a = number;
			else if (insn->k == offsetof(struct seccomp_data, arch))
				a = audit_arch;
			else
				return (struct number_steps){steps + meter->mean[i],
							     steps + meter->longest[i]};
			continue;
		case BPF_ALU:
			a &= insn->k; /* the compiler makes no other */
			continue;
		}
		if (BPF_OP(insn->code) == BPF_JA)
			i += insn->k;
		else
			i += meter_takes(insn, a) ? insn->jt : insn->jf;
	}
}

/* How many instructions were seen; behind an argument, both sides of every test. */
static uint32_t meter_take_seen(struct meter *meter)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < meter->filter->count; i++) {
		const struct sock_filter *insn = &meter->filter->instructions[i];
		bool loads = BPF_CLASS(insn->code) == BPF_LD &&
			     insn->k >= offsetof(struct seccomp_data, args);
		uint32_t yes, no;

		count += meter->seen[i] != SEEN_NOT;
		if (BPF_CLASS(insn->code) != BPF_RET &&
		    (meter->seen[i] == SEEN_ARGUMENT || (meter->seen[i] && loads))) {
			meter_targets(insn, i, &yes, &no);
			meter->seen[yes] = meter->seen[no] = SEEN_ARGUMENT;
		}
		meter->seen[i] = SEEN_NOT;
	}
	return count;
}

/* What numbers above the baseline cost at most, which is no part of any mean. */
static uint32_t measure_beyond(struct meter *meter, const struct lowered_abi *lowered)
{
	const struct abi *abi = lowered->ruleset->abi;
	uint32_t highest = lowered->ruleset->highest, worst = 0;

	for (size_t i = 0; i < lowered->calls.count; i++) {
		uint32_t number = lowered->calls.items[i].number;
		struct number_steps steps;

		if (number <= highest)
			continue;
		steps = meter_number(meter, abi->audit_arch, number);
		worst = steps.worst > worst ? steps.worst : worst;
	}
	for (int last = 0; last < 2; last++) {
		struct number_steps steps =
			meter_number(meter, abi->audit_arch, last ? abi->number_last : highest + 1);

		worst = steps.worst > worst ? steps.worst : worst;
	}
	return worst;
}

static void measure_number(struct meter *meter, const struct lowering *lowering,
			   const struct lowered_abi *lowered, uint32_t number,
			   struct abi_stats *stats)
{
	const struct abi *abi = lowered->ruleset->abi;
	const struct node *node = graph_node(&lowering->graph, lowered_decision(lowered, number));
	struct number_steps steps = meter_number(meter, abi->audit_arch, number);
	double weight = weight_of_number(lowering, meter->weighing, lowered, number);

	meter->numbers++;
	meter->uniform += steps.mean;
	meter->weight += weight;
	stats->expected += steps.mean * weight;
	stats->worst = stats->worst > steps.worst ? stats->worst : steps.worst;
	if (node->branch_count || node->action != SECCOMP_RET_ALLOW)
		return;
	stats->allowed++;
	stats->cacheable += weighing_cached(meter->weighing, abi) &&
			    filter_cacheable(meter->filter, abi->audit_arch, number);
}

/* Numbers up to the baseline's highest, and of those above it what they cost at most. */
static void measure_abi(struct meter *meter, const struct lowering *lowering,
			const struct lowered_abi *lowered, struct filter_stats *all)
{
	const struct abi *abi = lowered->ruleset->abi;
	struct abi_stats *stats = &all->abis[abi->id];
	uint32_t highest = lowered->ruleset->highest, beyond;
	double weight = meter->weight;

	for (uint32_t number = abi->number_base; number <= highest; number++)
		measure_number(meter, lowering, lowered, number, stats);
	beyond = measure_beyond(meter, lowered);
	stats->worst = beyond > stats->worst ? beyond : stats->worst;
	weight = meter->weight - weight;
	all->expected += stats->expected;
	stats->expected /= weight > 0 ? weight : 1;
	stats->instructions = meter_take_seen(meter);
	all->allowed += stats->allowed;
	all->cacheable += stats->cacheable;
	if (!weighing_cached(meter->weighing, abi))
		all->uncached |= ABI_BIT(abi->id);
}

struct filter_stats filter_measure(struct arena *arena, const struct filter *filter,
				   const struct lowering *lowering, const struct weighing *weighing)
{
	struct filter_stats stats = {.instructions = filter->count};
	struct meter meter = {.filter = filter, .weighing = weighing};

	meter_init(&meter, arena);
	stats.worst = meter.longest[0];
	for (size_t i = 0; i < lowering->abis.count; i++)
		measure_abi(&meter, lowering, &lowering->abis.items[i], &stats);
	stats.uniform = meter.uniform / (meter.numbers > 0 ? meter.numbers : 1);
	stats.expected /= meter.weight > 0 ? meter.weight : 1;
	return stats;
}
