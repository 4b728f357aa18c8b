/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/parse_error.h"

#include "policy-lang/grammar.h"

#include <string.h>

static bool expects(const struct unexpected *unexpected, int kind)
{
	for (size_t i = 0; i < unexpected->count; i++)
		if (unexpected->expected[i].kind == kind)
			return true;
	return false;
}

static bool is_keyword(int kind)
{
	switch (kind) {
#define KEYWORD(name, text) case TOKEN_##name:
#include "policy-lang/keywords.def"
#undef KEYWORD
		return true;
	default:
		return false;
	}
}

static bool is_action(int kind)
{
	return kind == TOKEN_ALLOW || kind == TOKEN_DENY || kind == TOKEN_KILL ||
	       kind == TOKEN_TRAP || kind == TOKEN_TRACE || kind == TOKEN_LOG ||
	       kind == TOKEN_NOTIFY;
}

static bool is_comparison(int kind)
{
	return kind == TOKEN_EQUAL || kind == TOKEN_UNEQUAL || kind == '<' || kind == '>' ||
	       kind == TOKEN_LESS_EQUAL || kind == TOKEN_GREATER_EQUAL || kind == TOKEN_IN ||
	       kind == TOKEN_WITHIN;
}

static bool is_operator(int kind)
{
	return is_comparison(kind) || kind == TOKEN_OR || kind == TOKEN_AND || kind == '|' ||
	       kind == '^' || kind == '&' || kind == TOKEN_SHIFT_LEFT ||
	       kind == TOKEN_SHIFT_RIGHT || kind == '+' || kind == '-';
}

static bool in_sandbox(const struct parser *parser)
{
	/* A '}' that was just read has left its block already, and does not count as outside. */
	uint32_t count = parser->brace_count + (parser->last[0].kind == '}');

	for (uint32_t i = 0; i < count; i++)
		if (parser->braces[i].statement == TOKEN_SANDBOX)
			return true;
	return false;
}

/* What ends with the ';' that is missing. */
static const char *statement_phrase(const struct parser *parser)
{
	if (in_sandbox(parser))
		return "setting";
	switch (parser->statement_before) {
	case TOKEN_POLICY:
		return "policy's name";
	case TOKEN_BASELINE:
		return "baseline";
	case TOKEN_ARCH:
		return "list of ABIs";
	case TOKEN_INCLUDE:
		return "file's name";
	case TOKEN_LET:
	case TOKEN_PARAM:
		return "definition";
	case TOKEN_DEFAULT:
	case TOKEN_UNKNOWN:
	case TOKEN_FOREIGN:
		return "action";
	case TOKEN_EXPECT:
		return "expectation";
	default:
		return "rule";
	}
}

/* The token's own words, or what to call it. */
static const char *found_text(const struct parser *parser)
{
	const struct token *token = &parser->last[0];
	uint32_t length = token->span.end - token->span.begin;

	if (!token->kind)
		return "the end of the file";
	if (token->kind == TOKEN_STRING)
		return "a text in quotes";
	return arena_printf(parser->arena, "'%.*s%s'", length > 40 ? 40 : (int)length,
			    parser->text + token->span.begin, length > 40 ? "..." : "");
}

static const char *token_word(const struct parser *parser, const struct token *token)
{
	return arena_copy(parser->arena, parser->text + token->span.begin,
			  token->span.end - token->span.begin);
}

/* A keyword without the quotes that the grammar's name for it has. */
static const char *bare_name(const struct parser *parser, const char *name)
{
	return arena_copy(parser->arena, name + 1, strlen(name) - 2);
}

