/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/resolve.h"

#include "compiler/resolve/action.h"
#include "compiler/resolve/bypass.h"
#include "compiler/resolve/condition.h"
#include "compiler/resolve/definition.h"
#include "compiler/resolve/difference.h"
#include "compiler/resolve/expect.h"
#include "compiler/resolve/phase.h"
#include "compiler/resolve/report.h"
#include "compiler/resolve/rule.h"
#include "compiler/resolve/settings.h"
#include "compiler/resolve/when.h"

#include <assert.h>
#include <linux/seccomp.h>

/* Where statements of each kind may stand. */
static const unsigned int stmt_blocks[] = {
	[STMT_POLICY] = BLOCK_FILE,
	[STMT_BASELINE] = BLOCK_FILE,
	[STMT_ARCH] = BLOCK_FILE,
	[STMT_INCLUDE] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_LET] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_PARAM] = BLOCK_FILE,
	[STMT_DEFAULT] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_UNKNOWN] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_FOREIGN] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_RULE] = BLOCK_FILE | BLOCK_WHEN | BLOCK_GROUP | BLOCK_PHASE,
	[STMT_WHEN] = BLOCK_FILE | BLOCK_WHEN | BLOCK_GROUP | BLOCK_PHASE,
	[STMT_GROUP] = BLOCK_FILE,
	[STMT_EXPECT] = BLOCK_FILE | BLOCK_WHEN | BLOCK_PHASE,
	[STMT_SANDBOX] = BLOCK_FILE,
	[STMT_PHASE] = BLOCK_FILE,
};

static void resolve_standing(struct resolver *resolver, const struct stmt *stmt,
			     struct standing_action *standing)
{
	seccomp_action action;
	struct diag *diag;

	action_resolve(resolver, &stmt->action, &action);
	if (resolver->untaken)
		return;
	if (standing->given) {
		diag = resolver_error(resolver, DIAG_DUPLICATE, stmt->span,
				      "this is said already, and can be said once");
		resolver_note(resolver, diag, standing->span, "here");
		return;
	}
	*standing = (struct standing_action){true, action, stmt->span};
}

/* A block: what it gives names to is forgotten behind it. */
static void resolve_block(struct resolver *resolver, const struct stmt_list *list,
			  enum block_kind block, bool taken)
{
	struct binding *mark = resolver->scope.newest;

	resolver->untaken += !taken;
	resolve_statements(resolver, list, block);
	resolver->untaken -= !taken;
	scope_reset(&resolver->scope, mark);
}

static void resolve_when(struct resolver *resolver, const struct stmt *stmt, enum block_kind block)
{
	enum block_kind inner = block == BLOCK_GROUP ? BLOCK_GROUP : BLOCK_WHEN;
	bool holds, good;

	good = when_resolve(resolver, stmt->when.condition, &holds);
	resolve_block(resolver, &stmt->when.then, inner, good && holds);
	if (stmt->when.has_otherwise)
		resolve_block(resolver, &stmt->when.otherwise, inner, good && !holds);
}

static void resolve_phase(struct resolver *resolver, const struct stmt *stmt)
{
	resolver->phase = stmt;
	resolve_block(resolver, &stmt->group.body, BLOCK_PHASE, phase_counts(resolver));
	resolver->phase = NULL;
}

/* `default` and its kin: what a phase says holds in it alone, what the policy says in each. */
static struct standing_actions *standing_here(struct resolver *resolver)
{
	return resolver->phase ? &resolver->phase_standing : &resolver->standing;
}

/* A rule or an expectation, which belongs to the phase that it stands in. A group's rules do not. */
static void resolve_phased(struct resolver *resolver, const struct stmt *stmt,
			   enum block_kind block)
{
	bool taken = block == BLOCK_GROUP || phase_counts(resolver);

	resolver->untaken += !taken;
	if (stmt->kind == STMT_RULE)
		resolve_rule(resolver, stmt);
	else
		resolve_expect(resolver, stmt);
	resolver->untaken -= !taken;
}

