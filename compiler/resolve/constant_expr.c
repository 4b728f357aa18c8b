/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/constant_expr.h"

#include "compiler/resolve/definition.h"
#include "compiler/resolve/difference.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <string.h>

static const struct value value_error = {.kind = VALUE_ERROR};

const char *value_kind_text(enum value_kind kind)
{
	static const char *const texts[] = {
		[VALUE_ERROR] = "nothing",
		[VALUE_ABSENT] = "a number",
		[VALUE_BOOL] = "true or false",
		[VALUE_NUMBER] = "a number",
		[VALUE_SET] = "a set",
		[VALUE_WORD] = "a word",
		[VALUE_LOADED] = "a value that is known only at load",
	};

	return texts[kind];
}

void constant_report_absent(struct resolver *resolver, const struct value *value)
{
	struct diag *diag = resolver_error(resolver, DIAG_CONSTANT_ABSENT, value->span,
					   "there is no constant '%s'", value->word);

	resolver_note(resolver, diag, (struct span){0},
		      "a rule for the ABIs that have it goes under `when arch in { ... }`");
	difference_note_constant(resolver, value->word);
}

static struct value evaluate_name(struct resolver *resolver, call_id call, const struct expr *expr)
{
	const struct binding *binding = definition_find(resolver, expr->text, false);
	struct value value = {.kind = VALUE_BOOL, .span = expr->span};
	constant_id constant;

	if (binding) {
		value = binding->value;
		value.span = expr->span;
		return value;
	}
	if (call != CALL_NONE && argument_exists(resolver, call, expr->text)) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "'%s' is an argument of %s: an argument stands on the left, and is "
			       "compared with constants only",
			       expr->text, call_get(call)->name);
		return value_error;
	}
	value.truth = strcmp(expr->text, "true") == 0;
	if (value.truth || strcmp(expr->text, "false") == 0)
		return value;
	constant = constant_find(expr->text);
	if (constant == CONSTANT_NONE) {
		name_report_unknown(resolver, call, expr);
		return value_error;
	}
	value.kind = VALUE_ABSENT;
	value.word = expr->text;
	if (constant_value(constant, resolver->abi->id, &value.number.bits)) {
		value.kind = VALUE_NUMBER;
		value.number = number_from_signed(value.number.bits);
	}
	return value;
}

/* Reports that VALUE, at SPAN, is not a number; true where it is one. */
static bool expect_number(struct resolver *resolver, const struct value *value, struct span span)
{
	if (value->kind == VALUE_NUMBER)
		return true;
	if (value->kind != VALUE_ERROR && value->kind != VALUE_ABSENT)
		resolver_error(resolver, DIAG_TYPE, span, "a number is wanted here, and this is %s",
			       value_kind_text(value->kind));
	return false;
}

static struct value evaluate_operator(struct resolver *resolver, call_id call,
				      const struct expr *expr)
{
	struct value left = constant_evaluate(resolver, call, expr->left), right = left;
	const char *fault;

	if (expr->kind == EXPR_BINARY)
		right = constant_evaluate(resolver, call, expr->right);
	if (!expect_number(resolver, &left, expr->left->span))
		return left.kind == VALUE_ABSENT && right.kind != VALUE_ERROR ? left : value_error;
	if (!expect_number(resolver, &right, expr->right ? expr->right->span : expr->span))
		return right.kind == VALUE_ABSENT ? right : value_error;
	fault = number_apply(expr->op, left.number, right.number, &left.number);
	if (fault) {
		resolver_error(resolver, DIAG_OVERFLOW, expr->span, "this %s", fault);
		return value_error;
	}
	left.span = expr->span;
	return left;
}

/* A set under construction. */
struct set_builder {
	VEC(struct set_element) elements;
};

