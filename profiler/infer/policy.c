/* SPDX-License-Identifier: Apache-2.0 */
/* The policy's tree: its head, the rules, a phase's, and expectations. */
#include "profiler/infer/compose.h"
#include "profiler/infer/cut.h"
#include "profiler/infer/statics.h"
#include "profiler/infer/widen.h"

#include <stdio.h>
#include <string.h>

enum {
	COMMAND_WIDTH = 80, /* of a command line in a comment */
	COMMANDS_MAX = 5,
	KERNEL_WIDTH = 60,
	PHASE_INDENT = 8,
	NAME_WIDTH = 200, /* of the policy's name */
};

static const struct span nowhere;

static void add_action(struct composition *composition, struct stmt_list *list, enum stmt_kind kind,
		       enum action_kind action, const char *value)
{
	struct stmt *stmt = compose_stmt(composition, list, kind);

	stmt->action.kind = action;
	if (value)
		stmt->action.value = expr_new_name(composition->arena, value, nowhere);
}

static const char *command_line(struct arena *arena, const struct recorded_run *run)
{
	const char *line = "";

	for (size_t i = 0; i < run->command.count && strlen(line) <= COMMAND_WIDTH; i++)
		line = arena_printf(arena, "%s%s%s", line, i ? " " : "", run->command.items[i]);
	if (!line[0])
		line = run->scope_name ? run->scope_name : recorded_scope_word(run->scope);
	return infer_cut(arena, line, COMMAND_WIDTH);
}

/* What the numbers in comments are, and which part of the recording they are of. */
static const char *numbers_text(const struct composition *composition)
{
	static const char *const parts[] = {
		[INFER_PHASES_JOINED] = "",
		[INFER_PHASES_START] = " This is what was seen until the program began to serve.",
		[INFER_PHASES_SERVING] = " This is what was seen once the program served: it puts "
					 "the filter on itself, by pale_apply(3).",
		[INFER_PHASES_BOTH] = " The program puts the rules of phase serving on itself, "
				      "by pale_apply_phase(): see pale_apply(3).",
	};

	return arena_printf(composition->arena,
			    "Numbers are how often a call was seen%s. See pale-generate(1).%s",
			    composition->observations->counts_are_least ? ", or more often" : "",
			    parts[composition->options->phases]);
}

/* Where the policy comes from, above its first statement. */
static void add_head_comments(struct composition *composition, struct stmt *stmt)
{
	struct arena *arena = composition->arena;
	size_t runs = composition->recording->runs.count;

	compose_comment(composition, stmt,
			runs ? arena_printf(arena, "Made by pale generate from %zu run%s:", runs,
					    runs == 1 ? "" : "s")
			     : "Made by pale generate from no run.");
	for (size_t i = 0; i < runs && i < COMMANDS_MAX; i++) {
		const struct recorded_run *run = composition->recording->runs.items[i];

		*VEC_PUSH(arena, &stmt->comments) =
			arena_printf(arena, "  %s (Linux %s, %s)", command_line(arena, run),
				     infer_cut(arena, run->kernel, KERNEL_WIDTH),
				     infer_cut(arena, run->tracer, KERNEL_WIDTH));
	}
	if (runs > COMMANDS_MAX)
		compose_comment(composition, stmt,
				arena_printf(arena, "  and %zu more", runs - COMMANDS_MAX));
	compose_comment(composition, stmt, numbers_text(composition));
	compose_unsure(composition, stmt);
}

/* A name that a policy can have, whatever it was made of. */
static const char *policy_name(const struct composition *composition)
{
	const char *name = composition->options->name;

	if (!recording_is_escaped(name))
		name = recording_escape(composition->arena, name, strlen(name));
	return infer_cut(composition->arena, name, NAME_WIDTH);
}

