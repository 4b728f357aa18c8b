/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed parses to the same tree, and printing that again gives the same bytes. */
#include "policy-lang/parse.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){0};
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
}

static void complain(struct fixture *fixture, const char *what, const struct text *printed)
{
	struct text messages = {0};

	for (size_t i = 0; i < fixture->diags.list.count; i++)
		diag_render(&fixture->diags, fixture->diags.list.items[i], &messages);
	print_error("%s\n%s%s", what, printed->bytes ? printed->bytes : "",
		    messages.bytes ? messages.bytes : "");
	text_release(&messages);
}

static void check_round_trip(struct fixture *fixture, const struct policy_ast *ast)
{
	struct text once = {0}, twice = {0};
	const struct policy_ast *again;
	uint32_t file;

	ast_print(ast, &once);
	text_add(&once, "", 0);
	assert_false(once.failed);
	file = sources_add(&fixture->sources, "printed", once.bytes, (uint32_t)once.length);
	again = policy_parse(&fixture->arena, &fixture->sources, file, &fixture->diags);
	if (fixture->diags.errors)
		complain(fixture, "what was printed does not parse:", &once);
	assert_int_equal(fixture->diags.errors, 0);
	if (!ast_equal(ast, again))
		complain(fixture, "what was printed parses to another tree:", &once);
	assert_true(ast_equal(ast, again));
	ast_print(again, &twice);
	text_add(&twice, "", 0);
	assert_string_equal(once.bytes, twice.bytes);
	text_release(&once);
	text_release(&twice);
}

/* Random trees. */

struct generator {
	struct arena *arena;
	uint64_t state;
};

/* xorshift64*, after Marsaglia and Vigna: the same trees everywhere. */
static unsigned int pick(struct generator *generator, unsigned int count)
{
	generator->state ^= generator->state >> 12;
	generator->state ^= generator->state << 25;
	generator->state ^= generator->state >> 27;
	return (unsigned int)((generator->state * 0x2545f4914f6cdd1d) >> 33) % count;
}

static bool chance(struct generator *generator, unsigned int one_in)
{
	return pick(generator, one_in) == 0;
}

/* Words that are keywords somewhere, and words that are not. */
static const char *make_word(struct generator *generator)
{
	static const char *const words[] = {
		"flags",   "O_RDONLY", "a",       "x86_64",  "openat",  "_newselect", "domain",
		"process", "thread",   "linux",   "in",      "within",  "kill",       "policy",
		"allow",   "deny",     "log",     "trap",    "trace",   "notify",     "default",
		"arch",    "let",      "param",   "unknown", "foreign", "group",      "expect",
		"sandbox", "phase",    "include", "when",    "else",    "baseline",
	};

	return words[pick(generator, sizeof(words) / sizeof(words[0]))];
}

/* Where any, optional and where are only words too. */
static const char *make_name(struct generator *generator)
{
	static const char *const words[] = {"any", "optional", "where"};

	return chance(generator, 8) ? words[pick(generator, 3)] : make_word(generator);
}

/* Where a group's statement begins with it. */
static const char *make_bare(struct generator *generator)
{
	static const char *const words[] = {"read",  "kill", "process", "thread",
					    "linux", "in",   "within",  "clock_gettime"};

	return words[pick(generator, sizeof(words) / sizeof(words[0]))];
}

static const char *make_string(struct generator *generator)
{
	static const char *const strings[] = {"",
					      "x",
					      "/usr/lib",
					      "a\"b\\c",
					      "tab\tend\n",
					      "\x01\x7f\xff",
					      "caf\xc3\xa9",
					      "\xe2\x80\xae",
					      "# no"};

	return strings[pick(generator, sizeof(strings) / sizeof(strings[0]))];
}

static const char *make_comment(struct generator *generator)
{
	static const char *const comments[] = {"",           "why",   "# heading",   "!/bin/sh",
					       "\tset in",   "  far", "allow read;", "\"",
					       "caf\xc3\xa9"};

	return comments[pick(generator, sizeof(comments) / sizeof(comments[0]))];
}

static struct expr *make_number(struct generator *generator)
{
	static const char *const spellings[] = {"0x1f", "0X0", "017", "0xffffffffffffffff"};
	static const uint64_t values[] = {0x1f, 0, 017, UINT64_MAX};
	unsigned int which = pick(generator, 8);

	if (which < 4)
		return expr_new_number(generator->arena, values[which], spellings[which],
				       (struct span){0});
	return expr_new_number(generator->arena, (uint64_t)pick(generator, 1u << 30) << which, NULL,
			       (struct span){0});
}

