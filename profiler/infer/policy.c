/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy's tree. A rule that all recorded ABIs with its call ask for alike stands once;
 * others stand under `when arch`.
 */
#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_LENGTH = 8,    /* names in one rule of plain calls */
	COMMAND_WIDTH = 80, /* of a command line in a comment */
	COMMANDS_MAX = 5,
	WHEN_INDENT = 8,
	NECESSITY_CALLS = 4,
};

static const struct span nowhere;

struct composition {
	struct arena *arena;
	const struct recording *recording;
	const struct infer_options *options;
	const struct observations *observations;
	struct kernel_version baseline;
	draft_list drafts;
	size_t indent;
};

static struct stmt *add_stmt(struct composition *composition, struct stmt_list *list,
			     enum stmt_kind kind)
{
	struct stmt *stmt = stmt_new(composition->arena, kind, nowhere);

	*VEC_PUSH(composition->arena, &list->items) = stmt;
	return stmt;
}

static void add_action(struct composition *composition, struct stmt_list *list, enum stmt_kind kind,
		       enum action_kind action, const char *value)
{
	struct stmt *stmt = add_stmt(composition, list, kind);

	stmt->action.kind = action;
	if (value)
		stmt->action.value = expr_new_name(composition->arena, value, nowhere);
}

static void add_item(struct composition *composition, struct stmt *stmt, bool any, const char *name)
{
	struct rule_item *item = VEC_PUSH(composition->arena, &stmt->rule.items);

	item->any = any;
	item->name.text = name;
}

static struct stmt *add_rule(struct composition *composition, struct stmt_list *list,
			     enum draft_action action)
{
	struct stmt *stmt = add_stmt(composition, list, STMT_RULE);

	stmt->rule.has_action = true;
	stmt->rule.action.kind = action == DRAFT_ALLOW ? ACTION_ALLOW : ACTION_DENY;
	if (action != DRAFT_ALLOW)
		stmt->rule.action.value = expr_new_name(composition->arena, "ENOSYS", nowhere);
	return stmt;
}

static void comment(struct composition *composition, struct stmt *stmt, const char *text)
{
	evidence_wrap(composition->arena, text, composition->indent, &stmt->comments);
}

/* The ABIs among ABIS where the draft's call, or an equivalent for `any`, exists. */
static abi_set abis_with(const struct draft_rule *draft, abi_set abis)
{
	abi_set with = 0;

	for (int abi = 0; abi < ABI_COUNT; abi++) {
		unsigned int count = 0;

		if (!(abis & ABI_BIT(abi)))
			continue;
		if (draft->any)
			call_equivalents(draft->call, (enum abi_id)abi, &count);
		if (count || call_number(draft->call, (enum abi_id)abi) >= 0)
			with |= ABI_BIT(abi);
	}
	return with;
}

static bool drafts_agree(const struct draft_rule *a, const struct draft_rule *b)
{
	return a->call == b->call && a->any == b->any && a->action == b->action &&
	       a->companion == b->companion && strcmp(a->where_text, b->where_text) == 0;
}

/* Whether all ABIs that have the draft's call ask for the same. */
static bool is_common(const struct composition *composition, const struct draft_rule *draft)
{
	abi_set asking = 0;

	for (size_t i = 0; i < composition->drafts.count; i++)
		if (drafts_agree(draft, composition->drafts.items[i]))
			asking |= ABI_BIT(composition->drafts.items[i]->abi);
	return asking == abis_with(draft, composition->observations->abis);
}

/* A common draft with what was seen on the other ABIs too. */
static struct draft_rule *join_drafts(struct composition *composition,
				      const struct draft_rule *draft)
{
	struct draft_rule *joined = arena_alloc(composition->arena, sizeof(*joined));

	*joined = *draft;
	joined->evidence.items = NULL;
	joined->evidence.count = joined->evidence.capacity = 0;
	for (size_t i = 0; i < composition->drafts.count; i++) {
		const struct draft_rule *other = composition->drafts.items[i];

		if (!drafts_agree(draft, other))
			continue;
		for (size_t j = 0; j < other->evidence.count; j++)
			*VEC_PUSH(composition->arena, &joined->evidence) = other->evidence.items[j];
	}
	return joined;
}

