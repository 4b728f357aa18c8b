/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/learned.h"

#include "compiler/compile.h"
#include "policy-lang/ast.h"
#include "profiler/infer/condition.h"
#include "profiler/recorder/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum {
	TUPLES_MAX = 128, /* of a call; with more it stays traced */
	TUPLES_FEW = 16,  /* the same, where the filter was too large */
	ITEMS_PER_RULE = 64,
};

static const struct span nowhere;

/* One call of one ABI, by all executables together. */
struct learned_call {
	enum abi_id abi;
	call_id call;
	bool traced; /* always */
	struct infer_table table;
};

struct learning {
	struct arena *arena;
	const struct learned_request *request;
	abi_set abis;
	size_t tuples_max;
	VEC(struct learned_call) calls;
};

bool learned_is_watched(call_id call)
{
	static const char *const names[] = {"clone",          "clone3", "fork",   "vfork",
					    "io_uring_setup", "ptrace", "seccomp"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(call_get(call)->name, names[i]) == 0)
			return true;
	return false;
}

/* Whether a call that begins with FIRST could change the phase, or install a filter. */
static bool decides(const struct learning *learning, call_id call, uint64_t first)
{
	const struct learned_request *request = learning->request;
	enum serving_role role;

	if (strcmp(call_get(call)->name, "prctl") == 0 && (uint32_t)first == PR_SET_SECCOMP)
		return true;
	if (request->phase == PHASE_SERVING)
		return false;
	role = serving_role(request->serving, call, first);
	return role != SERVING_ROLE_NONE && (role != SERVING_ROLE_WAIT || request->listens);
}

static struct learned_call *call_entry(struct learning *learning, enum abi_id abi, call_id call)
{
	struct learned_call *entry;

	for (size_t i = 0; i < learning->calls.count; i++) {
		entry = &learning->calls.items[i];
		if (entry->abi == abi && entry->call == call)
			return entry;
	}
	entry = VEC_PUSH(learning->arena, &learning->calls);
	entry->abi = abi;
	entry->call = call;
	infer_table_begin(&entry->table, call, abi, INFER_EXACT);
	return entry;
}

static bool has_row(const struct infer_table *table, const struct observed_tuple *row)
{
	for (size_t i = 0; i < table->rows.count; i++)
		if (memcmp(table->rows.items[i].values, row->values, sizeof(row->values)) == 0)
			return true;
	return false;
}

/* Of RECORDED's ruled arguments, the one that column AT of the table is, or -1. */
static int ruled_place(const struct recorded_call *recorded, const struct infer_table *table,
		       size_t at)
{
	int ruled = 0;

	for (size_t i = 0; i < recorded->args.count; i++) {
		const struct recorded_arg *arg = &recorded->args.items[i];

		if (!arg->ruled)
			continue;
		if (!arg->behind && strcmp(arg->name, table->columns[at].name) == 0)
			return ruled;
		ruled++;
	}
	return -1;
}

static void learn_tuples(struct learning *learning, struct learned_call *entry,
			 const struct recorded_call *recorded)
{
	struct infer_table *table = &entry->table;
	bool first_ruled = recorded->args.count && recorded->args.items[0].ruled;
	int places[CALL_ARGS_MAX];

	for (size_t i = 0; i < table->column_count; i++) {
		places[i] = ruled_place(recorded, table, i);
		if (places[i] < 0)
			entry->traced = true;
	}
	for (size_t i = 0; i < recorded->tuples.count && !entry->traced; i++) {
		const struct recorded_tuple *tuple = &recorded->tuples.items[i];
		struct observed_tuple row = {.count = 1};

		if (first_ruled && decides(learning, entry->call, tuple->values[0]))
			continue;
		for (size_t j = 0; j < table->column_count; j++)
			row.values[j] = tuple->values[places[j]];
		if (!has_row(table, &row))
			*VEC_PUSH(learning->arena, &table->rows) = row;
	}
	entry->traced |= table->rows.count > learning->tuples_max;
}

static void learn_call(struct learning *learning, const struct recorded_call *recorded)
{
	call_id call = recorded->name ? call_find(recorded->name) : CALL_NONE;
	struct learned_call *entry;
	unsigned int behind;

	if (recorded->phase != learning->request->phase || call == CALL_NONE ||
	    !(learning->abis & ABI_BIT(recorded->abi)) ||
	    call_number(call, recorded->abi) != (int64_t)recorded->number)
		return;
	entry = call_entry(learning, recorded->abi, call);
	call_behind(call, &behind);
	if (behind || recorded->saturated || learned_is_watched(call) || call_is_transparent(call))
		entry->traced = true;
	else if (entry->table.column_count)
		learn_tuples(learning, entry, recorded);
	else if (decides(learning, call, 0))
		entry->traced = true;
}

static struct stmt *add_stmt(struct learning *learning, struct stmt_list *list, enum stmt_kind kind)
{
	struct stmt *stmt = stmt_new(learning->arena, kind, nowhere);

	*VEC_PUSH(learning->arena, &list->items) = stmt;
	return stmt;
}

