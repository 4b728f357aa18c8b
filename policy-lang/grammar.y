/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar. Its actions build the tree and nothing else: limits are kept by the builders, and
 * meaning lives in compiler/resolve/.
 *
 * Keywords are tokens wherever they stand, and the rules call_name, bare_name and name say where
 * each is only a word; so a word is reserved only where the grammar expects it.
 */
%code requires {
#include "policy-lang/parser.h"
}

%define api.pure full
%define api.prefix {grammar_}
%define api.token.prefix {TOKEN_}
%initial-action {
	@$ = (struct span){parser->file, 0, 0};
}

%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%expect 0
%locations
%parse-param {struct parser *parser}
%lex-param {struct parser *parser}

%code provides {
/* In parse.c. */
int grammar_lex(GRAMMAR_STYPE *value, struct span *span, struct parser *parser);
void grammar_error(const struct span *span, struct parser *parser, const char *message);
}

%{
#include "policy-lang/build.h"
#include "policy-lang/parse_error.h"

/* Far above what the limits of the language need, which are looked at first. */
#define YYMAXDEPTH 10000
#define YYLLOC_DEFAULT(whole, parts, count)                                                        \
	((whole) = (count) ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, count))                 \
			   : (struct span){YYRHSLOC(parts, 0).file, YYRHSLOC(parts, 0).end,        \
					   YYRHSLOC(parts, 0).end})
%}

%union {
	const char *text;
	struct number number;
	struct ast_name name;
	ast_names names;
	enum expr_op op;
	struct expr *expr;
	struct ast_action action;
	struct rule_item item;
	struct stmt *stmt;
	struct stmt_list *list;
	struct setting *setting;
	setting_list *settings;
}

%token <text> WORD "a name"
%token <text> GROUP_NAME "a group's @name"
%token <text> STRING "a text in quotes"
%token <number> NUMBER "a number"
%token STRAY "a stray byte"
%token WILDCARD "'_'"
%token AND "'&&'" OR "'||'" EQUAL "'=='" UNEQUAL "'!='" LESS_EQUAL "'<='" GREATER_EQUAL "'>='"
%token SHIFT_LEFT "'<<'" SHIFT_RIGHT "'>>'" RANGE "'..'"

%token <text>
	ALLOW "'allow'" ANY "'any'" ARCH "'arch'" BASELINE "'baseline'" DEFAULT "'default'"
	DENY "'deny'" ELSE "'else'" EXPECT "'expect'" FOREIGN "'foreign'" GROUP "'group'" IN "'in'"
	INCLUDE "'include'" KILL "'kill'" LET "'let'" LINUX "'linux'" LOG "'log'" NOTIFY "'notify'"
	OPTIONAL "'optional'" PARAM "'param'" PHASE "'phase'" POLICY "'policy'" PROCESS "'process'"
	SANDBOX "'sandbox'" THREAD "'thread'" TRACE "'trace'" TRAP "'trap'" UNKNOWN "'unknown'"
	WHEN "'when'" WHERE "'where'" WITHIN "'within'"

%type <text> call_word bare_word any_word plain_keyword action_keyword
%type <name> call_name bare_name name string group_name
%type <names> names
%type <op> comparison_op unary_op
%type <expr> expr and_expr comparison or_bits xor_bits and_bits shift sum unary primary
%type <expr> set set_items argument action_value where_opt
%type <action> action
%type <item> item bare_item marked_item
%type <stmt> statement block_statement group_statement rule items bare_rule bare_items when
%type <stmt> group_when arguments some_arguments
%type <list> statements block block_statements group_block group_statements
%type <setting> setting setting_values
%type <settings> settings settings_block

%%

file: statements	{ parser->ast->statements = *$statements; };

statements:
	%empty
		{ $$ = build_list(parser); }
	| statements statement
		{ $$ = build_list_add(parser, $1, $statement); }
	| statements error ';'	{ yyerrok; }
	| statements error block
	;

block:
	'{' block_statements '}'
		{ $$ = build_close($block_statements, @$); }
	| '{' block_statements error '}'
		{ $$ = build_close($block_statements, @$); }
	;

block_statements:
	%empty
		{ $$ = build_list(parser); }
	| block_statements block_statement
		{ $$ = build_list_add(parser, $1, $block_statement); }
	| block_statements error ';'	{ yyerrok; }
	| block_statements error block
	;

