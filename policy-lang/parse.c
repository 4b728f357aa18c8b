/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/parse.h"

#include "policy-lang/encoding.h"
#include "policy-lang/grammar.h"
#include "policy-lang/parser.h"

#include <string.h>

void parser_stop(struct parser *parser, struct span span, const char *format, ...)
{
	va_list args;

	if (parser->stopped)
		return;
	parser->stopped = true;
	va_start(args, format);
	diag_error(parser->diags, DIAG_LIMIT, span, "%s",
		   arena_vprintf(parser->arena, format, args));
	va_end(args);
}

static void parser_open_brace(struct parser *parser, struct span span)
{
	if (parser->brace_count == BLOCK_DEPTH_MAX) {
		parser_stop(parser, span, "braces nest deeper than %d", BLOCK_DEPTH_MAX);
		return;
	}
	parser->braces[parser->brace_count++] = (struct open_brace){span, parser->statement};
	parser->statement = 0;
}

static void parser_close_brace(struct parser *parser)
{
	if (parser->brace_count)
		parser->statement = parser->braces[--parser->brace_count].statement;
}

/* Whether the statement that begins with token KIND ends with a brace. */
static bool statement_has_block(int kind)
{
	return kind == TOKEN_WHEN || kind == TOKEN_GROUP || kind == TOKEN_PHASE ||
	       kind == TOKEN_SANDBOX;
}

/* Keeps what messages and limits need to know about the place that was reached. */
static void parser_follow(struct parser *parser, int kind, struct span span)
{
	switch (kind) {
	case ';':
		parser->statement = 0;
		parser->parentheses = 0;
		return;
	case '{':
		parser_open_brace(parser, span);
		return;
	case '}':
		parser_close_brace(parser);
		return;
	case '(':
		if (++parser->parentheses > EXPR_DEPTH_MAX)
			parser_stop(parser, span, "parentheses nest deeper than %d",
				    EXPR_DEPTH_MAX);
		return;
	case ')':
		parser->parentheses -= parser->parentheses > 0;
		return;
	default:
		break;
	}
	if (!parser->statement || (parser->last[1].kind == '}' && kind != TOKEN_ELSE &&
				   statement_has_block(parser->statement)))
		parser->statement = kind;
}

int grammar_lex(GRAMMAR_STYPE *value, struct span *span, struct parser *parser)
{
	int kind = lexer_read(parser, value, span);

	parser->last[3] = parser->last[2];
	parser->last[2] = parser->last[1];
	parser->last[1] = parser->last[0];
	parser->last[0] = (struct token){kind, *span, parser->token_damaged};
	parser->statement_before = parser->statement;
	parser_follow(parser, kind, *span);
	return parser->stopped ? 0 : kind;
}

/* Syntax errors come by way of yyreport_syntax_error(); what is left is bison's own limit. */
void grammar_error(const struct span *span, struct parser *parser, const char *message)
{
	(void)message;
	parser_stop(parser, *span, "this nests too deep");
}

/* A recording taken for a policy would otherwise be an error at each of its colons. */
static bool source_is_json(const struct source *source, uint32_t file, struct diags *diags)
{
	uint32_t at = (uint32_t)strspn(source->text, " \t\r\n");
	const struct span brace = {file, at, at + 1};
	struct diag *diag;

	if (source->text[at] != '{')
		return false;
	diag = diag_error(diags, DIAG_SYNTAX, brace, "this begins as JSON does, and is no policy");
	diag_note(diags, diag, (struct span){0}, "`pale generate` makes a policy of a recording");
	return true;
}

struct policy_ast *policy_parse(struct arena *arena, const struct sources *sources, uint32_t file,
				struct diags *diags)
{
	const struct source *source = sources_get(sources, file);
	struct parser parser = {
		.arena = arena,
		.diags = diags,
		.text = source->text,
		.length = source->length,
		.file = file,
		.ast = arena_alloc(arena, sizeof(*parser.ast)),
	};
	unsigned int errors = diags->errors;

	parser.ast->file = file;
	if (!source_check_encoding(source, file, diags) || source_is_json(source, file, diags))
		return parser.ast;
	if (source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
		parser.start = parser.offset = 3;
	lexer_open(&parser);
	grammar_parse(&parser);
	parser.ast->statements.span = (struct span){file, 0, source->length};
	if (diags->errors == errors)
		parser_attach_comments(&parser);
	return parser.ast;
}
