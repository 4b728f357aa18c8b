/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is not the same on all ABIs of a policy, of what the policy itself names: for the summary of
 * `pale check`. What stands in shipped rule sets, or behind `any`, is meant to differ.
 */
#ifndef PALE_RESOLVE_DIFFERENCE_H
#define PALE_RESOLVE_DIFFERENCE_H

#include "policy-lang/catalog/call.h"
#include "policy-lang/catalog/constant.h"

/* Each a set of ABIs, by the id of a call or a constant. */
struct differences {
	abi_set *absent;                 /* the call, which a rule names */
	abi_set *hidden;                 /* an argument of it that a condition names */
	const char **hidden_arguments;   /* the first such */
	abi_set (*split)[CALL_ARGS_MAX]; /* an argument in a condition is a pair of registers */
	abi_set (*whole)[CALL_ARGS_MAX]; /* it is one register */
	abi_set *constants;              /* the ABI lacks the constant */
};

struct resolver;

/* Makes room; without it nothing is noted. */
void differences_init(struct resolver *resolver);
/* Each says that it is so on the resolver's ABI, of what stands in the policy's own text. */
void difference_note_absent(struct resolver *resolver, call_id call);
void difference_note_hidden(struct resolver *resolver, call_id call, const char *argument);
void difference_note_argument(struct resolver *resolver, call_id call, unsigned int index);
void difference_note_constant(struct resolver *resolver, const char *name);

#endif