static bool is_plain(const struct draft_rule *draft)
{
	return draft->action == DRAFT_ALLOW && !draft->where && draft->notes.count == 0 &&
	       !draft->companion;
}

/* Calls without a condition, LIST_LENGTH a rule, and how often each was seen. */
static void add_plain_rules(struct composition *composition, struct stmt_list *list,
			    const draft_list *drafts)
{
	struct stmt *stmt = NULL;
	const char *text = "";

	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];
		const char *more;

		if (!is_plain(draft))
			continue;
		if (stmt && stmt->rule.items.count == LIST_LENGTH) {
			comment(composition, stmt, text);
			stmt = NULL;
			text = "";
		}
		if (!stmt)
			stmt = add_rule(composition, list, DRAFT_ALLOW);
		add_item(composition, stmt, draft->any, call_get(draft->call)->name);
		more = evidence_rule(composition->arena, composition->observations, draft);
		text = text[0] ? arena_printf(composition->arena, "%s; %s", text, more) : more;
	}
	if (stmt)
		comment(composition, stmt, text);
}

/* What was not seen, in a rule of its own. */
static void add_companion_rule(struct composition *composition, struct stmt_list *list,
			       const draft_list *drafts)
{
	struct stmt *stmt = NULL;

	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];

		if (!draft->companion)
			continue;
		if (!stmt)
			stmt = add_rule(composition, list, DRAFT_ALLOW);
		add_item(composition, stmt, draft->any, call_get(draft->call)->name);
	}
	if (stmt)
		comment(composition, stmt,
			"not seen, and no more than what was: other forms of the same calls, and "
			"answers about the program itself");
}

static void add_other_rules(struct composition *composition, struct stmt_list *list,
			    const draft_list *drafts)
{
	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft_rule *draft = drafts->items[i];
		struct stmt *stmt;

		if (is_plain(draft) || draft->companion)
			continue;
		stmt = add_rule(composition, list, draft->action);
		add_item(composition, stmt, draft->any, call_get(draft->call)->name);
		stmt->rule.where = draft->where;
		comment(composition, stmt,
			evidence_rule(composition->arena, composition->observations, draft));
	}
}

/* Plain calls first, then those with more to say; each part after an empty line. */
static void add_drafts(struct composition *composition, struct stmt_list *list,
		       const draft_list *drafts)
{
	size_t first = list->items.count;

	add_plain_rules(composition, list, drafts);
	add_companion_rule(composition, list, drafts);
	if (list->items.count > first && first > 0)
		list->items.items[first]->blank_before = true;
	first = list->items.count;
	add_other_rules(composition, list, drafts);
	if (list->items.count > first && first > 0)
		list->items.items[first]->blank_before = true;
}

static int order_drafts(const void *left, const void *right)
{
	const struct draft_rule *a = *(struct draft_rule *const *)left;
	const struct draft_rule *b = *(struct draft_rule *const *)right;

	return (a->call > b->call) - (a->call < b->call);
}

static void add_common_rules(struct composition *composition, struct stmt_list *list)
{
	draft_list common = {0};

	for (size_t i = 0; i < composition->drafts.count; i++) {
		const struct draft_rule *draft = composition->drafts.items[i];
		bool there = false;

		if (!is_common(composition, draft))
			continue;
		for (size_t j = 0; j < common.count; j++)
			there |= drafts_agree(draft, common.items[j]);
		if (!there)
			*VEC_PUSH(composition->arena, &common) = join_drafts(composition, draft);
	}
	/* Those of one ABI are in order; those that another added stand behind them. */
	if (common.count)
		qsort(common.items, common.count, sizeof(*common.items), order_drafts);
	add_drafts(composition, list, &common);
}

static void add_rules_of(struct composition *composition, struct stmt_list *list, enum abi_id abi)
{
	draft_list own = {0};
	struct stmt *stmt;
	struct arena *arena = composition->arena;

	for (size_t i = 0; i < composition->drafts.count; i++)
		if (composition->drafts.items[i]->abi == abi &&
		    !is_common(composition, composition->drafts.items[i]))
			*VEC_PUSH(arena, &own) = composition->drafts.items[i];
	if (!own.count)
		return;
	stmt = add_stmt(composition, list, STMT_WHEN);
	stmt->blank_before = true;
	stmt->when.condition =
		expr_new_binary(arena, EXPR_OP_EQUAL, expr_new_name(arena, "arch", nowhere),
				expr_new_name(arena, abi_get(abi)->name, nowhere), nowhere);
	composition->indent = WHEN_INDENT;
	add_drafts(composition, &stmt->when.then, &own);
	composition->indent = 0;
}

