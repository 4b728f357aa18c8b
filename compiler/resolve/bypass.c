/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/bypass.h"

#include "compiler/resolve/action.h"
#include "compiler/resolve/condition.h"
#include "compiler/resolve/report.h"

/* What is known of a condition where one word alone is known. */
enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_MAYBE,
};

/* The word that is known: its offset, the bits that are, and a value of struct seccomp_data. */
struct known_word {
	uint32_t offset; /* 0 where nothing is known */
	uint32_t mask;
	uint32_t words[16];
};

/* The rules of the ABI by call. */
struct ways {
	struct resolver *resolver;
	const struct rule **first; /* of each call, or NULL */
	const struct rule **next;  /* the next one of the same call, for each rule */
};

static enum answer answer_not(enum answer answer)
{
	if (answer == ANSWER_MAYBE)
		return ANSWER_MAYBE;
	return answer == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

static enum answer answer_and(enum answer left, enum answer right)
{
	if (left == ANSWER_NO || right == ANSWER_NO)
		return ANSWER_NO;
	return left == ANSWER_YES && right == ANSWER_YES ? ANSWER_YES : ANSWER_MAYBE;
}

static enum answer condition_answer(const struct condition *condition,
				    const struct known_word *known)
{
	enum answer left, right;

	switch (condition->kind) {
	case CONDITION_TRUE:
		return ANSWER_YES;
	case CONDITION_FALSE:
		return ANSWER_NO;
	case CONDITION_NOT:
		return answer_not(condition_answer(condition->left, known));
	case CONDITION_AND:
	case CONDITION_OR:
		left = condition_answer(condition->left, known);
		right = condition_answer(condition->right, known);
		if (condition->kind == CONDITION_AND)
			return answer_and(left, right);
		return answer_not(answer_and(answer_not(left), answer_not(right)));
	case CONDITION_TEST:
		if (condition->load || condition->word != known->offset ||
		    condition->mask & ~known->mask)
			return ANSWER_MAYBE;
		return condition_holds(condition, known->words) ? ANSWER_YES : ANSWER_NO;
	}
	return ANSWER_MAYBE;
}

static void index_rules(struct ways *ways)
{
	const struct ruleset *ruleset = ways->resolver->ruleset;
	struct arena *arena = ways->resolver->arena;

	ways->first = arena_alloc_array(arena, call_count(), sizeof(*ways->first));
	ways->next = arena_alloc_array(arena, ruleset->rules.count + 1, sizeof(*ways->next));
	for (size_t i = ruleset->rules.count; i-- > 0;) {
		const struct rule *rule = &ruleset->rules.items[i];

		ways->next[i] = ways->first[rule->call];
		ways->first[rule->call] = rule;
	}
}

/*
 * What may let call WAY through, where KNOWN: a rule's span or that of `default`; {0} where nothing
 * does. A rule of the same item as RULE asks for the same, and is no way around it.
 */
static struct span way_through(const struct ways *ways, const struct rule *rule, call_id way,
			       const struct known_word *known)
{
	const struct ruleset *ruleset = ways->resolver->ruleset;

	for (const struct rule *at = ways->first[way]; at;
	     at = ways->next[at - ruleset->rules.items]) {
		enum answer answer = condition_answer(at->condition, known);

		if (answer != ANSWER_NO && at->item != rule->item &&
		    action_lets_through(at->action))
			return at->span;
		if (answer == ANSWER_YES)
			return (struct span){0};
	}
	if (call_number(way, ways->resolver->abi->id) > ruleset->highest ||
	    !action_lets_through(ruleset->unmatched))
		return (struct span){0};
	return ruleset->unmatched_span;
}

/* The same for a multiplexer, asked to make RULE's call. */
static struct span multiplexer_through(const struct ways *ways, const struct rule *rule,
				       call_id multiplexer)
{
	const struct abi *abi = ways->resolver->abi;
	uint32_t values = call_multiplexer_values(rule->call);
	unsigned int count;
	const struct call_arg *args = call_args(multiplexer, abi->id, &count);
	struct known_word known = {
		.offset = abi_word_low(abi, 0),
		.mask = args[0].mask ? args[0].mask : UINT32_MAX,
	};
	struct span span = {0};

	for (uint32_t value = 0; value < 32 && !span.file; value++) {
		known.words[known.offset / 4] = value;
		if (values >> value & 1)
			span = way_through(ways, rule, multiplexer, &known);
	}
	return span;
}

static void check_way(const struct ways *ways, const struct rule *rule, call_id way,
		      bool multiplexer)
{
	static const struct known_word nothing;
	struct resolver *resolver = ways->resolver;
	struct span through;
	struct diag *diag;

	if (call_number(way, resolver->abi->id) < 0)
		return;
	through = multiplexer ? multiplexer_through(ways, rule, way)
			      : way_through(ways, rule, way, &nothing);
	if (!through.file)
		return;
	diag = resolver_warning(resolver, DIAG_BYPASS, rule->span,
				"%s goes around this rule for %s", call_get(way)->name,
				call_get(rule->call)->name);
	resolver_note(resolver, diag, through,
		      "this lets %s through, whose arguments cannot be seen", call_get(way)->name);
}

static void check_rule(const struct ways *ways, const struct rule *rule)
{
	enum abi_id abi = ways->resolver->abi->id;
	bool conditional = rule->condition->kind != CONDITION_TRUE;
	call_id multiplexer = call_multiplexer(rule->call, abi);
	const struct equivalent *list;
	unsigned int count;

	if (!conditional && action_lets_through(rule->action))
		return;
	if (multiplexer != CALL_NONE)
		check_way(ways, rule, multiplexer, true);
	if (!conditional)
		return;
	list = call_equivalents(rule->call, abi, &count);
	for (unsigned int i = 0; i < count; i++)
		if (list[i].sight == EQUIVALENT_HIDDEN && list[i].call != rule->call &&
		    list[i].call != multiplexer)
			check_way(ways, rule, list[i].call, false);
}

/* Whatever the rules say, the program can make the same calls as another ABI, or by newer numbers. */
static void check_standing(struct resolver *resolver)
{
	const struct ruleset *ruleset = resolver->ruleset;

	if (action_lets_through(ruleset->unmatched))
		return;
	if (ruleset->foreign_span.file && action_lets_through(ruleset->foreign))
		resolver_warning(resolver, DIAG_BYPASS, ruleset->foreign_span,
				 "this lets every call of another ABI through, around all rules");
	if (ruleset->unknown_span.file && action_lets_through(ruleset->unknown))
		resolver_warning(resolver, DIAG_BYPASS, ruleset->unknown_span,
				 "this lets calls through that came after the baseline, whatever "
				 "they do");
}

void bypass_check(struct resolver *resolver)
{
	const struct ruleset *ruleset = resolver->ruleset;
	struct ways ways = {.resolver = resolver};

	check_standing(resolver);
	if (resolver->exhausted)
		return;
	index_rules(&ways);
	for (size_t i = 0; i < ruleset->rules.count; i++)
		check_rule(&ways, &ruleset->rules.items[i]);
}
