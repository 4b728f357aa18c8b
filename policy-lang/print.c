/* SPDX-License-Identifier: Apache-2.0 */
/* Statements as text, in the one style there is. */
#include "policy-lang/printer.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A printer of a line that begins with TABS tabs. */
static struct printer printer_begin(struct text *out, unsigned int tabs, unsigned int limit)
{
	struct printer printer = {.out = out, .limit = limit, .tabs = tabs};

	for (unsigned int i = 0; i < tabs; i++)
		text_add_char(out, '\t');
	printer.column = tabs * PRINT_TAB;
	printer.align = printer.column + PRINT_TAB;
	return printer;
}

static void printer_end(struct printer *printer)
{
	print_flush(printer);
	text_release(&printer->piece);
}

/* From here on, wrapped lines begin below what comes next. */
static void align_here(struct printer *printer)
{
	printer->align = print_position(printer);
}

static void print_group_name(struct printer *printer, const char *name)
{
	assert(*name && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					   "0123456789_-")]);
	print_word(printer, "@");
	print_word(printer, name);
}

static void print_item(struct printer *printer, const struct rule_item *item)
{
	assert(!item->is_group || (!item->any && !item->optional));
	if (item->optional)
		print_word(printer, "optional ");
	if (item->any)
		print_word(printer, "any ");
	if (item->is_group)
		print_group_name(printer, item->name.text);
	else
		print_name(printer, item->name.text);
}

/* On one line, or with the items wrapped and the condition on lines of its own. */
static void print_rule(struct printer *printer, const struct stmt *stmt)
{
	if (stmt->rule.has_action) {
		print_action(printer, &stmt->rule.action);
		print_word(printer, " ");
	}
	align_here(printer);
	for (size_t i = 0; i < stmt->rule.items.count; i++) {
		if (i) {
			print_word(printer, ",");
			print_break(printer);
		}
		print_item(printer, &stmt->rule.items.items[i]);
	}
	if (!stmt->rule.where)
		return;
	if (printer->limit == UINT_MAX) {
		print_break(printer);
	} else {
		print_flush(printer);
		printer->tabs++;
		printer->align = printer->tabs * PRINT_TAB;
		print_wrap(printer);
	}
	print_word(printer, "where ");
	align_here(printer);
	print_expr(printer, stmt->rule.where);
}

static void print_names(struct printer *printer, const ast_names *names)
{
	align_here(printer);
	for (size_t i = 0; i < names->count; i++) {
		if (i) {
			print_word(printer, ",");
			print_break(printer);
		}
		print_name(printer, names->items[i].text);
	}
}

static void print_expect(struct printer *printer, const struct stmt *stmt)
{
	print_word(printer, "expect ");
	print_action(printer, &stmt->expect.action);
	print_word(printer, " ");
	print_name(printer, stmt->expect.call.text);
	if (!stmt->expect.has_arguments)
		return;
	print_word(printer, "(");
	align_here(printer);
	for (size_t i = 0; i < stmt->expect.arguments.count; i++) {
		if (i) {
			print_word(printer, ",");
			print_break(printer);
		}
		print_expr(printer, stmt->expect.arguments.items[i]);
	}
	print_word(printer, ")");
}

static void print_definition(struct printer *printer, const char *keyword, const struct stmt *stmt)
{
	print_word(printer, keyword);
	print_name(printer, stmt->let.name.text);
	print_word(printer, " = ");
	align_here(printer);
	print_expr(printer, stmt->let.value);
}

static void print_baseline(struct printer *printer, const struct stmt *stmt)
{
	char text[32];

	snprintf(text, sizeof(text), "baseline linux %u.%u", stmt->baseline.major,
		 stmt->baseline.minor);
	print_word(printer, text);
}

