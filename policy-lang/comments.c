/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comments and blank lines find the statements that they belong to. The lexer kept where each
 * comment stands, the tree knows where statements and blocks begin and end; both are in the order
 * of the text, so one walk brings them together.
 */
#include "policy-lang/parser.h"

#include <string.h>

struct attacher {
	struct parser *parser;
	size_t next; /* the first comment that has no place yet */
	/* Behind what was met last: a statement, a comment, or the brace that opens a block. */
	uint32_t reached;
};

/* Whether an empty line stands between offsets FROM and UNTIL. */
static bool blank_between(const struct parser *parser, uint32_t from, uint32_t until)
{
	bool empty = false;

	for (uint32_t i = from; i < until; i++) {
		char byte = parser->text[i];

		if (byte == '\n' && empty)
			return true;
		if (byte == '\n')
			empty = true;
		else if (byte != ' ' && byte != '\t' && byte != '\r')
			empty = false;
	}
	return false;
}

static const struct span *comment_before(const struct attacher *attacher, uint32_t offset)
{
	const struct parser *parser = attacher->parser;

	if (attacher->next == parser->comments.count)
		return NULL;
	return parser->comments.items[attacher->next].begin < offset
		       ? &parser->comments.items[attacher->next]
		       : NULL;
}

/* The next comment's text, without its # and the blank behind it, nor blanks at its end. */
static const char *comment_take(struct attacher *attacher)
{
	const struct parser *parser = attacher->parser;
	struct span span = parser->comments.items[attacher->next++];
	const char *text = parser->text + span.begin + 1;
	size_t length = span.end - span.begin - 1;

	attacher->reached = span.end;
	if (length && text[0] == ' ') {
		text++;
		length--;
	}
	while (length && strchr(" \t\r", text[length - 1]))
		length--;
	return arena_copy(parser->arena, text, length);
}

/* Gives COMMENTS all comments before OFFSET, with the empty lines between them. */
static void attach_before(struct attacher *attacher, ast_comments *comments, uint32_t offset)
{
	struct parser *parser = attacher->parser;

	for (const struct span *span; (span = comment_before(attacher, offset));) {
		if (comments->count && comments->items[comments->count - 1] &&
		    blank_between(parser, attacher->reached, span->begin))
			*VEC_PUSH(parser->arena, comments) = NULL;
		*VEC_PUSH(parser->arena, comments) = comment_take(attacher);
	}
}

/*
 * What stands before a statement or setting that begins at OFFSET: comments, and whether there is
 * an empty line above it all (FIRST in a block has none).
 */
static bool attach_above(struct attacher *attacher, ast_comments *comments, uint32_t offset,
			 bool first)
{
	struct parser *parser = attacher->parser;
	const struct span *span = comment_before(attacher, offset);
	bool blank =
		!first && blank_between(parser, attacher->reached, span ? span->begin : offset);

	attach_before(attacher, comments, offset);
	if (comments->count && blank_between(parser, attacher->reached, offset))
		*VEC_PUSH(parser->arena, comments) = NULL;
	return blank;
}

/* The comment behind what ends at END, on the same line and before LIMIT; NULL where none is. */
static const char *attach_behind(struct attacher *attacher, uint32_t end, uint32_t limit)
{
	const struct parser *parser = attacher->parser;
	const struct span *span = comment_before(attacher, limit);

	attacher->reached = end;
	if (!span || memchr(parser->text + end, '\n', span->begin - end))
		return NULL;
	return comment_take(attacher);
}

/* Comments behind the last statement, before a closing brace at OFFSET. */
static void attach_end(struct attacher *attacher, ast_comments *comments, uint32_t offset,
		       bool first)
{
	const struct span *span = comment_before(attacher, offset);

	if (span && !first && blank_between(attacher->parser, attacher->reached, span->begin))
		*VEC_PUSH(attacher->parser->arena, comments) = NULL;
	attach_before(attacher, comments, offset);
	attacher->reached = offset;
}

static void attach_settings(struct attacher *attacher, const setting_list *settings,
			    ast_comments *end_comments, uint32_t end)
{
	for (size_t i = 0; i < settings->count; i++) {
		struct setting *setting = settings->items[i];
		uint32_t limit = i + 1 < settings->count ? settings->items[i + 1]->span.begin : end;

		setting->blank_before =
			attach_above(attacher, &setting->comments, setting->span.begin, i == 0);
		if (setting->has_block) {
			attach_before(attacher, &setting->comments, setting->block_begin);
			attacher->reached = setting->block_begin + 1;
			attach_settings(attacher, &setting->block, &setting->end_comments,
					setting->span.end - 1);
		}
		attach_before(attacher, &setting->comments, setting->span.end);
		setting->comment = attach_behind(attacher, setting->span.end, limit);
	}
	attach_end(attacher, end_comments, end, settings->count == 0);
}

static void attach_list(struct attacher *attacher, struct stmt_list *list, uint32_t begin,
			uint32_t end);

static void attach_block(struct attacher *attacher, struct stmt_list *list)
{
	attach_list(attacher, list, list->span.begin + 1, list->span.end - 1);
}

/* Comments inside a statement: those in its blocks stay there, others move in front of it. */
static void attach_inside(struct attacher *attacher, struct stmt *stmt)
{
	switch (stmt->kind) {
	case STMT_WHEN:
		attach_before(attacher, &stmt->comments, stmt->when.then.span.begin);
		attach_block(attacher, &stmt->when.then);
		if (!stmt->when.has_otherwise)
			break;
		/* Between `}` and `else {` one most likely speaks of what follows. */
		attach_list(attacher, &stmt->when.otherwise, stmt->when.then.span.end,
			    stmt->when.otherwise.span.end - 1);
		break;
	case STMT_GROUP:
	case STMT_PHASE:
		attach_before(attacher, &stmt->comments, stmt->group.body.span.begin);
		attach_block(attacher, &stmt->group.body);
		break;
	case STMT_SANDBOX:
		attacher->reached = stmt->span.begin;
		attach_settings(attacher, &stmt->sandbox.settings, &stmt->sandbox.end_comments,
				stmt->span.end - 1);
		break;
	default:
		break;
	}
	attach_before(attacher, &stmt->comments, stmt->span.end);
}

static void attach_list(struct attacher *attacher, struct stmt_list *list, uint32_t begin,
			uint32_t end)
{
	attacher->reached = begin;
	for (size_t i = 0; i < list->items.count; i++) {
		struct stmt *stmt = list->items.items[i];
		uint32_t limit =
			i + 1 < list->items.count ? list->items.items[i + 1]->span.begin : end;

		stmt->blank_before =
			attach_above(attacher, &stmt->comments, stmt->span.begin, i == 0);
		attach_inside(attacher, stmt);
		stmt->comment = attach_behind(attacher, stmt->span.end, limit);
	}
	attach_end(attacher, &list->comments, end, list->items.count == 0);
}

void parser_attach_comments(struct parser *parser)
{
	struct attacher attacher = {.parser = parser};

	attach_list(&attacher, &parser->ast->statements, parser->start, parser->length);
}
