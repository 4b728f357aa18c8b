/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/planner.h"

#include "policy-lang/base/text.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <string.h>

/* The text at its place, or NULL where that was reported before. */
static const char *planner_text(struct planner *planner, struct span span, const char *format,
				va_list args) __attribute__((format(printf, 3, 0)));
static const char *planner_text(struct planner *planner, struct span span, const char *format,
				va_list args)
{
	const char *text = arena_vprintf(planner->arena, format, args);
	const char *key = arena_printf(planner->arena, "%u:%u:%s", span.file, span.begin, text);

	for (size_t i = 0; i < planner->said.count; i++)
		if (!strcmp(planner->said.items[i], key))
			return NULL;
	*VEC_PUSH(planner->arena, &planner->said) = key;
	return text;
}

void planner_refuse(struct planner *planner, struct span span, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = planner_text(planner, span, format, args);
	va_end(args);
	if (text)
		diag_error(planner->diags, DIAG_NOT_EXPRESSIBLE, span, "%s", text);
}

void planner_lose(struct planner *planner, struct span span, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = planner_text(planner, span, format, args);
	va_end(args);
	if (!text)
		return;
	if (planner->options->lossy) {
		diag_warning(planner->diags, DIAG_NOT_EXPRESSIBLE, span, "%s", text);
		*VEC_PUSH(planner->arena, &planner->plan->losses) = text;
	} else {
		struct diag *diag =
			diag_error(planner->diags, DIAG_NOT_EXPRESSIBLE, span, "%s", text);

		diag_note(planner->diags, diag, (struct span){0},
			  "--lossy accepts this: it lets no call through that the policy stops");
	}
}

void planner_warn(struct planner *planner, struct span span, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = planner_text(planner, span, format, args);
	va_end(args);
	if (!text)
		return;
	diag_warning(planner->diags, DIAG_NOT_EXPRESSIBLE, span, "%s", text);
	*VEC_PUSH(planner->arena, &planner->plan->losses) = text;
}

const struct ruleset *planner_ruleset(const struct planner *planner, enum abi_id abi)
{
	for (size_t i = 0; i < planner->rules.rulesets.count; i++)
		if (planner->rules.rulesets.items[i].abi->id == abi)
			return &planner->rules.rulesets.items[i];
	return NULL;
}

const char *planner_action(const struct planner *planner, seccomp_action action)
{
	struct text text = {0};
	const char *copy;

	seccomp_action_print(action, planner->policy->rulesets.items[0].abi->id, &text);
	copy = text.bytes ? arena_copy(planner->arena, text.bytes, text.length) : "?";
	text_release(&text);
	return copy;
}

/* The consumer's action for ACTION, whose lack or loss is reported at SPAN. */
static seccomp_action planner_map(struct planner *planner, seccomp_action action, struct span span)
{
	seccomp_action mapped;
	const char *why;

	switch (consumer_action(planner->options->format, action, &mapped, &why)) {
	case ACTION_SAID:
		break;
	case ACTION_NEAR:
		planner_lose(planner, span, "%s becomes %s: %s", planner_action(planner, action),
			     planner_action(planner, mapped), why);
		break;
	case ACTION_UNSAID:
		planner_refuse(planner, span, "%s cannot be said: %s",
			       planner_action(planner, action), why);
		break;
	}
	return mapped;
}

/*
 * `unknown` is never said as such; what becomes of it is judged later. Where a rule's call is newer
 * than the baseline, what its condition leaves gets it, and it must then be an action that there is.
 */
static seccomp_action planner_map_quietly(struct planner *planner, seccomp_action action)
{
	seccomp_action mapped;
	const char *why;

	consumer_action(planner->options->format, action, &mapped, &why);
	return mapped;
}

void planner_map_actions(struct planner *planner)
{
	planner->rules = *planner->policy;
	memset(&planner->rules.rulesets, 0, sizeof(planner->rules.rulesets));
	for (size_t i = 0; i < planner->policy->rulesets.count; i++) {
		struct ruleset *rules = VEC_PUSH(planner->arena, &planner->rules.rulesets);

		*rules = planner->policy->rulesets.items[i];
		rules->unmatched = planner_map(planner, rules->unmatched, rules->unmatched_span);
		rules->unknown = planner_map_quietly(planner, rules->unknown);
		rules->rules.items = arena_alloc_array(planner->arena, rules->rules.count + 1,
						       sizeof(*rules->rules.items));
		rules->rules.capacity = rules->rules.count + 1;
		for (size_t j = 0; j < rules->rules.count; j++) {
			struct rule *rule = &rules->rules.items[j];

			*rule = planner->policy->rulesets.items[i].rules.items[j];
			rule->action = planner_map(planner, rule->action, rule->span);
		}
	}
	planner->rules.foreign = planner_map_quietly(planner, planner->rules.foreign);
}
