/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/where.h"

#include "compiler/resolve/compare.h"
#include "compiler/resolve/difference.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"

#include <string.h>

static bool is_comparison(const struct expr *expr)
{
	return expr->kind == EXPR_BINARY && expr->op >= EXPR_OP_EQUAL && expr->op <= EXPR_OP_WITHIN;
}

static bool is_masking(const struct expr *expr)
{
	return expr->kind == EXPR_BINARY && expr->op == EXPR_OP_BIT_AND;
}

/* What find_left_name() looks for. */
struct name_search {
	const struct resolver *resolver;
	call_id call;
	bool (*wanted)(const struct name_search *search, const char *name);
};

/* The first name on the left side of a comparison in EXPR that is wanted; or NULL. */
static const struct expr *find_left_name(const struct name_search *search, const struct expr *expr)
{
	const struct expr *found;

	while (is_comparison(expr) || is_masking(expr) ||
	       (expr->kind == EXPR_UNARY && expr->op == EXPR_OP_NOT))
		expr = expr->left;
	if (expr->kind == EXPR_BINARY && (expr->op == EXPR_OP_AND || expr->op == EXPR_OP_OR)) {
		found = find_left_name(search, expr->left);
		return found ? found : find_left_name(search, expr->right);
	}
	return expr->kind == EXPR_NAME && search->wanted(search, expr->text) ? expr : NULL;
}

static bool is_register(const struct name_search *search, const char *name)
{
	return argument_register(name) >= 0 &&
	       !argument_exists(search->resolver, search->call, name);
}

static bool is_missing(const struct name_search *search, const char *name)
{
	return argument_register(name) < 0 && !scope_find(&search->resolver->scope, name, false) &&
	       !argument_exists(search->resolver, search->call, name);
}

const struct expr *where_missing_argument(const struct resolver *resolver, call_id call,
					  const struct expr *expr)
{
	return find_left_name(&(struct name_search){resolver, call, is_missing}, expr);
}

const struct expr *where_find_register(const struct resolver *resolver, call_id call,
				       const struct expr *expr)
{
	return find_left_name(&(struct name_search){resolver, call, is_register}, expr);
}

/* A name given by the policy where an argument is wanted. */
static void report_not_argument(struct resolver *resolver, call_id call, const struct expr *name,
				const struct binding *binding)
{
	bool both = argument_exists(resolver, call, name->text);
	struct diag *diag;

	if (both)
		diag = resolver_error(resolver, DIAG_SHADOW, name->span,
				      "'%s' is an argument of %s, and a name that the policy gives",
				      name->text, call_get(call)->name);
	else
		diag = resolver_error(resolver, DIAG_TYPE, name->span,
				      "the left side of a comparison is an argument of %s, and "
				      "'%s' is none",
				      call_get(call)->name, name->text);
	resolver_note(resolver, diag, binding->span,
		      both ? "give this another name" : "the policy gives the name here");
}

/* How many registers the kernel reads for the call. */
static int register_count(const struct resolver *resolver, call_id call)
{
	unsigned int count;
	struct arg_place last;

	call_args(call, resolver->abi->id, &count);
	if (count == 0)
		return 0;
	last = call_arg_place(call, resolver->abi->id, count - 1);
	return (last.low > last.high ? last.low : last.high) + 1;
}

static void report_unread(struct resolver *resolver, call_id call, const struct expr *name)
{
	struct diag *diag =
		resolver_error(resolver, DIAG_ARGUMENT_UNKNOWN, name->span,
			       "%s does not read register '%s'", call_get(call)->name, name->text);

	resolver_note(resolver, diag, (struct span){0}, "a caller can put there what it likes");
}

/*
 * The argument that NAME means. A call's own argument comes before a register of that name:
 * prctl's second is called arg2 in its manual page.
 */
static bool argument_operand(struct resolver *resolver, const struct expr *name,
			     struct comparison *what)
{
	const struct binding *binding = scope_find(&resolver->scope, name->text, false);
	int number = argument_register(name->text);
	int index;

	if (binding) {
		report_not_argument(resolver, what->call, name, binding);
		return false;
	}
	index = call_arg_find(what->call, resolver->abi->id, name->text);
	if (index >= 0) {
		what->operand =
			operand_argument(what->call, resolver->abi->id, (unsigned int)index);
		what->operand.name = name->text;
		difference_note_argument(resolver, what->call, (unsigned int)index);
		if (number >= 0 && number != index)
			resolver_remark(resolver, DIAG_ALIAS, name->span,
					"'%s' is what the manual page of %s calls register arg%d",
					name->text, call_get(what->call)->name, index);
		return true;
	}
	if (number >= 0 && number < register_count(resolver, what->call)) {
		what->operand = operand_register(resolver->abi->id, (unsigned int)number);
		return true;
	}
	if (number >= 0)
		report_unread(resolver, what->call, name);
	else
		argument_report_unknown(resolver, what->call, name);
	return false;
}

