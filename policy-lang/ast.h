/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as written: syntax only, no numbers and no ABIs. The grammar, importers and inference
 * build it, ast_print() writes it down, and what is printed parses to the same tree. Everything
 * lives in the arena that it was built in. Spans may be {0} in trees that no source stands behind.
 */
#ifndef PALE_POLICY_LANG_AST_H
#define PALE_POLICY_LANG_AST_H

#include "policy-lang/base/arena.h"
#include "policy-lang/base/source.h"
#include "policy-lang/base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Stated limits of the language, each reported as [limit]. */
enum {
	EXPR_DEPTH_MAX = 1000,
	BLOCK_DEPTH_MAX = 32,
	INCLUDE_DEPTH_MAX = 16,
	SET_ITEMS_MAX = 20000,
	STATEMENTS_MAX = 100000,
};

/* A name as written, and where. */
struct ast_name {
	const char *text;
	struct span span;
};
typedef VEC(struct ast_name) ast_names;

enum expr_kind {
	EXPR_NUMBER,   /* number, and as it was spelled */
	EXPR_NAME,     /* an argument, a constant, a set, a parameter, true, false, an ABI */
	EXPR_WILDCARD, /* _ in an expectation */
	EXPR_SET,      /* { values and ranges } */
	EXPR_UNARY,
	EXPR_BINARY,
};

enum expr_op {
	/* unary */
	EXPR_OP_NOT,        /* ! */
	EXPR_OP_COMPLEMENT, /* ~ */
	EXPR_OP_NEGATE,     /* - */
	/* binary, loosest first; the levels are OR, AND, the comparisons, |, ^, &, shifts, +- */
	EXPR_OP_OR,
	EXPR_OP_AND,
	EXPR_OP_EQUAL,
	EXPR_OP_UNEQUAL,
	EXPR_OP_LESS,
	EXPR_OP_LESS_EQUAL,
	EXPR_OP_GREATER,
	EXPR_OP_GREATER_EQUAL,
	EXPR_OP_IN,
	EXPR_OP_WITHIN,
	EXPR_OP_BIT_OR,
	EXPR_OP_BIT_XOR,
	EXPR_OP_BIT_AND,
	EXPR_OP_SHIFT_LEFT,
	EXPR_OP_SHIFT_RIGHT,
	EXPR_OP_PLUS,
	EXPR_OP_MINUS,
};

struct expr;

/* An element of a set: FIRST alone (LAST is NULL), or the range FIRST..LAST, both ends in it. */
struct expr_range {
	struct expr *first;
	struct expr *last;
};

struct expr {
	enum expr_kind kind;
	enum expr_op op; /* UNARY, BINARY */
	uint32_t depth;  /* 1 for a leaf */
	struct span span;
	uint64_t number;            /* NUMBER */
	const char *text;           /* NAME: the name; NUMBER: its spelling, or NULL for decimal */
	struct expr *left;          /* BINARY; UNARY has its operand here */
	struct expr *right;         /* BINARY */
	VEC(struct expr_range) set; /* SET */
};

enum action_kind {
	ACTION_ALLOW,
	ACTION_DENY, /* value: an errno, name or number */
	ACTION_KILL_PROCESS,
	ACTION_KILL_THREAD,
	ACTION_TRAP,  /* value: 0..65535 */
	ACTION_TRACE, /* value: 0..65535 */
	ACTION_LOG,
	ACTION_NOTIFY,
};

struct ast_action {
	enum action_kind kind;
	struct expr *value; /* NUMBER or NAME where the kind has a value, else NULL */
	struct span span;
};

/* One entry of a rule's list: a call, `any` call with its equivalents, or a @group. */
struct rule_item {
	bool is_group; /* the name is without its @ */
	bool any;
	bool optional;
	struct ast_name name;
	struct span span; /* with any and optional */
};

enum stmt_kind {
	STMT_POLICY,   /* policy "name"; */
	STMT_BASELINE, /* baseline linux 6.6; */
	STMT_ARCH,     /* arch x86_64, x86; */
	STMT_INCLUDE,  /* include "path"; */
	STMT_LET,      /* let name = expr; */
	STMT_PARAM,    /* param name = expr; */
	STMT_DEFAULT,  /* default action; */
	STMT_UNKNOWN,  /* unknown action; */
	STMT_FOREIGN,  /* foreign action; */
	STMT_RULE,     /* [action] items [where expr]; without an action inside a group */
	STMT_WHEN,     /* when expr { statements } [else { statements }] */
	STMT_GROUP,    /* group @name { rules } */
	STMT_EXPECT,   /* expect action call[(arguments)]; */
	STMT_SANDBOX,  /* sandbox { settings } */
	STMT_PHASE,    /* phase name { statements } */
};

