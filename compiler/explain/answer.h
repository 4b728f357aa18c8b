/* SPDX-License-Identifier: Apache-2.0 */
/* What filters answer, as the kernel takes it: by what it does and not by its bits. */
#ifndef PALE_EXPLAIN_ANSWER_H
#define PALE_EXPLAIN_ANSWER_H

#include "compiler/explain/apply.h"
#include "policy-lang/catalog/abi.h"

/*
 * The one value for all that the kernel treats alike (kernel/seccomp.c): it ignores the data of
 * allow, log, notify and both kills, cuts an errno to MAX_ERRNO, and kills the process for an action
 * that it does not know.
 */
uint32_t answer_normal(uint32_t value);
diagram answer_normalise(struct arena *arena, struct diagrams *diagrams, diagram answer);

/*
 * What a process with both filters gets, NEWER having been installed behind OLDER, as
 * seccomp_run_filters() joins them: the newest runs first, actions compare signed without their data,
 * the lowest wins and the first of equals. Takes and gives values as the filters return them.
 */
diagram answer_stack(struct arena *arena, struct diagrams *diagrams, diagram newer, diagram older);

/* ANSWER for the calls with that AUDIT_ARCH, and of those, of one number: functions of the rest. */
diagram answer_of_arch(const struct diagrams *diagrams, diagram answer, uint32_t audit_arch);
diagram answer_of_number(const struct diagrams *diagrams, diagram of_arch, uint32_t number);

/* Numbers with one answer, which looks at arguments (and the instruction pointer) only. */
struct number_piece {
	uint32_t first;
	uint32_t last;
	diagram answer;
};
struct number_pieces {
	VEC(struct number_piece) items;
};
enum {
	NUMBER_PIECES_MAX = 20000
};
/*
 * The numbers FIRST to LAST of OF_ARCH as pieces, in order and as few as can be. False where they
 * are more than NUMBER_PIECES_MAX.
 */
bool answer_pieces(struct arena *arena, const struct diagrams *diagrams, diagram of_arch,
		   uint32_t first, uint32_t last, struct number_pieces *pieces);

/*
 * ANSWER with number -1 treated as the one before it. No call has that number: a tracer sets it to have
 * a call skipped, and filters that let it go where others go (libseccomp's do) mean no call by it.
 */
#define NUMBER_SKIP UINT32_MAX
diagram answer_without_skip(struct diagrams *diagrams, diagram answer);

/* The values of AUDIT_ARCH that ABIs of the catalogue have, and one that none has. */
#define AUDIT_ARCH_NONE 0u
/* The ABIs whose calls ANSWER does not treat as it treats calls by way of no ABI at all. */
abi_set answer_abis(struct diagrams *diagrams, diagram answer);

/* The calls by way of ABI. */
diagram answer_calls_of_abi(struct diagrams *diagrams, const struct abi *abi);

#endif
