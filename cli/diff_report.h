/* SPDX-License-Identifier: Apache-2.0 */
/* What two policies or filters differ in, put together for people and for programs. */
#ifndef PALE_CLI_DIFF_REPORT_H
#define PALE_CLI_DIFF_REPORT_H

#include "compiler/explain/change.h"
#include "policy-lang/base/text.h"

/* Changes of several calls and ABIs that are said in one line. */
struct diff_group {
	abi_set abis; /* 0: calls by way of other ABIs */
	enum change_kind kind;
	const char *from; /* "deny EPERM" */
	const char *to;
	const char *where;                  /* the condition, or NULL */
	const char *more;                   /* what no condition says of it, counted; or NULL */
	VEC(const struct change *) changes; /* one a call, as the first of the ABIs has them */
	const struct change *example;
};

struct diff_report {
	abi_set only_a; /* machines that only one has a filter for, as ABIs */
	abi_set only_b;
	abi_set compared;
	bool sandbox_differs;
	bool wider_only; /* what B does not let do more than A was left out */
	bool equal;      /* before that */
	VEC(struct diff_group) groups;
};

/*
 * Joins CHANGES, of all machines, that are said in the same words; with `wider_only`, those of them
 * that let more pass.
 */
void diff_report_group(struct arena *arena, const struct changes *changes,
		       struct diff_report *report);

/* Whether there is nothing to report. */
bool diff_report_is_empty(const struct diff_report *report);
/* `ioctl(0x0, 0x5412, 0x0)`: the registers that the call reads. */
const char *diff_report_call(struct arena *arena, const struct change *change);

void diff_report_print(struct arena *arena, const struct diff_report *report, struct text *out);
/* The shape is documented in doc/diff.md. False where memory ran out. */
bool diff_report_print_json(struct arena *arena, const struct diff_report *report, const char *a,
			    const char *b, struct text *out);

#endif
