/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/backend/writer.h"

#include "policy-lang/catalog/call.h"

#include <stdarg.h>
#include <string.h>

void writer_refuse(struct writer *writer, struct span span, const char *format, ...)
{
	const char *text, *key;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(writer->arena, format, args);
	va_end(args);
	key = arena_printf(writer->arena, "%u:%u:%s", span.file, span.begin, text);
	for (size_t i = 0; i < writer->said.count; i++)
		if (!strcmp(writer->said.items[i], key))
			return;
	*VEC_PUSH(writer->arena, &writer->said) = key;
	diag_error(writer->diags, DIAG_NOT_EXPRESSIBLE, span, "%s", text);
}

const char *writer_action(const struct writer *writer, seccomp_action action, const struct abi *abi)
{
	struct text text = {0};
	const char *copy;

	seccomp_action_print(action, abi->id, &text);
	copy = text.bytes ? arena_copy(writer->arena, text.bytes, text.length) : "?";
	text_release(&text);
	return copy;
}

const char *writer_call(const struct writer *writer, const struct abi *abi, uint32_t number)
{
	call_id call = call_by_number(abi->id, number);

	return call == CALL_NONE ? arena_printf(writer->arena, "number %u", number)
				 : call_get(call)->name;
}

/* libseccomp takes an errno, or a tracer's message, below this one (MAX_ERRNO). */
#define DATA_MAX 4094

/* Why libseccomp has no such action; NULL where it has. */
static const char *action_lacks(seccomp_action action)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return data <= DATA_MAX ? NULL : "its errnos end at 4094";
	case SECCOMP_RET_TRACE:
		return data <= DATA_MAX ? NULL : "its messages for tracers end at 4094";
	case SECCOMP_RET_TRAP:
		return data ? "its trap has no number" : NULL;
	default:
		return NULL;
	}
}

static void check_action(struct writer *writer, seccomp_action action, const struct abi *abi,
			 struct span span)
{
	const char *lacks = action_lacks(action);

	if (lacks)
		writer_refuse(writer, span, "%s cannot say %s: %s", writer->library->version,
			      writer_action(writer, action, abi), lacks);
}

static void check_actions(struct writer *writer, const struct ruleset *rules)
{
	for (size_t i = 0; i < rules->rules.count; i++)
		check_action(writer, rules->rules.items[i].action, rules->abi,
			     rules->rules.items[i].span);
	check_action(writer, rules->unmatched, rules->abi, rules->unmatched_span);
	check_action(writer, rules->unknown, rules->abi, rules->unknown_span);
	check_action(writer, rules->foreign, rules->abi, rules->foreign_span);
	if (rules->unknown == SECCOMP_RET_USER_NOTIF)
		writer_refuse(writer, rules->unknown_span,
			      "%s has no `notify` for numbers that no rule names",
			      writer->library->version);
}

bool writer_check(struct writer *writer)
{
	const struct seccomp_functions *functions = writer->library->functions;
	const struct ruleset *first = &writer->rules->rulesets.items[0];
	unsigned int errors = writer->diags->errors;

	writer->fallback = first->unknown;
	for (size_t i = 0; i < writer->rules->rulesets.count; i++) {
		const struct ruleset *rules = &writer->rules->rulesets.items[i];

		if (!functions->seccomp_arch_resolve_name(rules->abi->name))
			writer_refuse(writer, (struct span){0}, "%s does not know %s",
				      writer->library->version, rules->abi->name);
		if (rules->unknown != writer->fallback)
			writer_refuse(writer, rules->unknown_span,
				      "`unknown` differs between %s and %s, and %s has one default "
				      "for all",
				      first->abi->name, rules->abi->name, writer->library->version);
		check_actions(writer, rules);
	}
	return writer->diags->errors == errors;
}
