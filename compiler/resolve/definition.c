/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/definition.h"

#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "policy-lang/catalog/constant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Names with a meaning that no policy can give them another for. */
static bool is_kept(const char *name)
{
	static const char *const kept[] = {"true", "false", "arch", "load"};

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (strcmp(name, kept[i]) == 0)
			return true;
	return argument_register(name) >= 0;
}

bool definition_allowed(struct resolver *resolver, const struct ast_name *name, bool group)
{
	const struct binding *given = scope_find(&resolver->scope, name->text, group);
	struct diag *diag;

	if (given) {
		diag = resolver_error(resolver, DIAG_DUPLICATE, name->span,
				      "'%s%s' is defined already", group ? "@" : "", name->text);
		resolver_note(resolver, diag, given->span, "here");
		return false;
	}
	if (!group && is_kept(name->text)) {
		resolver_error(resolver, DIAG_SHADOW, name->span,
			       "'%s' has a meaning of its own and cannot be defined", name->text);
		return false;
	}
	if (!group && constant_find(name->text) != CONSTANT_NONE)
		resolver_warning(resolver, DIAG_SHADOW, name->span,
				 "from here on '%s' is not the kernel's constant of that name",
				 name->text);
	return true;
}

/*
 * Names are given in the same order on each ABI, since branches that are not taken are walked
 * too; so their numbers are the same. The shipped rule sets give none.
 */
struct binding *definition_add(struct resolver *resolver, enum binding_kind kind,
			       const struct ast_name *name)
{
	struct binding *binding =
		scope_add(&resolver->scope, resolver->arena, kind, name->text, name->span);

	binding->index = resolver->next_definition++;
	if (binding->index == resolver->uses.count)
		*VEC_PUSH(resolver->arena, &resolver->uses) =
			(struct definition_use){name->text, name->span, kind, false};
	return binding;
}

const struct binding *definition_find(struct resolver *resolver, const char *name, bool group)
{
	const struct binding *binding = scope_find(&resolver->scope, name, group);

	if (binding)
		resolver->uses.items[binding->index].used = true;
	return binding;
}

void definitions_lint(struct resolver *resolver)
{
	for (size_t i = 0; i < resolver->uses.count; i++) {
		const struct definition_use *use = &resolver->uses.items[i];

		if (!use->used && use->span.file == resolver->ast->file)
			resolver_warning(resolver, DIAG_UNUSED, use->span, "nothing uses '%s%s'",
					 use->kind == BINDING_GROUP ? "@" : "", use->name);
	}
}

static void define(struct resolver *resolver, enum binding_kind kind, const struct ast_name *name,
		   struct value value)
{
	if (definition_allowed(resolver, name, false))
		definition_add(resolver, kind, name)->value = value;
}

/* The same name in two branches of `when` is one value; which branch holds is the ABI's matter. */
static struct value loaded_value(struct resolver *resolver, const struct stmt *stmt)
{
	struct value value = {.kind = VALUE_LOADED, .span = stmt->let.value->span};
	struct policy_rules *rules = resolver->rules;
	struct load *load;

	for (; value.load < rules->loads.count; value.load++)
		if (!strcmp(rules->loads.items[value.load].name, stmt->let.name.text))
			return value;
	if (rules->loads.count == LOADS_MAX || strlen(stmt->let.name.text) > LOAD_NAME_MAX) {
		resolver_error(resolver, DIAG_LIMIT, stmt->let.name.span,
			       "a policy has %d values at most that are known only at load, with "
			       "names of %d letters at most",
			       LOADS_MAX, LOAD_NAME_MAX);
		return (struct value){.kind = VALUE_ERROR};
	}
	load = VEC_PUSH(resolver->arena, &rules->loads);
	load->name = stmt->let.name.text;
	load->span = stmt->let.name.span;
	return value;
}

void resolve_let(struct resolver *resolver, const struct stmt *stmt)
{
	const struct expr *expr = stmt->let.value;
	struct value value;

	if (expr->kind == EXPR_NAME && strcmp(expr->text, "load") == 0)
		value = loaded_value(resolver, stmt);
	else
		value = constant_evaluate(resolver, CALL_NONE, expr);
	if (value.kind == VALUE_BOOL || value.kind == VALUE_WORD) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "`let` names a number or a set, and this is %s",
			       value_kind_text(value.kind));
		value.kind = VALUE_ERROR;
	}
	define(resolver, BINDING_LET, &stmt->let.name, value);
}

/* A param's own value: as for `let`, and true, false, or a word that names nothing else. */
static struct value param_default(struct resolver *resolver, const struct expr *expr)
{
	struct value value;

