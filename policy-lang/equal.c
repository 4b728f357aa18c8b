/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two trees say the same, in the same words. */
#include "policy-lang/ast.h"

#include <string.h>

static bool texts_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool comments_equal(const ast_comments *a, const ast_comments *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!texts_equal(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool expr_equal(const struct expr *a, const struct expr *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || !texts_equal(a->text, b->text) || a->number != b->number ||
	    a->set.count != b->set.count)
		return false;
	if ((a->kind == EXPR_UNARY || a->kind == EXPR_BINARY) && a->op != b->op)
		return false;
	for (size_t i = 0; i < a->set.count; i++)
		if (!expr_equal(a->set.items[i].first, b->set.items[i].first) ||
		    !expr_equal(a->set.items[i].last, b->set.items[i].last))
			return false;
	return expr_equal(a->left, b->left) && expr_equal(a->right, b->right);
}

static bool action_equal(const struct ast_action *a, const struct ast_action *b)
{
	return a->kind == b->kind && expr_equal(a->value, b->value);
}

static bool names_equal(const ast_names *a, const ast_names *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!texts_equal(a->items[i].text, b->items[i].text))
			return false;
	return true;
}

static bool rule_equal(const struct stmt *a, const struct stmt *b)
{
	if (a->rule.has_action != b->rule.has_action ||
	    (a->rule.has_action && !action_equal(&a->rule.action, &b->rule.action)) ||
	    a->rule.items.count != b->rule.items.count)
		return false;
	for (size_t i = 0; i < a->rule.items.count; i++) {
		const struct rule_item *x = &a->rule.items.items[i], *y = &b->rule.items.items[i];

		if (x->is_group != y->is_group || x->any != y->any || x->optional != y->optional ||
		    !texts_equal(x->name.text, y->name.text))
			return false;
	}
	return expr_equal(a->rule.where, b->rule.where);
}

static bool expect_equal(const struct stmt *a, const struct stmt *b)
{
	if (!action_equal(&a->expect.action, &b->expect.action) ||
	    !texts_equal(a->expect.call.text, b->expect.call.text) ||
	    a->expect.has_arguments != b->expect.has_arguments ||
	    a->expect.arguments.count != b->expect.arguments.count)
		return false;
	for (size_t i = 0; i < a->expect.arguments.count; i++)
		if (!expr_equal(a->expect.arguments.items[i], b->expect.arguments.items[i]))
			return false;
	return true;
}

static bool settings_equal(const setting_list *a, const setting_list *b);

/* FIRST ones of a block have no empty line above them, whatever they say. */
static bool setting_equal(const struct setting *a, const struct setting *b, bool first)
{
	if (!texts_equal(a->name.text, b->name.text) || a->values.count != b->values.count ||
	    a->has_block != b->has_block || !comments_equal(&a->comments, &b->comments) ||
	    !texts_equal(a->comment, b->comment) ||
	    !comments_equal(&a->end_comments, &b->end_comments) ||
	    (!first && a->blank_before != b->blank_before))
		return false;
	for (size_t i = 0; i < a->values.count; i++) {
		const struct setting_value *x = &a->values.items[i], *y = &b->values.items[i];

		if (x->kind != y->kind || x->number != y->number || !texts_equal(x->text, y->text))
			return false;
	}
	return settings_equal(&a->block, &b->block);
}

static bool settings_equal(const setting_list *a, const setting_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!setting_equal(a->items[i], b->items[i], i == 0))
			return false;
	return true;
}

static bool list_equal(const struct stmt_list *a, const struct stmt_list *b);

static bool content_equal(const struct stmt *a, const struct stmt *b)
{
	switch (a->kind) {
	case STMT_POLICY:
	case STMT_INCLUDE:
		return texts_equal(a->string.text, b->string.text);
	case STMT_BASELINE:
		return a->baseline.major == b->baseline.major &&
		       a->baseline.minor == b->baseline.minor;
	case STMT_ARCH:
		return names_equal(&a->names, &b->names);
	case STMT_LET:
	case STMT_PARAM:
		return texts_equal(a->let.name.text, b->let.name.text) &&
		       expr_equal(a->let.value, b->let.value);
	case STMT_DEFAULT:
	case STMT_UNKNOWN:
	case STMT_FOREIGN:
		return action_equal(&a->action, &b->action);
	case STMT_RULE:
		return rule_equal(a, b);
	case STMT_WHEN:
		return expr_equal(a->when.condition, b->when.condition) &&
		       list_equal(&a->when.then, &b->when.then) &&
		       a->when.has_otherwise == b->when.has_otherwise &&
		       list_equal(&a->when.otherwise, &b->when.otherwise);
	case STMT_GROUP:
	case STMT_PHASE:
		return texts_equal(a->group.name.text, b->group.name.text) &&
		       list_equal(&a->group.body, &b->group.body);
	case STMT_EXPECT:
		return expect_equal(a, b);
	case STMT_SANDBOX:
		return settings_equal(&a->sandbox.settings, &b->sandbox.settings) &&
		       comments_equal(&a->sandbox.end_comments, &b->sandbox.end_comments);
	}
	return false;
}

static bool list_equal(const struct stmt_list *a, const struct stmt_list *b)
{
	if (a->items.count != b->items.count || !comments_equal(&a->comments, &b->comments))
		return false;
	for (size_t i = 0; i < a->items.count; i++) {
		const struct stmt *x = a->items.items[i], *y = b->items.items[i];

		if (x->kind != y->kind || !comments_equal(&x->comments, &y->comments) ||
		    !texts_equal(x->comment, y->comment) ||
		    (i && x->blank_before != y->blank_before) || !content_equal(x, y))
			return false;
	}
	return true;
}

bool ast_equal(const struct policy_ast *a, const struct policy_ast *b)
{
	return list_equal(&a->statements, &b->statements);
}
