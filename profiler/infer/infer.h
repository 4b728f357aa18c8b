/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a recording to a policy: a tree that allows what was seen, never less, and says on each
 * rule what it was seen by. What is deliberately wider than what was seen is written down in
 * doc/recording.md.
 */
#ifndef PALE_PROFILER_INFER_INFER_H
#define PALE_PROFILER_INFER_INFER_H

#include "policy-lang/ast.h"
#include "policy-lang/base/diag.h"
#include "profiler/recording/recording.h"
#include "profiler/static/static.h"

enum infer_detail {
	INFER_BALANCED,   /* arguments that carry authority, and what the level of widening adds */
	INFER_NAMES_ONLY, /* no conditions */
	INFER_EXACT,      /* every argument that a policy can use, the tuples as seen, no more */
};

/*
 * How much a balanced policy allows beside what was seen. Each level allows all that the one before
 * allows; none adds a call that gives rights, or that looks into the kernel or into other processes.
 */
enum infer_widen {
	INFER_WIDEN_NONE = -1,       /* nothing */
	INFER_WIDEN_EQUIVALENTS = 0, /* other spellings of what was seen, and companions */
	INFER_WIDEN_FAMILY,          /* more of the same work */
	INFER_WIDEN_SETS,            /* the shipped groups for that work */
};

/* Which phases of the recording, and how they stand in the policy. */
enum infer_phases {
	INFER_PHASES_JOINED, /* both, as one */
	INFER_PHASES_START,
	INFER_PHASES_SERVING,
	INFER_PHASES_BOTH, /* both as one, and a phase block for what was seen in serving */
};

struct infer_options {
	enum infer_detail detail;
	enum infer_widen widen; /* of a balanced policy */
	enum infer_phases phases;
	abi_set abis;         /* leave out other ABIs' calls; 0 is all that were seen */
	bool no_expectations; /* no `expect` lines at the end */
	const char *name;     /* of the policy */
	const struct static_evidence *statics; /* what the code could call besides, or NULL */
};

/*
 * The policy that RECORDING asks for, in ARENA. What makes the recording a poor witness (a filter
 * in force, calls lost, numbers without a name) goes to DIAGS as warnings; a recording without a
 * call to allow, and no static evidence either, as an error, and then the result is NULL.
 */
struct policy_ast *infer_policy(struct arena *arena, const struct recording *recording,
				const struct infer_options *options, struct diags *diags);

#endif
