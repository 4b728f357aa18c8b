/* SPDX-License-Identifier: Apache-2.0 */
/* Makers of nodes. */
#include "policy-lang/ast.h"

#include <string.h>

struct stmt *stmt_new(struct arena *arena, enum stmt_kind kind, struct span span)
{
	struct stmt *stmt = arena_alloc(arena, sizeof(*stmt));

	stmt->kind = kind;
	stmt->span = span;
	return stmt;
}

static struct expr *expr_new(struct arena *arena, enum expr_kind kind, struct span span)
{
	struct expr *expr = arena_alloc(arena, sizeof(*expr));

	expr->kind = kind;
	expr->depth = 1;
	expr->span = span;
	return expr;
}

struct expr *expr_new_number(struct arena *arena, uint64_t number, const char *spelling,
			     struct span span)
{
	struct expr *expr = expr_new(arena, EXPR_NUMBER, span);

	expr->number = number;
	if (spelling)
		expr->text = arena_copy(arena, spelling, strlen(spelling));
	return expr;
}

struct expr *expr_new_name(struct arena *arena, const char *name, struct span span)
{
	struct expr *expr = expr_new(arena, EXPR_NAME, span);

	expr->text = arena_copy(arena, name, strlen(name));
	return expr;
}

struct expr *expr_new_unary(struct arena *arena, enum expr_op op, struct expr *operand,
			    struct span span)
{
	struct expr *expr = expr_new(arena, EXPR_UNARY, span);

	expr->op = op;
	expr->left = operand;
	expr->depth = operand->depth + 1;
	return expr;
}

struct expr *expr_new_binary(struct arena *arena, enum expr_op op, struct expr *left,
			     struct expr *right, struct span span)
{
	struct expr *expr = expr_new(arena, EXPR_BINARY, span);

	expr->op = op;
	expr->left = left;
	expr->right = right;
	expr->depth = (left->depth > right->depth ? left->depth : right->depth) + 1;
	return expr;
}
