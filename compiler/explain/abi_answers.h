/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a filter answers on one ABI, as a policy sees it: by named call, and for all other numbers
 * `default` up to a highest one and `unknown` above it.
 */
#ifndef PALE_EXPLAIN_ABI_ANSWERS_H
#define PALE_EXPLAIN_ABI_ANSWERS_H

#include "compiler/explain/decompile.h"

struct named_answer {
	uint32_t number;
	call_id call;
	diagram answer;
};

struct abi_answers {
	const struct abi *abi;
	uint32_t foreign;
	VEC(struct named_answer) calls; /* by number */
	struct number_pieces others;    /* numbers without a name, each piece a leaf */
	/* Once settled: */
	uint32_t highest;
	uint32_t unmatched;
	uint32_t unknown;
};
struct abi_answers_list {
	VEC(struct abi_answers) items; /* in the order of enum abi_id */
};

/* Reads each ABI of the request. False with a refusal. */
bool abi_answers_read(struct arena *arena, struct diagrams *diagrams,
		      const struct decompile_request *request, struct abi_answers_list *list,
		      struct decompile_refusal *refusal);

/*
 * Finds the baseline with which `default` and `unknown` leave the fewest calls to say, and first of
 * all the fewest that are newer than it, of which a policy is warned; the newest of equals; and
 * settles each ABI for it. *NEEDED is false where any baseline would do. False with a refusal where
 * none can say what numbers without a name get.
 */
bool abi_answers_settle(struct arena *arena, struct diagrams *diagrams,
			struct abi_answers_list *list, struct kernel_version *baseline,
			bool *needed, struct decompile_refusal *refusal);

/* What CALL gets where no rule is for it. */
uint32_t abi_answers_otherwise(const struct abi_answers *answers, const struct named_answer *call,
			       struct kernel_version baseline);

/* Refuses, and shows a call with NUMBER in SET (over the words of arguments). */
void decompile_refuse(const struct diagrams *diagrams, struct decompile_refusal *refusal,
		      const struct abi *abi, uint32_t number, diagram set, const char *why);

#endif
