/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over a policy's statements, once for each ABI. */
#include "compiler/prove/reader.h"

#include <string.h>

/*
 * What one ABI may take of items, conditions and values: well above the language's own limits, which
 * count fewer things, and low enough to end in seconds.
 */
#define WORK_MAX (UINT64_C(1) << 23)

bool reader_work(struct reader *reader, size_t amount, struct span span)
{
	reader->work += amount;
	return reader->work <= WORK_MAX ||
	       reader_fail(reader, span, "more conditions and values than an ABI may have");
}

struct read_scope reader_scope(const struct reader *reader)
{
	return (struct read_scope){reader->bindings.count, reader->groups_defined, false};
}

const struct read_binding *reader_binding(const struct reader *reader, struct read_scope scope,
					  const char *name)
{
	uint32_t index;

	if (!scope.bindings)
		return NULL;
	index = read_names_find(&reader->binding_names, name);
	return index < scope.bindings ? &reader->bindings.items[index] : NULL;
}

bool reader_name_is_reserved(const char *name)
{
	static const char *const words[] = {"true", "false", "arch", "arg0", "arg1",
					    "arg2", "arg3",  "arg4", "arg5"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static bool walk_list(struct reader *reader, const struct stmt_list *list);

static bool walk_rule(struct reader *reader, const struct stmt *stmt)
{
	struct read_where where = {.expr = stmt->rule.where, .scope = reader_scope(reader)};
	struct read_rule_frame frame = {0};

	if (!reader_action(reader, &stmt->rule.action, &frame.action))
		return false;
	for (size_t i = 0; i < stmt->rule.items.count; i++) {
		const struct rule_item *item = &stmt->rule.items.items[i];

		frame.item = reader->next_item++;
		frame.span = item->span;
		if (!reader_items(reader, &frame, item, &where, 0))
			return false;
	}
	return true;
}

/* A block: what is given in it ends with it. */
static bool walk_block(struct reader *reader, const struct stmt_list *list)
{
	size_t given = reader->bindings.count;

	if (!walk_list(reader, list))
		return false;
	read_names_drop(&reader->binding_names, given);
	reader->bindings.count = given;
	return true;
}

/* Of the branch that is not taken, the items have their numbers all the same. */
static bool walk_when(struct reader *reader, const struct stmt *stmt)
{
	bool holds;

	if (!reader_decide(reader, reader_scope(reader), stmt->when.condition, &holds))
		return false;
	if (!holds)
		reader->next_item += (uint32_t)reader_count_items(&stmt->when.then);
	if (!walk_block(reader, holds ? &stmt->when.then : &stmt->when.otherwise))
		return false;
	if (holds)
		reader->next_item += (uint32_t)reader_count_items(&stmt->when.otherwise);
	return true;
}

/* Of a phase that is not read, and of rules outside of the one that is, the items have numbers too. */
static bool walk_phase(struct reader *reader, const struct stmt *stmt)
{
	bool good;

	if (stmt != reader->options->phase) {
		reader->next_item += (uint32_t)reader_count_items(&stmt->group.body);
		return true;
	}
	reader->inside = stmt;
	good = walk_block(reader, &stmt->group.body);
	reader->inside = NULL;
	return good;
}

static bool walk_stmt(struct reader *reader, const struct stmt *stmt)
{
	bool counts = reader->inside == reader->options->phase;

	switch (stmt->kind) {
	case STMT_RULE:
		if (counts)
			return walk_rule(reader, stmt);
		reader->next_item += (uint32_t)stmt->rule.items.count;
		return true;
	case STMT_WHEN:
		return walk_when(reader, stmt);
	case STMT_INCLUDE:
		return walk_list(reader, &stmt->included->statements);
	case STMT_LET:
	case STMT_PARAM:
		return reader_define(reader, stmt);
	case STMT_DEFAULT:
	case STMT_UNKNOWN:
	case STMT_FOREIGN:
		return reader_standing(reader, stmt);
	case STMT_GROUP: /* they stand at the top alone, and so come as the survey met them */
		reader->groups.items[reader->groups_defined].scope = reader_scope(reader);
		reader->groups_defined++;
		return true;
	case STMT_EXPECT:
		return !counts || reader_expect(reader, stmt);
	case STMT_PHASE:
		return walk_phase(reader, stmt);
	case STMT_POLICY:
	case STMT_BASELINE:
	case STMT_ARCH:
	case STMT_SANDBOX:
		break;
	}
	return true;
}

static bool walk_list(struct reader *reader, const struct stmt_list *list)
{
	for (size_t i = 0; i < list->items.count; i++)
		if (!walk_stmt(reader, list->items.items[i]))
			return false;
	return true;
}

/*
 * The machine's own calls stand above the baseline's highest number, and those of the baseline get
 * `default` all the same, where no rule took them.
 */
static void add_private_calls(struct reader *reader)
{
	const struct abi *abi = reader->abi;
	struct kernel_version baseline = call_baseline(abi->id, reader->baseline);

	if (!abi->number_private)
		return;
	for (size_t i = 0; i < call_count(); i++) {
		call_id call = (call_id)i;
		int64_t number = call_number(call, abi->id);

		if (number < (int64_t)abi->number_private ||
		    kernel_version_compare(call_since(call, abi->id), baseline) > 0)
			continue;
		*VEC_PUSH(reader->arena, &reader->out->rules) = (struct read_rule){
			.number = (uint32_t)number,
			.call = call,
			.action = reader->out->unmatched,
			.condition = DIAGRAM_ALL,
			.span = reader->out->unmatched_span,
			.item = READ_ITEM_NONE,
		};
	}
}

static bool read_abi(struct reader *reader, const struct abi *abi, const struct policy_ast *ast)
{
	reader->abi = abi;
	reader->out = VEC_PUSH(reader->arena, &reader->reading->abis);
	reader->out->abi = abi;
	reader->out->highest = call_highest(abi->id, reader->baseline);
	read_names_drop(&reader->binding_names, 0);
	reader->bindings.count = 0;
	reader->groups_defined = 0;
	reader->next_item = 0;
	reader->work = 0;
	memset(reader->standing, 0, sizeof(reader->standing));
	if (!walk_list(reader, &ast->statements) || !reader_standing_finish(reader, ast))
		return false;
	add_private_calls(reader);
	return true;
}

bool policy_read(struct arena *arena, struct diagrams *diagrams, struct sources *sources,
		 struct library *library, const struct policy_ast *ast,
		 const struct read_options *options, struct policy_reading *reading,
		 struct read_problem *problem)
{
	struct reader reader = {
		.arena = arena,
		.diagrams = diagrams,
		.sources = sources,
		.library = library,
		.options = options,
		.reading = reading,
		.problem = problem,
		.diags = {.arena = arena, .sources = sources},
	};

	*reading = (struct policy_reading){0};
	*problem = (struct read_problem){0};
	if (!reader_survey(&reader, ast))
		return false;
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if ((options->abis & ABI_BIT(id)) && !read_abi(&reader, abi_get(id), ast))
			return false;
	return true;
}
