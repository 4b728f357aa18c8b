/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/bits.h"

#include <assert.h>
#include <linux/filter.h>

struct bits bits_constant(uint32_t value)
{
	struct bits bits;

	for (unsigned int i = 0; i < 32; i++)
		bits.of[i] = value >> i & 1 ? DIAGRAM_ALL : DIAGRAM_NONE;
	return bits;
}

struct bits bits_of_word(struct diagrams *diagrams, unsigned int word)
{
	struct bits bits;

	for (unsigned int i = 0; i < 32; i++)
		bits.of[i] = diagram_of_bit(diagrams, variable_of_bit(word, i));
	return bits;
}

static diagram exclusive_or(struct diagrams *diagrams, diagram a, diagram b)
{
	if (b == DIAGRAM_NONE)
		return a;
	if (b == DIAGRAM_ALL)
		return diagram_not(diagrams, a);
	return diagram_select(diagrams, a, diagram_not(diagrams, b), b);
}

/* A + B + CARRY, or with B's bits turned and CARRY set, A - B. */
static struct bits add(struct diagrams *diagrams, const struct bits *a, const struct bits *b,
		       diagram carry)
{
	struct bits sum;

	for (unsigned int i = 0; i < 32; i++) {
		diagram half = exclusive_or(diagrams, a->of[i], b->of[i]);

		sum.of[i] = exclusive_or(diagrams, half, carry);
		carry = diagram_select(diagrams, half, carry, b->of[i]);
	}
	return sum;
}

static struct bits subtract(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	struct bits turned;

	for (unsigned int i = 0; i < 32; i++)
		turned.of[i] = diagram_not(diagrams, b->of[i]);
	return add(diagrams, a, &turned, DIAGRAM_ALL);
}

/* SET ? YES : NO, bit by bit. */
static struct bits choose(struct diagrams *diagrams, diagram set, const struct bits *yes,
			  const struct bits *no)
{
	struct bits chosen;

	for (unsigned int i = 0; i < 32; i++)
		chosen.of[i] = diagram_select(diagrams, set, yes->of[i], no->of[i]);
	return chosen;
}

static struct bits shift_constant(const struct bits *a, unsigned int by, bool left)
{
	struct bits moved;

	for (unsigned int i = 0; i < 32; i++) {
		unsigned int from = left ? i - by : i + by; /* wraps to 32 or more where none is */

		moved.of[i] = from < 32 ? a->of[from] : DIAGRAM_NONE;
	}
	return moved;
}

static struct bits shift(struct diagrams *diagrams, const struct bits *a, const struct bits *by,
			 bool left)
{
	struct bits result = *a;

	for (unsigned int i = 0; i < 5; i++) {
		struct bits moved = shift_constant(&result, 1u << i, left);

		result = choose(diagrams, by->of[i], &moved, &result);
	}
	return result;
}

static struct bits multiply(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	struct bits result = bits_constant(0);

	for (unsigned int i = 0; i < 32 && !diagrams->overflow; i++) {
		struct bits moved = shift_constant(a, i, true);
		struct bits sum;

		if (b->of[i] == DIAGRAM_NONE)
			continue;
		sum = add(diagrams, &result, &moved, DIAGRAM_NONE);
		result = choose(diagrams, b->of[i], &sum, &result);
	}
	return result;
}

/* As on paper: bit by bit from the top, the divisor is taken off where it fits. */
static struct bits divide(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	struct bits rest = bits_constant(0), result = bits_constant(0);

	for (unsigned int i = 32; i-- > 0 && !diagrams->overflow;) {
		/* What is shifted out: the rest is then larger than any divisor. */
		diagram above = rest.of[31], fits;
		struct bits less;

		rest = shift_constant(&rest, 1, true);
		rest.of[0] = a->of[i];
		fits = diagram_or(diagrams, above,
				  diagram_not(diagrams, bits_greater(diagrams, b, &rest)));
		less = subtract(diagrams, &rest, b);
		rest = choose(diagrams, fits, &less, &rest);
		result.of[i] = fits;
	}
	return result;
}

