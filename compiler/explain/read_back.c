/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/read_back.h"

#include "policy-lang/catalog/constant.h"

struct reading_back {
	struct arena *arena;
	struct diagrams *diagrams;
	const struct call_form *form;
};

/* The left side of a comparison. */
struct masked_subject {
	struct subject subject;
	uint64_t ones;
	uint64_t mask;
};

static bool read_constant(const struct reading_back *reading, const struct expr *expr,
			  uint64_t *value)
{
	constant_id id;
	uint64_t right;

	switch (expr->kind) {
	case EXPR_NUMBER:
		*value = expr->number;
		return true;
	case EXPR_NAME:
		id = constant_find(expr->text);
		return id != CONSTANT_NONE && constant_value(id, reading->form->abi->id, value);
	case EXPR_UNARY:
		if (expr->op != EXPR_OP_NEGATE || !read_constant(reading, expr->left, value))
			return false;
		*value = -*value;
		return true;
	case EXPR_BINARY:
		if (expr->op != EXPR_OP_BIT_OR || !read_constant(reading, expr->left, value) ||
		    !read_constant(reading, expr->right, &right))
			return false;
		*value |= right;
		return true;
	default:
		return false;
	}
}

/* The constant's pattern in the subject; false where it has none there. */
static bool read_pattern(const struct reading_back *reading, const struct masked_subject *left,
			 const struct expr *expr, uint64_t *pattern)
{
	uint64_t value;

	if (!read_constant(reading, expr, &value))
		return false;
	*pattern = value & left->ones;
	/* Bits beyond are those of a sign, or there are none. */
	return !(value & ~left->ones) || (value & ~left->ones) == ~left->ones;
}

static bool read_left(const struct reading_back *reading, const struct expr *expr,
		      struct masked_subject *left)
{
	uint64_t mask;

	if (expr->kind == EXPR_BINARY && expr->op == EXPR_OP_BIT_AND) {
		if (!read_left(reading, expr->left, left) ||
		    !read_pattern(reading, left, expr->right, &mask))
			return false;
		left->mask &= mask;
		return true;
	}
	if (expr->kind != EXPR_NAME || !subject_find(reading->form, expr->text, &left->subject))
		return false;
	left->ones =
		left->subject.bits == 64 ? UINT64_MAX : ((uint64_t)1 << left->subject.bits) - 1;
	left->mask = left->ones;
	return true;
}

/* FIRST..LAST as patterns: by their numbers for a signed subject, which has its own order. */
static diagram read_range(const struct reading_back *reading, const struct masked_subject *left,
			  uint64_t first, uint64_t last)
{
	struct diagrams *diagrams = reading->diagrams;
	struct field field = field_masked(subject_field(&left->subject), left->mask);
	uint64_t sign = (left->ones >> 1) + 1;

	if (left->subject.is_signed && first & sign && !(last & sign))
		return diagram_or(diagrams, diagram_range(diagrams, &field, first, left->ones),
				  diagram_range(diagrams, &field, 0, last));
	return diagram_range(diagrams, &field, first, last);
}

static bool read_set(const struct reading_back *reading, const struct masked_subject *left,
		     const struct expr *set, diagram *calls)
{
	*calls = DIAGRAM_NONE;
	if (set->kind != EXPR_SET)
		return false;
	for (size_t i = 0; i < set->set.count; i++) {
		const struct expr_range *range = &set->set.items[i];
		uint64_t first, last;

		if (!read_pattern(reading, left, range->first, &first))
			return false;
		last = first;
		if (range->last && !read_pattern(reading, left, range->last, &last))
			return false;
		*calls = diagram_or(reading->diagrams, *calls,
				    read_range(reading, left, first, last));
	}
	return true;
}

static bool read_comparison(const struct reading_back *reading, const struct expr *expr,
			    diagram *calls)
{
	struct masked_subject left;
	uint64_t right, least, most;

	if (!read_left(reading, expr->left, &left))
		return false;
	if (expr->op == EXPR_OP_IN)
		return read_set(reading, &left, expr->right, calls);
	if (!read_pattern(reading, &left, expr->right, &right))
		return false;
	least = left.subject.is_signed ? (left.ones >> 1) + 1 : 0;
	most = left.subject.is_signed ? left.ones >> 1 : left.ones;
	switch (expr->op) {
	case EXPR_OP_EQUAL:
		*calls = read_range(reading, &left, right, right);
		return true;
	case EXPR_OP_UNEQUAL:
		*calls = diagram_not(reading->diagrams, read_range(reading, &left, right, right));
		return true;
	case EXPR_OP_LESS_EQUAL:
		*calls = read_range(reading, &left, least, right);
		return true;
	case EXPR_OP_GREATER_EQUAL:
		*calls = read_range(reading, &left, right, most);
		return true;
	case EXPR_OP_WITHIN:
		left.mask &= ~right;
		*calls = read_range(reading, &left, 0, 0);
		return true;
	case EXPR_OP_BIT_AND:
		left.mask &= right;
		*calls = diagram_not(reading->diagrams, read_range(reading, &left, 0, 0));
		return true;
	default:
		return false;
	}
}

static bool read_condition(const struct reading_back *reading, const struct expr *expr,
			   diagram *calls)
{
	diagram left, right;

	if (expr->kind == EXPR_UNARY && expr->op == EXPR_OP_NOT) {
		if (!read_condition(reading, expr->left, &left))
			return false;
		*calls = diagram_not(reading->diagrams, left);
		return true;
	}
	if (expr->kind != EXPR_BINARY)
		return false;
	if (expr->op != EXPR_OP_AND && expr->op != EXPR_OP_OR)
		return read_comparison(reading, expr, calls);
	if (!read_condition(reading, expr->left, &left) ||
	    !read_condition(reading, expr->right, &right))
		return false;
	*calls = expr->op == EXPR_OP_AND ? diagram_and(reading->diagrams, left, right)
					 : diagram_or(reading->diagrams, left, right);
	return true;
}

bool read_back(struct arena *arena, struct diagrams *diagrams, const struct call_form *form,
	       const struct expr *condition, diagram *calls)
{
	struct reading_back reading = {arena, diagrams, form};

	return read_condition(&reading, condition, calls);
}