static void add_head(struct composition *composition, struct stmt_list *list)
{
	struct stmt *stmt = compose_stmt(composition, list, STMT_POLICY);

	stmt->string.text = policy_name(composition);
	add_head_comments(composition, stmt);
	stmt = compose_stmt(composition, list, STMT_BASELINE);
	stmt->baseline.major = composition->baseline.major;
	stmt->baseline.minor = composition->baseline.minor;
	stmt = compose_stmt(composition, list, STMT_ARCH);
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

static phase_set wanted_phases(const struct infer_options *options)
{
	if (options->phases == INFER_PHASES_START)
		return PHASE_BIT(PHASE_START);
	return options->phases == INFER_PHASES_SERVING ? PHASE_BIT(PHASE_SERVING) : PHASES_ALL;
}

/* What was seen in PHASES; NULL, with an error, where that is nothing. */
static struct observations *observe(const struct composition *composition, phase_set phases,
				    struct diags *diags)
{
	struct observations *observations = observations_gather(
		composition->arena, composition->recording, composition->options->abis, phases);

	observations->abis |=
		statics_abis(composition->options->statics, composition->options->abis);
	if (observations->calls.count || (composition->options->statics && observations->abis &&
					  phases != PHASE_BIT(PHASE_SERVING)))
		return observations;
	if (phases == PHASE_BIT(PHASE_SERVING))
		diag_error(diags, DIAG_RECORDING, nowhere,
			   "nothing was recorded in phase serving: pale profile --serving tells "
			   "the phases apart");
	else if (composition->options->statics)
		diag_error(diags, DIAG_STATIC, nowhere,
			   "nothing was found that a policy could allow");
	else
		diag_error(diags, DIAG_RECORDING, nowhere,
			   "nothing was recorded that a policy could allow");
	return NULL;
}

/* What inference adds to what was seen; SERVING, which may be NULL, is put on as a filter later. */
static void widen(const struct composition *composition, struct observations *observations,
		  struct observations *serving)
{
	const struct infer_options *options = composition->options;

	if (options->detail == INFER_BALANCED)
		widen_observations(composition->arena, observations, options->widen);
	if (!serving)
		return;
	/* Where a rule of the whole stands for all ABIs, one of the phase does. */
	serving->abis = observations->abis;
	if (options->detail == INFER_BALANCED)
		widen_observations(composition->arena, serving, options->widen);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (serving->abis & ABI_BIT(abi))
			widen_for_phase(composition->arena, observations, serving,
					(enum abi_id)abi);
}

/*
 * What the kernel lacked comes first: `any` of another call may mean it too, and a program that was
 * told so has gone another way.
 */
static void add_rules(struct composition *composition, struct stmt_list *list)
{
	draft_list absent = {0}, rest = {0};

	for (size_t i = 0; i < composition->drafts.count; i++) {
		struct draft_rule *draft = composition->drafts.items[i];
		draft_list *into = draft->action == DRAFT_ABSENT ? &absent : &rest;

		*VEC_PUSH(composition->arena, into) = draft;
	}
	composition->drafts = absent;
	compose_rules(composition, list);
	composition->drafts = rest;
	compose_necessities(composition, list);
	compose_rules(composition, list);
	compose_groups(composition, list);
}

/* `phase serving { ... }`: what is left of the rules in ALL for what was seen in it. */
static void add_phase(const struct composition *whole, const struct draft_request *request,
		      const draft_list *all, const struct observations *serving,
		      struct stmt_list *list)
{
	struct composition composition = *whole;
	struct draft_request narrow = *request;
	struct stmt *stmt = compose_stmt(&composition, list, STMT_PHASE);

	composition.observations = narrow.observations = serving;
	composition.serving = true;
	composition.drafts = (draft_list){0};
	infer_narrow_rules(&narrow, all, &composition.drafts);
	stmt->group.name.text = recorded_phase_word(PHASE_SERVING);
	stmt->blank_before = true;
	compose_comment(&composition, stmt,
			"what the program does once it serves, and nothing else: put on by the "
			"program itself");
	composition.indent = PHASE_INDENT;
	add_rules(&composition, &stmt->group.body);
}

static struct policy_ast *compose_policy(struct composition *composition,
					 const struct draft_request *request,
					 const struct observations *serving)
{
	struct policy_ast *ast = arena_alloc(composition->arena, sizeof(*ast));
	draft_list all;

	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (composition->observations->abis & ABI_BIT(abi))
			infer_draft_rules(request, (enum abi_id)abi, &composition->drafts);
	all = composition->drafts;
	add_head(composition, &ast->statements);
	add_rules(composition, &ast->statements);
	statics_add(composition->arena, ast, composition->options->statics,
		    composition->observations->abis, request->diags);
	composition->drafts = all;
	if (serving)
		add_phase(composition, request, &all, serving, &ast->statements);
	if (!composition->options->no_expectations)
		compose_expectations(composition, &ast->statements);
	return ast;
}

struct policy_ast *infer_policy(struct arena *arena, const struct recording *recording,
				const struct infer_options *options, struct diags *diags)
{
	struct composition composition = {.arena = arena,
					  .recording = recording,
					  .options = options,
					  .serving = options->phases == INFER_PHASES_SERVING};
	struct draft_request request = {
		.arena = arena, .detail = options->detail, .widen = options->widen, .diags = diags};
	struct observations *observations = observe(&composition, wanted_phases(options), diags);
	struct observations *serving = NULL;

	if (!observations)
		return NULL;
	if (options->phases == INFER_PHASES_BOTH) {
		serving = observe(&composition, PHASE_BIT(PHASE_SERVING), diags);
		if (!serving)
			return NULL;
	}
	unsure_warn(recording, observations, diags);
	composition.baseline =
		statics_baseline(options->statics, find_baseline(recording, observations));
	widen(&composition, observations, serving);
	composition.observations = request.observations = observations;
	request.baseline = composition.baseline;
	return compose_policy(&composition, &request, serving);
}
