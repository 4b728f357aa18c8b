/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts put together to the policy's tree: what the files that write its parts share. */
#ifndef PALE_PROFILER_INFER_COMPOSE_H
#define PALE_PROFILER_INFER_COMPOSE_H

#include "profiler/infer/rules.h"

/* A list of rules in the making: the policy's own, or a phase's. */
struct composition {
	struct arena *arena;
	const struct recording *recording;
	const struct infer_options *options;
	const struct observations *observations;
	struct kernel_version baseline;
	draft_list drafts;
	size_t indent;
	bool serving; /* for a program that has begun to serve */
};

struct stmt *compose_stmt(struct composition *composition, struct stmt_list *list,
			  enum stmt_kind kind);
struct stmt *compose_rule(struct composition *composition, struct stmt_list *list,
			  enum draft_action action);
void compose_item(struct composition *composition, struct stmt *stmt, bool any, const char *name);
/* TEXT above STMT, broken into lines. */
void compose_comment(struct composition *composition, struct stmt *stmt, const char *text);
/* `when arch == ABI { ... }` */
struct stmt *compose_when(struct composition *composition, struct stmt_list *list, enum abi_id abi);

/* The ABIs among ABIS where the draft's call, or an equivalent for `any`, exists. */
abi_set draft_abis(const struct draft_rule *draft, abi_set abis);
/* Whether it is `allow [any] CALL` and no more needs to be said. */
bool draft_is_plain(const struct draft_rule *draft);

/*
 * What every program needs, and no recording need have shown. Drafts that allow no more are gone
 * then.
 */
void compose_necessities(struct composition *composition, struct stmt_list *list);
/* The drafts. */
void compose_rules(struct composition *composition, struct stmt_list *list);
/* The shipped groups, where the level of widening asks for them. */
void compose_groups(struct composition *composition, struct stmt_list *list);
/* `expect` lines for the drafts, which must all be there yet. */
void compose_expectations(struct composition *composition, struct stmt_list *list);

/* What the policy cannot know, into the comments above STMT. */
void compose_unsure(struct composition *composition, struct stmt *stmt);
/* The same as warnings, where it makes the recording a poor witness. */
void unsure_warn(const struct recording *recording, const struct observations *observations,
		 struct diags *diags);

#endif