/* What may stand at the top of a file. */
statement:
	block_statement
	| POLICY string ';'
		{ $$ = build_string(parser, STMT_POLICY, $string, @$); }
	| BASELINE LINUX NUMBER[major] '.' NUMBER[minor] ';'
		{ $$ = build_baseline(parser, $major, $minor, @$); }
	| ARCH names ';'
		{ $$ = build_arch(parser, &$names, @$); }
	| PARAM name '=' expr ';'
		{ $$ = build_definition(parser, STMT_PARAM, $name, $expr, @$); }
	| GROUP group_name group_block
		{ $$ = build_block(parser, STMT_GROUP, $group_name, $group_block, @$); }
	| PHASE name block
		{ $$ = build_block(parser, STMT_PHASE, $name, $block, @$); }
	| SANDBOX settings_block
		{ $$ = build_sandbox(parser, $settings_block, @$); }
	;

/* What may stand in blocks too. */
block_statement:
	rule
	| when
	| INCLUDE string ';'
		{ $$ = build_string(parser, STMT_INCLUDE, $string, @$); }
	| LET name '=' expr ';'
		{ $$ = build_definition(parser, STMT_LET, $name, $expr, @$); }
	| DEFAULT action ';'
		{ $$ = build_fallback(parser, STMT_DEFAULT, $action, @$); }
	| UNKNOWN action ';'
		{ $$ = build_fallback(parser, STMT_UNKNOWN, $action, @$); }
	| FOREIGN action ';'
		{ $$ = build_fallback(parser, STMT_FOREIGN, $action, @$); }
	| EXPECT action call_name ';'
		{ $$ = build_expect(parser, NULL, $action, $call_name, @$); }
	| EXPECT action call_name '(' arguments ')' ';'
		{ $$ = build_expect(parser, $arguments, $action, $call_name, @$); }
	;

when:
	WHEN expr block[then]
		{ $$ = build_when(parser, $expr, $then, NULL, @$); }
	| WHEN expr block[then] ELSE block[otherwise]
		{ $$ = build_when(parser, $expr, $then, $otherwise, @$); }
	;

/* Rules. */

rule:
	action items where_opt ';'
		{ $$ = build_rule($items, &$action, $where_opt, @$); }
	;

action:
	ALLOW	{ $$ = (struct ast_action){.kind = ACTION_ALLOW, .span = @$}; }
	| DENY action_value
		{ $$ = (struct ast_action){ACTION_DENY, $action_value, @$}; }
	| KILL PROCESS	{ $$ = (struct ast_action){.kind = ACTION_KILL_PROCESS, .span = @$}; }
	| KILL THREAD	{ $$ = (struct ast_action){.kind = ACTION_KILL_THREAD, .span = @$}; }
	| TRAP action_value
		{ $$ = (struct ast_action){ACTION_TRAP, $action_value, @$}; }
	| TRACE action_value
		{ $$ = (struct ast_action){ACTION_TRACE, $action_value, @$}; }
	| LOG	{ $$ = (struct ast_action){.kind = ACTION_LOG, .span = @$}; }
	| NOTIFY	{ $$ = (struct ast_action){.kind = ACTION_NOTIFY, .span = @$}; }
	;

action_value:
	NUMBER
		{ $$ = build_number(parser, $1, @$); }
	| call_name
		{ $$ = expr_new_name(parser->arena, $1.text, @$); }
	;

where_opt:
	%empty		{ $$ = NULL; }
	| WHERE expr	{ $$ = $expr; }
	;

items:
	item
		{ $$ = build_rule_item(parser, NULL, $item); }
	| items ',' item
		{ $$ = build_rule_item(parser, $1, $item); }
	;

item:
	call_name
		{ $$ = (struct rule_item){.name = $1, .span = @$}; }
	| marked_item
	;

marked_item:
	ANY call_name
		{ $$ = (struct rule_item){.any = true, .name = $2, .span = @$}; }
	| OPTIONAL call_name
		{ $$ = (struct rule_item){.optional = true, .name = $2, .span = @$}; }
	| OPTIONAL ANY call_name
		{ $$ = (struct rule_item){.any = true, .optional = true, .name = $3, .span = @$}; }
	| ANY OPTIONAL call_name
		{ $$ = (struct rule_item){.any = true, .optional = true, .name = $3, .span = @$}; }
	| group_name
		{ $$ = (struct rule_item){.is_group = true, .name = $1, .span = @$}; }
	;

/* Groups: rules without an action, and `when`. */

