/* SPDX-License-Identifier: Apache-2.0 */
/* What was seen of a call's arguments, with the names that the catalogue has. */
#ifndef PALE_PROFILER_REPORT_ARGUMENTS_H
#define PALE_PROFILER_REPORT_ARGUMENTS_H

#include "profiler/report/survey.h"

struct seen_value {
	uint64_t value;
	uint64_t count;
};

struct seen_argument {
	const char *name;
	bool behind; /* read through a pointer */
	bool ruled;  /* VALUES are those that were seen; else LEAST to MOST */
	bool more;   /* there were others, which were not kept */
	uint64_t least, most;
	VEC(struct seen_value) values; /* by count */
};
struct seen_arguments {
	VEC(struct seen_argument) items; /* in the order of the call's */
};

/* All arguments that were recorded for the call. */
struct seen_arguments arguments_gather(struct arena *arena, const struct seen_call *call);

/* VALUE of ARGUMENT by its names, or as a number: "O_RDWR | O_CREAT", "-100". */
const char *argument_value(struct arena *arena, const struct seen_call *call,
			   const struct seen_argument *argument, uint64_t value);
/* LEAST to MOST of an argument whose values were not kept, or NULL where nothing is worth saying. */
const char *argument_range(struct arena *arena, const struct seen_call *call,
			   const struct seen_argument *argument);

/* "openat(dirfd, pathname, flags, mode)"; the name alone for a number without a name. */
const char *call_signature(struct arena *arena, const struct seen_call *call);
/* The name of an errno of the call's ABI, or its number. */
const char *error_name(struct arena *arena, const struct seen_call *call, int number);

#endif
