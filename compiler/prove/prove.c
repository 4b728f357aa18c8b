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

/* FUNCTION where each atom about the value is what it is with that number. */
static diagram close_value(struct diagrams *diagrams, diagram function,
			   const struct proof_value *value)
{
	for (uint32_t i = 0; i < diagrams->atom_count; i++) {
		const struct diagram_atom atom = diagrams->atoms[i];
		variable_id variable = (variable_id)(VARIABLE_ATOMS + i);
		uint32_t half = (uint32_t)(atom.high ? value->number >> 32 : value->number);
		struct field field = field_masked(field_of_word(atom.word, 32), atom.mask);

		if (strcmp(atom.name, value->name) != 0)
			continue;
		function = diagram_select(diagrams, diagram_range(diagrams, &field, half, half),
					  diagram_given(diagrams, function, variable, true),
					  diagram_given(diagrams, function, variable, false));
	}
	return function;
}

/* How many bits the number for LOAD may have on a machine, by the policy. */
static uint8_t load_bits(const struct policy_meaning *meaning, abi_set abis, const char *name)
{
	uint8_t bits = 64;

	for (size_t i = 0; i < meaning->abis.count; i++) {
		const struct abi_reading *reading = meaning->abis.items[i].reading;

		if (!(abis & ABI_BIT(reading->abi->id)))
			continue;
		for (size_t j = 0; j < reading->loads.count; j++)
			if (!strcmp(reading->loads.items[j].name, name) &&
			    reading->loads.items[j].bits < bits)
				bits = reading->loads.items[j].bits;
	}
	return bits;
}

/* Whether no value that FILTER leaves open takes more numbers than the policy has a meaning for. */
static bool loads_fit(const struct policy_meaning *meaning, const struct filter *filter)
{
	for (uint32_t i = 0; i < filter->load_count; i++)
		if (filter->loads[i].bits > load_bits(meaning, filter->abis, filter->loads[i].name))
			return false;
	return true;
}

struct proof prove_filter(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter)
{
	return prove_filled(arena, diagrams, meaning, filter, NULL, 0);
}

struct proof prove_filled(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_meaning *meaning, const struct filter *filter,
			  const struct proof_value *values, size_t count)
{
	struct proof proof = {.result = PROOF_REFUSED};
	struct program_reading program;
	diagram wanted, differs;

	wanted = meaning_of_machine(arena, diagrams, meaning, filter->abis);
	for (size_t i = 0; i < count; i++)
		wanted = close_value(diagrams, wanted, &values[i]);
	if (!program_read(arena, diagrams, filter, &program)) {
		proof.refusal = program.refusal;
		proof.instruction = program.at;
		return proof;
	}
	if (!loads_fit(meaning, filter)) {
		proof.refusal = "a value that is given at load may be larger than what the policy "
				"compares with it";
		proof.instruction = filter->patch_count ? filter->patches[0].instruction : 0;
		return proof;
	}
	differs = diagram_difference(diagrams, wanted, program.answer);
	if (diagrams->overflow) {
		proof.refusal = too_involved;
		return proof;
	}
	if (!diagram_witness(diagrams, differs, proof.words, proof.atoms)) {
		proof.result = PROOF_EQUAL;
		return proof;
	}
	proof.result = PROOF_DIFFERENT;
	proof.expected = diagram_evaluate(diagrams, wanted, proof.words, proof.atoms);
	proof.answer = diagram_evaluate(diagrams, program.answer, proof.words, proof.atoms);
	proof.place = meaning_place(diagrams, meaning, filter->abis, proof.words, proof.atoms);
	proof.instruction = answering(arena, diagrams, filter, proof.words, proof.atoms);
	return proof;
}
