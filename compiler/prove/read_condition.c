/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of rules: which calls, of those with one number, a rule holds for. */
#include "compiler/prove/reader.h"

/* What stands on the left of a comparison: an argument, of which a mask may leave a part. */
struct left_side {
	const struct expr *name;
	const struct expr *masks; /* the chain of `&` around it, or NULL */
	enum read_sight sight;
	struct read_argument argument;
};

static bool is_mask(const struct expr *expr)
{
	return expr->kind == EXPR_BINARY && expr->op == EXPR_OP_BIT_AND;
}

/*
 * A mask as bits of the argument's width. What it has above them must be nothing, or ones that come
 * of the other sign: ~S_IFMT for 16 bits.
 */
static bool mask_bits(struct read_site *site, const struct left_side *left, const struct expr *expr,
		      uint64_t *bits)
{
	uint64_t ones = UINT64_MAX >> (64 - left->argument.field.bits);
	struct read_number mask;

	if (left->argument.is_pointer)
		return reader_fail(site->reader, expr->span, "a mask for a pointer");
	if (!reader_number(site->reader, site->scope, expr, &mask))
		return false;
	if ((mask.bits & ~ones) != (mask.negative ? ~ones : 0))
		return reader_fail(site->reader, expr->span, "a mask wider than the argument");
	*bits = mask.bits & ones;
	return true;
}

/* Finds the argument that EXPR, the left of a comparison, is about. */
static bool left_name(struct read_site *site, const struct expr *expr, struct left_side *left)
{
	*left = (struct left_side){.name = expr, .masks = is_mask(expr) ? expr : NULL};
	while (is_mask(left->name))
		left->name = left->name->left;
	if (left->name->kind != EXPR_NAME)
		return reader_fail(site->reader, expr->span,
				   "something else where an argument is wanted");
	if (reader_binding(site->reader, site->scope, left->name->text))
		return reader_fail(site->reader, left->name->span,
				   "a name of the policy where an argument is wanted");
	left->sight = reader_argument(site->reader, site->call, left->name->text, &left->argument);
	return true;
}

static bool left_find(struct read_site *site, const struct expr *expr, struct left_side *left)
{
	if (!left_name(site, expr, left))
		return false;
	if (left->sight == READ_SEEN)
		return true;
	return reader_fail(site->reader, left->name->span,
			   left->sight == READ_HIDDEN ? "an argument that a filter cannot see"
						      : "an argument that the call lacks");
}

/* Leaves of the argument what the masks from EXPR down to its name do. */
static bool left_mask(struct read_site *site, struct left_side *left)
{
	for (const struct expr *expr = left->masks; expr && is_mask(expr); expr = expr->left) {
		uint64_t bits;

		if (!mask_bits(site, left, expr->right, &bits))
			return false;
		left->argument.field = field_masked(left->argument.field, bits);
	}
	return true;
}

/*
 * A name on the right is first one that the policy gives, then an argument, which is a mistake
 * there, then a constant.
 */
static bool constants_check(struct read_site *site, const struct expr *expr)
{
	struct read_argument argument;

	switch (expr->kind) {
	case EXPR_NAME:
		if (reader_binding(site->reader, site->scope, expr->text) ||
		    reader_argument(site->reader, site->call, expr->text, &argument) ==
			    READ_LACKING)
			return true;
		return reader_fail(site->reader, expr->span,
				   "an argument where a constant is wanted");
	case EXPR_UNARY:
		return constants_check(site, expr->left);
	case EXPR_BINARY:
		return constants_check(site, expr->left) && constants_check(site, expr->right);
	case EXPR_SET:
		for (size_t i = 0; i < expr->set.count; i++) {
			const struct expr_range *item = &expr->set.items[i];

			if (!constants_check(site, item->first) ||
			    (item->last && !constants_check(site, item->last)))
				return false;
		}
		return true;
	case EXPR_NUMBER:
	case EXPR_WILDCARD:
		break;
	}
	return true;
}

static bool masks_check(struct read_site *site, const struct left_side *left)
{
	for (const struct expr *expr = left->masks; expr && is_mask(expr); expr = expr->left)
		if (!constants_check(site, expr->right))
			return false;
	return true;
}

/* Where none of the argument's bits is 1, and where some is. */
static diagram bits_all_zero(struct read_site *site, const struct left_side *left)
{
	return diagram_range(site->reader->diagrams, &left->argument.field, 0, 0);
}

static bool always_or_never(struct read_site *site, const struct expr *expr, diagram result)
{
	if (site->forms || site->reader->diagrams->overflow ||
	    (result != DIAGRAM_NONE && result != DIAGRAM_ALL))
		return true;
	return reader_fail(site->reader, expr->span, "a comparison that always or never holds");
}

/* `argument & MASK` alone. */
static bool condition_bits(struct read_site *site, const struct expr *expr, diagram *result)
{
	struct left_side left;

	if (!left_find(site, expr, &left) || !masks_check(site, &left) || !left_mask(site, &left))
		return false;
	*result = diagram_not(site->reader->diagrams, bits_all_zero(site, &left));
	return always_or_never(site, expr, *result);
}

