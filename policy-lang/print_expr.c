/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions and actions as text. */
#include "policy-lang/printer.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

/* How tightly operators bind, as in grammar.y. */
enum level {
	LEVEL_ANY,
	LEVEL_OR,
	LEVEL_AND,
	LEVEL_COMPARISON,
	LEVEL_BIT_OR,
	LEVEL_BIT_XOR,
	LEVEL_BIT_AND,
	LEVEL_SHIFT,
	LEVEL_SUM,
	LEVEL_UNARY,
};

static const struct {
	const char *text;
	enum level level;
} operators[] = {
	[EXPR_OP_NOT] = {"!", LEVEL_UNARY},
	[EXPR_OP_COMPLEMENT] = {"~", LEVEL_UNARY},
	[EXPR_OP_NEGATE] = {"-", LEVEL_UNARY},
	[EXPR_OP_OR] = {"||", LEVEL_OR},
	[EXPR_OP_AND] = {"&&", LEVEL_AND},
	[EXPR_OP_EQUAL] = {"==", LEVEL_COMPARISON},
	[EXPR_OP_UNEQUAL] = {"!=", LEVEL_COMPARISON},
	[EXPR_OP_LESS] = {"<", LEVEL_COMPARISON},
	[EXPR_OP_LESS_EQUAL] = {"<=", LEVEL_COMPARISON},
	[EXPR_OP_GREATER] = {">", LEVEL_COMPARISON},
	[EXPR_OP_GREATER_EQUAL] = {">=", LEVEL_COMPARISON},
	[EXPR_OP_IN] = {"in", LEVEL_COMPARISON},
	[EXPR_OP_WITHIN] = {"within", LEVEL_COMPARISON},
	[EXPR_OP_BIT_OR] = {"|", LEVEL_BIT_OR},
	[EXPR_OP_BIT_XOR] = {"^", LEVEL_BIT_XOR},
	[EXPR_OP_BIT_AND] = {"&", LEVEL_BIT_AND},
	[EXPR_OP_SHIFT_LEFT] = {"<<", LEVEL_SHIFT},
	[EXPR_OP_SHIFT_RIGHT] = {">>", LEVEL_SHIFT},
	[EXPR_OP_PLUS] = {"+", LEVEL_SUM},
	[EXPR_OP_MINUS] = {"-", LEVEL_SUM},
};

static void print_level(struct printer *printer, const struct expr *expr, enum level level);

/* Sets go on below their first value, unless that stands too far to the right. */
static void print_set(struct printer *printer, const struct expr *set)
{
	unsigned int align = printer->align;

	print_word(printer, "{");
	print_flush(printer);
	if (printer->column < PRINT_WIDTH * 3 / 5)
		printer->align = printer->column + 1;
	for (size_t i = 0; i < set->set.count; i++) {
		print_break(printer);
		print_level(printer, set->set.items[i].first, LEVEL_ANY);
		if (set->set.items[i].last) {
			print_word(printer, "..");
			print_level(printer, set->set.items[i].last, LEVEL_ANY);
		}
		if (i + 1 < set->set.count)
			print_word(printer, ",");
	}
	print_word(printer, " }");
	printer->align = align;
}

/*
 * The loosest operand that EXPR's sides may be without parentheses. Operators on bits beside a
 * comparison get some although they bind tighter, as readers of C, where they do not, need them;
 * behind a word, as in `within A | B`, nobody does.
 */
static enum level operand_level(const struct expr *expr, bool right)
{
	enum level level = operators[expr->op].level;

	if (level != LEVEL_COMPARISON)
		return right ? level + 1 : level;
	if (right && (expr->op == EXPR_OP_IN || expr->op == EXPR_OP_WITHIN))
		return level + 1;
	return LEVEL_SHIFT;
}