/* The expected keyword that a misspelt word most likely stands for, or an operator. */
static const char *guess_word(const struct parser *parser, const struct unexpected *unexpected)
{
	static const struct {
		const char *word;
		int kind;
		const char *meant;
	} others[] = {
		{"and", TOKEN_AND, "&&"},       {"or", TOKEN_OR, "||"},
		{"if", TOKEN_WHERE, "where"},   {"is", TOKEN_EQUAL, "=="},
		{"when", TOKEN_WHERE, "where"}, {"not", '!', "!"},
		{"=", TOKEN_EQUAL, "=="},
	};
	struct word_guess guess = {.word = token_word(parser, &parser->last[0])};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(guess.word, others[i].word) == 0 && expects(unexpected, others[i].kind))
			return others[i].meant;
	if (unexpected->found != TOKEN_WORD && !is_keyword(unexpected->found))
		return NULL;
	for (size_t i = 0; i < unexpected->count; i++)
		if (is_keyword(unexpected->expected[i].kind))
			word_guess_offer(&guess, bare_name(parser, unexpected->expected[i].name));
	return guess.best;
}

/* What a place for a name, a value or a condition is called there; NULL for none of them. */
static const char *name_phrase(const struct parser *parser, const struct unexpected *unexpected)
{
	int before = parser->last[1].kind;

	if (!expects(unexpected, TOKEN_WORD))
		return NULL;
	if (expects(unexpected, TOKEN_WILDCARD))
		return "a value";
	if (expects(unexpected, '('))
		return before == TOKEN_WHERE || before == TOKEN_WHEN ? "a condition" : "a value";
	if (expects(unexpected, TOKEN_GROUP_NAME))
		return "a call's name";
	if (in_sandbox(parser))
		return expects(unexpected, ';') && expects(unexpected, ',') ? "a value"
									    : "a setting";
	if (expects(unexpected, TOKEN_NUMBER))
		return before == TOKEN_DENY ? "an errno" : "a number";
	if (parser->statement_before == TOKEN_ARCH)
		return "an ABI's name";
	if (expects(unexpected, TOKEN_WHERE) || parser->statement_before == TOKEN_PHASE)
		return "a name";
	return "a call's name";
}

/* Whether KIND is said already by the phrase for a place of a name. */
static bool covered_by_name(const struct unexpected *unexpected, int kind)
{
	if (!expects(unexpected, TOKEN_WORD))
		return false;
	if (kind == TOKEN_WORD || kind == TOKEN_NUMBER || kind == TOKEN_WILDCARD ||
	    kind == TOKEN_STRING || kind == TOKEN_GROUP_NAME)
		return true;
	if (expects(unexpected, '('))
		return kind == '(' || kind == '{' || kind == '!' || kind == '~' || kind == '-' ||
		       is_keyword(kind);
	return is_keyword(kind);
}

/* "A, B or C" of what may stand there. */
static const char *expected_phrase(const struct parser *parser, const struct unexpected *unexpected)
{
	const char *phrases[EXPECTED_MAX + 2];
	const char *joined = "";
	size_t count = 0;
	const char *name = name_phrase(parser, unexpected);
	bool operators = expects(unexpected, TOKEN_OR);

	if (parser->statement_before == TOKEN_BASELINE &&
	    (expects(unexpected, '.') || expects(unexpected, TOKEN_NUMBER)))
		return "a kernel's version, such as 6.6";
	if (unexpected->count == 1 && expects(unexpected, ';'))
		return arena_printf(parser->arena, "';' after the %s", statement_phrase(parser));
	if (name)
		phrases[count++] = name;
	if (name && expects(unexpected, TOKEN_GROUP_NAME))
		phrases[count++] = "a group";
	if (name && expects(unexpected, TOKEN_WILDCARD))
		phrases[count++] = "'_'";
	if (operators)
		phrases[count++] = "an operator";
	for (size_t i = 0; i < unexpected->count; i++) {
		int kind = unexpected->expected[i].kind;

		if (covered_by_name(unexpected, kind) || (operators && is_operator(kind)))
			continue;
		phrases[count++] = unexpected->expected[i].name;
	}
	for (size_t i = 0; i < count; i++)
		joined = arena_printf(parser->arena, "%s%s%s", joined,
				      !i              ? ""
				      : i + 1 < count ? ", "
						      : " or ",
				      phrases[i]);
	return joined;
}

