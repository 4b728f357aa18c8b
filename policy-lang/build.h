/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the grammar's actions make the tree with: the makers of ast.h with the language's limits
 * kept, and lists that grow. Those that add to something take it first, or NULL to begin one, and
 * return it. For this folder alone.
 */
#ifndef PALE_POLICY_LANG_BUILD_H
#define PALE_POLICY_LANG_BUILD_H

#include "policy-lang/parser.h"

/* Expressions (build_expr.c). */
struct expr *build_number(struct parser *parser, struct number number, struct span span);
struct expr *build_wildcard(struct parser *parser, struct span span);
struct expr *build_unary(struct parser *parser, enum expr_op op, struct expr *operand,
			 struct span span);
struct expr *build_binary(struct parser *parser, enum expr_op op, struct expr *left,
			  struct expr *right, struct span span);
/* LAST is NULL where it is no range. The set's span is the caller's to give. */
struct expr *build_set_item(struct parser *parser, struct expr *set, struct expr *first,
			    struct expr *last);

/* Statements (build.c). */
struct stmt *build_string(struct parser *parser, enum stmt_kind kind, struct ast_name string,
			  struct span span);
struct stmt *build_baseline(struct parser *parser, struct number major, struct number minor,
			    struct span span);
ast_names build_name_add(struct parser *parser, ast_names names, struct ast_name name);
struct stmt *build_arch(struct parser *parser, const ast_names *names, struct span span);
struct stmt *build_definition(struct parser *parser, enum stmt_kind kind, struct ast_name name,
			      struct expr *value, struct span span);
/* DEFAULT, UNKNOWN, FOREIGN */
struct stmt *build_fallback(struct parser *parser, enum stmt_kind kind, struct ast_action action,
			    struct span span);
/* GROUP, PHASE */
struct stmt *build_block(struct parser *parser, enum stmt_kind kind, struct ast_name name,
			 const struct stmt_list *body, struct span span);
/* OTHERWISE is NULL where there is no `else`. */
struct stmt *build_when(struct parser *parser, struct expr *condition, const struct stmt_list *then,
			const struct stmt_list *otherwise, struct span span);
struct stmt *build_sandbox(struct parser *parser, const setting_list *settings, struct span span);

/* A rule grows by its items; ACTION is NULL in groups, and WHERE may be. */
struct stmt *build_rule_item(struct parser *parser, struct stmt *rule, struct rule_item item);
struct stmt *build_rule(struct stmt *rule, const struct ast_action *action, struct expr *where,
			struct span span);
/* An expectation grows by its arguments; EXPECT is NULL where it has no parentheses. */
struct stmt *build_argument(struct parser *parser, struct stmt *expect, struct expr *argument);
struct stmt *build_expect(struct parser *parser, struct stmt *expect, struct ast_action action,
			  struct ast_name call, struct span span);

struct stmt_list *build_list(struct parser *parser);
struct stmt_list *build_list_add(struct parser *parser, struct stmt_list *list, struct stmt *stmt);
/* Gives a block its place, braces included. */
struct stmt_list *build_close(struct stmt_list *list, struct span span);

setting_list *build_settings(struct parser *parser);
setting_list *build_settings_add(struct parser *parser, setting_list *list,
				 struct setting *setting);
struct setting *build_setting(struct parser *parser, struct ast_name name);
struct setting *build_setting_value(struct parser *parser, struct setting *setting,
				    enum setting_value_kind kind, struct ast_name text);
struct setting *build_setting_number(struct parser *parser, struct setting *setting,
				     struct number number, struct span span);
/* BLOCK, at BLOCK_SPAN, is NULL where the setting ends with ';'. */
struct setting *build_setting_end(struct setting *setting, const setting_list *block,
				  struct span block_span, struct span span);

#endif
