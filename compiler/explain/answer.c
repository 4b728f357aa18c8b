/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/answer.h"

#include <linux/seccomp.h>

enum {
	ERRNO_MAX = 4095 /* MAX_ERRNO of include/linux/err.h */
};

uint32_t answer_normal(uint32_t value)
{
	uint32_t action = value & SECCOMP_RET_ACTION_FULL, data = value & SECCOMP_RET_DATA;

	switch (action) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_KILL_PROCESS:
		return action;
	case SECCOMP_RET_ERRNO:
		return action | (data > ERRNO_MAX ? ERRNO_MAX : data);
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_TRACE:
		return value;
	default:
		return SECCOMP_RET_KILL_PROCESS;
	}
}

static uint32_t join_normal(void *user, uint32_t a, uint32_t b)
{
	(void)user;
	(void)b;
	return answer_normal(a);
}

diagram answer_normalise(struct arena *arena, struct diagrams *diagrams, diagram answer)
{
	return apply_join(arena, diagrams, answer, answer, join_normal, NULL);
}

/* An action as seccomp_run_filters() orders them: ACTION_ONLY() of kernel/seccomp.c. */
static int32_t action_rank(uint32_t value)
{
	return (int32_t)(value & SECCOMP_RET_ACTION_FULL);
}

static uint32_t join_stacked(void *user, uint32_t newer, uint32_t older)
{
	(void)user;
	return action_rank(older) < action_rank(newer) ? older : newer;
}

diagram answer_stack(struct arena *arena, struct diagrams *diagrams, diagram newer, diagram older)
{
	return apply_join(arena, diagrams, newer, older, join_stacked, NULL);
}

/* Follows the bits of one word that stands first in the order of those that are left. */
static diagram of_word(const struct diagrams *diagrams, diagram id, unsigned int word,
		       uint32_t value)
{
	while (!diagram_is_leaf(diagrams, id)) {
		variable_id variable = diagram_variable(diagrams, id);

		if (variable >= VARIABLE_ATOMS || variable_word(variable) != word)
			break;
		id = value >> variable_bit(variable) & 1 ? diagram_high(diagrams, id)
							 : diagram_low(diagrams, id);
	}
	return id;
}

diagram answer_of_arch(const struct diagrams *diagrams, diagram answer, uint32_t audit_arch)
{
	return of_word(diagrams, answer, WORD_ARCH, audit_arch);
}

diagram answer_of_number(const struct diagrams *diagrams, diagram of_arch, uint32_t number)
{
	return of_word(diagrams, of_arch, WORD_NR, number);
}

/* ANSWER as a function of the ABI and the arguments, all calls having NUMBER. */
static diagram at_number(struct diagrams *diagrams, diagram id, uint32_t number)
{
	variable_id variable;

	if (diagram_is_leaf(diagrams, id))
		return id;
	variable = diagram_variable(diagrams, id);
	if (variable >= VARIABLE_ATOMS || variable_word(variable) != WORD_ARCH)
		return answer_of_number(diagrams, id, number);
	return diagram_select(diagrams, diagram_of_bit(diagrams, variable),
			      at_number(diagrams, diagram_high(diagrams, id), number),
			      at_number(diagrams, diagram_low(diagrams, id), number));
}

diagram answer_without_skip(struct diagrams *diagrams, diagram answer)
{
	struct field number = field_of_word(WORD_NR, 32);

	return diagram_select(diagrams, diagram_range(diagrams, &number, NUMBER_SKIP, NUMBER_SKIP),
			      at_number(diagrams, answer, NUMBER_SKIP - 1), answer);
}

struct cutting {
	struct arena *arena;
	const struct diagrams *diagrams;
	uint32_t first;
	uint32_t last;
	struct number_pieces *pieces;
};

static bool cut_add(struct cutting *cutting, uint32_t first, uint32_t last, diagram answer)
{
	struct number_pieces *pieces = cutting->pieces;
	struct number_piece *before =
		pieces->items.count ? &pieces->items.items[pieces->items.count - 1] : NULL;

	if (before && before->answer == answer) {
		before->last = last;
		return true;
	}
	if (pieces->items.count == NUMBER_PIECES_MAX)
		return false;
	*VEC_PUSH(cutting->arena, &pieces->items) = (struct number_piece){first, last, answer};
	return true;
}

/* The numbers that begin with PREFIX, of which BITS bits are open. */
static bool cut_numbers(struct cutting *cutting, diagram id, unsigned int bits, uint32_t prefix)
{
	const struct diagrams *diagrams = cutting->diagrams;
	uint32_t last = bits == 32 ? UINT32_MAX : prefix | ((1u << bits) - 1);
	variable_id variable;
	diagram low = id, high = id;

	if (last < cutting->first || prefix > cutting->last)
		return true;
	variable = diagram_is_leaf(diagrams, id) ? VARIABLE_ATOMS : diagram_variable(diagrams, id);
	if (variable >= VARIABLE_ATOMS || variable_word(variable) != WORD_NR)
		return cut_add(cutting, prefix < cutting->first ? cutting->first : prefix,
			       last > cutting->last ? cutting->last : last, id);
	if (variable_bit(variable) == bits - 1) {
		low = diagram_low(diagrams, id);
		high = diagram_high(diagrams, id);
	}
	return cut_numbers(cutting, low, bits - 1, prefix) &&
	       cut_numbers(cutting, high, bits - 1, prefix | 1u << (bits - 1));
}

bool answer_pieces(struct arena *arena, const struct diagrams *diagrams, diagram of_arch,
		   uint32_t first, uint32_t last, struct number_pieces *pieces)
{
	struct cutting cutting = {arena, diagrams, first, last, pieces};

	return cut_numbers(&cutting, of_arch, 32, 0);
}

diagram answer_calls_of_abi(struct diagrams *diagrams, const struct abi *abi)
{
	struct field arch = field_of_word(WORD_ARCH, 32), number = field_of_word(WORD_NR, 32);

	return diagram_and(diagrams,
			   diagram_range(diagrams, &arch, abi->audit_arch, abi->audit_arch),
			   diagram_range(diagrams, &number, abi->number_first, abi->number_last));
}

abi_set answer_abis(struct diagrams *diagrams, diagram answer)
{
	diagram none = answer_of_arch(diagrams, answer, AUDIT_ARCH_NONE);
	abi_set abis = 0;

	for (int id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get((enum abi_id)id);
		struct field number = field_of_word(WORD_NR, 32);
		diagram own = diagram_range(diagrams, &number, abi->number_first, abi->number_last);
		diagram differs = diagram_difference(
			diagrams, answer_of_arch(diagrams, answer, abi->audit_arch), none);

		if (diagram_and(diagrams, differs, own) != DIAGRAM_NONE)
			abis |= ABI_BIT(id);
	}
	return abis;
}