/* What stands on the left where neither an argument nor `argument & mask` does. */
static void report_left_side(struct resolver *resolver, const struct expr *left)
{
	struct diag *diag;

	diag = resolver_error(resolver, DIAG_TYPE, left->span,
			      "the left side of a comparison is an argument, or `argument & mask`");
	if (left->kind == EXPR_UNARY && left->op == EXPR_OP_NOT)
		resolver_note(resolver, diag, (struct span){0},
			      "`!` binds tighter than `&` and `==`: write `!(flags & MASK)`");
	else if (is_comparison(left))
		resolver_note(resolver, diag, (struct span){0},
			      "comparisons do not chain: join two with `&&`");
	else if (left->kind == EXPR_NUMBER)
		resolver_note(resolver, diag, (struct span){0},
			      "the constant goes to the right: `argument == 0`");
}

/* On the caller's stack an argument can change between the call and the filter. */
static void check_memory(struct resolver *resolver, const struct comparison *what,
			 const struct expr *name)
{
	unsigned int from = resolver->abi->memory_from;
	struct diag *diag;

	if (!from || resolver->shipped ||
	    (what->operand.low < abi_word_low(resolver->abi, from) &&
	     what->operand.high < abi_word_low(resolver->abi, from)))
		return;
	diag = resolver_warning(resolver, DIAG_ARGUMENT_STACK, name->span,
				"another thread can change '%s' of %s behind this comparison",
				name->text, call_get(what->call)->name);
	resolver_note(resolver, diag, (struct span){0},
		      "arguments from the fifth register on are in memory there, which the kernel "
		      "reads once for the call and once for the filter");
}

/* Follows `argument & mask & mask`, innermost first. */
static bool left_operand(struct resolver *resolver, const struct expr *left,
			 struct comparison *what)
{
	if (left->kind == EXPR_NAME) {
		if (!argument_operand(resolver, left, what))
			return false;
		check_memory(resolver, what, left);
		return true;
	}
	if (is_masking(left))
		return left_operand(resolver, left->left, what) &&
		       compare_add_mask(resolver, what, left->right);
	report_left_side(resolver, left);
	return false;
}

static const struct condition *resolve_comparison(struct resolver *resolver, call_id call,
						  const struct expr *expr)
{
	struct comparison what = {.call = call, .span = expr->span};

	if (!left_operand(resolver, expr->left, &what))
		return NULL;
	switch (expr->op) {
	case EXPR_OP_IN:
		return compare_in(resolver, &what, expr->right);
	case EXPR_OP_WITHIN:
		return compare_within(resolver, &what, expr->right);
	case EXPR_OP_BIT_AND:
		return compare_bits(resolver, &what, expr->right);
	default:
		return compare_order(resolver, &what, expr->op, expr->right);
	}
}

/* What is no condition at all. */
static void report_no_condition(struct resolver *resolver, call_id call, const struct expr *expr)
{
	struct diag *diag;

	if (expr->kind == EXPR_NAME && argument_exists(resolver, call, expr->text) &&
	    !scope_find(&resolver->scope, expr->text, false)) {
		diag = resolver_error(resolver, DIAG_TYPE, expr->span,
				      "an argument alone is no condition");
		resolver_note(resolver, diag, (struct span){0},
			      "write `%s != 0`, or `%s & MASK` to ask for a bit", expr->text,
			      expr->text);
		return;
	}
	diag = resolver_error(resolver, DIAG_TYPE, expr->span,
			      "a condition is wanted here: a comparison of an argument");
	if (expr->kind == EXPR_NAME && scope_find(&resolver->scope, expr->text, false))
		resolver_note(resolver, diag, (struct span){0},
			      "what depends on a param goes under `when`");
}

const struct condition *where_resolve(struct resolver *resolver, call_id call,
				      const struct expr *expr)
{
	const struct condition *left, *right;

	if (!resolver_work(resolver, 1))
		return NULL;
	if (is_comparison(expr) || is_masking(expr))
		return resolve_comparison(resolver, call, expr);
	if (expr->kind == EXPR_UNARY && expr->op == EXPR_OP_NOT) {
		left = where_resolve(resolver, call, expr->left);
		return left ? condition_not(resolver->arena, left, expr->span) : NULL;
	}
	if (expr->kind != EXPR_BINARY || (expr->op != EXPR_OP_AND && expr->op != EXPR_OP_OR)) {
		report_no_condition(resolver, call, expr);
		return NULL;
	}
	left = where_resolve(resolver, call, expr->left);
	right = where_resolve(resolver, call, expr->right);
	if (!left || !right)
		return NULL;
	if (expr->op == EXPR_OP_AND)
		return condition_and(resolver->arena, left, right, expr->span);
	return condition_or(resolver->arena, left, right, expr->span);
}

const struct condition *where_resolve_value(struct resolver *resolver, call_id call,
					    unsigned int index, const struct expr *value)
{
	struct comparison what = {.call = call, .span = value->span, .expected = true};
	const struct binding *binding = NULL;

	if (value->kind == EXPR_WILDCARD)
		return condition_true();
	what.operand = operand_argument(call, resolver->abi->id, index);
	if (value->kind == EXPR_NAME)
		binding = scope_find(&resolver->scope, value->text, false);
	if (value->kind == EXPR_SET || (binding && binding->value.kind == VALUE_SET))
		return compare_in(resolver, &what, value);
	return compare_order(resolver, &what, EXPR_OP_EQUAL, value);
}
