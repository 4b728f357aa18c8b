/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy has whatever the ABI: its items, groups and baseline, and what stands where. */
#include "compiler/prove/reader.h"

#include <string.h>

/* What has been met so far. */
struct survey {
	struct reader *reader;
	bool has_baseline;
	bool *defined;  /* for each -D: the policy has such a param */
	bool met_phase; /* the one that is to be read */
};

static bool survey_list(struct survey *survey, const struct stmt_list *list, bool inside);

static bool survey_baseline(struct survey *survey, const struct stmt *stmt)
{
	struct reader *reader = survey->reader;
	struct kernel_version version = {stmt->baseline.major, stmt->baseline.minor};

	if (survey->has_baseline)
		return reader_fail(reader, stmt->span, "a second baseline");
	if (kernel_version_compare(version, call_newest_kernel()) > 0)
		return reader_fail(reader, stmt->span, "a baseline that the catalogue lacks");
	survey->has_baseline = true;
	reader->baseline = version;
	return true;
}

static bool survey_group(struct survey *survey, const struct stmt *stmt)
{
	struct reader *reader = survey->reader;
	const struct ast_name *name = &stmt->group.name;

	if (read_names_find(&reader->group_names, name->text) != READ_NAME_NONE)
		return reader_fail(reader, name->span, "a group that is given twice");
	read_names_add(reader->arena, &reader->group_names, name->text);
	*VEC_PUSH(reader->arena, &reader->groups) = (struct read_group){.stmt = stmt};
	return true;
}

static void survey_param(struct survey *survey, const struct stmt *stmt)
{
	const struct read_options *options = survey->reader->options;

	for (size_t i = 0; i < options->definition_count; i++)
		if (strcmp(options->definitions[i].name, stmt->let.name.text) == 0)
			survey->defined[i] = true;
}

/* What may stand at the top of files only. */
static bool survey_top(struct survey *survey, const struct stmt *stmt)
{
	switch (stmt->kind) {
	case STMT_BASELINE:
		return survey_baseline(survey, stmt);
	case STMT_GROUP:
		return survey_group(survey, stmt);
	case STMT_PARAM:
		survey_param(survey, stmt);
		return true;
	case STMT_PHASE:
		survey->met_phase |= stmt == survey->reader->options->phase;
		return survey_list(survey, &stmt->group.body, true);
	default:
		return true;
	}
}

static bool survey_rule(struct survey *survey, const struct stmt *stmt)
{
	struct reader *reader = survey->reader;

	if (!stmt->rule.has_action)
		return reader_fail(reader, stmt->span, "a rule without an action");
	for (size_t i = 0; i < stmt->rule.items.count; i++)
		*VEC_PUSH(reader->arena, &reader->reading->items) = (struct read_item){
			stmt->rule.items.items[i].span,
			stmt->span,
		};
	return true;
}

static bool survey_stmt(struct survey *survey, const struct stmt *stmt, bool inside)
{
	switch (stmt->kind) {
	case STMT_RULE:
		return survey_rule(survey, stmt);
	case STMT_LET:
		return true;
	case STMT_WHEN:
		return survey_list(survey, &stmt->when.then, true) &&
		       survey_list(survey, &stmt->when.otherwise, true);
	case STMT_INCLUDE:
		if (!stmt->included)
			return reader_fail(survey->reader, stmt->span, "a file that is not there");
		return survey_list(survey, &stmt->included->statements, inside);
	case STMT_DEFAULT:
	case STMT_UNKNOWN:
	case STMT_FOREIGN:
	case STMT_EXPECT:
		return true;
	default:
		if (inside)
			return reader_fail(survey->reader, stmt->span,
					   "a statement that belongs to the top of a file");
		return survey_top(survey, stmt);
	}
}

/* INSIDE tells whether LIST stands in a `when` or a phase. Recursion is as deep as blocks and includes are. */
static bool survey_list(struct survey *survey, const struct stmt_list *list, bool inside)
{
	for (size_t i = 0; i < list->items.count; i++)
		if (!survey_stmt(survey, list->items.items[i], inside))
			return false;
	return true;
}

bool reader_survey(struct reader *reader, const struct policy_ast *ast)
{
	size_t count = reader->options->definition_count;
	struct survey survey = {
		.reader = reader,
		.defined = arena_alloc_array(reader->arena, count + 1, sizeof(bool)),
	};

	reader->baseline = call_newest_kernel();
	if (!survey_list(&survey, &ast->statements, false))
		return false;
	if (reader->options->phase && !survey.met_phase)
		return reader_fail(reader, ast->statements.span, "no such phase");
	for (size_t i = 0; i < count; i++)
		if (!survey.defined[i])
			return reader_fail(reader, ast->statements.span,
					   "a -D without a param of that name");
	return true;
}

size_t reader_count_items(const struct stmt_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];

		if (stmt->kind == STMT_RULE)
			count += stmt->rule.items.count;
		else if (stmt->kind == STMT_WHEN)
			count += reader_count_items(&stmt->when.then) +
				 reader_count_items(&stmt->when.otherwise);
		else if (stmt->kind == STMT_PHASE)
			count += reader_count_items(&stmt->group.body);
		else if (stmt->kind == STMT_INCLUDE)
			count += reader_count_items(&stmt->included->statements);
	}
	return count;
}
