/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/any_filter.h"

#include "compiler/emit/emit.h"
#include "tests/opcodes.h"

static bool takes_memory(uint16_t code)
{
	return BPF_CLASS(code) == BPF_ST || BPF_CLASS(code) == BPF_STX ||
	       (BPF_CLASS(code) <= BPF_LDX && BPF_MODE(code) == BPF_MEM);
}

/* Brings an instruction with ROOM others behind it within bounds. */
static void tame(struct sock_filter *insn, uint32_t room)
{
	insn->code = seccomp_opcodes[insn->code % SECCOMP_OPCODES];
	if (!room)
		*insn = (struct sock_filter){BPF_RET | BPF_K, 0, 0, insn->k};
	else if (insn->code == (BPF_LD | BPF_W | BPF_ABS))
		insn->k = insn->k % 16 * 4;
	else if (takes_memory(insn->code))
		insn->k %= BPF_MEMWORDS;
	else if (insn->code == (BPF_JMP | BPF_JA))
		insn->k %= room;
	else if (insn->code == (BPF_ALU | BPF_DIV | BPF_K))
		insn->k += !insn->k;
	else if (BPF_CLASS(insn->code) == BPF_ALU && BPF_OP(insn->code) >= BPF_LSH)
		insn->k &= 31;
	if (BPF_CLASS(insn->code) == BPF_JMP && room) {
		insn->jt = (uint8_t)(insn->jt % room);
		insn->jf = (uint8_t)(insn->jf % room);
	}
}

bool any_filter_read(struct arena *arena, const uint8_t *bytes, size_t size, struct filter *filter)
{
	size_t count = size / sizeof(struct sock_filter);
	const char *why;
	uint32_t at;
	bool good;

	if (size < 1 + sizeof(struct sock_filter) || count > FILTER_INSTRUCTIONS_MAX)
		return false;
	count = (size - 1) / sizeof(struct sock_filter);
	good = raw_read(arena, bytes + 1, count * sizeof(struct sock_filter), bytes[0] & 2, filter,
			&why) == 0;
	if (good || !(bytes[0] & 1))
		return good;
	for (at = 0; at < filter->count; at++)
		tame(&filter->instructions[at], filter->count - at - 1);
	return filter_check(filter, &at, &why) == 0;
}
