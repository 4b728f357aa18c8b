/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts in the making: what rules.c and narrow.c share. */
#ifndef PALE_PROFILER_INFER_DRAFTING_H
#define PALE_PROFILER_INFER_DRAFTING_H

#include "profiler/infer/condition.h"
#include "profiler/infer/rules.h"

struct drafting {
	const struct draft_request *request;
	struct arena *arena;
	enum abi_id abi;
	bool *covered; /* by call_id */
	draft_list *drafts;
};

/* What `any` stands for. */
struct family {
	const struct equivalent *members;
	unsigned int count;
};
struct family drafting_family(const struct drafting *drafting, call_id call);

/* What was observed of CALL on the drafting's ABI, or NULL. */
const struct observed_call *drafting_observed(const struct drafting *drafting, call_id call);

/*
 * All that was observed of FAMILY, into TABLE as infer_table_begin() made it; false where one
 * condition cannot hold for all.
 */
bool drafting_gather_family(struct drafting *drafting, const struct family *family,
			    struct infer_table *table);
/* Leaves out of the flags what clone does not take: CLONE_CLEAR_SIGHAND and above. */
void drafting_narrow_to_clone(struct infer_table *table, call_id head);
/* Whether a table of clone's flags has some that make no thread. */
bool drafting_table_forks(const struct infer_table *table);
/* WHERE may be NULL. */
void draft_set_condition(struct drafting *drafting, struct draft_rule *draft, struct expr *where);

#endif
