/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy's proven filters do with calls. */
#ifndef PALE_PROFILER_REPORT_JUDGEMENT_H
#define PALE_PROFILER_REPORT_JUDGEMENT_H

#include "profiler/report/report.h"

/* From what takes most away to what takes nothing. */
enum standing {
	STANDING_ABSENT, /* there is no such call, or no filter for its machine */
	STANDING_DENIED,
	STANDING_ASKED, /* somebody else decides: a tracer or a supervisor */
	STANDING_CONDITIONS,
	STANDING_ALLOWED,
	STANDING_COUNT
};
/* "denied", "with conditions", ... */
const char *standing_text(enum standing standing);
/* The same as a name of a class of the page's style. */
const char *standing_class(enum standing standing);

/*
 * What becomes of the calls of NUMBER on ABI that are in CONDITION (over the words of arguments):
 * ALLOWED where all pass, CONDITIONS where some do, ASKED where none does but some are handed on.
 */
enum standing judge_calls(const struct report_input *input, const struct abi *abi, uint32_t number,
			  diagram condition);

/* The same in the policy's words, "allow where ...; else deny EPERM". */
const char *judge_text(const struct report_input *input, const struct abi *abi, uint32_t number);

/* Whether the policy has a filter for the machine that runs ABI. */
bool judge_serves(const struct report_policy *policy, const struct abi *abi);

#endif
