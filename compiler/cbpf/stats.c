/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/stats.h"

#include <stddef.h>

struct meter {
	const struct filter *filter;
	uint32_t *longest; /* instructions from each on, at most */
	double *mean;      /* and on average, where tests go both ways alike */
};

/* Jumps go forward, so one walk from the end finds both. */
static void meter_init(struct meter *meter, struct arena *arena)
{
	uint32_t count = meter->filter->count;

	meter->longest = arena_alloc_array(arena, count, sizeof(*meter->longest));
	meter->mean = arena_alloc_array(arena, count, sizeof(*meter->mean));
	for (uint32_t i = count; i-- > 0;) {
		const struct sock_filter *insn = &meter->filter->instructions[i];
		uint32_t yes = i + 1, no = i + 1;

		if (BPF_CLASS(insn->code) == BPF_RET) {
			meter->longest[i] = 1;
			meter->mean[i] = 1;
			continue;
		}
		if (BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) == BPF_JA) {
			yes = no = i + 1 + insn->k;
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			yes = i + 1 + insn->jt;
			no = i + 1 + insn->jf;
		}
		meter->longest[i] =
			1 + (meter->longest[yes] > meter->longest[no] ? meter->longest[yes]
								      : meter->longest[no]);
		meter->mean[i] = 1 + (meter->mean[yes] + meter->mean[no]) / 2;
	}
}

/* Follows one number up to the first load of an argument, and takes the mean from there. */
static double meter_number(const struct meter *meter, uint32_t audit_arch, uint32_t number)
{
	uint32_t a = 0;
	double steps = 0;

	for (uint32_t i = 0;; i++, steps++) {
		const struct sock_filter *insn = &meter->filter->instructions[i];
		bool yes;

		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			return steps + 1;
		case BPF_LD:
			if (insn->k == offsetof(struct seccomp_data, nr))
				a = number;
			else if (insn->k == offsetof(struct seccomp_data, arch))
				a = audit_arch;
			else
				return steps + meter->mean[i];
			continue;
		case BPF_ALU:
			a &= insn->k; /* the compiler makes no other */
			continue;
		}
		if (BPF_OP(insn->code) == BPF_JA) {
			i += insn->k;
			continue;
		}
		yes = BPF_OP(insn->code) == BPF_JEQ   ? a == insn->k
		      : BPF_OP(insn->code) == BPF_JGE ? a >= insn->k
		      : BPF_OP(insn->code) == BPF_JGT ? a > insn->k
						      : (a & insn->k) != 0;
		i += yes ? insn->jt : insn->jf;
	}
}

struct filter_stats filter_measure(struct arena *arena, const struct filter *filter,
				   const struct lowering *lowering,
				   const struct call_weights *weights)
{
	struct filter_stats stats = {.instructions = filter->count};
	struct meter meter = {.filter = filter};
	double numbers = 0, total = 0;

	meter_init(&meter, arena);
	stats.worst = meter.longest[0];
	for (size_t i = 0; i < lowering->abis.count; i++) {
		const struct lowered_abi *lowered = &lowering->abis.items[i];
		const struct abi *abi = lowered->ruleset->abi;

		for (uint32_t n = abi->number_base; n <= lowered->ruleset->highest; n++) {
			double steps = meter_number(&meter, abi->audit_arch, n);
			double weight = weight_of_number(lowering, weights, lowered, n);
			node_id node = lowered_decision(lowered, n);

			numbers++;
			stats.uniform += steps;
			total += weight;
			stats.expected += steps * weight;
			if (graph_node(&lowering->graph, node)->branch_count ||
			    graph_node(&lowering->graph, node)->action != SECCOMP_RET_ALLOW)
				continue;
			stats.allowed++;
			stats.cacheable +=
				abi->cache_native && filter_cacheable(filter, abi->audit_arch, n);
		}
	}
	stats.uniform /= numbers > 0 ? numbers : 1;
	stats.expected /= total > 0 ? total : 1;
	return stats;
}