static struct expr *make_expr(struct generator *generator, unsigned int depth);

static struct expr *make_set(struct generator *generator, unsigned int depth)
{
	struct expr *set = arena_alloc(generator->arena, sizeof(*set));
	unsigned int count = 1 + pick(generator, chance(generator, 4) ? 40 : 4);

	set->kind = EXPR_SET;
	set->depth = depth;
	for (unsigned int i = 0; i < count; i++) {
		struct expr_range *range = VEC_PUSH(generator->arena, &set->set);

		range->first = make_expr(generator, depth / 2);
		if (chance(generator, 3))
			range->last = make_expr(generator, depth / 2);
	}
	return set;
}

static struct expr *make_expr(struct generator *generator, unsigned int depth)
{
	unsigned int which = depth ? pick(generator, 10) : pick(generator, 2);
	struct expr *left, *right;
	enum expr_op op;

	if (which == 0)
		return make_number(generator);
	if (which == 1)
		return expr_new_name(generator->arena, make_name(generator), (struct span){0});
	if (which == 2)
		return make_set(generator, depth - 1);
	left = make_expr(generator, depth - 1);
	if (which == 3) {
		op = (enum expr_op)pick(generator, EXPR_OP_NEGATE + 1);
		return expr_new_unary(generator->arena, op, left, (struct span){0});
	}
	right = make_expr(generator, depth - 1);
	op = (enum expr_op)(EXPR_OP_OR + pick(generator, EXPR_OP_MINUS - EXPR_OP_OR + 1));
	return expr_new_binary(generator->arena, op, left, right, (struct span){0});
}

static struct ast_action make_action(struct generator *generator)
{
	struct ast_action action = {.kind = (enum action_kind)pick(generator, ACTION_NOTIFY + 1)};

	if (action.kind == ACTION_DENY || action.kind == ACTION_TRAP || action.kind == ACTION_TRACE)
		action.value = chance(generator, 2)
				       ? make_number(generator)
				       : expr_new_name(generator->arena, make_word(generator),
						       (struct span){0});
	return action;
}

static void make_rule(struct generator *generator, struct stmt *stmt, bool bare)
{
	unsigned int count = 1 + pick(generator, chance(generator, 4) ? 30 : 3);

	stmt->rule.has_action = !bare;
	if (!bare)
		stmt->rule.action = make_action(generator);
	for (unsigned int i = 0; i < count; i++) {
		struct rule_item *item = VEC_PUSH(generator->arena, &stmt->rule.items);

		item->is_group = chance(generator, 4);
		item->any = !item->is_group && chance(generator, 4);
		item->optional = !item->is_group && chance(generator, 4);
		item->name.text = item->is_group   ? "libc-startup_2"
				  : bare && i == 0 ? make_bare(generator)
						   : make_word(generator);
	}
	if (chance(generator, 2))
		stmt->rule.where = make_expr(generator, pick(generator, 7));
}

static void make_comments(struct generator *generator, ast_comments *comments, bool at_end)
{
	unsigned int count = chance(generator, 3) ? pick(generator, 3) : 0;

	for (unsigned int i = 0; i < count; i++) {
		if (i && chance(generator, 3))
			*VEC_PUSH(generator->arena, comments) = NULL;
		*VEC_PUSH(generator->arena, comments) = make_comment(generator);
	}
	if (count && !at_end && chance(generator, 4))
		*VEC_PUSH(generator->arena, comments) = NULL;
}

static void make_settings(struct generator *generator, setting_list *list,
			  ast_comments *end_comments, unsigned int depth)
{
	unsigned int count = pick(generator, 4);

	for (unsigned int i = 0; i < count; i++) {
		struct setting *setting = arena_alloc(generator->arena, sizeof(*setting));
		unsigned int values = pick(generator, chance(generator, 4) ? 30 : 4);

		setting->name.text = make_name(generator);
		for (unsigned int j = 0; j < values; j++) {
			struct setting_value *value = VEC_PUSH(generator->arena, &setting->values);

			value->kind = (enum setting_value_kind)pick(generator, SETTING_COMMA + 1);
			if (value->kind == SETTING_WORD)
				value->text = make_name(generator);
			else if (value->kind == SETTING_STRING)
				value->text = make_string(generator);
			else if (value->kind == SETTING_NUMBER)
				value->number = pick(generator, 1000);
		}
		setting->has_block = depth && chance(generator, 3);
		if (setting->has_block)
			make_settings(generator, &setting->block, &setting->end_comments,
				      depth - 1);
		make_comments(generator, &setting->comments, false);
		setting->comment = chance(generator, 3) ? make_comment(generator) : NULL;
		setting->blank_before = chance(generator, 3);
		*VEC_PUSH(generator->arena, list) = setting;
	}
	make_comments(generator, end_comments, true);
}

