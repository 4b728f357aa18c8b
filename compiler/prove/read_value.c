/* SPDX-License-Identifier: Apache-2.0 */
/* Constant expressions: numbers and sets, as they are on one ABI. */
#include "compiler/prove/reader.h"

#include "policy-lang/catalog/constant.h"

bool reader_constant(struct reader *reader, const char *name, struct span span,
		     struct read_number *number)
{
	constant_id id = constant_find(name);
	uint64_t bits;

	if (id == CONSTANT_NONE)
		return reader_fail(reader, span, "a name that nothing has");
	if (!constant_value(id, reader->abi->id, &bits))
		return reader_fail(reader, span, "a constant that the ABI lacks");
	*number = read_number_of_bits(bits);
	return true;
}

/* Fails with what went wrong where the name was given. */
static bool binding_fail(struct reader *reader, const struct read_binding *binding)
{
	return reader_fail(reader, binding->problem.span, binding->problem.text);
}

static bool number_by_name(struct reader *reader, struct read_scope scope, const struct expr *expr,
			   struct read_number *number)
{
	const struct read_binding *binding = reader_binding(reader, scope, expr->text);

	if (!binding)
		return reader_constant(reader, expr->text, expr->span, number);
	switch (binding->kind) {
	case READ_NUMBER:
		*number = binding->number;
		return true;
	case READ_WORD: /* one with which -D chooses among the kernel's constants */
		return reader_constant(reader, binding->word, expr->span, number);
	case READ_BROKEN:
		return binding_fail(reader, binding);
	case READ_SET:
	case READ_LOADED:
	case READ_TRUTH:
		break;
	}
	return reader_fail(reader, expr->span, "something else where a number is wanted");
}

const char *reader_loaded(const struct reader *reader, struct read_scope scope,
			  const struct expr *expr)
{
	const struct read_binding *binding =
		expr->kind == EXPR_NAME ? reader_binding(reader, scope, expr->text) : NULL;

	return binding && binding->kind == READ_LOADED ? binding->word : NULL;
}

bool reader_number(struct reader *reader, struct read_scope scope, const struct expr *expr,
		   struct read_number *number)
{
	struct read_number left, right;
	const char *wrong;

	switch (expr->kind) {
	case EXPR_NUMBER:
		*number = (struct read_number){.bits = expr->number};
		return true;
	case EXPR_NAME:
		return number_by_name(reader, scope, expr, number);
	case EXPR_UNARY:
		if (!reader_number(reader, scope, expr->left, &left))
			return false;
		wrong = read_number_turn(expr->op, left, number);
		return !wrong || reader_fail(reader, expr->span, wrong);
	case EXPR_BINARY:
		if (!reader_number(reader, scope, expr->left, &left) ||
		    !reader_number(reader, scope, expr->right, &right))
			return false;
		wrong = read_number_join(expr->op, left, right, number);
		return !wrong || reader_fail(reader, expr->span, wrong);
	case EXPR_WILDCARD:
	case EXPR_SET:
		break;
	}
	return reader_fail(reader, expr->span, "something else where a number is wanted");
}

bool reader_is_set(const struct reader *reader, struct read_scope scope, const struct expr *expr)
{
	const struct read_binding *binding;

	if (expr->kind != EXPR_NAME)
		return expr->kind == EXPR_SET;
	binding = reader_binding(reader, scope, expr->text);
	return binding && binding->kind == READ_SET;
}

/* Adds what stands between two commas. */
static bool set_add(struct reader *reader, struct read_scope scope, const struct expr_range *item,
		    struct read_set *set)
{
	const char *loaded = reader_loaded(reader, scope, item->first);
	struct read_range range;

	if (loaded && !item->last) {
		*VEC_PUSH(reader->arena, &set->loaded) = loaded;
		return reader_work(reader, 1, item->first->span);
	}
	if (!item->last && reader_is_set(reader, scope, item->first)) {
		struct read_set inner;

		if (!reader_set(reader, scope, item->first, &inner) ||
		    !reader_work(reader, inner.ranges.count, item->first->span))
			return false;
		for (size_t i = 0; i < inner.ranges.count; i++)
			*VEC_PUSH(reader->arena, &set->ranges) = inner.ranges.items[i];
		for (size_t i = 0; i < inner.loaded.count; i++)
			*VEC_PUSH(reader->arena, &set->loaded) = inner.loaded.items[i];
		return true;
	}
	if (!reader_number(reader, scope, item->first, &range.first))
		return false;
	range.last = range.first;
	if (item->last && !reader_number(reader, scope, item->last, &range.last))
		return false;
	*VEC_PUSH(reader->arena, &set->ranges) = range;
	return reader_work(reader, 1, item->first->span);
}

bool reader_set(struct reader *reader, struct read_scope scope, const struct expr *expr,
		struct read_set *set)
{
	*set = (struct read_set){0};
	if (expr->kind == EXPR_NAME) {
		const struct read_binding *binding = reader_binding(reader, scope, expr->text);

		if (binding && binding->kind == READ_BROKEN)
			return binding_fail(reader, binding);
		if (binding && binding->kind == READ_SET) {
			*set = binding->set;
			return true;
		}
	}
	if (expr->kind != EXPR_SET)
		return reader_fail(reader, expr->span, "something else where a set is wanted");
	for (size_t i = 0; i < expr->set.count; i++)
		if (!set_add(reader, scope, &expr->set.items[i], set))
			return false;
	return set->ranges.count || set->loaded.count ||
	       reader_fail(reader, expr->span, "an empty set");
}

bool reader_numbers(struct reader *reader, struct read_scope scope, const struct expr *expr,
		    struct read_set *set)
{
	struct read_range range;

	if (reader_is_set(reader, scope, expr))
		return reader_set(reader, scope, expr, set);
	*set = (struct read_set){0};
	if (reader_loaded(reader, scope, expr)) {
		*VEC_PUSH(reader->arena, &set->loaded) = reader_loaded(reader, scope, expr);
		return true;
	}
	if (!reader_number(reader, scope, expr, &range.first))
		return false;
	range.last = range.first;
	*VEC_PUSH(reader->arena, &set->ranges) = range;
	return true;
}
