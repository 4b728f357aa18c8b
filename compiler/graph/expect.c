/* SPDX-License-Identifier: Apache-2.0 */
/* `expect`: what a policy must do, shown over all calls that the expectation means. */
#include "compiler/graph/lower.h"
#include "compiler/graph/select.h"
#include "compiler/graph/witness.h"
#include "compiler/resolve/abi_list.h"

static const struct lowered_abi *find_abi(const struct lowering *lowering, const struct abi *abi)
{
	for (size_t i = 0; i < lowering->abis.count; i++)
		if (lowering->abis.items[i].ruleset->abi == abi)
			return &lowering->abis.items[i];
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

/* One `expect` of the policy that does not hold. */
struct failure {
	const struct expectation *expectation; /* on the first ABI where it fails */
	abi_set abis;
	bool undecided;
	const char *call;   /* one that breaks it there */
	const char *action; /* what that gets */
	struct span rule;   /* where that comes from */
};

struct prover {
	struct verdict *verdict;
	struct arena *arena;
	uint64_t budget;
	VEC(struct failure) failures;
};

static const char *keep_text(struct arena *arena, struct text *text)
{
	const char *kept = text->failed ? "?" : arena_copy(arena, text->bytes, text->length);

	text_release(text);
	return kept;
}

static void show_failure(struct prover *prover, const struct lowering *lowering,
			 const struct lowered_abi *abi, uint32_t words[16], struct failure *failure)
{
	const struct abi *target = abi->ruleset->abi;
	struct text call = {0}, action = {0};
	const struct node *leaf;

	words[0] = failure->expectation->number;
	words[1] = target->audit_arch;
	leaf = lowered_leaf(lowering, abi, words);
	call_print(call_by_number(target->id, words[0]), target->id, words, &call);
	seccomp_action_print(leaf->action, target->id, &action);
	failure->call = keep_text(prover->arena, &call);
	failure->action = keep_text(prover->arena, &action);
	failure->rule = leaf->span;
}

/* The same `expect` on another ABI joins what is known of it. */
static struct failure *note_failure(struct prover *prover, const struct expectation *expectation)
{
	abi_set abi = ABI_BIT(expectation->abi->id);
	struct failure *failure;

	for (size_t i = 0; i < prover->failures.count; i++) {
		failure = &prover->failures.items[i];
		if (failure->expectation->span.file != expectation->span.file ||
		    failure->expectation->span.begin != expectation->span.begin)
			continue;
		failure->abis |= abi;
		return NULL;
	}
	failure = VEC_PUSH(prover->arena, &prover->failures);
	failure->expectation = expectation;
	failure->abis = abi;
	return failure;
}

static void check_expectation(struct prover *prover, const struct expectation *expectation,
			      struct lowering *lowering, const struct lowered_abi *abi)
{
	uint32_t words[16] = {0};
	node_id node = lowered_decision(abi, expectation->number);
	struct selector selector;
	struct graph *graph = &lowering->graph;
	struct failure *failure;
	enum witness_result found;

	selector_init(&selector, graph);
	node = graph_select(&selector, graph_condition(&selector, expectation->condition), node,
			    graph_leaf(graph, expectation->action, (struct span){0}));
	if (graph->overflow) {
		verdict_error(prover->verdict, ABI_BIT(expectation->abi->id), DIAG_LIMIT,
			      expectation->span,
			      "this expectation needs more than %u switches, or %u steps to "
			      "combine",
			      GRAPH_NODES_MAX, GRAPH_WORK_MAX);
		return;
	}
	found = graph_witness(graph, node, expectation->action, words, &prover->budget);
	if (found == WITNESS_NONE)
		return;
	failure = note_failure(prover, expectation);
	if (!failure)
		return;
	failure->undecided = found == WITNESS_UNKNOWN;
	if (!failure->undecided)
		show_failure(prover, lowering, abi, words, failure);
}

static void report_failure(const struct prover *prover, const struct failure *failure)
{
	const char *abis = abi_list(prover->arena, failure->abis, prover->verdict->all);
	const struct expectation *expectation = failure->expectation;
	struct diag *diag;

	if (failure->undecided) {
		verdict_error(prover->verdict, failure->abis, DIAG_EXPECTATION, expectation->span,
			      "this expectation cannot be decided on %s: its conditions are too "
			      "involved",
			      abis);
		return;
	}
	diag = verdict_error(prover->verdict, failure->abis, DIAG_EXPECTATION, expectation->span,
			     "this expectation fails on %s: %s gets %s", abis, failure->call,
			     failure->action);
	if (failure->rule.file)
		diag_note(prover->verdict->diags, diag, failure->rule,
			  "a rule that gives this action");
}

/* NULL where the machine's graph is not there, or passed its limit. */
static struct lowering *find_lowering(struct lowering *const *lowerings, size_t count,
				      const struct abi *abi, const struct lowered_abi **lowered)
{
	for (size_t i = 0; i < count; i++) {
		*lowered = find_abi(lowerings[i], abi);
		if (*lowered && lowerings[i]->graph.root != NODE_NONE)
			return lowerings[i]->graph.overflow ? NULL : lowerings[i];
	}
	return NULL;
}

void policy_check_expectations(const struct policy_rules *rules, struct lowering *const *lowerings,
			       size_t count, struct verdict *verdict)
{
	struct prover prover = {
		.verdict = verdict, .arena = verdict->diags->arena, .budget = WITNESS_BUDGET};

	for (size_t i = 0; i < rules->expectations.count; i++) {
		const struct expectation *expectation = &rules->expectations.items[i];
		const struct lowered_abi *abi;
		struct lowering *lowering = find_lowering(lowerings, count, expectation->abi, &abi);

		if (lowering)
			check_expectation(&prover, expectation, lowering, abi);
	}
	for (size_t i = 0; i < prover.failures.count; i++)
		report_failure(&prover, &prover.failures.items[i]);
}
