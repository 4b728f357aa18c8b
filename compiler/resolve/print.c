/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as text, for --dump=rules and golden tests. */
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/text.h"

/* `  # policy.pale:12`, or nothing for what no source stands behind. */
static void print_place(const struct sources *sources, struct span span, struct text *out)
{
	const struct source *source = sources_get(sources, span.file);

	if (source)
		text_printf(out, "  # %s:%u", source->name,
			    sources_position(sources, span.file, span.begin).line);
	text_add_char(out, '\n');
}

/* `args[2].lo`: which half of which argument a word of struct seccomp_data is. */
static void print_word(const struct abi *abi, uint32_t word, struct text *out)
{
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++) {
		if (word == abi_word_low(abi, i))
			text_printf(out, "args[%u].lo", i);
		if (word == abi_word_high(abi, i))
			text_printf(out, "args[%u].hi", i);
	}
}

static void print_number(uint32_t number, struct text *out)
{
	text_printf(out, number < 10 ? "%u" : "0x%x", number);
}

static void print_test(const struct abi *abi, const struct condition *test, struct text *out)
{
	if (test->mask != UINT32_MAX)
		text_add_char(out, '(');
	print_word(abi, test->word, out);
	if (test->mask != UINT32_MAX) {
		text_add_string(out, " & ");
		print_number(test->mask, out);
		text_add_char(out, ')');
	}
	if (test->load) {
		text_printf(out, " == load %u.%s", load_index(test->load),
			    load_is_high(test->load) ? "hi" : "lo");
		return;
	}
	text_add_string(out, " in {");
	for (size_t i = 0; i < test->interval_count; i++) {
		if (i)
			text_add_string(out, ", ");
		print_number(test->intervals[i].first, out);
		if (test->intervals[i].last == test->intervals[i].first)
			continue;
		text_add_string(out, "..");
		print_number(test->intervals[i].last, out);
	}
	text_add_char(out, '}');
}

/* PARENT is the kind of the condition around it: && in && and || in || need no parentheses. */
static void print_condition(const struct abi *abi, const struct condition *condition,
			    enum condition_kind parent, struct text *out)
{
	bool joins = condition->kind == CONDITION_AND || condition->kind == CONDITION_OR;
	bool enclosed = joins && parent != CONDITION_TRUE && parent != condition->kind;

	if (enclosed)
		text_add_char(out, '(');
	switch (condition->kind) {
	case CONDITION_TRUE:
		text_add_string(out, "true");
		break;
	case CONDITION_FALSE:
		text_add_string(out, "false");
		break;
	case CONDITION_AND:
	case CONDITION_OR:
		print_condition(abi, condition->left, condition->kind, out);
		text_add_string(out, condition->kind == CONDITION_AND ? " && " : " || ");
		print_condition(abi, condition->right, condition->kind, out);
		break;
	case CONDITION_NOT:
		text_add_char(out, '!');
		if (condition->left->kind == CONDITION_TEST)
			text_add_char(out, '(');
		print_condition(abi, condition->left, CONDITION_NOT, out);
		if (condition->left->kind == CONDITION_TEST)
			text_add_char(out, ')');
		break;
	case CONDITION_TEST:
		print_test(abi, condition, out);
		break;
	}
	if (enclosed)
		text_add_char(out, ')');
}

/* `x86_64 openat(257)`, with the number as `pale list` shows it: x32's bit included. */
static void print_call(const struct abi *abi, uint32_t number, struct text *out)
{
	call_id call = call_by_number(abi->id, number);

	text_printf(out, "%s %s(%u)", abi->name, call == CALL_NONE ? "?" : call_get(call)->name,
		    number);
}

static void print_decision(const struct abi *abi, const struct condition *condition,
			   seccomp_action action, struct text *out)
{
	if (condition->kind != CONDITION_TRUE) {
		text_add_string(out, ": ");
		print_condition(abi, condition, CONDITION_TRUE, out);
	}
	text_add_string(out, " -> ");
	seccomp_action_print(action, abi->id, out);
}

static void print_ruleset(const struct ruleset *ruleset, const struct sources *sources,
			  struct text *out)
{
	const struct abi *abi = ruleset->abi;

	for (size_t i = 0; i < ruleset->rules.count; i++) {
		const struct rule *rule = &ruleset->rules.items[i];

		print_call(abi, rule->number, out);
		print_decision(abi, rule->condition, rule->action, out);
		print_place(sources, rule->span, out);
	}
	text_printf(out, "%s up to %u -> ", abi->name, ruleset->highest);
	seccomp_action_print(ruleset->unmatched, abi->id, out);
	print_place(sources, ruleset->unmatched_span, out);
	text_printf(out, "%s above %u -> ", abi->name, ruleset->highest);
	seccomp_action_print(ruleset->unknown, abi->id, out);
	print_place(sources, ruleset->unknown_span, out);
}

void policy_rules_print(const struct policy_rules *rules, const struct sources *sources,
			struct text *out)
{
	for (size_t i = 0; i < rules->rulesets.count; i++)
		print_ruleset(&rules->rulesets.items[i], sources, out);
	text_add_string(out, "foreign -> ");
	seccomp_action_print(rules->foreign, rules->rulesets.items[0].abi->id, out);
	print_place(sources, rules->foreign_span, out);
	for (size_t i = 0; i < rules->loads.count; i++)
		text_printf(out, "load %zu is %s\n", i, rules->loads.items[i].name);
	for (size_t i = 0; i < rules->expectations.count; i++) {
		const struct expectation *expectation = &rules->expectations.items[i];

		text_add_string(out, "expect ");
		print_call(expectation->abi, expectation->number, out);
		print_decision(expectation->abi, expectation->condition, expectation->action, out);
		print_place(sources, expectation->span, out);
	}
}
