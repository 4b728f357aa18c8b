/* SPDX-License-Identifier: Apache-2.0 */
/* `expect`: what a policy must do, shown over all calls that the expectation means. */
#include "compiler/graph/lower.h"
#include "compiler/graph/select.h"
#include "compiler/graph/witness.h"

#include <assert.h>

static const struct lowered_abi *find_abi(const struct lowering *lowering, const struct abi *abi)
{
	for (size_t i = 0; i < lowering->abis.count; i++)
		if (lowering->abis.items[i].ruleset->abi == abi)
			return &lowering->abis.items[i];
	assert(!"an expectation on an ABI that is not compiled for");
	return NULL;
}

void call_print(call_id call, enum abi_id id, const uint32_t words[16], struct text *out)
{
	const struct abi *abi = abi_get(id);
	unsigned int count;

	call_args(call, id, &count);
	text_printf(out, "%s(", call_get(call)->name);
	for (unsigned int i = 0; i < count; i++) {
		struct arg_place place = call_arg_place(call, id, i);
		uint64_t value = words[abi_word_low(abi, place.low) / 4];

		if (place.split)
			value |= (uint64_t)words[abi_word_low(abi, place.high) / 4] << 32;
		else if (place.bits == 64)
			value |= (uint64_t)words[abi_word_high(abi, place.low) / 4] << 32;
		text_printf(out, "%s0x%llx", i ? ", " : "", (unsigned long long)value);
	}
	text_add_char(out, ')');
}

static void report_failure(const struct expectation *expectation, const struct lowering *lowering,
			   const struct lowered_abi *abi, uint32_t words[16], struct diags *diags)
{
	const struct abi *target = abi->ruleset->abi;
	struct text call = {0}, action = {0};
	const struct node *leaf;
	struct diag *diag;

	words[0] = expectation->number;
	words[1] = target->audit_arch;
	leaf = lowered_leaf(lowering, abi, words);
	call_print(call_by_number(target->id, expectation->number), target->id, words, &call);
	seccomp_action_print(leaf->action, &action);
	diag = diag_error(diags, DIAG_EXPECTATION, expectation->span,
			  "this expectation fails on %s: %s gets %s", target->name,
			  call.failed ? "a call" : call.bytes,
			  action.failed ? "another action" : action.bytes);
	if (leaf->span.file)
		diag_note(diags, diag, leaf->span, "a rule that gives this action");
	text_release(&call);
	text_release(&action);
}

static void check_expectation(const struct expectation *expectation, struct lowering *lowering,
			      const struct lowered_abi *abi, uint64_t *budget, struct diags *diags)
{
	uint32_t words[16] = {0};
	node_id node = lowered_decision(abi, expectation->number);
	struct selector selector;
	struct graph *graph = &lowering->graph;
	enum witness_result found;

	selector_init(&selector, graph);
	node = graph_select(&selector, graph_condition(&selector, expectation->condition), node,
			    graph_leaf(graph, expectation->action, (struct span){0}));
	if (graph->overflow) {
		diag_error(diags, DIAG_LIMIT, expectation->span,
			   "this expectation needs more than %u switches, or %u steps to combine",
			   GRAPH_NODES_MAX, GRAPH_WORK_MAX);
		return;
	}
	found = graph_witness(graph, node, expectation->action, words, budget);
	if (found == WITNESS_FOUND)
		report_failure(expectation, lowering, abi, words, diags);
	else if (found == WITNESS_UNKNOWN)
		diag_error(diags, DIAG_EXPECTATION, expectation->span,
			   "this expectation cannot be decided on %s: its conditions are too "
			   "involved",
			   abi->ruleset->abi->name);
}

void policy_check_expectations(const struct policy_rules *rules, struct lowering *lowering,
			       struct diags *diags)
{
	uint64_t budget = WITNESS_BUDGET;

	for (size_t i = 0; i < rules->expectations.count && !lowering->graph.overflow; i++) {
		const struct expectation *expectation = &rules->expectations.items[i];

		check_expectation(expectation, lowering, find_abi(lowering, expectation->abi),
				  &budget, diags);
	}
}