	if (expr->kind == EXPR_NAME && constant_find(expr->text) == CONSTANT_NONE &&
	    !scope_find(&resolver->scope, expr->text, false) && strcmp(expr->text, "true") != 0 &&
	    strcmp(expr->text, "false") != 0)
		return (struct value){.kind = VALUE_WORD, .word = expr->text, .span = expr->span};
	value = constant_evaluate(resolver, CALL_NONE, expr);
	if (value.kind == VALUE_SET || value.kind == VALUE_LOADED) {
		resolver_error(resolver, DIAG_TYPE, expr->span,
			       "a param is true or false, a number or a word, and this is %s",
			       value_kind_text(value.kind));
		value.kind = VALUE_ERROR;
	}
	return value;
}

/* A number as the language spells it, with a sign perhaps, or a constant's name. */
static bool parse_number(struct resolver *resolver, const char *text, struct value *value)
{
	bool minus = text[0] == '-';
	const char *digits = text + minus;
	constant_id constant = constant_find(text);
	struct number number;
	char *end;

	if (constant != CONSTANT_NONE) {
		value->kind = VALUE_ABSENT;
		value->word = text;
		if (!constant_value(constant, resolver->abi->id, &value->number.bits))
			return true;
		value->kind = VALUE_NUMBER;
		value->number = number_from_signed(value->number.bits);
		return true;
	}
	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	number = number_from_unsigned(strtoull(digits, &end, 0));
	if (*end || errno)
		return false;
	if (minus && number_apply(EXPR_OP_NEGATE, number, number, &number))
		return false;
	value->kind = VALUE_NUMBER;
	value->number = number;
	return true;
}

static bool is_word(const char *text)
{
	for (const char *at = text; *at; at++) {
		bool letter =
			(*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_';

		if (!letter && (at == text || *at < '0' || *at > '9'))
			return false;
	}
	return *text != '\0';
}

/* The value that -D gives, in the type that the param has. */
static struct value defined_value(struct resolver *resolver, const struct stmt *stmt,
				  const char *text, struct value value)
{
	bool good = true;

	switch (value.kind) {
	case VALUE_BOOL:
		value.truth = strcmp(text, "true") == 0;
		good = value.truth || strcmp(text, "false") == 0;
		break;
	case VALUE_NUMBER:
	case VALUE_ABSENT:
		good = parse_number(resolver, text, &value);
		break;
	case VALUE_WORD:
		value.word = text;
		good = is_word(text);
		break;
	case VALUE_SET:
	case VALUE_LOADED:
	case VALUE_ERROR:
		return value;
	}
	if (!good) {
		resolver_error(resolver, DIAG_TYPE, stmt->let.name.span,
			       "'%s' is %s here, and the command line gives it '%s'",
			       stmt->let.name.text, value_kind_text(value.kind), text);
		value.kind = VALUE_ERROR;
	}
	return value;
}

void resolve_param(struct resolver *resolver, const struct stmt *stmt)
{
	const struct resolve_options *options = resolver->options;
	struct value value = param_default(resolver, stmt->let.value);
	const char *given = NULL;

	for (size_t i = 0; i < options->definition_count; i++) {
		if (strcmp(options->definitions[i].name, stmt->let.name.text) != 0)
			continue;
		given = options->definitions[i].value;
		resolver->definitions_used[i] = true;
	}
	if (given)
		value = defined_value(resolver, stmt, given, value);
	define(resolver, BINDING_PARAM, &stmt->let.name, value);
}

/* The params of LIST and of what is included there, for a suggestion. */
static void guess_params(const struct stmt_list *list, struct word_guess *guess)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];

		if (stmt->kind == STMT_PARAM)
			word_guess_offer(guess, stmt->let.name.text);
		if (stmt->kind == STMT_INCLUDE && stmt->included)
			guess_params(&stmt->included->statements, guess);
	}
}

void definitions_check(struct resolver *resolver)
{
	const struct resolve_options *options = resolver->options;

	for (size_t i = 0; i < options->definition_count; i++) {
		struct word_guess guess = {.word = options->definitions[i].name};
		struct diag *diag;

		if (resolver->definitions_used[i])
			continue;
		diag = resolver_error(resolver, DIAG_PARAM_UNKNOWN, (struct span){0},
				      "the policy has no param '%s', which -D gives a value",
				      options->definitions[i].name);
		if (!name_wants_guess(resolver, diag))
			continue;
		guess_params(&resolver->ast->statements, &guess);
		resolver_suggest(resolver, diag, guess.best);
	}
}
