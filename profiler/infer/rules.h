/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules one ABI's observations ask for; infer_policy.c puts those of all ABIs together. */
#ifndef PALE_PROFILER_INFER_RULES_H
#define PALE_PROFILER_INFER_RULES_H

#include "profiler/infer/companions.h"

enum draft_action {
	DRAFT_ALLOW,
	DRAFT_ABSENT, /* deny ENOSYS: the recording kernel had no such call */
};

/* `[any] NAME [where ...]`, and the calls that were seen and are behind it. */
struct draft_rule {
	enum abi_id abi;
	enum draft_action action;
	bool any;
	bool companion; /* companions.h: not seen, and no more than what was */
	bool forks;     /* fork or vfork, beside a clone that makes children */
	bool widened;   /* a companion of a level above the first */
	call_id call;
	struct expr *where;
	const char *where_text;                     /* "" without one */
	VEC(const struct observed_call *) evidence; /* empty: added by inference itself */
	VEC(const char *) notes;                    /* what the reader should know */
};
typedef VEC(struct draft_rule *) draft_list;

struct draft_request {
	struct arena *arena;
	const struct observations *observations;
	enum infer_detail detail;
	enum infer_widen widen; /* of a balanced policy */
	struct kernel_version baseline;
	struct diags *diags;
};

/* Adds the rules of ABI to DRAFTS, ordered by the name of the call. */
void infer_draft_rules(const struct draft_request *request, enum abi_id abi, draft_list *drafts);

/*
 * Adds what is left of ALL for the observations of REQUEST, which are some of those that ALL came
 * of: each rule allows no more than the one in ALL does. For a tighter filter that is put on later.
 */
void infer_narrow_rules(const struct draft_request *request, const draft_list *all,
			draft_list *drafts);

#endif