static void resolve_statement(struct resolver *resolver, const struct stmt *stmt,
			      enum block_kind block)
{
	switch (stmt->kind) {
	case STMT_POLICY:
	case STMT_BASELINE:
	case STMT_ARCH:
	case STMT_SANDBOX:
		return; /* settings.c has them */
	case STMT_INCLUDE:
		if (stmt->included)
			resolve_statements(resolver, &stmt->included->statements, block);
		return;
	case STMT_LET:
		resolve_let(resolver, stmt);
		return;
	case STMT_PARAM:
		resolve_param(resolver, stmt);
		return;
	case STMT_DEFAULT:
		resolve_standing(resolver, stmt, &standing_here(resolver)->unmatched);
		return;
	case STMT_UNKNOWN:
		resolve_standing(resolver, stmt, &standing_here(resolver)->unknown);
		return;
	case STMT_FOREIGN:
		resolve_standing(resolver, stmt, &standing_here(resolver)->foreign);
		return;
	case STMT_RULE:
	case STMT_EXPECT:
		resolve_phased(resolver, stmt, block);
		return;
	case STMT_WHEN:
		resolve_when(resolver, stmt, block);
		return;
	case STMT_GROUP:
		group_define(resolver, stmt);
		return;
	case STMT_PHASE:
		resolve_phase(resolver, stmt);
		return;
	}
	assert(!"no such kind of statement");
}

void resolve_statements(struct resolver *resolver, const struct stmt_list *list,
			enum block_kind block)
{
	for (size_t i = 0; i < list->items.count && !resolver->exhausted; i++) {
		const struct stmt *stmt = list->items.items[i];

		resolver->place = stmt->span;
		if (stmt_blocks[stmt->kind] & block) {
			resolve_statement(resolver, stmt, block);
			continue;
		}
		resolver_error(resolver, DIAG_MISPLACED, stmt->span, "this cannot stand in a %s",
			       block == BLOCK_GROUP   ? "group"
			       : block == BLOCK_PHASE ? "phase"
						      : "`when`");
	}
}

/*
 * Without `unknown`, a call that is newer than the baseline gets what a kernel of the baseline
 * would answer, so that libc falls back; unless `default` ends the program or tells somebody,
 * who then is told of this too.
 */
static void settle_unknown(struct resolver *resolver, const struct standing_action *unknown)
{
	struct ruleset *ruleset = resolver->ruleset;
	uint32_t kind = ruleset->unmatched & SECCOMP_RET_ACTION_FULL;

	if (unknown->given) {
		ruleset->unknown = unknown->action;
		ruleset->unknown_span = unknown->span;
	} else if (kind == SECCOMP_RET_ERRNO || action_lets_through(ruleset->unmatched)) {
		ruleset->unknown = action_absent(resolver);
	} else {
		ruleset->unknown = ruleset->unmatched;
		ruleset->unknown_span = ruleset->unmatched_span;
	}
}

static void report_no_default(struct resolver *resolver)
{
	struct span start = {resolver->ast->file, 0, 0};
	struct diag *diag = resolver_error(resolver, DIAG_DEFAULT_MISSING, start,
					   "the policy has no `default`");

	resolver_note(resolver, diag, (struct span){0},
		      "it says what a call gets that no rule takes: `default deny EPERM;`");
}

/* A call of an ABI that the machine's filter does not serve has one answer. */
static void check_foreign(struct resolver *resolver)
{
	const struct ruleset *ruleset = resolver->ruleset;
	abi_set machine = abi_machine(ruleset->abi);

	for (size_t i = 0; i < resolver->rules->rulesets.count; i++) {
		const struct ruleset *other = &resolver->rules->rulesets.items[i];

		if (!(machine & ABI_BIT(other->abi->id)) || other->foreign == ruleset->foreign)
			continue;
		resolver_error(resolver, DIAG_ACTION_VALUE,
			       ruleset->foreign_span.file ? ruleset->foreign_span
							  : other->foreign_span,
			       "`foreign` differs between %s and %s, and is of neither",
			       other->abi->name, ruleset->abi->name);
		return;
	}
}

static struct standing_action standing_of(const struct standing_action *phase,
					  const struct standing_action *policy)
{
	return phase->given ? *phase : *policy;
}

