/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a program can go from one phase of its policy to the next, and is then held to no more than
 * that. The kernel runs all filters of a process and takes the answer that does most (kill process,
 * kill thread, trap, errno, notify, trace, log, allow), of equal ones the newest filter's. So where a
 * phase does at least as much as the one before it for every call, what it says is what holds.
 */
#ifndef PALE_COMPILER_PHASE_PROOF_H
#define PALE_COMPILER_PHASE_PROOF_H

#include "compiler/findings.h"

/*
 * Holds LATER, a phase of a policy, to EARLIER, the one before it, by the second reading of both, on
 * each machine of ABIS. For calls that LATER answers with less, and where EARLIER stops the call of
 * pale_apply_phase() on one of ABIS, be it for some pointers only, VERDICT has been told, and the
 * result is false.
 */
bool phase_prove(struct arena *arena, const struct policy_text *earlier,
		 const struct policy_text *later, abi_set abis, struct verdict *verdict);

#endif