/* Adds one element as written; an ABSENT or ERROR value says that the set is none. */
static struct value set_add(struct resolver *resolver, call_id call, struct set_builder *builder,
			    const struct expr_range *range)
{
	struct value first = constant_evaluate(resolver, call, range->first), last = first;
	struct set_element *element;

	if (first.kind == VALUE_SET && !range->last) {
		if (!resolver_work(resolver, first.element_count))
			return value_error;
		for (size_t i = 0; i < first.element_count; i++)
			*VEC_PUSH(resolver->arena, &builder->elements) = first.elements[i];
		return first;
	}
	if (first.kind == VALUE_LOADED && !range->last) {
		element = VEC_PUSH(resolver->arena, &builder->elements);
		*element = (struct set_element){
			.loaded = true, .load = first.load, .span = range->first->span};
		return first;
	}
	if (range->last)
		last = constant_evaluate(resolver, call, range->last);
	if (!expect_number(resolver, &first, range->first->span))
		return first.kind == VALUE_ABSENT ? first : value_error;
	if (!expect_number(resolver, &last, range->last ? range->last->span : first.span))
		return last.kind == VALUE_ABSENT ? last : value_error;
	element = VEC_PUSH(resolver->arena, &builder->elements);
	element->first = first.number;
	element->last = last.number;
	element->span = range->first->span;
	if (range->last)
		element->span = span_join(range->first->span, range->last->span);
	if (number_compare(first.number, last.number) > 0) {
		resolver_error(resolver, DIAG_CONTRADICTION, element->span,
			       "this range ends before it begins");
		return value_error;
	}
	return first;
}

static struct value evaluate_set(struct resolver *resolver, call_id call, const struct expr *expr)
{
	struct value result = {.kind = VALUE_SET, .span = expr->span};
	struct set_builder builder = {0};

	for (size_t i = 0; i < expr->set.count; i++) {
		struct value added = set_add(resolver, call, &builder, &expr->set.items[i]);

		if (added.kind == VALUE_ERROR ||
		    (added.kind == VALUE_ABSENT && result.kind != VALUE_ERROR))
			result = added;
		if (builder.elements.count > SET_ITEMS_MAX) {
			resolver_error(resolver, DIAG_LIMIT, expr->span,
				       "a set holds %u items at most", SET_ITEMS_MAX);
			return value_error;
		}
	}
	if (result.kind == VALUE_SET && builder.elements.count == 0) {
		resolver_error(resolver, DIAG_TYPE, expr->span, "this set is empty");
		return value_error;
	}
	result.elements = builder.elements.items;
	result.element_count = builder.elements.count;
	return result;
}

struct value constant_evaluate(struct resolver *resolver, call_id call, const struct expr *expr)
{
	if (!resolver_work(resolver, 1))
		return value_error;
	switch (expr->kind) {
	case EXPR_NUMBER:
		return (struct value){.kind = VALUE_NUMBER,
				      .number = number_from_unsigned(expr->number),
				      .span = expr->span};
	case EXPR_NAME:
		return evaluate_name(resolver, call, expr);
	case EXPR_SET:
		return evaluate_set(resolver, call, expr);
	case EXPR_WILDCARD:
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "`_` stands for any value of an argument in `expect` alone");
		return value_error;
	case EXPR_UNARY:
	case EXPR_BINARY:
		if (expr->op == EXPR_OP_NOT ||
		    (expr->op >= EXPR_OP_OR && expr->op <= EXPR_OP_WITHIN)) {
			resolver_error(resolver, DIAG_TYPE, expr->span,
				       "a number is wanted here, and this is a condition");
			return value_error;
		}
		return evaluate_operator(resolver, call, expr);
	}
	assert(!"no such kind of expression");
	return value_error;
}

bool constant_number(struct resolver *resolver, call_id call, const struct expr *expr,
		     struct number *number)
{
	struct value value = constant_evaluate(resolver, call, expr);

	if (value.kind == VALUE_ABSENT)
		constant_report_absent(resolver, &value);
	if (!expect_number(resolver, &value, expr->span))
		return false;
	*number = value.number;
	return true;
}
