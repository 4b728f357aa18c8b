/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a token that the grammar did not expect. For this folder alone. */
#ifndef PALE_POLICY_LANG_PARSE_ERROR_H
#define PALE_POLICY_LANG_PARSE_ERROR_H

#include "policy-lang/parser.h"

/* More than the grammar has tokens. */
enum {
	EXPECTED_MAX = 96
};

struct unexpected {
	int found; /* a token's kind; it stands at parser->last[0] */
	struct {
		int kind;
		const char *name; /* as messages spell it */
	} expected[EXPECTED_MAX];
	size_t count;
};

/*
 * Reports [syntax], unless the token is damaged or the reading has ended at a limit. NULL only
 * counts the mistake.
 */
void parser_report_unexpected(struct parser *parser, const struct unexpected *unexpected);

#endif