static void add_fallbacks(struct learning *learning, struct stmt_list *list)
{
	static const enum stmt_kind kinds[] = {STMT_DEFAULT, STMT_UNKNOWN, STMT_FOREIGN};
	struct kernel_version newest = call_newest_kernel();
	struct stmt *stmt = add_stmt(learning, list, STMT_BASELINE);

	stmt->baseline.major = newest.major;
	stmt->baseline.minor = newest.minor;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		stmt = add_stmt(learning, list, kinds[i]);
		stmt->action.kind = ACTION_TRACE;
		stmt->action.value = expr_new_number(learning->arena, LEARNED_MARK, NULL, nowhere);
	}
}

static void add_item(struct learning *learning, struct stmt *rule, call_id call)
{
	rule->rule.has_action = true;
	rule->rule.action.kind = ACTION_ALLOW;
	VEC_PUSH(learning->arena, &rule->rule.items)->name.text = call_get(call)->name;
}

static void add_rules(struct learning *learning, struct stmt_list *list, enum abi_id abi)
{
	struct stmt *plain = NULL;

	for (size_t i = 0; i < learning->calls.count; i++) {
		const struct learned_call *entry = &learning->calls.items[i];
		struct stmt *rule;

		if (entry->abi != abi || entry->traced)
			continue;
		if (entry->table.column_count == 0) {
			if (!plain || plain->rule.items.count == ITEMS_PER_RULE)
				plain = add_stmt(learning, list, STMT_RULE);
			add_item(learning, plain, entry->call);
		} else if (entry->table.rows.count) {
			rule = add_stmt(learning, list, STMT_RULE);
			add_item(learning, rule, entry->call);
			rule->rule.where =
				infer_condition(learning->arena, &entry->table, INFER_EXACT);
		}
	}
}

static struct policy_ast *learned_policy(struct learning *learning)
{
	struct policy_ast *ast = arena_alloc(learning->arena, sizeof(*ast));

	add_fallbacks(learning, &ast->statements);
	for (unsigned int abi = 0; abi < ABI_COUNT; abi++) {
		struct stmt *when;

		if (!(learning->abis & ABI_BIT(abi)))
			continue;
		when = stmt_new(learning->arena, STMT_WHEN, nowhere);
		when->when.condition = expr_new_binary(
			learning->arena, EXPR_OP_EQUAL,
			expr_new_name(learning->arena, "arch", nowhere),
			expr_new_name(learning->arena, abi_get((enum abi_id)abi)->name, nowhere),
			nowhere);
		add_rules(learning, &when->when.then, (enum abi_id)abi);
		if (when->when.then.items.count)
			*VEC_PUSH(learning->arena, &ast->statements.items) = when;
	}
	return ast;
}

/* 0, or -E2BIG: the tree itself is always good, so that its size is all that can be wrong. */
static int compile(struct learning *learning, struct learned_filter *filter)
{
	struct arena *arena = learning->arena;
	struct sources sources = {.arena = arena};
	struct diags diags = {.arena = arena, .sources = &sources};
	struct library library = {0};
	struct policy_ast *ast = learned_policy(learning);
	struct resolve_options resolving = {.abis = learning->abis};
	struct policy_text text = {.ast = ast, .sources = &sources, .library = &library};
	struct compile_options options = {.text = &text};
	struct machine_filters made = {0};
	struct policy_rules *rules;

	rules = policy_resolve(arena, &sources, &library, ast, &resolving, &diags);
	if (diags.errors ||
	    !policy_compile_machines(arena, rules, &sources, &options, &diags, &made, NULL))
		return -E2BIG;
	if (diags.errors || made.items.count != 1 || !made.items.items[0].proved)
		return -E2BIG;
	filter->count = (uint16_t)made.items.items[0].filter->count;
	filter->instructions = calloc(filter->count, sizeof(*filter->instructions));
	if (!filter->instructions)
		return -ENOMEM;
	memcpy(filter->instructions, made.items.items[0].filter->instructions,
	       filter->count * sizeof(*filter->instructions));
	return 0;
}

static int learn(const struct learned_request *request, size_t tuples_max,
		 struct learned_filter *filter)
{
	struct arena arena = {0};
	struct learning learning = {
		.arena = &arena,
		.request = request,
		.abis = abi_machine(abi_host()),
		.tuples_max = tuples_max,
	};
	int error = arena_init(&arena);

	if (error)
		return error;
	for (size_t i = 0; i < request->executable_count; i++)
		for (size_t j = 0; j < request->executables[i]->calls.count; j++)
			learn_call(&learning, request->executables[i]->calls.items[j]);
	error = compile(&learning, filter);
	arena_release(&arena);
	return error;
}

int learned_filter_make(const struct learned_request *request, struct learned_filter *filter)
{
	int error;

	*filter = (struct learned_filter){0};
	error = learn(request, TUPLES_MAX, filter);
	return error == -E2BIG ? learn(request, TUPLES_FEW, filter) : error;
}

void learned_filter_release(struct learned_filter *filter)
{
	free(filter->instructions);
	*filter = (struct learned_filter){0};
}
