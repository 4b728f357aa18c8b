/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/random_calls.h"

#include <assert.h>
#include <string.h>

/* A number that the filter compares with, or one beside it; or one of those at which words end. */
static uint32_t draw_word(const struct random_calls *calls)
{
	static const uint32_t corners[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff};
	struct dice *dice = calls->dice;
	uint32_t kind = dice_below(dice, 8);

	if (kind == 0)
		return (uint32_t)dice_bits(dice, 32);
	if (kind < 3)
		return corners[dice_below(dice, 6)];
	return calls->filter->instructions[dice_below(dice, calls->filter->count)].k +
	       (dice_once_in(dice, 3) ? dice_below(dice, 3) - 1 : 0);
}

/* The half of the value that an atom asks for. */
static uint32_t atom_half(const struct random_calls *calls, const struct diagram_atom *atom)
{
	for (uint32_t i = 0; i < calls->filter->load_count; i++)
		if (!strcmp(calls->filter->loads[i].name, atom->name))
			return (uint32_t)(calls->loads[i] >> (atom->high ? 32 : 0));
	assert(!"an atom is about a value that the filter does not have");
	return 0;
}

void random_calls_atoms(const struct random_calls *calls, const uint32_t words[WORD_COUNT],
			uint8_t atoms[ATOMS_MAX])
{
	for (uint32_t i = 0; i < calls->diagrams->atom_count; i++) {
		const struct diagram_atom *atom = &calls->diagrams->atoms[i];

		atoms[i] = (words[atom->word] & atom->mask) == atom_half(calls, atom);
	}
}

/* Makes the words what the first variable of a way through a diagram is to be. */
static void set_variable(const struct random_calls *calls, variable_id variable, bool value,
			 uint32_t words[WORD_COUNT])
{
	const struct diagram_atom *atom;
	uint32_t bit;

	if (variable < VARIABLE_ATOMS) {
		bit = 1u << variable_bit(variable);
		words[variable_word(variable)] &= ~bit;
		words[variable_word(variable)] |= value ? bit : 0;
	} else if (value) {
		atom = &calls->diagrams->atoms[variable - VARIABLE_ATOMS];
		words[atom->word] &= ~atom->mask;
		words[atom->word] |= atom_half(calls, atom) & atom->mask;
	}
}

static void walk(const struct random_calls *calls, diagram way, uint32_t words[WORD_COUNT])
{
	while (!diagram_is_leaf(calls->diagrams, way)) {
		diagram low = diagram_low(calls->diagrams, way);
		/* Most ways are short ones, to what one bit decides: do not always take them. */
		bool high = diagram_is_leaf(calls->diagrams, low) ? !dice_once_in(calls->dice, 4)
								  : dice_once_in(calls->dice, 2);

		set_variable(calls, diagram_variable(calls->diagrams, way), high, words);
		way = high ? diagram_high(calls->diagrams, way) : low;
	}
}

void random_call_of(const struct random_calls *calls, const struct abi_meaning *abi,
		    const struct call_meaning *call, uint32_t words[WORD_COUNT])
{
	words[WORD_NR] = call->number;
	words[WORD_ARCH] = abi->reading->abi->audit_arch;
	for (int i = 2; i < WORD_COUNT; i++)
		words[i] = draw_word(calls);
	if (!dice_once_in(calls->dice, 3))
		walk(calls, call->answer, words);
}

void random_call_any(const struct random_calls *calls, const struct abi_meaning *abi,
		     uint32_t words[WORD_COUNT])
{
	const struct abi *that = abi->reading->abi;
	struct dice *dice = calls->dice;

	for (int i = 1; i < WORD_COUNT; i++)
		words[i] = draw_word(calls);
	switch (dice_below(dice, 5)) {
	case 0:
		words[WORD_NR] = draw_word(calls);
		break;
	case 1:
		words[WORD_NR] = abi->reading->highest + dice_below(dice, 3) - 1;
		break;
	case 2:
		words[WORD_NR] = that->number_private + dice_below(dice, 16) - 2;
		break;
	case 3:
		words[WORD_NR] = dice_once_in(dice, 2) ? that->number_last : that->number_first;
		words[WORD_NR] += dice_below(dice, 3) - 1;
		break;
	default:
		words[WORD_NR] = that->number_base + dice_below(dice, 600);
	}
	if (!dice_once_in(dice, 4))
		words[WORD_ARCH] = that->audit_arch;
	else if (dice_once_in(dice, 2))
		words[WORD_ARCH] = abi_get((enum abi_id)dice_below(dice, ABI_COUNT))->audit_arch;
}

void random_call_near(const struct random_calls *calls, uint32_t words[WORD_COUNT])
{
	for (int i = 0; i < WORD_COUNT; i++)
		words[i] = draw_word(calls);
}
