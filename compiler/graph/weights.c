/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/weights.h"

#include "compiler/graph/typical.h"

#include <linux/seccomp.h>

/*
 * The calls with conditions, for which the filter always runs, weigh as much as this many plain
 * numbers: enough for places near the root, not enough to push the rest down far. Of a few each
 * weighs no more than CONDITION_MOST, and of many no less than CONDITION_LEAST. One that is made often
 * weighs up to twice as much.
 */
static const double conditions_weight = 900;
static const double condition_most = 300;
static const double condition_least = 75;
/* One that a rule refuses in a way of its own is made, too: clone3, so that clone is tried. */
static const double refusal_weight = 30;
static const double share_often = 100;
/* What is no call at all, or comes from an ABI that is not served, is rare but may come. */
static const double stranger_weight = 0.5;
/* An ABI that the cache leaves out beside one that it serves (x32) is not what a machine runs most. */
static const double side_weight = 0.25;

static double given_weight(const struct call_weights *weights, enum abi_id abi, uint32_t number)
{
	size_t low = 0, high = weights->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct call_weight *item = &weights->items[middle];

		if (item->abi < abi || (item->abi == abi && item->number < number))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == weights->count || weights->items[low].abi != abi ||
	    weights->items[low].number != number)
		return 0;
	return weights->items[low].weight;
}

/* What a call weighs above a number that has no rule, since the filter runs for it each time. */
static double run_extra(const struct lowering *lowering, const struct lowered_abi *abi,
			const struct call_decision *call)
{
	const struct node *node = graph_node(&lowering->graph, call->node);
	double share, weight;

	if (!node->branch_count &&
	    (node->action == SECCOMP_RET_ALLOW || call->node == abi->unmatched))
		return 0;
	if (!node->branch_count)
		return refusal_weight;
	share = typical_share(call->call);
	weight = conditions_weight / abi->conditional;
	weight = weight > condition_most ? condition_most : weight;
	weight = weight < condition_least ? condition_least : weight;
	return weight * (1 + (share < share_often ? share / share_often : 1));
}

/*
 * Where the kernel has no cache of actions for the ABI, the filter runs for each call, whatever it
 * decides, so that what counts is how often it is made.
 */
static double uncached_weight(const struct lowering *lowering, const struct abi *abi,
			      uint32_t number)
{
	call_id call = call_by_number(abi->id, number);
	double weight = call == CALL_NONE ? 0 : typical_share(call);

	for (size_t i = 0; i < lowering->abis.count; i++)
		if (lowering->abis.items[i].ruleset->abi->cache_native)
			return weight * side_weight;
	return weight;
}

bool weighing_cached(const struct weighing *weighing, const struct abi *abi)
{
	return abi->cache_native && !weighing->uncached;
}

double weight_of_number(const struct lowering *lowering, const struct weighing *weighing,
			const struct lowered_abi *abi, uint32_t number)
{
	const struct call_decision *call;

	if (weighing->given)
		return given_weight(weighing->given, abi->ruleset->abi->id, number);
	if (!weighing_cached(weighing, abi->ruleset->abi))
		return uncached_weight(lowering, abi->ruleset->abi, number);
	call = lowered_call(abi, number);
	if (call)
		return 1 + run_extra(lowering, abi, call);
	return number <= abi->ruleset->highest ? 1 : stranger_weight;
}

static uint32_t branch_of(const struct node *node, uint32_t value)
{
	uint32_t low = 0, high = node->branch_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (node->branches[middle].first <= value)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Every number that the ABI's baseline has counts 1. */
static void add_plain_numbers(const struct lowered_abi *abi, const struct node *node, double *out)
{
	uint32_t base = abi->ruleset->abi->number_base, highest = abi->ruleset->highest;

	for (uint32_t i = branch_of(node, base); i < node->branch_count; i++) {
		uint32_t first = node->branches[i].first, last = node_branch_last(node, i);

		if (first > highest)
			break;
		if (first < base)
			first = base;
		if (last > highest)
			last = highest;
		out[i] += (double)last - first + 1;
	}
}

/* Each call that the kernel of the baseline has, by how often it is made. */
static void add_uncached_numbers(const struct lowering *lowering, const struct lowered_abi *lowered,
				 const struct node *node, double *out)
{
	const struct abi *abi = lowered->ruleset->abi;

	for (uint32_t number = abi->number_base; number <= lowered->ruleset->highest; number++)
		out[branch_of(node, number)] += uncached_weight(lowering, abi, number);
}

void weights_of_numbers(const struct lowering *lowering, const struct weighing *weighing,
			uint32_t audit_arch, const struct node *node, double *out)
{
	const struct call_weights *weights = weighing->given;

	for (uint32_t i = 0; i < node->branch_count; i++)
		out[i] = weights ? 0 : stranger_weight;
	for (size_t i = 0; i < lowering->abis.count; i++) {
		const struct lowered_abi *abi = &lowering->abis.items[i];

		if (abi->ruleset->abi->audit_arch != audit_arch)
			continue;
		if (weights) {
			for (size_t j = 0; j < weights->count; j++)
				if (weights->items[j].abi == abi->ruleset->abi->id)
					out[branch_of(node, weights->items[j].number)] +=
						weights->items[j].weight;
			continue;
		}
		if (!weighing_cached(weighing, abi->ruleset->abi)) {
			add_uncached_numbers(lowering, abi, node, out);
			continue;
		}
		add_plain_numbers(abi, node, out);
		for (size_t j = 0; j < abi->calls.count; j++)
			out[branch_of(node, abi->calls.items[j].number)] +=
				run_extra(lowering, abi, &abi->calls.items[j]);
	}
}

bool weights_arch_aside(const struct lowering *lowering, uint32_t audit_arch)
{
	bool narrow = false, wide = false;

	for (size_t i = 0; i < lowering->abis.count; i++) {
		const struct abi *abi = lowering->abis.items[i].ruleset->abi;

		wide |= abi->long_bits == 64;
		narrow |= abi->audit_arch == audit_arch && abi->long_bits != 64;
	}
	return narrow && wide;
}

void weights_of_arches(const struct lowering *lowering, const struct node *node, double *out)
{
	for (uint32_t i = 0; i < node->branch_count; i++)
		out[i] = 0.01;
	for (size_t i = 0; i < lowering->abis.count; i++) {
		const struct abi *abi = lowering->abis.items[i].ruleset->abi;

		out[branch_of(node, abi->audit_arch)] += abi->long_bits == 64 ? 1 : 0.25;
	}
}

/*
 * How many of all numbers are at most VALUE: flags, sizes and names of things are 0 or small more
 * often than not, and -1 is a name of its own. Each further bit is by RATIO as likely.
 */
static double value_share(uint32_t value)
{
	static const double zero = 0.3, minus_one = 0.05, ratio = 0.85;
	double length_share = 1 - ratio, below = 0;
	uint32_t begin = 1; /* of the numbers that are as long */

	if (value == UINT32_MAX)
		return 1;
	if (value == 0)
		return zero;
	for (; value / 2 >= begin; begin *= 2) {
		below += length_share;
		length_share *= ratio;
	}
	below += length_share * ((double)(value - begin) + 1) / begin;
	return zero + (1 - zero - minus_one) * below;
}

void weights_of_values(const struct node *node, double *out)
{
	double below = 0;

	for (uint32_t i = 0; i < node->branch_count; i++) {
		double share = value_share(node_branch_last(node, i));

		out[i] = 1 + node->branch_count * (share - below);
		below = share;
	}
}
