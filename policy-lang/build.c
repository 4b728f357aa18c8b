/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/build.h"

/* Whether one statement or setting more may be had. */
static bool build_count(struct parser *parser, struct span span)
{
	if (parser->statements++ < STATEMENTS_MAX)
		return true;
	parser_stop(parser, span, "a file has more than %d statements", STATEMENTS_MAX);
	return false;
}

struct stmt *build_string(struct parser *parser, enum stmt_kind kind, struct ast_name string,
			  struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, kind, span);

	stmt->string = string;
	return stmt;
}

struct stmt *build_baseline(struct parser *parser, struct number major, struct number minor,
			    struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, STMT_BASELINE, span);

	if (major.spelling || minor.spelling || major.value > UINT16_MAX ||
	    minor.value > UINT16_MAX)
		diag_error(parser->diags, DIAG_SYNTAX, span,
			   "this is no kernel's version, such as 6.6");
	stmt->baseline.major = (uint16_t)major.value;
	stmt->baseline.minor = (uint16_t)minor.value;
	return stmt;
}

ast_names build_name_add(struct parser *parser, ast_names names, struct ast_name name)
{
	*VEC_PUSH(parser->arena, &names) = name;
	return names;
}

struct stmt *build_arch(struct parser *parser, const ast_names *names, struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, STMT_ARCH, span);

	stmt->names = *names;
	return stmt;
}

struct stmt *build_definition(struct parser *parser, enum stmt_kind kind, struct ast_name name,
			      struct expr *value, struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, kind, span);

	stmt->let.name = name;
	stmt->let.value = value;
	return stmt;
}

struct stmt *build_fallback(struct parser *parser, enum stmt_kind kind, struct ast_action action,
			    struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, kind, span);

	stmt->action = action;
	return stmt;
}

struct stmt *build_block(struct parser *parser, enum stmt_kind kind, struct ast_name name,
			 const struct stmt_list *body, struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, kind, span);

	stmt->group.name = name;
	stmt->group.body = *body;
	return stmt;
}

struct stmt *build_when(struct parser *parser, struct expr *condition, const struct stmt_list *then,
			const struct stmt_list *otherwise, struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, STMT_WHEN, span);

	stmt->when.condition = condition;
	stmt->when.then = *then;
	if (!otherwise)
		return stmt;
	stmt->when.has_otherwise = true;
	stmt->when.otherwise = *otherwise;
	return stmt;
}

struct stmt *build_sandbox(struct parser *parser, const setting_list *settings, struct span span)
{
	struct stmt *stmt = stmt_new(parser->arena, STMT_SANDBOX, span);

	stmt->sandbox.settings = *settings;
	return stmt;
}

struct stmt *build_rule_item(struct parser *parser, struct stmt *rule, struct rule_item item)
{
	if (!rule)
		rule = stmt_new(parser->arena, STMT_RULE, item.span);
	*VEC_PUSH(parser->arena, &rule->rule.items) = item;
	return rule;
}

struct stmt *build_rule(struct stmt *rule, const struct ast_action *action, struct expr *where,
			struct span span)
{
	rule->span = span;
	rule->rule.has_action = action;
	if (action)
		rule->rule.action = *action;
	rule->rule.where = where;
	return rule;
}

struct stmt *build_argument(struct parser *parser, struct stmt *expect, struct expr *argument)
{
	if (!expect)
		expect = stmt_new(parser->arena, STMT_EXPECT, argument->span);
	*VEC_PUSH(parser->arena, &expect->expect.arguments) = argument;
	return expect;
}

struct stmt *build_expect(struct parser *parser, struct stmt *expect, struct ast_action action,
			  struct ast_name call, struct span span)
{
	struct stmt *stmt = expect ? expect : stmt_new(parser->arena, STMT_EXPECT, span);

	stmt->span = span;
	stmt->expect.action = action;
	stmt->expect.call = call;
	stmt->expect.has_arguments = expect;
	return stmt;
}

struct stmt_list *build_list(struct parser *parser)
{
	return arena_alloc(parser->arena, sizeof(struct stmt_list));
}

struct stmt_list *build_list_add(struct parser *parser, struct stmt_list *list, struct stmt *stmt)
{
	if (build_count(parser, stmt->span))
		*VEC_PUSH(parser->arena, &list->items) = stmt;
	return list;
}

struct stmt_list *build_close(struct stmt_list *list, struct span span)
{
	list->span = span;
	return list;
}

setting_list *build_settings(struct parser *parser)
{
	return arena_alloc(parser->arena, sizeof(setting_list));
}

setting_list *build_settings_add(struct parser *parser, setting_list *list, struct setting *setting)
{
	if (build_count(parser, setting->span))
		*VEC_PUSH(parser->arena, list) = setting;
	return list;
}

struct setting *build_setting(struct parser *parser, struct ast_name name)
{
	struct setting *setting = arena_alloc(parser->arena, sizeof(*setting));

	setting->name = name;
	setting->span = name.span;
	return setting;
}

struct setting *build_setting_value(struct parser *parser, struct setting *setting,
				    enum setting_value_kind kind, struct ast_name text)
{
	struct setting_value *value = VEC_PUSH(parser->arena, &setting->values);

	value->kind = kind;
	value->text = text.text;
	value->span = text.span;
	return setting;
}

struct setting *build_setting_number(struct parser *parser, struct setting *setting,
				     struct number number, struct span span)
{
	struct setting_value *value = VEC_PUSH(parser->arena, &setting->values);

	value->kind = SETTING_NUMBER;
	value->number = number.value;
	value->text = number.spelling;
	value->span = span;
	return setting;
}

struct setting *build_setting_end(struct setting *setting, const setting_list *block,
				  struct span block_span, struct span span)
{
	setting->span = span;
	if (!block)
		return setting;
	setting->has_block = true;
	setting->block_begin = block_span.begin;
	setting->block = *block;
	return setting;
}
