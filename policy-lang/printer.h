/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that wrap. Text is written in pieces with breaks between them; a break becomes a blank, or
 * an end of line where the next piece would pass the limit. For this folder alone.
 */
#ifndef PALE_POLICY_LANG_PRINTER_H
#define PALE_POLICY_LANG_PRINTER_H

#include "policy-lang/ast.h"

enum {
	PRINT_WIDTH = 100,
	PRINT_TAB = 8
};

struct printer {
	struct text *out;
	struct text piece;   /* what stands behind the last break and is not in OUT yet */
	unsigned int limit;  /* the widest line, or UINT_MAX: never wrap */
	unsigned int tabs;   /* that lines begin with, before blanks up to ALIGN */
	unsigned int align;  /* the column where a wrapped line goes on */
	unsigned int column; /* of OUT */
	bool broken;         /* a break stands between OUT and PIECE, */
	unsigned int resume; /* and `align` was this when it was made */
	bool measuring;      /* OUT is NULL, all goes to PIECE, and what passes LIMIT may be cut */
};

/* Adds to the piece. */
void print_word(struct printer *printer, const char *text);
/* Allows a break: a blank, unless the line must wrap. */
void print_break(struct printer *printer);
/* Puts the last piece down, so that `column` tells the place that was reached. */
void print_flush(struct printer *printer);
/* Ends the line, and goes on in the column where wrapped lines do. */
void print_wrap(struct printer *printer);
/* The column that the next byte gets. */
unsigned int print_position(const struct printer *printer);

/* print_expr.c */
void print_expr(struct printer *printer, const struct expr *expr);
void print_action(struct printer *printer, const struct ast_action *action);

/* print_text.c: a name (asserted to be one), and a text in quotes. */
void print_name(struct printer *printer, const char *name);
void print_quoted(struct printer *printer, const char *text);
/* Comments on lines of their own, each ended; and one on a line, behind BLANKS, or NULL. */
void print_comments(struct text *out, unsigned int tabs, const ast_comments *comments);
void print_comment_behind(struct text *out, unsigned int blanks, const char *comment);

#endif
