/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the prover finds, as diagnostics: the policy is read a second time, its rules and expectations
 * are judged by that reading, and each filter is held against it.
 */
#ifndef PALE_COMPILER_FINDINGS_H
#define PALE_COMPILER_FINDINGS_H

#include "compiler/graph/verdict.h"
#include "compiler/prove/prove.h"
#include "compiler/resolve/resolve.h"

/* What rules were resolved from. */
struct policy_text {
	const struct policy_ast *ast;
	struct sources *sources;
	struct library *library;
	const struct definition *definitions;
	size_t definition_count;
	const struct stmt *phase; /* whose rules they are; NULL: the first */
};

/* The second reading of a policy; it serves all of its machines. */
struct second_reading {
	struct diagrams *diagrams;
	struct policy_reading policy;
	struct policy_meaning meaning;
};

/*
 * Reads TEXT for ABIS. False where that goes beyond a limit, or where the second reading makes no
 * sense of what the first took for good; VERDICT has been told.
 */
bool findings_read(struct arena *arena, const struct policy_text *text, abi_set abis,
		   struct second_reading *reading, struct verdict *verdict);

/* The same in DIAGRAMS, where other readings are that it is to be compared with. */
bool findings_read_beside(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_text *text, abi_set abis,
			  struct second_reading *reading, struct verdict *verdict);

/* Adds to DIAG which values that are known only at load a call means, by the truths in ATOMS. */
void findings_note_loaded(const struct diagrams *diagrams, const uint32_t words[WORD_COUNT],
			  const uint8_t atoms[ATOMS_MAX], struct diag *diag,
			  struct verdict *verdict);
/* Reports that what ABIS need passes the limits of diagrams. */
void findings_report_limit(struct verdict *verdict, abi_set abis, struct span span);

/* Reports items that no call reaches, and, once for all ABIs, expectations that do not hold. */
void findings_judge(struct arena *arena, struct second_reading *reading, struct verdict *verdict);

/*
 * Whether FILTER, in which VALUES are filled in, does what the policy says with these. Where it does not, or where that cannot be told, the
 * filter is of no use: VERDICT has been told, with a call.
 */
bool findings_prove_filled(struct arena *arena, struct second_reading *reading,
			   const struct filter *filter, const struct proof_value *values,
			   size_t count, struct verdict *verdict);
/* The same for one that has no values filled in. */
bool findings_prove(struct arena *arena, struct second_reading *reading,
		    const struct filter *filter, struct verdict *verdict);

#endif
