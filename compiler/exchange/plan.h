/* SPDX-License-Identifier: Apache-2.0 */
/* A profile before it is written down: what any of the formats says, and what is lost in it. */
#ifndef PALE_EXCHANGE_PLAN_H
#define PALE_EXCHANGE_PLAN_H

#include "compiler/exchange/consumer.h"
#include "compiler/exchange/parts.h"

/* One entry: calls of that name whose arguments lie in CUBE get ACTION. */
struct export_entry {
	call_id call;
	seccomp_action action;
	struct cube cube;      /* in the layout of ABI */
	const struct abi *abi; /* the one that the entry was read from */
	struct span span;
};

/* The entry's condition on argument INDEX: (argument & mask) == value; mask 0 is none. */
struct export_test {
	uint64_t mask;
	uint64_t value;
};
struct export_test export_entry_test(const struct export_entry *entry, unsigned int index);
/*
 * The argument that the guard of an entry uses: the last, so that it stands behind all others in
 * libseccomp's trees (in front of others it makes adding rules take exponential time). An entry
 * that tests it cannot be guarded.
 */
#define EXPORT_GUARD_ARGUMENT 5

struct export_plan {
	seccomp_action fallback; /* the default action */
	abi_set abis;            /* those of the policy */
	bool lists_abis;         /* the profile names its ABIs */
	bool guarded;            /* entries must not reach ABIs that the policy leaves out */
	VEC(struct export_entry) entries; /* those without a condition first, then by name */
	/* Calls that get the default like any other, named so that runc knows what is unknown. */
	VEC(call_id) markers;
	VEC(const char *)
	losses; /* what differs from the policy, a line each, without a full stop */
};

/*
 * Plans the profile for RULES. What cannot be said exactly is an error in DIAGS, or with `lossy`
 * a warning and one of the plan's losses. The plan is of use where DIAGS got no error.
 */
void plan_make(struct arena *arena, const struct policy_rules *rules,
	       const struct export_options *options, struct diags *diags, struct export_plan *plan);

#endif
