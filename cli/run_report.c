/* SPDX-License-Identifier: Apache-2.0 */
/* pale run --report: what was denied, by which line, and which line would allow it. */
#include "cli/run.h"

#include "cli/command.h"
#include "compiler/place.h"
#include "compiler/ruling.h"
#include "policy-lang/catalog/constant.h"
#include "profiler/denials/advice.h"
#include "profiler/denials/call_text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* One kind of denied call in words. Everything lives in the run's arena. */
struct denied_call {
	const char *abi; /* NULL: none that is known */
	const char *call;
	const char *action;
	const char *rule; /* place and line; or in words where none is written */
	const char *near; /* as RULE, of one that lets it through with other arguments; or NULL */
	const char *condition; /* what has to be done besides adding ALLOWED_BY, or NULL */
	struct advice advice;
	const char *because; /* there is no line that allows it */
	/* The answer is ENOSYS, after which libc takes an equivalent whose flags a filter sees. */
	bool falls_back;
};

static const char *take_text(struct arena *arena, struct text *text)
{
	const char *taken =
		text->failed || !text->bytes ? "" : arena_copy(arena, text->bytes, text->length);

	text_release(text);
	return taken;
}

static const char *action_text(struct arena *arena, uint32_t action, const struct abi *abi)
{
	struct text text = {0};

	seccomp_action_print_for(action, abi ? ABI_BIT(abi->id) : 0, &text);
	return take_text(arena, &text);
}

static const char *place_text(const struct run *run, struct arena *arena, struct span span)
{
	struct text text = {0};

	if (!span.file)
		return NULL;
	place_show(&run->input.sources, span, &text);
	return take_text(arena, &text);
}

static const char *ruling_text(const struct run *run, struct arena *arena,
			       const struct ruling *ruling)
{
	static const char *const unwritten[] = {
		[RULING_RULE] = "a rule of pale's own",
		[RULING_DEFAULT] = "no rule takes it",
		[RULING_UNKNOWN] = "no rule takes it, and its number is above the baseline's",
		[RULING_FOREIGN] = "the policy is not for its ABI",
	};
	const char *text = place_text(run, arena, ruling->span);

	return text ? text : unwritten[ruling->source];
}

/* Of a bundle there is no text: the instruction that gives the answer. */
static const char *instruction_text(const struct run *run, struct arena *arena,
				    const uint32_t words[16], const uint64_t *loads)
{
	const struct filter *filter = filter_fill(arena, run->policy, loads);

	return arena_printf(arena, "instruction %u of the filter (see pale disasm %s)",
			    filter_simulate(filter, words).last, run->path);
}

static void explain(const struct run *run, struct arena *arena, const struct denial *denial,
		    const uint64_t *loads, struct denied_call *denied)
{
	struct ruling ruling;
	uint32_t words[16];

	memcpy(words, &denial->data, sizeof(words));
	if (!run->rules) {
		denied->rule = instruction_text(run, arena, words, loads);
		denied->condition = "in the bundle's policy";
		return;
	}
	ruling = policy_rule_on(run->rules, words, loads);
	denied->rule = ruling_text(run, arena, &ruling);
	denied->near = place_text(run, arena, ruling.near);
	if (ruling.source == RULING_RULE)
		denied->condition = "before that rule";
	else if (ruling.source == RULING_FOREIGN && denied->abi)
		denied->condition = arena_printf(arena, "once `arch` names %s", denied->abi);
}

static bool is_one_of_many(const struct run *run, const struct abi *abi)
{
	if (!abi || !(run->policy->abis & ABI_BIT(abi->id)))
		return true;
	return (run->policy->abis & (run->policy->abis - 1)) != 0;
}

static void add_call(const struct denial *denial, struct text *out)
{
	const struct denied_call *denied = denial->user;
	const struct abi *host = abi_host();

	text_add_string(out, denial->program);
	if (denial->script)
		text_printf(out, " (%s)", denial->script);
	text_add_string(out, ": ");
	if (!host || !denied->abi || strcmp(denied->abi, host->name) != 0)
		text_printf(out, "%s ", denied->abi ? denied->abi : "unknown ABI");
	text_add_string(out, denied->call);
}

/* In one piece: the program writes there too. */
static void print_text(struct text *text)
{
	if (text->failed)
		command_error("no memory to report what was denied");
	else
		fwrite(text->bytes, 1, text->length, stderr);
	text_release(text);
}

