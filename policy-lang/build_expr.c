/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/build.h"

struct expr *build_number(struct parser *parser, struct number number, struct span span)
{
	return expr_new_number(parser->arena, number.value, number.spelling, span);
}

static struct expr *build_leaf(struct parser *parser, enum expr_kind kind, struct span span)
{
	struct expr *expr = arena_alloc(parser->arena, sizeof(*expr));

	expr->kind = kind;
	expr->depth = 1;
	expr->span = span;
	return expr;
}

struct expr *build_wildcard(struct parser *parser, struct span span)
{
	return build_leaf(parser, EXPR_WILDCARD, span);
}

static void report_depth(struct parser *parser, struct span span)
{
	parser_stop(parser, span, "an expression nests deeper than %d", EXPR_DEPTH_MAX);
}

/* EXPR, or a leaf in its place where it is deeper than what follows its branches can bear. */
static struct expr *build_limited(struct parser *parser, struct expr *expr)
{
	if (expr->depth <= EXPR_DEPTH_MAX)
		return expr;
	report_depth(parser, expr->span);
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

struct expr *build_set_item(struct parser *parser, struct expr *set, struct expr *first,
			    struct expr *last)
{
	uint32_t depth = last && last->depth > first->depth ? last->depth : first->depth;
	struct expr_range *range;

	if (!set)
		set = build_leaf(parser, EXPR_SET, first->span);
	if (depth >= EXPR_DEPTH_MAX) {
		report_depth(parser, first->span);
		return set;
	}
	if (set->set.count == SET_ITEMS_MAX) {
		parser_stop(parser, first->span, "a set has more than %d values", SET_ITEMS_MAX);
		return set;
	}
	if (set->depth <= depth)
		set->depth = depth + 1;
	range = VEC_PUSH(parser->arena, &set->set);
	range->first = first;
	range->last = last;
	return set;
}
