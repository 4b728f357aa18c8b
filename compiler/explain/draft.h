/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that say what one call gets on one ABI. */
#ifndef PALE_EXPLAIN_DRAFT_H
#define PALE_EXPLAIN_DRAFT_H

#include "compiler/explain/abi_answers.h"

struct draft {
	struct ast_action action;
	const char *action_text;
	struct expr *where;     /* NULL: all that no earlier rule of the call took */
	const char *where_text; /* "" for none */
};

/* The rules of one call, in order. */
struct call_draft {
	call_id call;
	VEC(struct draft) rules;
	const char *text; /* all of them as text: the same words mean the same on each ABI */
};

/* Drafts the rules for CALL, which gets OTHERWISE without any. False with a refusal. */
bool draft_call(struct arena *arena, struct diagrams *diagrams, const struct abi *abi,
		const struct named_answer *call, uint32_t otherwise, struct call_draft *draft,
		struct decompile_refusal *refusal);

/* The action that gives ANSWER on ABI, false where the language has none. */
bool draft_action(struct arena *arena, const struct abi *abi, uint32_t answer,
		  struct ast_action *action, const char **text);

#endif
