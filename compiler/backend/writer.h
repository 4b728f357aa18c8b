/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of making a filter with libseccomp share; for compiler/backend/ alone. */
#ifndef PALE_BACKEND_WRITER_H
#define PALE_BACKEND_WRITER_H

#include "compiler/backend/libseccomp.h"
#include "compiler/backend/seccomp_functions.h"
#include "compiler/exchange/parts.h"

struct writer {
	struct arena *arena;
	const struct libseccomp *library;
	const struct policy_rules *rules;
	struct diags *diags;
	seccomp_action fallback; /* libseccomp's default: what a number without a rule gets */
	VEC(const char *) said;  /* refusals, so that each is made once for all ABIs */
};

/* One rule for libseccomp. */
struct call_rule {
	uint32_t number;
	struct part part;
};
typedef VEC(struct call_rule) call_rule_list;

/* Reports what libseccomp cannot say. */
void writer_refuse(struct writer *writer, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The text of an action, in the arena. */
const char *writer_action(const struct writer *writer, seccomp_action action,
			  const struct abi *abi);
/* The name of NUMBER's call on ABI, or the number. */
const char *writer_call(const struct writer *writer, const struct abi *abi, uint32_t number);

/*
 * Whether libseccomp has the ABIs, the actions and the frame of the rules: fills `fallback`. Reports
 * what it has not.
 */
bool writer_check(struct writer *writer);

/*
 * What RULES come to, as rules that do not meet, ordered as libseccomp takes them best: those without a
 * condition first. False where the limits are passed, which is reported.
 */
bool writer_read_rules(struct writer *writer, const struct ruleset *rules, call_rule_list *list);
/*
 * Whether LIST, given to libseccomp, would mean what it says: conditions on words that it does not
 * test, and calls whose rules it gives to a multiplexer too, are reported.
 */
bool writer_check_rules(struct writer *writer, const struct ruleset *rules,
			const call_rule_list *list);
/* Gives LIST to CONTEXT, which is for that ABI alone. False where a rule was refused; it is reported. */
bool writer_add_rules(struct writer *writer, const struct ruleset *rules,
		      const call_rule_list *list, scmp_filter_ctx context);

#endif
