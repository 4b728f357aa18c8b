/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/lower.h"

#include "compiler/graph/select.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>

/* What the pieces of the pass share. */
struct lowerer {
	struct arena *arena;
	struct verdict *verdict;
	struct lowering *lowering;
	struct graph *graph;
	struct selector selector;
	struct span overflow; /* the call whose rules passed the graph's limit */
};

static int compare_keys(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* The indices of the rules, ordered by call number and, for one number, as they are written. */
static uint64_t *sort_rules(struct arena *arena, const struct ruleset *ruleset)
{
	uint64_t *keys = arena_alloc_array(arena, ruleset->rules.count + 1, sizeof(*keys));

	for (size_t i = 0; i < ruleset->rules.count; i++)
		keys[i] = (uint64_t)ruleset->rules.items[i].number << 32 | i;
	qsort(keys, ruleset->rules.count, sizeof(*keys), compare_keys);
	return keys;
}

/* First match wins: from the last rule to the first, each stands before what came so far. */
static node_id lower_call(struct lowerer *lowerer, const struct rule *const *rules, size_t count,
			  node_id otherwise)
{
	struct selector *selector = &lowerer->selector;
	node_id *conditions;
	node_id node = otherwise;

	if (count == 1 && rules[0]->condition->kind == CONDITION_TRUE)
		return graph_leaf(lowerer->graph, rules[0]->action, rules[0]->span);
	conditions = arena_alloc_array(lowerer->arena, count, sizeof(*conditions));
	for (size_t i = 0; i < count; i++)
		conditions[i] = graph_condition(selector, rules[i]->condition);
	for (size_t i = count; i-- > 0;)
		node = graph_select(selector, conditions[i],
				    graph_leaf(lowerer->graph, rules[i]->action, rules[i]->span),
				    node);
	if (lowerer->graph->overflow && !lowerer->overflow.file)
		lowerer->overflow = rules[0]->span;
	return node;
}

/* False where a limit was passed, which has been reported. */
static bool lower_abi(struct lowerer *lowerer, const struct ruleset *ruleset)
{
	struct lowered_abi *abi = VEC_PUSH(lowerer->arena, &lowerer->lowering->abis);
	uint64_t *keys = sort_rules(lowerer->arena, ruleset);
	const struct rule **group =
		arena_alloc_array(lowerer->arena, ruleset->rules.count + 1, sizeof(*group));
	size_t count = ruleset->rules.count;

	abi->ruleset = ruleset;
	abi->unmatched = graph_leaf(lowerer->graph, ruleset->unmatched, ruleset->unmatched_span);
	abi->unknown = graph_leaf(lowerer->graph, ruleset->unknown, ruleset->unknown_span);
	for (size_t i = 0; i < count;) {
		uint32_t number = (uint32_t)(keys[i] >> 32);
		struct call_decision *decision;
		size_t members = 0;

		for (; i < count && keys[i] >> 32 == number; i++)
			group[members++] = &ruleset->rules.items[(uint32_t)keys[i]];
		if (members > CALL_RULES_MAX) {
			verdict_error(lowerer->verdict, ABI_BIT(ruleset->abi->id), DIAG_LIMIT,
				      group[CALL_RULES_MAX]->span,
				      "a call may have %d rules at most, and %s has %zu on %s",
				      CALL_RULES_MAX, call_get(group[0]->call)->name, members,
				      ruleset->abi->name);
			return false;
		}
		decision = VEC_PUSH(lowerer->arena, &abi->calls);
		decision->number = number;
		decision->call = group[0]->call;
		decision->span = group[0]->span;
		decision->node =
			lower_call(lowerer, group, members,
				   number <= ruleset->highest ? abi->unmatched : abi->unknown);
		abi->conditional += graph_node(lowerer->graph, decision->node)->branch_count > 0;
	}
	return true;
}

const struct call_decision *lowered_call(const struct lowered_abi *abi, uint32_t number)
{
	size_t low = 0, high = abi->calls.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (abi->calls.items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == abi->calls.count || abi->calls.items[low].number != number)
		return NULL;
	return &abi->calls.items[low];
}

node_id lowered_decision(const struct lowered_abi *abi, uint32_t number)
{
	const struct call_decision *call = lowered_call(abi, number);

	if (call)
		return call->node;
	return number <= abi->ruleset->highest ? abi->unmatched : abi->unknown;
}

/* A switch under construction: branches are added in order and must not go back. */
struct switch_builder {
	struct arena *arena;
	VEC(struct branch) branches;
};

static void builder_add(struct switch_builder *builder, uint32_t first, node_id child)
{
	struct branch *last = builder->branches.count
				      ? &builder->branches.items[builder->branches.count - 1]
				      : NULL;

	if (last && last->first == first) {
		last->child = child;
		return;
	}
	if (last && last->child == child)
		return;
	*VEC_PUSH(builder->arena, &builder->branches) = (struct branch){first, child};
}

/* The numbers that an ABI owns, from its first to its last. */
static void add_numbers(struct switch_builder *builder, const struct lowered_abi *lowered)
{
	const struct abi *abi = lowered->ruleset->abi;
	uint32_t highest = lowered->ruleset->highest;
	uint64_t next = abi->number_first;

	for (size_t i = 0; i < lowered->calls.count; i++) {
		const struct call_decision *call = &lowered->calls.items[i];

		assert(call->number >= next && call->number <= abi->number_last);
		if (next <= highest && call->number > next)
			builder_add(builder, (uint32_t)next, lowered->unmatched);
		if (call->number > highest && next <= highest + (uint64_t)1)
			builder_add(builder, highest + 1, lowered->unknown);
		else if (call->number > next && next > highest)
			builder_add(builder, (uint32_t)next, lowered->unknown);
		builder_add(builder, call->number, call->node);
		next = (uint64_t)call->number + 1;
	}
	if (next <= highest)
		builder_add(builder, (uint32_t)next, lowered->unmatched);
	if (next <= highest)
		next = (uint64_t)highest + 1;
	if (next <= abi->number_last)
		builder_add(builder, (uint32_t)next, lowered->unknown);
}

/* One switch over numbers for all ABIs that share an AUDIT_ARCH. */
static node_id lower_arch(struct lowerer *lowerer, uint32_t audit_arch)
{
	struct switch_builder builder = {.arena = lowerer->arena};
	struct lowering *lowering = lowerer->lowering;
	uint64_t next = 0;

	for (;;) {
		const struct lowered_abi *first = NULL;

		for (size_t i = 0; i < lowering->abis.count; i++) {
			const struct lowered_abi *abi = &lowering->abis.items[i];

			if (abi->ruleset->abi->audit_arch == audit_arch &&
			    abi->ruleset->abi->number_first >= next &&
			    (!first ||
			     abi->ruleset->abi->number_first < first->ruleset->abi->number_first))
				first = abi;
		}
		if (!first)
			break;
		if (first->ruleset->abi->number_first > next)
			builder_add(&builder, (uint32_t)next, lowering->foreign);
		add_numbers(&builder, first);
		next = (uint64_t)first->ruleset->abi->number_last + 1;
	}
	if (next < (uint64_t)1 << 32)
		builder_add(&builder, (uint32_t)next, lowering->foreign);
	return graph_switch(lowerer->graph, offsetof(struct seccomp_data, nr), UINT32_MAX,
			    builder.branches.items, (uint32_t)builder.branches.count,
			    (struct span){0});
}

/* The switch over ABIs, in the order of AUDIT_ARCH. */
static node_id lower_arches(struct lowerer *lowerer)
{
	struct switch_builder builder = {.arena = lowerer->arena};
	struct lowering *lowering = lowerer->lowering;
	uint64_t next = 0;

	for (;;) {
		uint64_t arch = (uint64_t)1 << 32;

		for (size_t i = 0; i < lowering->abis.count; i++) {
			uint32_t candidate = lowering->abis.items[i].ruleset->abi->audit_arch;

			if (candidate >= next && candidate < arch)
				arch = candidate;
		}
		if (next < arch)
			builder_add(&builder, (uint32_t)next, lowering->foreign);
		if (arch == (uint64_t)1 << 32)
			break;
		builder_add(&builder, (uint32_t)arch, lower_arch(lowerer, (uint32_t)arch));
		next = arch + 1;
	}
	return graph_switch(lowerer->graph, offsetof(struct seccomp_data, arch), UINT32_MAX,
			    builder.branches.items, (uint32_t)builder.branches.count,
			    (struct span){0});
}

void policy_lower(struct arena *arena, const struct policy_rules *rules,
		  struct graph_budget *budget, struct lowering *lowering, struct verdict *verdict)
{
	struct lowerer lowerer = {
		.arena = arena,
		.verdict = verdict,
		.lowering = lowering,
		.graph = &lowering->graph,
	};

	*lowering = (struct lowering){0};
	graph_init(lowerer.graph, arena, budget);
	selector_init(&lowerer.selector, lowerer.graph);
	for (size_t i = 0; i < rules->rulesets.count; i++)
		if (!lower_abi(&lowerer, &rules->rulesets.items[i]))
			return;
	/* Behind the rules, so that an action that they have too is shown at theirs. */
	lowering->foreign = graph_leaf(lowerer.graph, rules->foreign, rules->foreign_span);
	if (!lowerer.graph->overflow)
		lowerer.graph->root = lower_arches(&lowerer);
	if (!lowerer.graph->overflow)
		return;
	lowerer.graph->root = NODE_NONE;
	verdict_error(verdict, policy_rules_abis(rules), DIAG_LIMIT, lowerer.overflow,
		      "%sthe conditions of this call need more than %u switches, or %u steps "
		      "to combine",
		      verdict_machine(verdict, policy_rules_abis(rules)), GRAPH_NODES_MAX,
		      GRAPH_WORK_MAX);
}