/* Whether the newest token stands on a later line than the one before it, or ends a block. */
static bool found_on_next_line(const struct parser *parser)
{
	uint32_t from = parser->last[1].span.end, until = parser->last[0].span.begin;

	if (parser->last[0].kind == 0 || parser->last[0].kind == '}')
		return true;
	return memchr(parser->text + from, '\n', until - from) != NULL;
}

/* Where a statement is expected. */
static void report_statement(struct parser *parser, const struct unexpected *unexpected)
{
	struct diags *diags = parser->diags;
	struct span span = parser->last[0].span;
	struct diag *diag;
	bool top = expects(unexpected, TOKEN_POLICY);

	if (unexpected->found == '}' && top) {
		diag_error(diags, DIAG_SYNTAX, span, "this '}' closes nothing");
	} else if (unexpected->found == TOKEN_ELSE) {
		diag_error(diags, DIAG_SYNTAX, span, "this 'else' belongs to no 'when'");
	} else if (is_keyword(unexpected->found) && !top &&
		   (unexpected->found == TOKEN_POLICY || unexpected->found == TOKEN_BASELINE ||
		    unexpected->found == TOKEN_ARCH || unexpected->found == TOKEN_PARAM ||
		    unexpected->found == TOKEN_GROUP || unexpected->found == TOKEN_PHASE ||
		    unexpected->found == TOKEN_SANDBOX)) {
		diag_error(diags, DIAG_SYNTAX, span, "%s may not stand inside a block",
			   found_text(parser));
	} else {
		diag = diag_error(diags, DIAG_SYNTAX, span, "expected a statement, found %s",
				  found_text(parser));
		diag_suggest(diags, diag, guess_word(parser, unexpected));
		if (!diag->suggestion &&
		    (unexpected->found == TOKEN_WORD || unexpected->found == TOKEN_GROUP_NAME))
			diag_note(diags, diag, (struct span){0},
				  "a rule begins with its action, as in 'allow %s;'",
				  token_word(parser, &parser->last[0]));
	}
}

/* `deny NAME` is all there is: the errno is missing, or the calls are. */
static void report_deny(struct parser *parser, const struct token *name)
{
	const char *word = token_word(parser, name);

	if (word[0] == 'E' && !word[strcspn(word, "abcdefghijklmnopqrstuvwxyz")])
		diag_error(parser->diags, DIAG_SYNTAX, name->span,
			   "'deny' takes calls behind the errno, as in 'deny %s ptrace'", word);
	else
		diag_error(parser->diags, DIAG_SYNTAX, name->span,
			   "'deny' takes an errno before the calls, as in 'deny EPERM %s'", word);
}

