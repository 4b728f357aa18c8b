/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/judgement.h"

#include "compiler/explain/answer.h"
#include "compiler/explain/condition.h"
#include "compiler/resolve/ruleset.h"
#include "policy-lang/ast.h"

#include <linux/seccomp.h>

enum {
	VALUES_MAX = 24, /* of one list that are worth reading */
};

static const struct {
	const char *text;
	const char *class;
} standings[STANDING_COUNT] = {
	[STANDING_ABSENT] = {"no such call", "absent"},
	[STANDING_DENIED] = {"denied", "denied"},
	[STANDING_ASKED] = {"asked about", "asked"},
	[STANDING_CONDITIONS] = {"with conditions", "conditions"},
	[STANDING_ALLOWED] = {"allowed", "allowed"},
};

const char *standing_text(enum standing standing)
{
	return standings[standing].text;
}

const char *standing_class(enum standing standing)
{
	return standings[standing].class;
}

static const struct report_machine *machine_of(const struct report_policy *policy,
					       const struct abi *abi)
{
	for (size_t i = 0; i < policy->machines.count; i++)
		if (policy->machines.items[i].abis & ABI_BIT(abi->id))
			return &policy->machines.items[i];
	return NULL;
}

bool judge_serves(const struct report_policy *policy, const struct abi *abi)
{
	return machine_of(policy, abi) != NULL;
}

/* The answer to calls of NUMBER, over the words of arguments. */
static diagram answer_to(const struct report_policy *policy, const struct report_machine *machine,
			 const struct abi *abi, uint32_t number)
{
	return answer_of_number(policy->diagrams,
				answer_of_arch(policy->diagrams, machine->answer, abi->audit_arch),
				number);
}

static bool passes(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

static bool asks(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_TRACE || action == SECCOMP_RET_USER_NOTIF;
}

enum standing judge_calls(const struct report_input *input, const struct abi *abi, uint32_t number,
			  diagram condition)
{
	const struct report_policy *policy = input->policy;
	const struct report_machine *machine = machine_of(policy, abi);
	diagram answer, passed = DIAGRAM_NONE, asked = DIAGRAM_NONE;
	struct value_list values = {0};

	if (!machine || condition == DIAGRAM_NONE)
		return STANDING_ABSENT;
	answer = answer_to(policy, machine, abi, number);
	apply_values(input->arena, policy->diagrams, answer, &values);
	for (size_t i = 0; i < values.items.count; i++) {
		uint32_t value = values.items.items[i];
		diagram *into = passes(value) ? &passed : asks(value) ? &asked : NULL;

		if (into)
			*into = diagram_or(policy->diagrams, *into,
					   diagram_where(policy->diagrams, answer, value));
	}
	if (diagram_without(policy->diagrams, condition, passed) == DIAGRAM_NONE)
		return STANDING_ALLOWED;
	if (diagram_and(policy->diagrams, condition, passed) != DIAGRAM_NONE)
		return STANDING_CONDITIONS;
	if (diagram_and(policy->diagrams, condition, asked) != DIAGRAM_NONE)
		return STANDING_ASKED;
	return STANDING_DENIED;
}

static const char *kept(struct arena *arena, struct text *text)
{
	const char *copy = arena_copy(arena, text->bytes ? text->bytes : "", text->length);

	text_release(text);
	return copy;
}

/* "deny EPERM where flags & O_CREAT" */
static void say_part(const struct phrasing *phrasing, uint32_t value, diagram calls,
		     struct text *out)
{
	struct wording wording = condition_say(phrasing, calls);

	if (out->length)
		text_add_string(out, "; ");
	seccomp_action_print(value, phrasing->form.abi->id, out);
	text_add_string(out, " where ");
	if (wording.where)
		ast_print_expr(wording.where, out);
	if (wording.more)
		text_printf(out, "%s%s", wording.where ? ", and " : "", wording.more);
	else if (!wording.where)
		text_add_string(out, "a condition holds that is too involved to be written here");
}

/* What is said last needs no condition: what is denied, and of several the first. */
static uint32_t choose_last(const struct value_list *values)
{
	for (size_t i = 0; i < values->items.count; i++)
		if (!passes(values->items.items[i]) && !asks(values->items.items[i]))
			return values->items.items[i];
	return values->items.items[0];
}

const char *judge_text(const struct report_input *input, const struct abi *abi, uint32_t number)
{
	const struct report_policy *policy = input->policy;
	const struct report_machine *machine = machine_of(policy, abi);
	struct phrasing phrasing = {
		.arena = input->arena,
		.diagrams = policy->diagrams,
		.form = {abi, call_by_number(abi->id, number)},
		.limit = VALUES_MAX,
	};
	struct value_list values = {0};
	struct text text = {0};
	diagram answer;
	uint32_t last;

	if (!machine)
		return "there is no filter for its machine";
	answer = answer_to(policy, machine, abi, number);
	apply_values(input->arena, policy->diagrams, answer, &values);
	if (!values.items.count)
		return "";
	last = choose_last(&values);
	for (size_t i = 0; i < values.items.count; i++)
		if (values.items.items[i] != last)
			say_part(&phrasing, values.items.items[i],
				 diagram_where(policy->diagrams, answer, values.items.items[i]),
				 &text);
	if (text.length)
		text_add_string(&text, "; else ");
	seccomp_action_print(last, abi->id, &text);
	return kept(input->arena, &text);
}