/* What a program needs that no recording need have shown. */
static const struct necessity {
	const char *comment;
	struct {
		const char *name;
		bool any;
	} calls[NECESSITY_CALLS];
} necessities[] = {
	{"pale-run executes the program once the filter is in force", {{"execve", false}}},
	{"what every program can come to need: its end, a signal's return, a stop and its "
	 "continuation",
	 {{"exit", false},
	  {"exit_group", false},
	  {"restart_syscall", false},
	  {"rt_sigreturn", true}}},
	{"what the vDSO does without a call where it can, and with one elsewhere",
	 {{"clock_gettime", true}, {"getcpu", false}, {"gettimeofday", false}, {"time", false}}},
};

/* Whether DRAFT allows no more than the necessity does: then that stands for it. */
static bool is_necessity(const struct draft_rule *draft, call_id call, bool any)
{
	return draft->call == call && (draft->companion || is_plain(draft)) && (any || !draft->any);
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

	return abis_with(&rule, composition->observations->abis) != 0;
}

static void add_necessities(struct composition *composition, struct stmt_list *list)
{
	for (size_t i = 0; i < sizeof(necessities) / sizeof(necessities[0]); i++) {
		struct stmt *stmt = add_rule(composition, list, DRAFT_ALLOW);
		const char *text = necessities[i].comment;

		for (size_t j = 0; j < NECESSITY_CALLS && necessities[i].calls[j].name; j++) {
			const char *name = necessities[i].calls[j].name, *seen;
			bool any = necessities[i].calls[j].any;

			if (!exists(composition, call_find(name), any))
				continue;
			seen = take_necessity(composition, call_find(name), any);
			add_item(composition, stmt, any, name);
			if (seen[0])
				text = arena_printf(composition->arena, "%s; %s", text, seen);
		}
		comment(composition, stmt, text);
		stmt->blank_before = i == 0;
	}
}

static const char *command_line(struct arena *arena, const struct recorded_run *run)
{
	const char *line = "";

	for (size_t i = 0; i < run->command.count && strlen(line) <= COMMAND_WIDTH; i++)
		line = arena_printf(arena, "%s%s%s", line, i ? " " : "", run->command.items[i]);
	return strlen(line) > COMMAND_WIDTH ? arena_printf(arena, "%.*s...", COMMAND_WIDTH, line)
					    : line;
}

/* Where the policy comes from, above its first statement. */
static void add_head_comments(struct composition *composition, struct stmt *stmt)
{
	struct arena *arena = composition->arena;
	size_t runs = composition->recording->runs.count;

	comment(composition, stmt,
		arena_printf(arena, "Made by pale generate from %zu run%s:", runs,
			     runs == 1 ? "" : "s"));
	for (size_t i = 0; i < runs && i < COMMANDS_MAX; i++) {
		const struct recorded_run *run = composition->recording->runs.items[i];

		*VEC_PUSH(arena, &stmt->comments) =
			arena_printf(arena, "  %s (Linux %s, %s)", command_line(arena, run),
				     run->kernel, run->tracer);
	}
	if (runs > COMMANDS_MAX)
		comment(composition, stmt,
			arena_printf(arena, "  and %zu more", runs - COMMANDS_MAX));
	comment(composition, stmt, "Numbers are how often a call was seen. See pale-generate(1).");
}