enum place {
	PLACE_FILE,
	PLACE_BLOCK,
	PLACE_GROUP
};

static void make_list(struct generator *generator, struct stmt_list *list, enum place place,
		      unsigned int depth);

static enum stmt_kind make_kind(struct generator *generator, enum place place, unsigned int depth)
{
	static const enum stmt_kind in_blocks[] = {STMT_RULE,    STMT_RULE,    STMT_INCLUDE,
						   STMT_LET,     STMT_DEFAULT, STMT_UNKNOWN,
						   STMT_FOREIGN, STMT_EXPECT,  STMT_WHEN};
	static const enum stmt_kind at_top[] = {STMT_POLICY, STMT_BASELINE, STMT_ARCH, STMT_PARAM,
						STMT_GROUP,  STMT_SANDBOX,  STMT_PHASE};
	enum stmt_kind kind = in_blocks[pick(generator, 9)];

	if (place == PLACE_GROUP)
		kind = chance(generator, 4) ? STMT_WHEN : STMT_RULE;
	else if (place == PLACE_FILE && chance(generator, 2))
		kind = at_top[pick(generator, 7)];
	if (!depth && (kind == STMT_WHEN || kind == STMT_GROUP || kind == STMT_PHASE))
		kind = STMT_RULE;
	return kind;
}

static void make_expect(struct generator *generator, struct stmt *stmt)
{
	stmt->expect.action = make_action(generator);
	stmt->expect.call.text = make_word(generator);
	stmt->expect.has_arguments = chance(generator, 2);
	for (unsigned int i = pick(generator, 6); stmt->expect.has_arguments && i; i--) {
		struct expr *argument = make_expr(generator, 2);

		if (chance(generator, 2)) {
			argument = arena_alloc(generator->arena, sizeof(*argument));
			argument->kind = EXPR_WILDCARD;
			argument->depth = 1;
		}
		*VEC_PUSH(generator->arena, &stmt->expect.arguments) = argument;
	}
}

static void make_content(struct generator *generator, struct stmt *stmt, enum place place,
			 unsigned int depth)
{
	switch (stmt->kind) {
	case STMT_POLICY:
	case STMT_INCLUDE:
		stmt->string.text = make_string(generator);
		break;
	case STMT_BASELINE:
		stmt->baseline.major = (uint16_t)pick(generator, 65536);
		stmt->baseline.minor = (uint16_t)pick(generator, 65536);
		break;
	case STMT_ARCH:
		for (unsigned int i = 1 + pick(generator, 20); i; i--)
			VEC_PUSH(generator->arena, &stmt->names)->text = make_name(generator);
		break;
	case STMT_LET:
	case STMT_PARAM:
		stmt->let.name.text = make_name(generator);
		stmt->let.value = make_expr(generator, pick(generator, 7));
		break;
	case STMT_DEFAULT:
	case STMT_UNKNOWN:
	case STMT_FOREIGN:
		stmt->action = make_action(generator);
		break;
	case STMT_RULE:
		make_rule(generator, stmt, place == PLACE_GROUP);
		break;
	case STMT_WHEN:
		stmt->when.condition = make_expr(generator, pick(generator, 6));
		make_list(generator, &stmt->when.then, place == PLACE_GROUP ? place : PLACE_BLOCK,
			  depth - 1);
		stmt->when.has_otherwise = chance(generator, 2);
		if (stmt->when.has_otherwise)
			make_list(generator, &stmt->when.otherwise,
				  place == PLACE_GROUP ? place : PLACE_BLOCK, depth - 1);
		break;
	case STMT_GROUP:
		stmt->group.name.text = "mine-2";
		make_list(generator, &stmt->group.body, PLACE_GROUP, depth - 1);
		break;
	case STMT_PHASE:
		stmt->group.name.text = make_name(generator);
		make_list(generator, &stmt->group.body, PLACE_BLOCK, depth - 1);
		break;
	case STMT_EXPECT:
		make_expect(generator, stmt);
		break;
	case STMT_SANDBOX:
		make_settings(generator, &stmt->sandbox.settings, &stmt->sandbox.end_comments, 3);
		break;
	}
}

