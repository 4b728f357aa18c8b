/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two filters answer alike, for every call there can be. */
#ifndef PALE_BACKEND_EQUAL_H
#define PALE_BACKEND_EQUAL_H

#include "compiler/cbpf/filter.h"
#include "compiler/prove/diagram.h"

enum filters_verdict {
	FILTERS_EQUAL,
	FILTERS_DIFFER,
	FILTERS_UNKNOWN, /* one of them is too involved to be read; `refusal` says why */
};

struct filters_comparison {
	enum filters_verdict verdict;
	uint32_t words[WORD_COUNT]; /* DIFFER: a call, struct seccomp_data in memory order */
	uint32_t left;              /* DIFFER: what the two answer */
	uint32_t right;
	const char *refusal;
};

/* LEFT and RIGHT are such as filter_check() takes. What is worked out is in ARENA. */
struct filters_comparison filters_compare(struct arena *arena, const struct filter *left,
					  const struct filter *right);

/*
 * Writes the call in WORDS (struct seccomp_data in memory order) with its registers as they are, up
 * to the last that is not 0: `ioctl(0x0, 0x100005401) on x86_64`.
 */
void seccomp_data_print(const uint32_t words[WORD_COUNT], struct text *out);

#endif