static void add_head(struct composition *composition, struct stmt_list *list)
{
	struct stmt *stmt = add_stmt(composition, list, STMT_POLICY);

	stmt->string.text = composition->options->name;
	add_head_comments(composition, stmt);
	stmt = add_stmt(composition, list, STMT_BASELINE);
	stmt->baseline.major = composition->baseline.major;
	stmt->baseline.minor = composition->baseline.minor;
	stmt = add_stmt(composition, list, STMT_ARCH);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (composition->observations->abis & ABI_BIT(abi))
			VEC_PUSH(composition->arena, &stmt->names)->text =
				abi_get((enum abi_id)abi)->name;
	add_action(composition, list, STMT_DEFAULT, ACTION_DENY, "EPERM");
	add_action(composition, list, STMT_UNKNOWN, ACTION_DENY, "ENOSYS");
	add_action(composition, list, STMT_FOREIGN, ACTION_KILL_PROCESS, NULL);
}

/* The newest kernel that recorded, or that brought a call which was seen; no newer than known. */
static struct kernel_version find_baseline(const struct recording *recording,
					   const struct observations *observations)
{
	struct kernel_version baseline = {0}, newest = call_newest_kernel();

	for (size_t i = 0; i < recording->runs.count; i++) {
		struct kernel_version version = {0};

		if (sscanf(recording->runs.items[i]->kernel, "%4hu.%4hu", &version.major,
			   &version.minor) == 2 &&
		    kernel_version_compare(version, baseline) > 0)
			baseline = version;
	}
	if (kernel_version_compare(baseline, newest) > 0)
		baseline = newest;
	for (size_t i = 0; i < observations->calls.count; i++) {
		const struct observed_call *call = observations->calls.items[i];
		struct kernel_version since = call_since(call->call, call->abi);

		if (call->absent < call->count && kernel_version_compare(since, baseline) > 0)
			baseline = since;
	}
	return baseline;
}

static void warn_of_runs(const struct recording *recording, struct diags *diags)
{
	size_t whole = 0;

	for (size_t i = 0; i < recording->runs.count; i++)
		whole += !recording->runs.items[i]->only_denied;
	if (!whole && recording->runs.count)
		diag_warning(diags, DIAG_RECORDING, nowhere,
			     "all that is recorded is what a policy denied: what it allowed is not "
			     "in here, so give the recording too that it was made of");
	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		for (size_t j = 0; j < run->unseen.count; j++) {
			const struct recorded_unseen *unseen = &run->unseen.items[j];

			diag_warning(diags, DIAG_RECORDING, nowhere, "run %.8s: %s%s%s", run->id,
				     unseen->path ? unseen->path : "", unseen->path ? ": " : "",
				     unseen_kind_text(unseen->kind));
		}
		if (run->lost)
			diag_warning(diags, DIAG_RECORDING, nowhere,
				     "run %.8s: %" PRIu64 " calls were lost", run->id, run->lost);
	}
}

static void warn_of_numbers(const struct observations *observations, struct diags *diags)
{
	for (size_t i = 0; i < observations->numbers.count; i++) {
		const struct observed_number *number = &observations->numbers.items[i];

		if (!number->absent)
			diag_warning(diags, DIAG_RECORDING, nowhere,
				     "%s call %" PRIu32 " was seen %" PRIu64
				     " times and has no name in the catalogue: it stays denied",
				     abi_get(number->abi)->name, number->number, number->count);
	}
}

struct policy_ast *infer_policy(struct arena *arena, const struct recording *recording,
				const struct infer_options *options, struct diags *diags)
{
	struct policy_ast *ast = arena_alloc(arena, sizeof(*ast));
	struct composition composition = {
		.arena = arena, .recording = recording, .options = options};
	struct draft_request request = {.arena = arena, .detail = options->detail, .diags = diags};

	composition.observations = observations_gather(arena, recording, options->abis);
	if (!composition.observations->calls.count) {
		diag_error(diags, DIAG_RECORDING, nowhere,
			   "nothing was recorded that a policy could allow");
		return NULL;
	}
	warn_of_runs(recording, diags);
	warn_of_numbers(composition.observations, diags);
	composition.baseline = find_baseline(recording, composition.observations);
	request.observations = composition.observations;
	request.baseline = composition.baseline;
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (composition.observations->abis & ABI_BIT(abi))
			infer_draft_rules(&request, (enum abi_id)abi, &composition.drafts);
	add_head(&composition, &ast->statements);
	add_necessities(&composition, &ast->statements);
	add_common_rules(&composition, &ast->statements);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		add_rules_of(&composition, &ast->statements, (enum abi_id)abi);
	return ast;
}