group_block:
	'{' group_statements '}'
		{ $$ = build_close($group_statements, @$); }
	| '{' group_statements error '}'
		{ $$ = build_close($group_statements, @$); }
	;

group_statements:
	%empty
		{ $$ = build_list(parser); }
	| group_statements group_statement
		{ $$ = build_list_add(parser, $1, $group_statement); }
	| group_statements error ';'	{ yyerrok; }
	| group_statements error group_block
	;

group_statement:
	bare_rule
	| group_when
	;

group_when:
	WHEN expr group_block[then]
		{ $$ = build_when(parser, $expr, $then, NULL, @$); }
	| WHEN expr group_block[then] ELSE group_block[otherwise]
		{ $$ = build_when(parser, $expr, $then, $otherwise, @$); }
	;

bare_rule:
	bare_items where_opt ';'
		{ $$ = build_rule($bare_items, NULL, $where_opt, @$); }
	;

bare_items:
	bare_item
		{ $$ = build_rule_item(parser, NULL, $bare_item); }
	| bare_items ',' item
		{ $$ = build_rule_item(parser, $1, $item); }
	;

bare_item:
	bare_name
		{ $$ = (struct rule_item){.name = $1, .span = @$}; }
	| marked_item
	;

/* Expectations. */

arguments:
	%empty
		{ $$ = stmt_new(parser->arena, STMT_EXPECT, @$); }
	| some_arguments
	;

some_arguments:
	argument
		{ $$ = build_argument(parser, NULL, $1); }
	| some_arguments ',' argument
		{ $$ = build_argument(parser, $1, $3); }
	;

argument:
	expr
	| WILDCARD
		{ $$ = build_wildcard(parser, @$); }
	;

/* Expressions, loosest first. */

expr:
	and_expr
	| expr OR and_expr
		{ $$ = build_binary(parser, EXPR_OP_OR, $1, $3, @$); }
	;

and_expr:
	comparison
	| and_expr AND comparison
		{ $$ = build_binary(parser, EXPR_OP_AND, $1, $3, @$); }
	;

comparison:
	or_bits
	| or_bits[left] comparison_op[op] or_bits[right]
		{ $$ = build_binary(parser, $op, $left, $right, @$); }
	;

comparison_op:
	EQUAL		{ $$ = EXPR_OP_EQUAL; }
	| UNEQUAL	{ $$ = EXPR_OP_UNEQUAL; }
	| '<'		{ $$ = EXPR_OP_LESS; }
	| LESS_EQUAL	{ $$ = EXPR_OP_LESS_EQUAL; }
	| '>'		{ $$ = EXPR_OP_GREATER; }
	| GREATER_EQUAL	{ $$ = EXPR_OP_GREATER_EQUAL; }
	| IN		{ $$ = EXPR_OP_IN; }
	| WITHIN	{ $$ = EXPR_OP_WITHIN; }
	;

or_bits:
	xor_bits
	| or_bits '|' xor_bits
		{ $$ = build_binary(parser, EXPR_OP_BIT_OR, $1, $3, @$); }
	;

xor_bits:
	and_bits
	| xor_bits '^' and_bits
		{ $$ = build_binary(parser, EXPR_OP_BIT_XOR, $1, $3, @$); }
	;

and_bits:
	shift
	| and_bits '&' shift
		{ $$ = build_binary(parser, EXPR_OP_BIT_AND, $1, $3, @$); }
	;

shift:
	sum
	| shift SHIFT_LEFT sum
		{ $$ = build_binary(parser, EXPR_OP_SHIFT_LEFT, $1, $3, @$); }
	| shift SHIFT_RIGHT sum
		{ $$ = build_binary(parser, EXPR_OP_SHIFT_RIGHT, $1, $3, @$); }
	;

sum:
	unary
	| sum '+' unary
		{ $$ = build_binary(parser, EXPR_OP_PLUS, $1, $3, @$); }
	| sum '-' unary
		{ $$ = build_binary(parser, EXPR_OP_MINUS, $1, $3, @$); }
	;

unary:
	primary
	| unary_op unary[operand]
		{ $$ = build_unary(parser, $unary_op, $operand, @$); }
	;

unary_op:
	'!'	{ $$ = EXPR_OP_NOT; }
	| '~'	{ $$ = EXPR_OP_COMPLEMENT; }
	| '-'	{ $$ = EXPR_OP_NEGATE; }
	;

