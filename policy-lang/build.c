/* SPDX-License-Identifier: Apache-2.0 */
/* What the grammar's actions make nodes and lists with, and where the language's limits are kept. */
#include "policy-lang/parser.h"

struct expr *build_number(struct parser *parser, struct number number, struct span span)
{
	return expr_new_number(parser->arena, number.value, number.spelling, span);
}

struct expr *build_wildcard(struct parser *parser, struct span span)
{
	struct expr *expr = arena_alloc(parser->arena, sizeof(*expr));

	expr->kind = EXPR_WILDCARD;
	expr->depth = 1;
	expr->span = span;
	return expr;
}

/* EXPR, or a leaf in its place where it is deeper than later recursion can bear. */
static struct expr *build_limited(struct parser *parser, struct expr *expr)
{
	if (expr->depth <= EXPR_DEPTH_MAX)
		return expr;
	parser_stop(parser, expr->span, "an expression is deeper than %d operators",
		    EXPR_DEPTH_MAX);
	return expr_new_number(parser->arena, 0, NULL, expr->span);
}

struct expr *build_unary(struct parser *parser, enum expr_op op, struct expr *operand,
			 struct span span)
{
	return build_limited(parser, expr_new_unary(parser->arena, op, operand, span));
}

struct expr *build_binary(struct parser *parser, enum expr_op op, struct expr *left,
			  struct expr *right, struct span span)
{
	return build_limited(parser, expr_new_binary(parser->arena, op, left, right, span));
}

struct expr *build_set(struct parser *parser, struct span span)
{
	struct expr *expr = arena_alloc(parser->arena, sizeof(*expr));

	expr->kind = EXPR_SET;
	expr->depth = 1;
	expr->span = span;
	return expr;
}

void build_set_item(struct parser *parser, struct expr *set, struct expr *first, struct expr *last)
{
	struct expr_range *range;
	uint32_t depth = first->depth;

	if (last && last->depth > depth)
		depth = last->depth;
	if (depth >= EXPR_DEPTH_MAX) {
		parser_stop(parser, first->span, "an expression is deeper than %d operators",
			    EXPR_DEPTH_MAX);
		return;
	}
	if (set->set.count == SET_ITEMS_MAX) {
		parser_stop(parser, first->span, "a set has more than %d values", SET_ITEMS_MAX);
		return;
	}
	if (set->depth <= depth)
		set->depth = depth + 1;
	range = VEC_PUSH(parser->arena, &set->set);
	range->first = first;
	range->last = last;
}

struct stmt_list *build_list(struct parser *parser)
{
	return arena_alloc(parser->arena, sizeof(struct stmt_list));
}

/* Whether one statement or setting more may be had. */
static bool build_count(struct parser *parser, struct span span)
{
	if (parser->statements++ < STATEMENTS_MAX)
		return true;
	parser_stop(parser, span, "a file has more than %d statements", STATEMENTS_MAX);
	return false;
}

void build_list_add(struct parser *parser, struct stmt_list *list, struct stmt *stmt)
{
	if (build_count(parser, stmt->span))
		*VEC_PUSH(parser->arena, &list->items) = stmt;
}

void build_baseline(struct parser *parser, struct stmt *stmt, struct number major,
		    struct number minor)
{
	if (major.spelling || minor.spelling || major.value > UINT16_MAX ||
	    minor.value > UINT16_MAX)
		diag_error(parser->diags, DIAG_SYNTAX, stmt->span,
			   "this is no kernel's version, such as 6.6");
	stmt->baseline.major = (uint16_t)major.value;
	stmt->baseline.minor = (uint16_t)minor.value;
}

setting_list *build_settings(struct parser *parser)
{
	return arena_alloc(parser->arena, sizeof(setting_list));
}

void build_settings_add(struct parser *parser, setting_list *list, struct setting *setting)
{
	if (build_count(parser, setting->span))
		*VEC_PUSH(parser->arena, list) = setting;
}

struct setting *build_setting(struct parser *parser, struct ast_name name)
{
	struct setting *setting = arena_alloc(parser->arena, sizeof(*setting));

	setting->name = name;
	setting->span = name.span;
	return setting;
}

void build_setting_value(struct parser *parser, struct setting *setting,
			 enum setting_value_kind kind, struct ast_name text)
{
	struct setting_value *value = VEC_PUSH(parser->arena, &setting->values);

	value->kind = kind;
	value->text = text.text;
	value->span = text.span;
}

void build_setting_number(struct parser *parser, struct setting *setting, struct number number,
			  struct span span)
{
	struct setting_value *value = VEC_PUSH(parser->arena, &setting->values);

	value->kind = SETTING_NUMBER;
	value->number = number.value;
	value->text = number.spelling;
	value->span = span;
}
