/* SPDX-License-Identifier: Apache-2.0 */
/* What `when` asks: for the ABI and for params. */
#include "compiler/prove/reader.h"

#include <string.h>

static bool when_fail(struct reader *reader, const struct expr *expr)
{
	return reader_fail(reader, expr->span, "a condition that is none of `when`");
}

/* Whether the one name EXPR means this ABI. */
static bool arch_is(struct reader *reader, const struct expr *expr, bool *result)
{
	const struct abi *abi = expr->kind == EXPR_NAME ? abi_find(expr->text) : NULL;

	if (!abi)
		return reader_fail(reader, expr->span, "no ABI");
	*result = abi == reader->abi;
	return true;
}

/* Whether a param that is a word or a truth has the value EXPR. */
static bool word_is(struct reader *reader, const struct read_binding *binding,
		    const struct expr *expr, bool *result)
{
	bool yes, no;

	if (expr->kind != EXPR_NAME)
		return when_fail(reader, expr);
	yes = strcmp(expr->text, "true") == 0;
	no = strcmp(expr->text, "false") == 0;
	if ((binding->kind == READ_TRUTH) != (yes || no))
		return when_fail(reader, expr);
	*result = binding->kind == READ_TRUTH ? binding->truth == yes
					      : strcmp(binding->word, expr->text) == 0;
	return true;
}

/* BINDING is the param on the left, or NULL where `arch` stands there. */
static bool value_is(struct reader *reader, const struct read_binding *binding,
		     const struct expr *expr, bool *result)
{
	return binding ? word_is(reader, binding, expr, result) : arch_is(reader, expr, result);
}

/* Comparisons of what is no number: by == and != with one value, or by `in` with several. */
static bool decide_word(struct reader *reader, const struct read_binding *binding,
			const struct expr *expr, bool *holds)
{
	const struct expr *right = expr->right;

	if (expr->op == EXPR_OP_EQUAL || expr->op == EXPR_OP_UNEQUAL) {
		if (!value_is(reader, binding, right, holds))
			return false;
		*holds ^= expr->op == EXPR_OP_UNEQUAL;
		return true;
	}
	if (expr->op != EXPR_OP_IN || right->kind != EXPR_SET)
		return when_fail(reader, expr);
	*holds = false;
	for (size_t i = 0; i < right->set.count; i++) {
		bool same;

		if (right->set.items[i].last)
			return when_fail(reader, right);
		if (!value_is(reader, binding, right->set.items[i].first, &same))
			return false;
		*holds |= same;
	}
	return true;
}

static bool number_stands(enum expr_op op, struct read_number a, struct read_number b)
{
	switch (op) {
	case EXPR_OP_EQUAL:
		return read_number_equal(a, b);
	case EXPR_OP_UNEQUAL:
		return !read_number_equal(a, b);
	case EXPR_OP_LESS:
		return read_number_less(a, b);
	case EXPR_OP_LESS_EQUAL:
		return !read_number_less(b, a);
	case EXPR_OP_GREATER:
		return read_number_less(b, a);
	default:
		return !read_number_less(a, b);
	}
}

static bool decide_number(struct reader *reader, struct read_scope scope, struct read_number number,
			  const struct expr *expr, bool *holds)
{
	struct read_number right;
	struct read_set set;

	if (expr->op == EXPR_OP_IN) {
		if (!reader_set(reader, scope, expr->right, &set))
			return false;
		*holds = false;
		for (size_t i = 0; i < set.ranges.count; i++)
			*holds |= !read_number_less(number, set.ranges.items[i].first) &&
				  !read_number_less(set.ranges.items[i].last, number);
		return true;
	}
	if (expr->op < EXPR_OP_EQUAL || expr->op > EXPR_OP_GREATER_EQUAL)
		return when_fail(reader, expr);
	if (!reader_number(reader, scope, expr->right, &right))
		return false;
	*holds = number_stands(expr->op, number, right);
	return true;
}

static bool decide_comparison(struct reader *reader, struct read_scope scope,
			      const struct expr *expr, bool *holds)
{
	const struct read_binding *binding;

	if (expr->left->kind != EXPR_NAME)
		return when_fail(reader, expr);
	if (strcmp(expr->left->text, "arch") == 0)
		return decide_word(reader, NULL, expr, holds);
	binding = reader_binding(reader, scope, expr->left->text);
	if (!binding || !binding->is_param)
		return when_fail(reader, expr);
	if (binding->kind == READ_BROKEN)
		return reader_fail(reader, binding->problem.span, binding->problem.text);
	if (binding->kind == READ_NUMBER)
		return decide_number(reader, scope, binding->number, expr, holds);
	return decide_word(reader, binding, expr, holds);
}

bool reader_decide(struct reader *reader, struct read_scope scope, const struct expr *expr,
		   bool *holds)
{
	const struct read_binding *binding;
	bool left, right;

	if (expr->kind == EXPR_NAME) {
		binding = reader_binding(reader, scope, expr->text);
		if (!binding || binding->kind != READ_TRUTH)
			return when_fail(reader, expr);
		*holds = binding->truth;
		return true;
	}
	if (expr->kind == EXPR_UNARY && expr->op == EXPR_OP_NOT) {
		if (!reader_decide(reader, scope, expr->left, &left))
			return false;
		*holds = !left;
		return true;
	}
	if (expr->kind != EXPR_BINARY)
		return when_fail(reader, expr);
	if (expr->op != EXPR_OP_AND && expr->op != EXPR_OP_OR)
		return decide_comparison(reader, scope, expr, holds);
	if (!reader_decide(reader, scope, expr->left, &left) ||
	    !reader_decide(reader, scope, expr->right, &right))
		return false;
	*holds = expr->op == EXPR_OP_AND ? left && right : left || right;
	return true;
}