primary:
	NUMBER
		{ $$ = build_number(parser, $1, @$); }
	| name
		{ $$ = expr_new_name(parser->arena, $1.text, @$); }
	| '(' expr ')'
		{ $$ = $expr; }
	| set
	;

set: '{' set_items comma_opt '}'
		{
			$$ = $set_items;
			$$->span = @$;
		}
	;

set_items:
	expr
		{ $$ = build_set_item(parser, NULL, $1, NULL); }
	| expr[first] RANGE expr[last]
		{ $$ = build_set_item(parser, NULL, $first, $last); }
	| set_items ',' expr
		{ $$ = build_set_item(parser, $1, $expr, NULL); }
	| set_items ',' expr[first] RANGE expr[last]
		{ $$ = build_set_item(parser, $1, $first, $last); }
	;

comma_opt: %empty | ',';

/* The sandbox: lines of words, whose meaning is resolved later. */

settings_block:
	'{' settings '}'
		{ $$ = $settings; }
	| '{' settings error '}'
		{ $$ = $settings; }
	;

settings:
	%empty
		{ $$ = build_settings(parser); }
	| settings setting
		{ $$ = build_settings_add(parser, $1, $setting); }
	| settings error ';'	{ yyerrok; }
	| settings error settings_block
	;

setting:
	setting_values ';'
		{ $$ = build_setting_end($1, NULL, @2, @$); }
	| setting_values settings_block
		{ $$ = build_setting_end($1, $2, @2, @$); }
	;

setting_values:
	name
		{ $$ = build_setting(parser, $name); }
	| setting_values name
		{ $$ = build_setting_value(parser, $1, SETTING_WORD, $name); }
	| setting_values NUMBER
		{ $$ = build_setting_number(parser, $1, $NUMBER, @NUMBER); }
	| setting_values string
		{ $$ = build_setting_value(parser, $1, SETTING_STRING, $string); }
	| setting_values ','
		{ $$ = build_setting_value(parser, $1, SETTING_COMMA, (struct ast_name){NULL, @2}); }
	;

/* Names. */

names:
	name
		{ $$ = build_name_add(parser, (ast_names){0}, $1); }
	| names ',' name
		{ $$ = build_name_add(parser, $1, $3); }
	;

/* Where no keyword is expected at all. */
name: any_word	{ $$ = (struct ast_name){$1, @$}; };

/* Behind an action, `any`, `optional` or a comma, up to `where`. */
call_name: call_word	{ $$ = (struct ast_name){$1, @$}; };

/* Where a statement of a group may begin. */
bare_name: bare_word	{ $$ = (struct ast_name){$1, @$}; };

string: STRING	{ $$ = (struct ast_name){$1, @$}; };
group_name: GROUP_NAME	{ $$ = (struct ast_name){$1, @$}; };

any_word: call_word | ANY | OPTIONAL | WHERE;
call_word: bare_word | plain_keyword | action_keyword | WHEN | ELSE;
bare_word: WORD | KILL | PROCESS | THREAD | LINUX | IN | WITHIN;
plain_keyword:
	POLICY | BASELINE | ARCH | INCLUDE | LET | PARAM | DEFAULT | UNKNOWN | FOREIGN | GROUP
	| EXPECT | SANDBOX | PHASE;
action_keyword: ALLOW | DENY | TRAP | TRACE | LOG | NOTIFY;

%%

/* The scanner's number for a token. */
static int token_code(yysymbol_kind_t symbol)
{
	for (int code = 0; code < YYMAXUTOK; code++)
		if (YYTRANSLATE(code) == symbol)
			return code;
	return YYMAXUTOK;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parser *parser)
{
	yysymbol_kind_t expected[YYNTOKENS];
	struct unexpected unexpected = {0};
	int count;

	/* Above the limit mistakes are only counted, which must not take long either. */
	if (parser->diags->errors >= DIAG_ERRORS_MAX) {
		parser_report_unexpected(parser, NULL);
		return 0;
	}
	count = yypcontext_expected_tokens(context, expected, YYNTOKENS);
	unexpected.found = token_code(yypcontext_token(context));
	for (int i = 0; i < count; i++) {
		unexpected.expected[i].kind = token_code(expected[i]);
		unexpected.expected[i].name = yysymbol_name(expected[i]);
	}
	unexpected.count = count > 0 ? (size_t)count : 0;
	parser_report_unexpected(parser, &unexpected);
	return 0;
}