/* The statement up to its ';' or its block, which are left out. */
static void print_head(struct printer *printer, const struct stmt *stmt)
{
	static const char *const keywords[] = {
		[STMT_POLICY] = "policy ",   [STMT_ARCH] = "arch ",
		[STMT_INCLUDE] = "include ", [STMT_LET] = "let ",
		[STMT_PARAM] = "param ",     [STMT_DEFAULT] = "default ",
		[STMT_UNKNOWN] = "unknown ", [STMT_FOREIGN] = "foreign ",
		[STMT_WHEN] = "when ",       [STMT_GROUP] = "group ",
		[STMT_PHASE] = "phase ",     [STMT_SANDBOX] = "sandbox",
	};

	switch (stmt->kind) {
	case STMT_RULE:
		print_rule(printer, stmt);
		return;
	case STMT_EXPECT:
		print_expect(printer, stmt);
		return;
	case STMT_BASELINE:
		print_baseline(printer, stmt);
		return;
	case STMT_LET:
	case STMT_PARAM:
		print_definition(printer, keywords[stmt->kind], stmt);
		return;
	default:
		break;
	}
	print_word(printer, keywords[stmt->kind]);
	if (stmt->kind == STMT_POLICY || stmt->kind == STMT_INCLUDE)
		print_quoted(printer, stmt->string.text);
	else if (stmt->kind == STMT_ARCH)
		print_names(printer, &stmt->names);
	else if (stmt->kind == STMT_DEFAULT || stmt->kind == STMT_UNKNOWN ||
		 stmt->kind == STMT_FOREIGN)
		print_action(printer, &stmt->action);
	else if (stmt->kind == STMT_PHASE)
		print_name(printer, stmt->group.name.text);
	else if (stmt->kind == STMT_GROUP)
		print_group_name(printer, stmt->group.name.text);
	else if (stmt->kind == STMT_WHEN) {
		align_here(printer);
		print_expr(printer, stmt->when.condition);
	}
}

static void print_setting_head(struct printer *printer, const struct setting *setting)
{
	char digits[24];

	/* Wrapped values are set in by one tab more. */
	printer->tabs++;
	print_name(printer, setting->name.text);
	for (size_t i = 0; i < setting->values.count; i++) {
		const struct setting_value *value = &setting->values.items[i];

		if (value->kind == SETTING_COMMA) {
			print_word(printer, ",");
			continue;
		}
		print_break(printer);
		if (value->kind == SETTING_STRING) {
			print_quoted(printer, value->text);
		} else if (value->kind == SETTING_WORD) {
			print_name(printer, value->text);
		} else {
			snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value->number);
			print_word(printer, value->text ? value->text : digits);
		}
	}
}

/*
 * A line of a block: a statement of a file, or a setting of a sandbox. Both have comments, and may
 * have a block of lines of their own.
 */
struct row {
	const struct stmt *stmt;
	const struct setting *setting; /* where stmt is NULL */
	const ast_comments *comments;
	const char *comment;
	bool blank_before;
	bool has_block;
};

struct rows {
	const struct stmt_list *statements;
	const setting_list *settings; /* where statements is NULL */
	const ast_comments *end_comments;
	size_t count;
};

static struct rows rows_of_list(const struct stmt_list *list)
{
	return (struct rows){
		.statements = list, .end_comments = &list->comments, .count = list->items.count};
}

static struct rows rows_of_settings(const setting_list *settings, const ast_comments *end_comments)
{
	return (struct rows){
		.settings = settings, .end_comments = end_comments, .count = settings->count};
}

static struct row row_of_stmt(const struct stmt *stmt)
{
	return (struct row){
		.stmt = stmt,
		.comments = &stmt->comments,
		.comment = stmt->comment,
		.blank_before = stmt->blank_before,
		.has_block = stmt->kind == STMT_WHEN || stmt->kind == STMT_GROUP ||
			     stmt->kind == STMT_PHASE || stmt->kind == STMT_SANDBOX,
	};
}

static struct row row_get(const struct rows *rows, size_t index)
{
	const struct setting *setting;

	if (rows->statements)
		return row_of_stmt(rows->statements->items.items[index]);
	setting = rows->settings->items[index];
	return (struct row){
		.setting = setting,
		.comments = &setting->comments,
		.comment = setting->comment,
		.blank_before = setting->blank_before,
		.has_block = setting->has_block,
	};
}

