/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which calls two filters for one machine differ, in words. The changes together are exactly the
 * calls with different answers: that is checked whenever they are made.
 */
#ifndef PALE_EXPLAIN_CHANGE_H
#define PALE_EXPLAIN_CHANGE_H

#include "compiler/explain/answer.h"
#include "compiler/explain/condition.h"

enum change_kind {
	CHANGE_ADDED,   /* the second lets it pass (allow, log), and the first does not */
	CHANGE_REMOVED, /* the other way round */
	CHANGE_OTHER,
};

struct number_span {
	uint32_t first;
	uint32_t last;
};

/* Calls that get one answer from the first filter, and another from the second. */
struct change {
	const struct abi *abi;           /* NULL: calls by way of no ABI of the machine */
	call_id call;                    /* CALL_NONE: numbers without a name */
	VEC(struct number_span) numbers; /* the call's, or all of them; without ABI, AUDIT_ARCHs */
	uint32_t from;                   /* normal answers: see answer.h */
	uint32_t to;
	bool all; /* all calls of the numbers, or those that `wording` says */
	struct wording wording;
	uint32_t example[WORD_COUNT];
	const char *given; /* what the example takes besides its registers, in words; or NULL */
};

struct changes {
	VEC(struct change) items;
	const char *refusal; /* why there are none to be told; NULL where there is no reason */
};

struct change_request {
	diagram a, b;    /* normal answers */
	abi_set abis;    /* those to tell about, all of one machine */
	abi_set ignored; /* whose calls do not come to the machine */
	bool others;     /* tell about calls by way of neither too */
	size_t limit;    /* of values in one list */
};

/* Adds to CHANGES. What limits do not allow is a refusal. */
void changes_find(struct arena *arena, struct diagrams *diagrams,
		  const struct change_request *request, struct changes *changes);

enum change_kind change_kind_of(const struct change *change);
/*
 * Whether the second decides less: it lets pass (allow, log) what the first does not, or leaves to
 * somebody else (trace, notify) what the first stops.
 */
bool change_is_wider(const struct change *change);

#endif
