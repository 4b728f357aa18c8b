/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/prove.h"

#include "compiler/prove/program.h"

#include <string.h>

static const char too_involved[] = "its conditions are too involved";

/* Half of a value that is known only at load, with which the atoms about it are as true as ATOMS. */
static uint32_t half_of_load(const struct diagrams *diagrams, const char *name, bool high,
			     const uint32_t words[WORD_COUNT], const uint8_t atoms[ATOMS_MAX])
{
	uint32_t half = 0;

	for (uint32_t i = 0; i < diagrams->atom_count; i++) {
		const struct diagram_atom *atom = &diagrams->atoms[i];
		uint32_t met = words[atom->word] & atom->mask;

		if (atom->high != high || strcmp(atom->name, name) != 0)
			continue;
		if (atoms[i])
			return met;
		/* None that is met and must not be: the number behind the greatest of those. */
		if (met >= half)
			half = met + 1;
	}
	return half;
}

/* The instruction with which FILTER answers a call, with values for what is open in it. */
static uint32_t answering(struct arena *arena, const struct diagrams *diagrams,
			  const struct filter *filter, const uint32_t words[WORD_COUNT],
			  const uint8_t atoms[ATOMS_MAX])
{
	uint64_t *values = arena_alloc_array(arena, filter->load_count + 1, sizeof(*values));

	for (uint32_t i = 0; i < filter->load_count; i++) {
		const char *name = filter->loads[i].name;

		values[i] = half_of_load(diagrams, name, false, words, atoms) |
			    (uint64_t)half_of_load(diagrams, name, true, words, atoms) << 32;
	}
	return filter_simulate(filter_fill(arena, filter, values), words).last;
}

struct proof prove_filter(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter)
{
	struct proof proof = {.result = PROOF_REFUSED};
	struct program_reading program;
	diagram wanted, differs;
	uint8_t atoms[ATOMS_MAX];

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
	proof.instruction = answering(arena, diagrams, filter, proof.words, atoms);
	return proof;
}