/* Mistakes that have a better explanation than what was expected. False where it is none. */
static bool report_special(struct parser *parser, const struct unexpected *unexpected)
{
	struct diags *diags = parser->diags;
	int found = unexpected->found, before = parser->last[1].kind;
	int action = parser->last[2].kind;
	struct diag *diag;
	bool group = expects(unexpected, TOKEN_WHEN) && expects(unexpected, TOKEN_WORD) &&
		     expects(unexpected, TOKEN_KILL) && !expects(unexpected, TOKEN_LET);

	if ((group && is_action(found)) ||
	    (before == TOKEN_KILL && (found == TOKEN_PROCESS || found == TOKEN_THREAD))) {
		diag_error(diags, DIAG_SYNTAX,
			   found == TOKEN_PROCESS || found == TOKEN_THREAD ? parser->last[1].span
									   : parser->last[0].span,
			   "a rule in a group has no action: whoever uses the group gives it");
	} else if (action == TOKEN_DENY && (found == ';' || found == ',' || found == TOKEN_WHERE) &&
		   before != TOKEN_NUMBER && expects(unexpected, TOKEN_GROUP_NAME)) {
		report_deny(parser, &parser->last[1]);
	} else if ((action == TOKEN_TRAP || action == TOKEN_TRACE) &&
		   (found == ';' || found == ',' || found == TOKEN_WHERE) &&
		   before != TOKEN_NUMBER && expects(unexpected, TOKEN_GROUP_NAME)) {
		diag_error(diags, DIAG_SYNTAX, parser->last[1].span,
			   "'%s' takes a number before the calls, as in '%s 1 %s'",
			   token_word(parser, &parser->last[2]),
			   token_word(parser, &parser->last[2]),
			   token_word(parser, &parser->last[1]));
	} else if (is_comparison(found) && expects(unexpected, TOKEN_OR)) {
		diag_error(diags, DIAG_SYNTAX, parser->last[0].span,
			   "comparisons do not chain: join two with '&&'");
	} else if (action == '{' && parser->last[3].kind == TOKEN_WHEN) {
		diag_error(diags, DIAG_SYNTAX, parser->last[2].span,
			   "expected a condition before '{'");
	} else if (before == TOKEN_WORD && expects(unexpected, TOKEN_OR) &&
		   strcmp(token_word(parser, &parser->last[1]), "not") == 0) {
		diag = diag_error(diags, DIAG_SYNTAX, parser->last[1].span,
				  "expected a condition, found 'not'");
		diag_suggest(diags, diag, "!");
	} else if (expects(unexpected, TOKEN_LET) && !expects(unexpected, TOKEN_WORD)) {
		report_statement(parser, unexpected);
	} else if (group && expects(unexpected, '}') && is_keyword(found)) {
		diag_error(diags, DIAG_SYNTAX, parser->last[0].span,
			   "only rules and 'when' may stand in a group");
	} else {
		return false;
	}
	return true;
}

static void note_open_brace(struct parser *parser, struct diag *diag)
{
	if (!parser->last[0].kind && parser->brace_count)
		diag_note(parser->diags, diag, parser->braces[parser->brace_count - 1].span,
			  "this '{' is not closed");
}

/* Who compares an argument with a path expects more of filters than they can do. */
static void note_text(struct parser *parser, const struct unexpected *unexpected, struct diag *diag)
{
	if (unexpected->found == TOKEN_STRING && expects(unexpected, '('))
		diag_note(
			parser->diags, diag, (struct span){0},
			"a filter sees numbers, and not what an argument points to, such as a path");
}

void parser_report_unexpected(struct parser *parser, const struct unexpected *unexpected)
{
	struct span behind = parser->last[1].span;
	struct diag *diag;
	const char *guess;

	if (parser->stopped || parser->last[0].damaged || parser->last[1].damaged)
		return;
	if (!unexpected) {
		diag_error(parser->diags, DIAG_SYNTAX, parser->last[0].span, "one more mistake");
		return;
	}
	if (!parser->last[0].kind && parser->brace_count && expects(unexpected, '}')) {
		diag = diag_error(parser->diags, DIAG_SYNTAX, parser->last[0].span,
				  "expected '}' before the end of the file");
		note_open_brace(parser, diag);
		return;
	}
	if (report_special(parser, unexpected))
		return;
	guess = guess_word(parser, unexpected);
	if (!guess && expects(unexpected, ';') && found_on_next_line(parser)) {
		behind.begin = behind.end;
		diag = diag_error(parser->diags, DIAG_SYNTAX, behind, "expected ';' after the %s",
				  statement_phrase(parser));
	} else {
		diag = diag_error(parser->diags, DIAG_SYNTAX, parser->last[0].span,
				  "expected %s, found %s", expected_phrase(parser, unexpected),
				  found_text(parser));
		diag_suggest(parser->diags, diag, guess);
		note_text(parser, unexpected, diag);
	}
	note_open_brace(parser, diag);
}