static bool condition_within(struct read_site *site, struct left_side *left,
			     const struct expr *expr, diagram *result)
{
	uint64_t bits;

	if (!mask_bits(site, left, expr->right, &bits))
		return false;
	left->argument.field = field_masked(left->argument.field, ~bits);
	*result = bits_all_zero(site, left);
	return always_or_never(site, expr, *result);
}

/* A pointer is compared with 0, and with nothing else. */
static bool pointer_check(struct read_site *site, const struct expr *expr,
			  struct read_number number)
{
	if ((expr->op == EXPR_OP_EQUAL || expr->op == EXPR_OP_UNEQUAL) && !number.bits)
		return true;
	return reader_fail(site->reader, expr->span, "a pointer that is compared");
}

static bool condition_numbers(struct read_site *site, struct left_side *left,
			      const struct expr *expr, diagram *result)
{
	struct read_comparison comparison = {
		.reader = site->reader,
		.argument = &left->argument,
		.forms = site->forms,
		.trivial = site->forms,
		.span = expr->span,
	};
	const char *loaded = reader_loaded(site->reader, site->scope, expr->right);
	struct read_number number;
	struct read_set set;
	bool good;

	if (loaded && (expr->op == EXPR_OP_EQUAL || expr->op == EXPR_OP_UNEQUAL)) {
		good = read_compare_loaded(&comparison, loaded, result);
		if (expr->op == EXPR_OP_UNEQUAL)
			*result = diagram_not(site->reader->diagrams, *result);
	} else if (expr->op == EXPR_OP_IN) {
		good = reader_set(site->reader, site->scope, expr->right, &set) &&
		       (!left->argument.is_pointer ||
			pointer_check(site, expr, (struct read_number){0})) &&
		       read_compare_set(&comparison, &set, result);
	} else {
		good = reader_number(site->reader, site->scope, expr->right, &number) &&
		       (!left->argument.is_pointer || pointer_check(site, expr, number)) &&
		       read_compare_number(&comparison, expr->op, number, result);
	}
	site->missed |= comparison.missed;
	return good;
}

static bool condition_comparison(struct read_site *site, const struct expr *expr, diagram *result)
{
	struct left_side left;

	if (expr->op < EXPR_OP_EQUAL || expr->op > EXPR_OP_WITHIN)
		return reader_fail(site->reader, expr->span,
				   "something else where a condition is wanted");
	if (!left_find(site, expr->left, &left) || !masks_check(site, &left) ||
	    !constants_check(site, expr->right) || !left_mask(site, &left))
		return false;
	if (expr->op == EXPR_OP_WITHIN)
		return condition_within(site, &left, expr, result);
	return condition_numbers(site, &left, expr, result);
}

/* Whether EXPR joins conditions, rather than being one of an argument. */
static bool is_logic(const struct expr *expr)
{
	if (expr->kind == EXPR_UNARY)
		return expr->op == EXPR_OP_NOT;
	return expr->kind == EXPR_BINARY && (expr->op == EXPR_OP_AND || expr->op == EXPR_OP_OR);
}

/* Whether CALL has an argument NAME on some ABI. */
static bool somewhere_seen(call_id call, const char *name)
{
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (call_arg_find(call, (enum abi_id)id, name) >= 0)
			return true;
	return false;
}

bool reader_condition_sight(struct read_site *site, const struct expr *expr)
{
	struct left_side left;

	if (is_logic(expr))
		return reader_condition_sight(site, expr->left) &&
		       (!expr->right || reader_condition_sight(site, expr->right));
	if (expr->kind != EXPR_BINARY)
		return reader_fail(site->reader, expr->span,
				   "something else where a condition is wanted");
	if (!left_name(site, is_mask(expr) ? expr : expr->left, &left))
		return false;
	if (left.sight == READ_SEEN)
		return true;
	if (left.sight == READ_LACKING && !site->hides) {
		site->has_lacking = true;
		return true;
	}
	site->has_hidden = true;
	site->has_known |=
		left.sight == READ_HIDDEN || somewhere_seen(site->named, left.name->text);
	return true;
}

bool reader_condition(struct read_site *site, const struct expr *expr, diagram *result)
{
	struct diagrams *diagrams = site->reader->diagrams;
	diagram left = DIAGRAM_NONE, right = DIAGRAM_NONE;

	*result = DIAGRAM_NONE;
	if (!reader_work(site->reader, 1, expr->span))
		return false;
	if (is_logic(expr) && !expr->right) {
		if (!reader_condition(site, expr->left, &left))
			return false;
		*result = diagram_not(diagrams, left);
		return true;
	}
	if (is_mask(expr))
		return condition_bits(site, expr, result);
	if (expr->kind != EXPR_BINARY)
		return reader_fail(site->reader, expr->span,
				   "something else where a condition is wanted");
	if (!is_logic(expr))
		return condition_comparison(site, expr, result);
	if (!reader_condition(site, expr->left, &left) ||
	    !reader_condition(site, expr->right, &right))
		return false;
	*result = expr->op == EXPR_OP_AND ? diagram_and(diagrams, left, right)
					  : diagram_or(diagrams, left, right);
	return true;
}