static void print_denied(const struct denial *denial)
{
	const struct denied_call *denied = denial->user;
	struct text text = {0};

	text_add_string(&text, "pale: denied: ");
	add_call(denial, &text);
	text_printf(&text, ": %s\npale:   rule: %s\n", denied->action, denied->rule);
	if (denied->near)
		text_printf(&text, "pale:   near: %s\n", denied->near);
	if (denied->falls_back)
		text_add_string(&text,
				"pale:   mostly meant: with ENOSYS libc takes another call, whose "
				"flags the policy sees\n");
	if (denied->advice.rule)
		text_printf(&text, "pale:   allowed by%s%s: %s\n", denied->condition ? ", " : "",
			    denied->condition ? denied->condition : "", denied->advice.rule);
	else
		text_printf(&text, "pale:   no line can allow it: %s\n", denied->because);
	if (denied->advice.instead && !denied->falls_back)
		text_printf(&text,
			    "pale:   or narrower, with ENOSYS, so that libc takes another: %s\n",
			    denied->advice.instead);
	print_text(&text);
}

static bool is_enosys(uint32_t action, const struct abi *abi)
{
	uint64_t value;

	return abi && constant_value(constant_find("ENOSYS"), abi->id, &value) &&
	       action == (SECCOMP_RET_ERRNO | (uint32_t)value);
}

void run_report_denied(void *user, struct denial *denial, const struct call_event *event,
		       const uint64_t *loads)
{
	struct run_report *report = user;
	struct arena *arena = &report->run->input.arena;
	struct denied_call *denied = arena_alloc(arena, sizeof(*denied));
	const struct abi *abi = abi_identify(event->audit_arch, event->number);

	denied->abi = abi ? abi->name : NULL;
	denied->call = call_event_text(arena, event);
	denied->action = action_text(arena, denial->action, abi);
	explain(report->run, arena, denial, loads, denied);
	denied->advice = advice_for(arena, event, is_one_of_many(report->run, abi));
	denied->falls_back = denied->advice.instead && is_enosys(denial->action, abi);
	denied->because =
		abi ? "this pale has no name for the call" : "this pale knows no such ABI";
	denial->user = denied;
	if (!report->run->input.style.json)
		print_denied(denial);
}

static json_t *json_string_or_null(const char *string)
{
	return string ? json_string(string) : json_null();
}

static json_t *json_denial(const struct denial *denial)
{
	const struct denied_call *denied = denial->user;
	json_t *args = json_array();

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		json_array_append_new(args,
				      json_sprintf("0x%" PRIx64, (uint64_t)denial->data.args[i]));
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:I, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:b}", "program",
		json_string_or_null(denial->program), "script", json_string_or_null(denial->script),
		"abi", json_string_or_null(denied->abi), "call", json_string(denied->call),
		"number", (json_int_t)(uint32_t)denial->data.nr, "args", args, "action",
		denied->action, "count", (json_int_t)denial->count, "rule",
		json_string_or_null(denied->rule), "near", json_string_or_null(denied->near),
		"condition", json_string_or_null(denied->condition), "allowed_by",
		json_string_or_null(denied->advice.rule), "instead",
		json_string_or_null(denied->advice.instead), "falls_back", denied->falls_back);
}

static void print_json(const struct denials_result *result)
{
	json_t *list = json_array(), *all;

	for (size_t i = 0; i < result->count; i++)
		json_array_append_new(list, json_denial(&result->items[i]));
	all = json_pack("{s:I, s:I, s:o}", "calls", (json_int_t)result->calls, "further",
			(json_int_t)result->further, "denied", list);
	if (!all || json_dumpf(all, stderr, JSON_INDENT(2)) != 0)
		command_error("no memory to report %zu kinds of calls as JSON", result->count);
	fputc('\n', stderr);
	json_decref(all);
}

void run_report_finish(const struct run_report *report, const struct denials_result *result)
{
	struct text text = {0};

	if (report->run->input.style.json) {
		print_json(result);
		return;
	}
	text_printf(&text, "pale: report: %" PRIu64 " call%s denied, %zu different\n",
		    result->calls, result->calls == 1 ? "" : "s", result->count);
	for (size_t i = 0; i < result->count; i++) {
		if (result->items[i].count == 1)
			continue;
		text_printf(&text, "pale:   %" PRIu64 " times: ", result->items[i].count);
		add_call(&result->items[i], &text);
		text_add_char(&text, '\n');
	}
	if (result->further)
		text_printf(&text, "pale:   and %" PRIu64 " calls beyond %d different ones\n",
			    result->further, DENIALS_MAX);
	print_text(&text);
}