/*
 * The row up to its ';' or '{', on one line where that fits, else wrapped. Returns the column that
 * was reached.
 */
static unsigned int print_row_head(struct text *out, unsigned int tabs, const struct row *row)
{
	static const unsigned int limits[] = {UINT_MAX, PRINT_WIDTH};
	size_t begin = out->length;
	unsigned int column = 0;

	for (size_t i = 0; i < 2; i++) {
		struct printer printer = printer_begin(out, tabs, limits[i]);

		if (row->stmt)
			print_head(&printer, row->stmt);
		else
			print_setting_head(&printer, row->setting);
		print_word(&printer, row->has_block ? " {" : ";");
		printer_end(&printer);
		column = printer.column;
		if (i == 1 || column <= PRINT_WIDTH || out->failed)
			break;
		out->length = begin;
		out->bytes[begin] = '\0';
	}
	return column;
}

/*
 * Comments behind neighbouring rows stand below each other: the column for those from row FIRST up
 * to an empty line, a comment of its own or a block. Wide rows do not push the others.
 */
static unsigned int comment_column(unsigned int tabs, const struct rows *rows, size_t first)
{
	struct text scratch = {0};
	unsigned int widest = 0;

	for (size_t i = first; i < rows->count; i++) {
		struct row row = row_get(rows, i);
		unsigned int width;

		if (row.has_block || (i > first && (row.blank_before || row.comments->count)))
			break;
		if (!row.comment)
			continue;
		scratch.length = 0;
		width = print_row_head(&scratch, tabs, &row);
		if (width > widest && width <= PRINT_WIDTH * 3 / 5)
			widest = width;
	}
	text_release(&scratch);
	return widest + 1;
}

static void print_closing(struct text *out, unsigned int tabs, const char *closing)
{
	for (unsigned int i = 0; i < tabs; i++)
		text_add_char(out, '\t');
	text_add_string(out, closing);
}

static void print_rows(struct text *out, unsigned int tabs, struct rows rows);

/* What stands in a row's braces, and the closing ones. */
static void print_blocks(struct text *out, unsigned int tabs, const struct row *row)
{
	const struct stmt *stmt = row->stmt;

	text_add_char(out, '\n');
	if (!stmt) {
		print_rows(out, tabs + 1,
			   rows_of_settings(&row->setting->block, &row->setting->end_comments));
	} else if (stmt->kind == STMT_SANDBOX) {
		print_rows(out, tabs + 1,
			   rows_of_settings(&stmt->sandbox.settings, &stmt->sandbox.end_comments));
	} else if (stmt->kind == STMT_WHEN) {
		print_rows(out, tabs + 1, rows_of_list(&stmt->when.then));
		if (stmt->when.has_otherwise) {
			print_closing(out, tabs, "} else {\n");
			print_rows(out, tabs + 1, rows_of_list(&stmt->when.otherwise));
		}
	} else {
		print_rows(out, tabs + 1, rows_of_list(&stmt->group.body));
	}
	print_closing(out, tabs, "}");
}

static void print_rows(struct text *out, unsigned int tabs, struct rows rows)
{
	unsigned int align = 0; /* of comments behind rows; 0 where it must be found again */

	for (size_t i = 0; i < rows.count; i++) {
		struct row row = row_get(&rows, i);
		unsigned int column;

		if (row.blank_before && i)
			text_add_char(out, '\n');
		print_comments(out, tabs, row.comments);
		if (row.blank_before || row.comments->count || !align)
			align = comment_column(tabs, &rows, i);
		column = print_row_head(out, tabs, &row);
		if (row.has_block) {
			print_blocks(out, tabs, &row);
			column = align = 0;
		}
		print_comment_behind(out, column < align ? align - column : 1, row.comment);
		text_add_char(out, '\n');
	}
	print_comments(out, tabs, rows.end_comments);
}

void ast_print(const struct policy_ast *ast, struct text *out)
{
	print_rows(out, 0, rows_of_list(&ast->statements));
}
