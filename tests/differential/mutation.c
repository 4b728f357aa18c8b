/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/differential/mutation.h"

#include <string.h>

static const char *const names[MUTATION_COUNT] = {
	[MUTATE_JUMP] = "jumps",        [MUTATE_CONSTANT] = "constants",
	[MUTATE_ACTION] = "actions",    [MUTATE_OPERATION] = "operations",
	[MUTATE_LOAD] = "loads",        [MUTATE_DROP] = "left out",
	[MUTATE_TWICE] = "there twice", [MUTATE_SWAP] = "swapped",
};

const char *mutation_name(enum mutation mutation)
{
	return names[mutation];
}

static bool is_test(const struct sock_filter *insn)
{
	return BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) != BPF_JA;
}

/* A distance that is near to the one there is, or any. */
static uint32_t other_distance(struct dice *dice, uint32_t distance)
{
	return dice_once_in(dice, 3) ? dice_byte(dice) : distance + dice_below(dice, 5) - 2;
}

static void mutate_jump(struct dice *dice, struct sock_filter *insn)
{
	uint8_t jt = insn->jt;

	if (BPF_CLASS(insn->code) != BPF_JMP)
		return;
	if (!is_test(insn)) {
		insn->k = other_distance(dice, insn->k);
		return;
	}
	switch (dice_below(dice, 3)) {
	case 0:
		insn->jt = (uint8_t)other_distance(dice, insn->jt);
		break;
	case 1:
		insn->jf = (uint8_t)other_distance(dice, insn->jf);
		break;
	default:
		insn->jt = insn->jf;
		insn->jf = jt;
	}
}

static void mutate_constant(struct dice *dice, const struct filter *filter,
			    struct sock_filter *insn)
{
	if (!is_test(insn) && BPF_CLASS(insn->code) != BPF_ALU)
		return;
	switch (dice_below(dice, 4)) {
	case 0:
		insn->k++;
		break;
	case 1:
		insn->k--;
		break;
	case 2:
		insn->k ^= 1u << dice_below(dice, 32);
		break;
	default:
		insn->k = filter->instructions[dice_below(dice, filter->count)].k;
	}
}

static void mutate_action(struct dice *dice, struct sock_filter *insn)
{
	static const uint32_t actions[] = {
		SECCOMP_RET_ALLOW,       SECCOMP_RET_LOG,        SECCOMP_RET_KILL_PROCESS,
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRAP,
		SECCOMP_RET_TRACE | 1,   SECCOMP_RET_ERRNO | 1,  SECCOMP_RET_ERRNO | 38,
	};

	if (BPF_CLASS(insn->code) != BPF_RET)
		return;
	if (dice_once_in(dice, 3))
		insn->k ^= 1;
	else
		insn->k = actions[dice_below(dice, 9)];
}

static void mutate_operation(struct dice *dice, struct sock_filter *insn)
{
	static const uint16_t tests[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
	static const uint16_t arithmetic[] = {BPF_AND, BPF_OR, BPF_XOR, BPF_ADD};
	uint16_t operation = BPF_OP(insn->code);

	if (is_test(insn))
		operation = tests[dice_below(dice, 4)];
	else if (BPF_CLASS(insn->code) == BPF_ALU)
		operation = arithmetic[dice_below(dice, 4)];
	insn->code = (uint16_t)((insn->code & ~0xf0) | operation);
}

static void mutate_load(struct dice *dice, struct sock_filter *insn)
{
	if (insn->code != (BPF_LD | BPF_W | BPF_ABS))
		return;
	insn->k = dice_once_in(dice, 2) ? insn->k ^ 4 : 4 * dice_below(dice, 16);
}

static void mutate_place(enum mutation mutation, uint32_t at, struct filter *mutant)
{
	struct sock_filter *insn = &mutant->instructions[at], kept = *insn;
	uint32_t behind = mutant->count - at - 1;

	if (mutation == MUTATE_DROP) {
		memmove(insn, insn + 1, behind * sizeof(*insn));
		mutant->count--;
	} else if (mutation == MUTATE_TWICE) {
		memmove(insn + 1, insn, (behind + 1) * sizeof(*insn));
		mutant->count++;
	} else if (behind) {
		*insn = insn[1];
		insn[1] = kept;
	}
}

bool mutation_apply(struct dice *dice, const struct filter *filter, enum mutation mutation,
		    struct filter *mutant)
{
	uint32_t at = dice_below(dice, filter->count);
	struct sock_filter *insn = &mutant->instructions[at];

	memcpy(mutant->instructions, filter->instructions, filter->count * sizeof(*insn));
	mutant->count = filter->count;
	switch (mutation) {
	case MUTATE_JUMP:
		mutate_jump(dice, insn);
		break;
	case MUTATE_CONSTANT:
		mutate_constant(dice, filter, insn);
		break;
	case MUTATE_ACTION:
		mutate_action(dice, insn);
		break;
	case MUTATE_OPERATION:
		mutate_operation(dice, insn);
		break;
	case MUTATE_LOAD:
		mutate_load(dice, insn);
		break;
	default:
		mutate_place(mutation, at, mutant);
	}
	return mutant->count != filter->count ||
	       memcmp(mutant->instructions, filter->instructions, filter->count * sizeof(*insn));
}
