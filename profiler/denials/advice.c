/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/denials/advice.h"

#include "profiler/infer/gather.h"
#include "profiler/infer/rules.h"

#include <string.h>

/* A recording of EVENT and nothing else. */
static struct recording *record_event(struct arena *arena, const struct call_event *event)
{
	static char *const no_command[] = {NULL};
	const struct executable_identity identity = {.path = "/"};
	struct recorder *recorder = recorder_new(
		arena, &(struct recorder_subject){.tracer = "ptrace", .command = no_command});
	struct recording *recording = arena_alloc(arena, sizeof(*recording));

	if (!recorder)
		return NULL;
	if (!recorder_call(recorder, recorder_executable_start(recorder, &identity), event))
		return NULL;
	*VEC_PUSH(arena, &recording->runs) = recorder_finish(recorder, RECORDED_END_UNKNOWN, 0);
	return recording;
}

/* How DRAFT stands to CALL. */
enum standing {
	STANDING_NONE,
	STANDING_ALLOWS,
	STANDING_HIDDEN, /* it is one of `any`, whose flags are hidden: it gets ENOSYS */
};

static enum standing draft_standing(const struct draft_rule *draft, enum abi_id abi, call_id call)
{
	const struct equivalent *members;
	unsigned int count = 0;

	if (draft->action != DRAFT_ALLOW || draft->companion)
		return STANDING_NONE;
	if (!draft->any)
		return draft->call == call ? STANDING_ALLOWS : STANDING_NONE;
	members = call_equivalents(draft->call, abi, &count);
	for (unsigned int i = 0; i < count; i++)
		if (members[i].call == call)
			return members[i].sight == EQUIVALENT_HIDDEN && draft->where
				       ? STANDING_HIDDEN
				       : STANDING_ALLOWS;
	return STANDING_NONE;
}

static const char *draft_text(struct arena *arena, const struct draft_rule *draft)
{
	const char *result;
	struct text text = {0};

	if (draft->where)
		ast_print_expr(draft->where, &text);
	result = text.failed
			 ? NULL
			 : arena_printf(arena, "allow %s%s%s%s;", draft->any ? "any " : "",
					call_get(draft->call)->name, draft->where ? " where " : "",
					draft->where ? text.bytes : "");
	text_release(&text);
	return result;
}

/* Adds to ADVICE what a policy has for the call that `pale generate` makes. */
static void advise(struct arena *arena, struct arena *own, const struct recording *recording,
		   const struct call_event *event, struct advice *advice)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	call_id call = call_by_number(abi->id, event->number);
	struct diags diags = {.arena = own};
	draft_list drafts = {0};
	struct draft_request request = {
		.arena = own,
		.observations = observations_gather(own, recording, 0, PHASES_ALL),
		.detail = INFER_BALANCED,
		.baseline = call_newest_kernel(),
		.diags = &diags,
	};

	infer_draft_rules(&request, abi->id, &drafts);
	for (size_t i = 0; i < drafts.count; i++) {
		const struct draft_rule *draft = drafts.items[i];
		enum standing standing = draft_standing(draft, abi->id, call);

		if (standing == STANDING_ALLOWS && !advice->rule)
			advice->rule = draft_text(arena, draft);
		if (standing == STANDING_HIDDEN && !advice->instead)
			advice->instead = draft_text(arena, draft);
	}
}

static const char *on_abi(struct arena *arena, const struct abi *abi, const char *rule)
{
	return rule ? arena_printf(arena, "when arch == %s { %s }", abi->name, rule) : NULL;
}

/* What allows the call whatever its arguments, where `pale generate` would not. */
static const char *plain_rule(struct arena *arena, const struct abi *abi,
			      const struct call_event *event)
{
	return arena_printf(arena, "allow %s;",
			    call_get(call_by_number(abi->id, event->number))->name);
}

struct advice advice_for(struct arena *arena, const struct call_event *event, bool for_abi)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	struct advice advice = {0};
	struct recording *recording;
	struct arena own = {0};

	if (!abi || call_by_number(abi->id, event->number) == CALL_NONE || arena_init(&own) < 0)
		return advice;
	recording = record_event(&own, event);
	if (recording)
		advise(arena, &own, recording, event, &advice);
	if (recording && !advice.rule)
		advice.rule = plain_rule(arena, abi, event);
	if (for_abi) {
		advice.rule = on_abi(arena, abi, advice.rule);
		advice.instead = on_abi(arena, abi, advice.instead);
	}
	arena_release(&own);
	return advice;
}