static void settle_standing(struct resolver *resolver)
{
	struct policy_rules *rules = resolver->rules;
	struct ruleset *ruleset = resolver->ruleset;
	const struct standing_actions *phase = &resolver->phase_standing;
	const struct standing_actions *policy = &resolver->standing;
	struct standing_action unmatched = standing_of(&phase->unmatched, &policy->unmatched);
	struct standing_action unknown = standing_of(&phase->unknown, &policy->unknown);
	struct standing_action foreign = standing_of(&phase->foreign, &policy->foreign);

	if (!policy->unmatched.given && !resolver->exhausted)
		report_no_default(resolver);
	ruleset->unmatched = unmatched.action;
	ruleset->unmatched_span = unmatched.span;
	settle_unknown(resolver, &unknown);
	if (!foreign.given)
		foreign.action = SECCOMP_RET_KILL_PROCESS;
	ruleset->foreign = foreign.action;
	ruleset->foreign_span = foreign.span;
	check_foreign(resolver);
	if (ruleset == rules->rulesets.items) {
		rules->foreign = foreign.action;
		rules->foreign_span = foreign.span;
	}
}

/*
 * A machine's private calls stand far above all others, so that no highest number tells which of them
 * the baseline has: those get `default` by a rule each, behind all that the policy says of them.
 */
static void settle_private(struct resolver *resolver)
{
	struct ruleset *ruleset = resolver->ruleset;
	enum abi_id abi = resolver->abi->id;
	struct kernel_version baseline = call_baseline(abi, resolver->baseline);

	if (!resolver->abi->number_private || ruleset->unmatched == ruleset->unknown)
		return;
	for (size_t i = 0; i < call_count(); i++) {
		call_id call = (call_id)i;
		int64_t number = call_number(call, abi);

		if (number < resolver->abi->number_private ||
		    kernel_version_compare(call_since(call, abi), baseline) > 0)
			continue;
		*VEC_PUSH(resolver->arena, &ruleset->rules) = (struct rule){
			.number = (uint32_t)number,
			.call = call,
			.action = ruleset->unmatched,
			.condition = condition_true(),
			.span = ruleset->unmatched_span,
			.item = RULE_ITEM_NONE,
		};
	}
}

static void resolve_abi(struct resolver *resolver, enum abi_id id)
{
	resolver->abi = abi_get(id);
	resolver->ruleset = VEC_PUSH(resolver->arena, &resolver->rules->rulesets);
	resolver->ruleset->abi = resolver->abi;
	resolver->ruleset->highest = call_highest(id, resolver->baseline);
	resolver->scope = (struct scope){0};
	resolver->shipped_groups = (struct shipped_groups){0};
	resolver->standing = (struct standing_actions){0};
	resolver->phase_standing = (struct standing_actions){0};
	resolver->next_item = 0;
	resolver->next_definition = 0;
	resolver->work = 0;
	resolver->exhausted = false;
	resolve_statements(resolver, &resolver->ast->statements, BLOCK_FILE);
	settle_standing(resolver);
	settle_private(resolver);
	bypass_check(resolver);
}

static void resolve_abis(struct resolver *resolver, abi_set abis)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			resolve_abi(resolver, (enum abi_id)id);
}

struct policy_rules *policy_resolve(struct arena *arena, struct sources *sources,
				    struct library *library, const struct policy_ast *ast,
				    const struct resolve_options *options, struct diags *diags)
{
	struct resolver resolver = {
		.arena = arena,
		.sources = sources,
		.library = library,
		.diags = diags,
		.ast = ast,
		.options = options,
		.rules = arena_alloc(arena, sizeof(struct policy_rules)),
		.definitions_used =
			arena_alloc_array(arena, options->definition_count + 1, sizeof(bool)),
	};

	settings_resolve(&resolver);
	phases_check(&resolver);
	if (options->compare && options->differences)
		resolver.rules->differences = options->differences;
	else if (options->compare)
		differences_init(&resolver);
	resolve_abis(&resolver, resolver.rules->asked);
	resolve_abis(&resolver, resolver.abis & ~resolver.rules->asked);
	resolver.abi = NULL;
	definitions_check(&resolver);
	if (options->lint && !diags->errors)
		definitions_lint(&resolver);
	resolver_finish_reports(&resolver);
	return resolver.rules;
}
