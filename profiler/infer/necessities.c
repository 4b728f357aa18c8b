/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/compose.h"
#include "profiler/infer/evidence.h"

enum {
	NECESSITY_CALLS = 4,
};

/* What a program needs that no recording need have shown. */
static const struct necessity {
	const char *comment;
	bool start; /* not where the program serves already */
	struct {
		const char *name;
		bool any;
	} calls[NECESSITY_CALLS];
} necessities[] = {
	{"pale-run executes the program once the filter is in force", true, {{"execve", false}}},
	{"what every program can come to need: its end, a signal's return, a stop and its "
	 "continuation",
	 false,
	 {{"exit", false},
	  {"exit_group", false},
	  {"restart_syscall", false},
	  {"rt_sigreturn", true}}},
	{"what the vDSO does without a call where it can, and with one elsewhere",
	 false,
	 {{"clock_gettime", true}, {"getcpu", false}, {"gettimeofday", false}, {"time", false}}},
};

/* Whether DRAFT allows no more than the necessity does: then that stands for it. */
static bool is_necessity(const struct draft_rule *draft, call_id call, bool any)
{
	return draft->call == call && (draft->companion || draft_is_plain(draft)) &&
	       (any || !draft->any);
}

/* The call on each ABI where it was seen, and gone from the drafts. */
static const char *take_necessity(struct composition *composition, call_id call, bool any)
{
	draft_list *drafts = &composition->drafts;
	const char *text = "";
	size_t kept = 0;

	for (size_t i = 0; i < drafts->count; i++) {
		struct draft_rule *draft = drafts->items[i];
		const char *more;

		if (!is_necessity(draft, call, any)) {
			drafts->items[kept++] = draft;
			continue;
		}
		if (draft->companion)
			continue;
		more = evidence_rule(composition->arena, composition->observations, draft);
		text = text[0] ? arena_printf(composition->arena, "%s, %s", text, more) : more;
	}
	drafts->count = kept;
	return text;
}

static bool exists(const struct composition *composition, call_id call, bool any)
{
	struct draft_rule rule = {.call = call, .any = any};

	return draft_abis(&rule, composition->observations->abis) != 0;
}

void compose_necessities(struct composition *composition, struct stmt_list *list)
{
	for (size_t i = 0; i < sizeof(necessities) / sizeof(necessities[0]); i++) {
		const char *text = necessities[i].comment;
		struct stmt *stmt;

		if (necessities[i].start && composition->serving)
			continue;
		stmt = compose_rule(composition, list, DRAFT_ALLOW);
		for (size_t j = 0; j < NECESSITY_CALLS && necessities[i].calls[j].name; j++) {
			const char *name = necessities[i].calls[j].name, *seen;
			bool any = necessities[i].calls[j].any;

			if (!exists(composition, call_find(name), any))
				continue;
			seen = take_necessity(composition, call_find(name), any);
			compose_item(composition, stmt, any, name);
			if (seen[0])
				text = arena_printf(composition->arena, "%s; %s", text, seen);
		}
		compose_comment(composition, stmt, text);
		stmt->blank_before = list->items.count > 1 && i == 0;
	}
}