struct stmt;
/* Without the # and the blank behind it; NULL stands for an empty line between comments. */
typedef VEC(const char *) ast_comments;

/* Statements of a file or of a block. */
struct stmt_list {
	struct span span; /* with the braces; of a file all of it */
	VEC(struct stmt *) items;
	ast_comments comments; /* behind the last statement, before the closing brace */
};

/*
 * A line of a sandbox: a word, values, and perhaps a block of settings of its own. Its meaning is
 * resolved in compiler/resolve/.
 */
enum setting_value_kind {
	SETTING_WORD,
	SETTING_NUMBER,
	SETTING_STRING,
	SETTING_COMMA, /* between values, so that lists keep their shape */
};
struct setting_value {
	enum setting_value_kind kind;
	const char *text; /* WORD, STRING; NUMBER: its spelling, or NULL for decimal */
	uint64_t number;
	struct span span;
};
struct setting;
typedef VEC(struct setting *) setting_list;
struct setting {
	struct ast_name name;
	VEC(struct setting_value) values;
	bool has_block;
	uint32_t block_begin; /* offset of its opening brace */
	setting_list block;
	struct span span;
	ast_comments comments; /* before it */
	const char *comment;   /* behind it on its line, or NULL */
	bool blank_before;
	ast_comments end_comments; /* before the block's closing brace */
};

struct stmt {
	enum stmt_kind kind;
	struct span span;
	ast_comments comments; /* on lines of their own before it */
	const char *comment;   /* behind it on its last line, or NULL */
	bool blank_before;     /* an empty line stands before it and its comments */
	union {
		struct ast_name
			string; /* POLICY, INCLUDE: the text between the quotes, unescaped */
		struct {
			uint16_t major, minor;
		} baseline;
		ast_names names; /* ARCH */
		struct {
			struct ast_name name;
			struct expr *value;
		} let;                    /* LET, PARAM */
		struct ast_action action; /* DEFAULT, UNKNOWN, FOREIGN */
		struct {
			bool has_action;
			struct ast_action action;
			VEC(struct rule_item) items;
			struct expr *where; /* or NULL */
		} rule;
		struct {
			struct expr *condition;
			struct stmt_list then;
			bool has_otherwise;
			struct stmt_list otherwise;
		} when;
		struct {
			struct ast_name name;
			struct stmt_list body;
		} group; /* GROUP, PHASE */
		struct {
			struct ast_action action;
			struct ast_name call;
			bool has_arguments;
			VEC(struct expr *) arguments;
		} expect;
		struct {
			setting_list settings;
			ast_comments end_comments;
		} sandbox;
	};
	/* INCLUDE: what the file holds, once include_load() has read it; else NULL. */
	struct policy_ast *included;
};

struct policy_ast {
	uint32_t file; /* the source it was read from, or 0 */
	struct stmt_list statements;
};

/* Makers, for whoever builds a tree; all nodes zeroed but for what is given. */
struct stmt *stmt_new(struct arena *arena, enum stmt_kind kind, struct span span);
struct expr *expr_new_number(struct arena *arena, uint64_t number, const char *spelling,
			     struct span span);
struct expr *expr_new_name(struct arena *arena, const char *name, struct span span);
struct expr *expr_new_unary(struct arena *arena, enum expr_op op, struct expr *operand,
			    struct span span);
struct expr *expr_new_binary(struct arena *arena, enum expr_op op, struct expr *left,
			     struct expr *right, struct span span);

/* Whether NAME can be one: letters, digits and underscores, no digit first. */
bool ast_name_is_valid(const char *name);

/*
 * Whether two trees are the same but for spans; comments, blank lines and the spelling of numbers
 * count.
 */
bool ast_equal(const struct policy_ast *a, const struct policy_ast *b);

/*
 * Writes the tree as policy text, in the one style that `pale fmt` knows. Requires names that are
 * names, of which what comes from outside must be checked before it gets into a tree. A comment
 * may hold several lines. What is printed parses again where the tree keeps the limits above.
 */
void ast_print(const struct policy_ast *ast, struct text *out);
/* One expression, one action, one item, as ast_print() writes them. */
void ast_print_expr(const struct expr *expr, struct text *out);
void ast_print_action(const struct ast_action *action, struct text *out);

#endif