/* AND, OR and XOR. */
static struct bits operate_each(struct diagrams *diagrams, uint16_t operation, const struct bits *a,
				const struct bits *b)
{
	struct bits result;

	for (unsigned int i = 0; i < 32; i++) {
		if (operation == BPF_AND)
			result.of[i] = diagram_and(diagrams, b->of[i], a->of[i]);
		else if (operation == BPF_OR)
			result.of[i] = diagram_or(diagrams, b->of[i], a->of[i]);
		else
			result.of[i] = exclusive_or(diagrams, a->of[i], b->of[i]);
	}
	return result;
}

struct bits bits_operate(struct diagrams *diagrams, uint16_t operation, const struct bits *a,
			 const struct bits *operand)
{
	const struct bits zero = bits_constant(0);

	switch (operation) {
	case BPF_ADD:
		return add(diagrams, a, operand, DIAGRAM_NONE);
	case BPF_SUB:
		return subtract(diagrams, a, operand);
	case BPF_MUL:
		return multiply(diagrams, a, operand);
	case BPF_DIV:
		return divide(diagrams, a, operand);
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return operate_each(diagrams, operation, a, operand);
	case BPF_LSH:
		return shift(diagrams, a, operand, true);
	case BPF_RSH:
		return shift(diagrams, a, operand, false);
	case BPF_NEG:
		return subtract(diagrams, &zero, a);
	}
	assert(!"an operation that no checked filter has");
	return zero;
}

diagram bits_equal(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	diagram equal = DIAGRAM_ALL;

	for (unsigned int i = 0; i < 32; i++) {
		diagram differs = exclusive_or(diagrams, a->of[i], b->of[i]);

		equal = diagram_select(diagrams, differs, DIAGRAM_NONE, equal);
	}
	return equal;
}

diagram bits_greater(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	diagram greater = DIAGRAM_NONE;

	/* A higher bit decides alone where the two differ in it. */
	for (unsigned int i = 0; i < 32; i++) {
		diagram differs = exclusive_or(diagrams, a->of[i], b->of[i]);

		greater = diagram_select(diagrams, differs, a->of[i], greater);
	}
	return greater;
}

diagram bits_meet(struct diagrams *diagrams, const struct bits *a, const struct bits *b)
{
	diagram meet = DIAGRAM_NONE;

	for (unsigned int i = 0; i < 32; i++) {
		diagram both = diagram_and(diagrams, b->of[i], a->of[i]);

		meet = diagram_or(diagrams, both, meet);
	}
	return meet;
}

bool bits_are_word(struct diagrams *diagrams, const struct bits *a, unsigned int *word,
		   uint32_t *mask)
{
	bool found = false;

	*mask = 0;
	for (unsigned int i = 0; i < 32; i++) {
		variable_id bit;

		if (a->of[i] == DIAGRAM_NONE)
			continue;
		if (diagram_is_leaf(diagrams, a->of[i]))
			return false;
		bit = diagram_variable(diagrams, a->of[i]);
		if (bit >= VARIABLE_ATOMS || diagram_of_bit(diagrams, bit) != a->of[i] ||
		    variable_bit(bit) != i || (found && variable_word(bit) != *word))
			return false;
		*word = variable_word(bit);
		*mask |= (uint32_t)1 << i;
		found = true;
	}
	return found;
}

/* The value of the bits up to I, those above being in VALUE. */
static diagram function_from(struct diagrams *diagrams, const struct bits *bits, unsigned int i,
			     uint32_t value)
{
	diagram yes, no;

	for (; i > 0; i--) {
		if (bits->of[i - 1] == DIAGRAM_NONE)
			continue;
		if (bits->of[i - 1] != DIAGRAM_ALL)
			break;
		value |= (uint32_t)1 << (i - 1);
	}
	if (i == 0)
		return diagram_leaf(diagrams, value);
	yes = function_from(diagrams, bits, i - 1, value | (uint32_t)1 << (i - 1));
	no = function_from(diagrams, bits, i - 1, value);
	return diagram_select(diagrams, bits->of[i - 1], yes, no);
}

bool bits_function(struct diagrams *diagrams, const struct bits *bits, diagram *function)
{
	unsigned int varied = 0;

	for (unsigned int i = 0; i < 32; i++)
		varied += bits->of[i] != DIAGRAM_NONE && bits->of[i] != DIAGRAM_ALL;
	if (varied > BITS_VARIED_MAX)
		return false;
	*function = function_from(diagrams, bits, 32, 0);
	return true;
}
