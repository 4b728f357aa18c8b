/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls by which something is reached: written as the body of a group in the policy language, read for
 * the ABIs of each machine, and asked of the policy and of the recording.
 */
#ifndef PALE_PROFILER_REPORT_ENTRY_H
#define PALE_PROFILER_REPORT_ENTRY_H

#include "profiler/report/judgement.h"
#include "profiler/report/survey.h"

/* Calls of one number that lead in. */
struct entry_way {
	const struct abi *abi;
	uint32_t number;
	call_id call;
	diagram condition; /* over the words of arguments */
	bool is_plain;     /* the condition asks nothing but bits of words, which are: */
	uint32_t looks[WORD_COUNT];
};

struct entry {
	VEC(struct entry_way) ways;
	const char *problem; /* why it could not be read on some ABI, or NULL */
};

/*
 * Reads TEXT for each of ABIS. What makes one of its calls by another number (socketcall) is a way
 * too. What cannot be read is no way, and so must be taken for open: PROBLEM says why.
 */
struct entry entry_read(const struct report_input *input, const char *text, abi_set abis);

/* The widest standing of its ways; OPEN gets those that the policy does not deny, may be NULL. */
struct entry_ways {
	VEC(const struct entry_way *) items;
};
enum standing entry_standing(const struct report_input *input, const struct entry *entry,
			     struct entry_ways *open);

enum entry_use {
	ENTRY_UNUSED,
	ENTRY_UNCLEAR, /* calls of its numbers were made, with which arguments is not known */
	ENTRY_USED,
};
struct entry_users {
	VEC(struct seen_executable *) items;
};
/* Whether the recording shows such calls, and by whom: USED before UNCLEAR. */
enum entry_use entry_used(const struct report_input *input, struct survey *survey,
			  const struct entry *entry, struct entry_users *users);

#endif
