/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A witness for the exporters: what a policy and what a filter answer for one call number, as
 * ordered decision diagrams over the bits of the arguments. They are canonical: two that answer
 * alike for every call are the same node. It reads rules and filters for itself and shares no code
 * with what it judges.
 */
#ifndef PALE_TESTS_DECISION_H
#define PALE_TESTS_DECISION_H

#include "compiler/cbpf/filter.h"
#include "compiler/resolve/ruleset.h"

typedef uint32_t decision;

/* All diagrams of one comparison. Ends the program where there is no memory. */
struct decisions;
struct decisions *decisions_new(void);
void decisions_free(struct decisions *all);
/* Forgets all diagrams. */
void decisions_clear(struct decisions *all);

/* The same action whatever the arguments. */
decision decision_leaf(struct decisions *all, seccomp_action action);
/* What RULES answer for NUMBER. */
decision decision_of_rules(struct decisions *all, const struct ruleset *rules, uint32_t number);
/* What FILTER, which passed filter_check(), answers for NUMBER on the ABI with AUDIT_ARCH. */
decision decision_of_filter(struct decisions *all, const struct filter *filter, uint32_t audit_arch,
			    uint32_t number);

/*
 * A call for which the two differ, as argument words in the order of struct seccomp_data; with
 * ONLY_WIDER one that GIVEN answers permissively and WANTED otherwise. False where there is none.
 */
struct difference {
	uint32_t words[12];
	seccomp_action wanted;
	seccomp_action given;
};
bool decision_difference(struct decisions *all, decision wanted, decision given, bool only_wider,
			 struct difference *difference);

#endif
