/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/when.h"

#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/definition.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"

#include <string.h>

const struct abi *when_resolve_abi(struct resolver *resolver, const struct ast_name *name)
{
	const struct abi *abi = abi_find(name->text);
	struct word_guess guess = {.word = name->text};
	struct diag *diag;

	if (abi)
		return abi;
	diag = resolver_error(resolver, DIAG_ABI_UNKNOWN, name->span,
			      "the catalogue has no ABI '%s'", name->text);
	if (!name_wants_guess(resolver, diag))
		return NULL;
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct abi *known = abi_get((enum abi_id)id);

		word_guess_offer(&guess, known->name);
		for (size_t i = 0; known->aliases[i]; i++)
			word_guess_offer(&guess, known->aliases[i]);
	}
	resolver_suggest(resolver, diag, guess.best);
	return NULL;
}

static bool is_arch(const struct expr *expr)
{
	return expr->kind == EXPR_NAME && strcmp(expr->text, "arch") == 0;
}

/* Whether the ABI that EXPR names is the resolver's. */
static bool matches_abi(struct resolver *resolver, const struct expr *expr, bool *matches)
{
	struct ast_name name = {expr->text, expr->span};
	const struct abi *abi;

	if (expr->kind != EXPR_NAME) {
		resolver_error(resolver, DIAG_TYPE, expr->span, "an ABI's name is wanted here");
		return false;
	}
	abi = when_resolve_abi(resolver, &name);
	*matches = abi && abi->id == resolver->abi->id;
	return abi;
}

static bool resolve_arch(struct resolver *resolver, const struct expr *expr, bool *holds)
{
	const struct expr *right = expr->right;
	bool matches = false, good = true;

	if (expr->op == EXPR_OP_EQUAL || expr->op == EXPR_OP_UNEQUAL) {
		good = matches_abi(resolver, right, &matches);
		*holds = matches == (expr->op == EXPR_OP_EQUAL);
		return good;
	}
	if (expr->op != EXPR_OP_IN || right->kind != EXPR_SET) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "`arch` is compared as in `arch == x86` or `arch in { x86, arm }`");
		return false;
	}
	*holds = false;
	for (size_t i = 0; i < right->set.count; i++) {
		const struct expr_range *range = &right->set.items[i];

		if (range->last) {
			resolver_error(resolver, DIAG_TYPE, range->last->span,
				       "ABIs have no order and so no ranges");
			good = false;
			continue;
		}
		good = matches_abi(resolver, range->first, &matches) && good;
		*holds = *holds || matches;
	}
	return good;
}

/* The param that EXPR names; NULL where it names none, which has been reported. */
static const struct binding *find_param(struct resolver *resolver, const struct expr *expr)
{
	const struct binding *binding = NULL;
	struct diag *diag;

	if (expr->kind == EXPR_NAME)
		binding = definition_find(resolver, expr->text, false);
	if (binding && binding->kind == BINDING_PARAM)
		return binding;
	if (expr->kind == EXPR_NAME && !binding &&
	    name_report_early(resolver, expr->span, expr->text, false))
		return NULL;
	diag = resolver_error(resolver, DIAG_TYPE, expr->span,
			      "`when` asks for `arch` and for params, and this is neither");
	if (expr->kind == EXPR_NAME && abi_find(expr->text))
		resolver_note(resolver, diag, (struct span){0}, "for one ABI, write `arch == %s`",
			      expr->text);
	else if (expr->kind == EXPR_NAME && name_wants_guess(resolver, diag)) {
		struct word_guess guess = {.word = expr->text};

		word_guess_offer(&guess, "arch");
		for (const struct binding *at = resolver->scope.newest; at; at = at->older)
			if (at->kind == BINDING_PARAM)
				word_guess_offer(&guess, at->name);
		resolver_suggest(resolver, diag, guess.best);
	}
	return NULL;
}

/* Reports a right side that is no value of the param's type. */
static bool refuse_type(struct resolver *resolver, const struct binding *param,
			const struct expr *right)
{
	resolver_error(resolver, DIAG_TYPE, right->span, "param '%s' is %s, and this is not",
		       param->name, value_kind_text(param->value.kind));
	return false;
}

