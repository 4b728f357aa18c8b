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

/* The draft that lets CALL through; NULL where there is none, as for one whose flags are hidden. */
static const struct draft_rule *find_draft(const draft_list *drafts, enum abi_id abi, call_id call)
{
	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];
		const struct equivalent *members;
		unsigned int count = 0;

		if (draft->action != DRAFT_ALLOW || draft->companion)
			continue;
		if (draft->call == call && !draft->any)
			return draft;
		members = draft->any ? call_equivalents(draft->call, abi, &count) : NULL;
		for (unsigned int j = 0; j < count; j++)
			if (members[j].call == call &&
			    (members[j].sight == EQUIVALENT_PLAIN || !draft->where))
				return draft;
	}
	return NULL;
}

static const struct draft_rule *draft_for(struct arena *arena, const struct recording *recording,
					  enum abi_id abi, call_id call, enum infer_detail detail)
{
	struct diags diags = {.arena = arena};
	draft_list drafts = {0};
	struct draft_request request = {
		.arena = arena,
		.observations = observations_gather(arena, recording, 0),
		.detail = detail,
		.baseline = call_newest_kernel(),
		.diags = &diags,
	};

	infer_draft_rules(&request, abi, &drafts);
	return find_draft(&drafts, abi, call);
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

const char *advice_rule(struct arena *arena, const struct call_event *event, bool for_abi)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	call_id call = abi ? call_by_number(abi->id, event->number) : CALL_NONE;
	const struct draft_rule *draft = NULL;
	const char *rule = NULL;
	struct recording *recording;
	struct arena own = {0};

	if (call == CALL_NONE || arena_init(&own) < 0)
		return NULL;
	recording = record_event(&own, event);
	if (recording)
		draft = draft_for(&own, recording, abi->id, call, INFER_BALANCED);
	if (recording && !draft)
		draft = draft_for(&own, recording, abi->id, call, INFER_EXACT);
	if (draft)
		rule = draft_text(arena, draft);
	if (rule && for_abi)
		rule = arena_printf(arena, "when arch == %s { %s }", abi->name, rule);
	arena_release(&own);
	return rule;
}
