/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recording beside a policy, as one page for people: what was called, by whom and how often, what
 * the policy takes away from the kernel, and what it leaves.
 *
 * The page is HTML that stands alone: no script, nothing from a network, and every word of the
 * recording is text in it, whatever it looks like. The same input gives the same bytes.
 */
#ifndef PALE_PROFILER_REPORT_REPORT_H
#define PALE_PROFILER_REPORT_REPORT_H

#include "compiler/prove/diagram.h"
#include "policy-lang/base/text.h"
#include "profiler/recording/recording.h"

/* What the proven filter of one machine answers. */
struct report_machine {
	abi_set abis;   /* all that come to it, whether the policy is for them or not */
	diagram answer; /* normal: see compiler/explain/answer.h */
};

struct report_policy {
	const char *name; /* of the policy, or its file */
	bool inferred;    /* what `pale generate` makes of the recording */
	abi_set abis;     /* those that it is for */
	VEC(struct report_machine) machines;
	struct diagrams *diagrams; /* with a budget: see compiler/explain/budget.h */
};

struct report_input {
	struct arena *arena;
	const struct recording *recording; /* of one run at least */
	const struct report_policy *policy;
	const char *title; /* any bytes */
};

/*
 * Appends the page to OUT. Returns 0, -ENOMEM, or -E2BIG where the policy's filters are too involved
 * to be judged within the budget of the diagrams; OUT is of no use then.
 */
int report_write(const struct report_input *input, struct text *out);

#endif