static bool compare_numbers(enum expr_op op, struct number left, struct number right)
{
	int order = number_compare(left, right);

	switch (op) {
	case EXPR_OP_EQUAL:
		return order == 0;
	case EXPR_OP_UNEQUAL:
		return order != 0;
	case EXPR_OP_LESS:
		return order < 0;
	case EXPR_OP_LESS_EQUAL:
		return order <= 0;
	case EXPR_OP_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool param_equals(struct resolver *resolver, const struct binding *param,
			 const struct expr *right, bool *equal)
{
	const struct value *value = &param->value;
	struct value other;

	if (value->kind == VALUE_WORD) {
		if (right->kind != EXPR_NAME)
			return refuse_type(resolver, param, right);
		*equal = strcmp(value->word, right->text) == 0;
		return true;
	}
	other = constant_evaluate(resolver, CALL_NONE, right);
	if (other.kind == VALUE_ABSENT)
		constant_report_absent(resolver, &other);
	if (other.kind == VALUE_ERROR || other.kind == VALUE_ABSENT)
		return false;
	if (other.kind != value->kind)
		return refuse_type(resolver, param, right);
	*equal = value->kind == VALUE_BOOL ? value->truth == other.truth
					   : number_compare(value->number, other.number) == 0;
	return true;
}

static bool param_in(struct resolver *resolver, const struct binding *param,
		     const struct expr *right, bool *holds)
{
	struct value set;
	bool equal;

	*holds = false;
	if (param->value.kind == VALUE_NUMBER) {
		set = constant_evaluate(resolver, CALL_NONE, right);
		if (set.kind == VALUE_ABSENT)
			constant_report_absent(resolver, &set);
		if (set.kind == VALUE_ERROR || set.kind == VALUE_ABSENT)
			return false;
		for (size_t i = 0; i < set.element_count; i++)
			*holds = *holds ||
				 (number_compare(param->value.number, set.elements[i].first) >= 0 &&
				  number_compare(param->value.number, set.elements[i].last) <= 0);
		if (set.kind == VALUE_SET)
			return true;
	} else if (right->kind == EXPR_SET) {
		for (size_t i = 0; i < right->set.count; i++) {
			if (right->set.items[i].last)
				return refuse_type(resolver, param, right->set.items[i].last);
			if (!param_equals(resolver, param, right->set.items[i].first, &equal))
				return false;
			*holds = *holds || equal;
		}
		return true;
	}
	resolver_error(resolver, DIAG_TYPE, right->span, "`in` takes a set");
	return false;
}

static bool resolve_param_test(struct resolver *resolver, const struct expr *expr, bool *holds)
{
	const struct binding *param = find_param(resolver, expr->left);
	struct number number;
	bool equal;

	if (!param || param->value.kind == VALUE_ERROR)
		return false;
	if (param->value.kind == VALUE_ABSENT) {
		constant_report_absent(resolver, &param->value);
		return false;
	}
	switch (expr->op) {
	case EXPR_OP_EQUAL:
	case EXPR_OP_UNEQUAL:
		if (!param_equals(resolver, param, expr->right, &equal))
			return false;
		*holds = equal == (expr->op == EXPR_OP_EQUAL);
		return true;
	case EXPR_OP_IN:
		return param_in(resolver, param, expr->right, holds);
	case EXPR_OP_LESS:
	case EXPR_OP_LESS_EQUAL:
	case EXPR_OP_GREATER:
	case EXPR_OP_GREATER_EQUAL:
		if (param->value.kind != VALUE_NUMBER)
			break;
		if (!constant_number(resolver, CALL_NONE, expr->right, &number))
			return false;
		*holds = compare_numbers(expr->op, param->value.number, number);
		return true;
	default:
		break;
	}
	resolver_error(resolver, DIAG_TYPE, expr->span,
		       "param '%s' is %s and has no such comparison", param->name,
		       value_kind_text(param->value.kind));
	return false;
}

/* A param alone, which must be true or false. */
static bool resolve_bare(struct resolver *resolver, const struct expr *expr, bool *holds)
{
	const struct binding *param;

	if (is_arch(expr)) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "`arch` alone is no condition: compare it, as in `arch == x86`");
		return false;
	}
	param = find_param(resolver, expr);
	if (!param || param->value.kind == VALUE_ERROR)
		return false;
	if (param->value.kind != VALUE_BOOL) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "param '%s' is %s: compare it with something", param->name,
			       value_kind_text(param->value.kind));
		return false;
	}
	*holds = param->value.truth;
	return true;
}

bool when_resolve(struct resolver *resolver, const struct expr *expr, bool *holds)
{
	bool right = false, good;

	*holds = false;
	if (!resolver_work(resolver, 1))
		return false;
	if (expr->kind == EXPR_UNARY && expr->op == EXPR_OP_NOT) {
		good = when_resolve(resolver, expr->left, holds);
		*holds = good && !*holds;
		return good;
	}
	if (expr->kind != EXPR_BINARY)
		return resolve_bare(resolver, expr, holds);
	if (expr->op == EXPR_OP_AND || expr->op == EXPR_OP_OR) {
		good = when_resolve(resolver, expr->left, holds);
		good = when_resolve(resolver, expr->right, &right) && good;
		*holds = expr->op == EXPR_OP_AND ? *holds && right : *holds || right;
		return good;
	}
	if (is_arch(expr->left))
		return resolve_arch(resolver, expr, holds);
	return resolve_param_test(resolver, expr, holds);
}