/* Whether what is left of the line has room for EXPR, and for what may close it. */
static bool expr_fits(const struct printer *printer, const struct expr *expr)
{
	unsigned int position = print_position(printer) + 2;
	struct printer measure = {.limit = printer->limit, .measuring = true};
	bool fits;

	if (printer->measuring || printer->limit == UINT_MAX)
		return true;
	if (position >= printer->limit)
		return false;
	measure.limit = printer->limit - position;
	print_level(&measure, expr, LEVEL_ANY);
	fits = measure.piece.length <= measure.limit;
	text_release(&measure.piece);
	return fits;
}

/* A chain of `||` or of `&&` that needs several lines has one for each of its sides. */
static void print_chain(struct printer *printer, const struct expr *expr)
{
	enum level level = operators[expr->op].level;

	if (expr->left->kind == EXPR_BINARY && expr->left->op == expr->op)
		print_chain(printer, expr->left);
	else
		print_level(printer, expr->left, level);
	print_word(printer, " ");
	print_word(printer, operators[expr->op].text);
	print_wrap(printer);
	print_level(printer, expr->right, level + 1);
}

static void print_binary(struct printer *printer, const struct expr *expr)
{
	enum level level = operators[expr->op].level;

	if ((level == LEVEL_OR || level == LEVEL_AND) && !expr_fits(printer, expr)) {
		print_chain(printer, expr);
		return;
	}
	print_level(printer, expr->left, operand_level(expr, false));
	print_word(printer, " ");
	print_word(printer, operators[expr->op].text);
	if (level == LEVEL_OR || level == LEVEL_AND || level == LEVEL_BIT_OR)
		print_break(printer);
	else
		print_word(printer, " ");
	print_level(printer, expr->right, operand_level(expr, true));
}

static void print_number(struct printer *printer, const struct expr *expr)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, expr->number);
	print_word(printer, expr->text ? expr->text : digits);
}

static enum level expr_level(const struct expr *expr)
{
	if (expr->kind == EXPR_UNARY || expr->kind == EXPR_BINARY)
		return operators[expr->op].level;
	return LEVEL_UNARY + 1;
}

static void print_level(struct printer *printer, const struct expr *expr, enum level level)
{
	bool parentheses = expr_level(expr) < level;

	if (printer->measuring && printer->piece.length > printer->limit)
		return;
	if (parentheses)
		print_word(printer, "(");
	switch (expr->kind) {
	case EXPR_NUMBER:
		print_number(printer, expr);
		break;
	case EXPR_NAME:
		print_name(printer, expr->text);
		break;
	case EXPR_WILDCARD:
		print_word(printer, "_");
		break;
	case EXPR_SET:
		print_set(printer, expr);
		break;
	case EXPR_UNARY:
		print_word(printer, operators[expr->op].text);
		print_level(printer, expr->left, LEVEL_UNARY);
		break;
	case EXPR_BINARY:
		print_binary(printer, expr);
		break;
	}
	if (parentheses)
		print_word(printer, ")");
}

void print_expr(struct printer *printer, const struct expr *expr)
{
	print_level(printer, expr, LEVEL_ANY);
}

void print_action(struct printer *printer, const struct ast_action *action)
{
	static const char *const texts[] = {
		[ACTION_ALLOW] = "allow",
		[ACTION_DENY] = "deny",
		[ACTION_KILL_PROCESS] = "kill process",
		[ACTION_KILL_THREAD] = "kill thread",
		[ACTION_TRAP] = "trap",
		[ACTION_TRACE] = "trace",
		[ACTION_LOG] = "log",
		[ACTION_NOTIFY] = "notify",
	};

	print_word(printer, texts[action->kind]);
	if (!action->value)
		return;
	print_word(printer, " ");
	print_level(printer, action->value, LEVEL_ANY);
}

void ast_print_expr(const struct expr *expr, struct text *out)
{
	struct printer printer = {.out = out, .limit = UINT_MAX};

	print_expr(&printer, expr);
	print_flush(&printer);
	text_release(&printer.piece);
}

void ast_print_action(const struct ast_action *action, struct text *out)
{
	struct printer printer = {.out = out, .limit = UINT_MAX};

	print_action(&printer, action);
	print_flush(&printer);
	text_release(&printer.piece);
}