static void make_list(struct generator *generator, struct stmt_list *list, enum place place,
		      unsigned int depth)
{
	unsigned int count = pick(generator, 6);

	for (unsigned int i = 0; i < count; i++) {
		struct stmt *stmt = stmt_new(generator->arena, make_kind(generator, place, depth),
					     (struct span){0});

		make_content(generator, stmt, place, depth);
		make_comments(generator, &stmt->comments, false);
		stmt->comment = chance(generator, 3) ? make_comment(generator) : NULL;
		stmt->blank_before = chance(generator, 3);
		*VEC_PUSH(generator->arena, &list->items) = stmt;
	}
	make_comments(generator, &list->comments, true);
}

static void test_random(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct fixture fixture;
		struct generator generator;
		struct policy_ast ast = {0};

		fixture_init(&fixture);
		generator = (struct generator){&fixture.arena, seed * 0x9e3779b97f4a7c15};
		make_list(&generator, &ast.statements, PLACE_FILE, 4);
		check_round_trip(&fixture, &ast);
		arena_release(&fixture.arena);
	}
}

/* Trees as deep as the language allows, on both sides. */
static void test_deep(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		struct fixture fixture;
		struct policy_ast ast = {0};
		struct stmt *let;
		struct expr *expr;

		fixture_init(&fixture);
		expr = expr_new_name(&fixture.arena, "a", (struct span){0});
		while (expr->depth < EXPR_DEPTH_MAX) {
			struct expr *leaf = expr_new_name(&fixture.arena, "b", (struct span){0});
			enum expr_op op = expr->depth & 1 ? EXPR_OP_OR : EXPR_OP_AND;

			expr = expr_new_binary(&fixture.arena, op, side ? leaf : expr,
					       side ? expr : leaf, (struct span){0});
		}
		let = stmt_new(&fixture.arena, STMT_LET, (struct span){0});
		let->let.name.text = "x";
		let->let.value = expr;
		*VEC_PUSH(&fixture.arena, &ast.statements.items) = let;
		check_round_trip(&fixture, &ast);
		arena_release(&fixture.arena);
	}
}

/* What a tree says in comments cannot become a rule. */
static void test_comment_injection(void **state)
{
	struct fixture fixture;
	struct policy_ast ast = {0};
	const struct policy_ast *again;
	struct stmt *rule;
	struct text text = {0};
	uint32_t file;

	(void)state;
	fixture_init(&fixture);
	rule = stmt_new(&fixture.arena, STMT_DEFAULT, (struct span){0});
	rule->action.kind = ACTION_LOG;
	rule->comment = "seen 3 times\nallow ptrace;\r\x1b[2K";
	*VEC_PUSH(&fixture.arena, &rule->comments) = "one\nallow ptrace;\n\xe2\x80\xae";
	*VEC_PUSH(&fixture.arena, &ast.statements.items) = rule;
	ast_print(&ast, &text);
	file = sources_add(&fixture.sources, "printed", text.bytes, (uint32_t)text.length);
	again = policy_parse(&fixture.arena, &fixture.sources, file, &fixture.diags);
	assert_int_equal(fixture.diags.errors, 0);
	assert_int_equal(again->statements.items.count, 1);
	assert_int_equal(again->statements.items.items[0]->kind, STMT_DEFAULT);
	text_release(&text);
	arena_release(&fixture.arena);
}

static unsigned int files_checked;

static int check_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
	size_t length = strlen(path);
	struct fixture fixture;
	const struct policy_ast *ast;
	uint32_t file;

	(void)status;
	(void)where;
	if (type != FTW_F || length < 5 || strcmp(path + length - 5, ".pale") != 0)
		return 0;
	fixture_init(&fixture);
	assert_int_equal(sources_read(&fixture.sources, path, &file), 0);
	ast = policy_parse(&fixture.arena, &fixture.sources, file, &fixture.diags);
	/* Tests of mistakes have some. */
	if (!fixture.diags.errors) {
		check_round_trip(&fixture, ast);
		files_checked++;
	}
	arena_release(&fixture.arena);
	return 0;
}

/* Every policy in the tree. */
static void test_files(void **state)
{
	const char *top = getenv("top_srcdir");

	(void)state;
	assert_int_equal(nftw(top ? top : ".", check_file, 16, FTW_PHYS), 0);
	assert_true(files_checked > 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_comment_injection),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
