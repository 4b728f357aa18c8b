/* SPDX-License-Identifier: Apache-2.0 */
/* What lexer, grammar and error messages share while one source is read. For this folder alone. */
#ifndef PALE_POLICY_LANG_PARSER_H
#define PALE_POLICY_LANG_PARSER_H

#include "policy-lang/ast.h"
#include "policy-lang/base/diag.h"

/* Limits beside those of ast.h, reported as [limit] too. */
enum {
	NAME_LENGTH_MAX = 255,
	STRING_LENGTH_MAX = 4096,
};

/* A token as messages need it. KIND is the grammar's enum. */
struct token {
	int kind;
	struct span span;
	bool damaged; /* reported already, and replaced by something that parses */
};

/* A brace that is open, and the statement that it stands in, as struct parser has it. */
struct open_brace {
	struct span span;
	int statement;
};

/* A number as a token: its value, and its spelling as struct expr has it. */
struct number {
	uint64_t value;
	const char *spelling;
};

/*
 * One reading of one source. A limit that is passed ends the reading: it is reported once, the
 * lexer says that the source ends there, and what follows from that is not reported.
 */
struct parser {
	struct arena *arena;
	struct diags *diags;
	const char *text; /* of the source */
	uint32_t length;
	uint32_t start;  /* behind a byte order mark */
	uint32_t offset; /* how far the lexer has read */
	uint32_t file;
	void *scanner;
	struct policy_ast *ast;
	VEC(struct span) comments; /* in the order of the text; each from its # to the line's end */
	struct token last[4];      /* the tokens read last, the newest first */
	int statement;             /* the token that the statement being read begins with, or 0 */
	int statement_before;      /* the same, before the newest token */
	struct open_brace braces[BLOCK_DEPTH_MAX];
	uint32_t brace_count;
	uint32_t parentheses; /* open ones */
	uint32_t statements;  /* read so far, settings included */
	bool token_damaged;   /* the token being read was */
	bool stopped;         /* a limit was passed */
};

/*
 * lexer.l: begins at parser->offset; the scanner's memory is the arena's. lexer_read() gives the
 * next token of the text, 0 at its end.
 */
union GRAMMAR_STYPE;
void lexer_open(struct parser *parser);
int lexer_read(struct parser *parser, union GRAMMAR_STYPE *value, struct span *span);

/* Reports a limit that was passed, and ends the reading. */
void parser_stop(struct parser *parser, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Literals (literal.c). What is wrong with one is reported, and something that parses comes back,
 * with parser->token_damaged set. A group's name begins with its @, and comes back without it; a
 * string comes without its quotes.
 */
const char *literal_name(struct parser *parser, const char *text, size_t length, struct span span);
const char *literal_group(struct parser *parser, const char *text, size_t length, struct span span);
const char *literal_string(struct parser *parser, const char *text, size_t length,
			   struct span span);
struct number literal_number(struct parser *parser, const char *text, size_t length,
			     struct span span);

/*
 * Hangs the comments and blank lines that the lexer saw on the statements that they belong to
 * (comments.c). Requires a source without errors.
 */
void parser_attach_comments(struct parser *parser);

#endif
