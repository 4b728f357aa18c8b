/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/prove.h"

#include "compiler/prove/program.h"

static const char too_involved[] = "its conditions are too involved";

struct proof prove_filter(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter)
{
	struct proof proof = {.result = PROOF_REFUSED};
	struct program_reading program;
	diagram wanted, differs;
	uint8_t atoms[ATOMS_MAX];
	struct filter_run run;

	wanted = meaning_of_machine(arena, diagrams, meaning, filter->abis);
	if (!program_read(arena, diagrams, filter, &program)) {
		proof.refusal = program.refusal;
		proof.instruction = program.at;
		return proof;
	}
	differs = diagram_difference(diagrams, wanted, program.answer);
	if (diagrams->overflow) {
		proof.refusal = too_involved;
		return proof;
	}
	if (!diagram_witness(diagrams, differs, proof.words, atoms)) {
		proof.result = PROOF_EQUAL;
		return proof;
	}
	proof.result = PROOF_DIFFERENT;
	proof.expected = diagram_evaluate(diagrams, wanted, proof.words, atoms);
	proof.answer = diagram_evaluate(diagrams, program.answer, proof.words, atoms);
	proof.place = meaning_place(diagrams, meaning, filter->abis, proof.words, atoms);
	run = filter_simulate(filter, proof.words);
	proof.instruction = run.last;
	return proof;
}
