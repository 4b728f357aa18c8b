/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/watch.h"

#include "policy-lang/catalog/call.h"

#include <assert.h>
#include <linux/sched.h>
#include <stddef.h>
#include <string.h>

enum {
	SECTION_LENGTH = 12, /* instructions in front, for one ABI */
	SECTION_TRACE = SECTION_LENGTH - 1,
};

static unsigned int clone_flags(enum abi_id abi)
{
	int index = call_arg_find(call_find("clone"), abi, "flags");

	assert(index >= 0);
	return call_arg_place(call_find("clone"), abi, (unsigned int)index).low;
}

/* A jump from AT to where the condition holds and to where it does not. */
static struct sock_filter jump(uint16_t op, uint32_t k, unsigned int at, unsigned int yes,
			       unsigned int no)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | op | BPF_K, k, (uint8_t)(yes - at - 1),
					    (uint8_t)(no - at - 1));
}

static struct sock_filter load(uint32_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset);
}

/* Falls through behind itself with every call that is neither of the two. */
static void add_section(const struct abi *abi, struct sock_filter section[SECTION_LENGTH])
{
	const struct sock_filter lines[SECTION_LENGTH] = {
		load(offsetof(struct seccomp_data, arch)),
		jump(BPF_JEQ, abi->audit_arch, 1, 2, SECTION_LENGTH),
		load(offsetof(struct seccomp_data, nr)),
		jump(BPF_JEQ, (uint32_t)call_number(call_find("seccomp"), abi->id), 3, 4, 8),
		load(abi_word_low(abi, 0)),
		jump(BPF_JEQ, SECCOMP_SET_MODE_FILTER, 5, 6, SECTION_LENGTH),
		load(abi_word_low(abi, 1)),
		jump(BPF_JSET, SECCOMP_FILTER_FLAG_NEW_LISTENER, 7, SECTION_TRACE, SECTION_LENGTH),
		jump(BPF_JEQ, (uint32_t)call_number(call_find("clone"), abi->id), 8, 9,
		     SECTION_LENGTH),
		load(abi_word_low(abi, clone_flags(abi->id))),
		jump(BPF_JSET, CLONE_UNTRACED, 10, SECTION_TRACE, SECTION_LENGTH),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
	};

	memcpy(section, lines, sizeof(lines));
}

bool filter_watch_asks(uint32_t audit_arch, uint32_t number, const uint64_t args[6],
		       bool *is_listener)
{
	const struct abi *abi = abi_identify(audit_arch, number);
	call_id call = abi ? call_by_number(abi->id, number) : CALL_NONE;

	*is_listener = call != CALL_NONE && call == call_find("seccomp") &&
		       (uint32_t)args[0] == SECCOMP_SET_MODE_FILTER &&
		       args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (*is_listener)
		return true;
	return call != CALL_NONE && call == call_find("clone") &&
	       args[clone_flags(abi->id)] & CLONE_UNTRACED;
}

/* What becomes of answer VALUE; false where it cannot be watched. */
static bool watch_answer(uint32_t value, enum filter_watch watch, uint32_t *watched)
{
	*watched = value;
	switch (value & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return true;
	case SECCOMP_RET_TRACE:
		return false;
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_USER_NOTIF:
		*watched = SECCOMP_RET_TRACE;
		return true;
	default:
		if (watch == FILTER_WATCH_ALL)
			*watched = SECCOMP_RET_TRACE;
		return true;
	}
}

static bool watch_instructions(struct filter *filter, uint32_t first, enum filter_watch watch,
			       const char **why)
{
	for (uint32_t i = first; i < filter->count; i++) {
		struct sock_filter *insn = &filter->instructions[i];

		if (BPF_CLASS(insn->code) != BPF_RET)
			continue;
		if (BPF_RVAL(insn->code) != BPF_K) {
			*why = "its filter computes its answers";
			return false;
		}
		if (!watch_answer(insn->k, watch, &insn->k)) {
			*why = "it has the action trace, which is for another tracer";
			return false;
		}
	}
	return true;
}

static void shift_patches(struct arena *arena, struct filter *filter, uint32_t by)
{
	struct filter_patch *patches =
		arena_alloc_array(arena, filter->patch_count + 1, sizeof(*patches));

	for (uint32_t i = 0; i < filter->patch_count; i++) {
		patches[i] = filter->patches[i];
		patches[i].instruction += by;
	}
	filter->patches = patches;
}

struct filter *filter_watch(struct arena *arena, const struct filter *filter,
			    enum filter_watch watch, const char **why)
{
	uint32_t front = (uint32_t)__builtin_popcount(filter->abis) * SECTION_LENGTH, at = 0;
	struct filter *watching = arena_alloc(arena, sizeof(*watching));

	/* What stands in front leaves something in A. */
	if (BPF_CLASS(filter->instructions[0].code) != BPF_LD &&
	    BPF_CLASS(filter->instructions[0].code) != BPF_RET) {
		*why = "its filter begins in a way that none of pale's does";
		return NULL;
	}
	if (filter->count + front > FILTER_INSTRUCTIONS_MAX) {
		*why = "its filter has no room for the instructions that go in front of it";
		return NULL;
	}
	*watching = *filter;
	watching->spans = NULL;
	watching->count = filter->count + front;
	watching->instructions =
		arena_alloc_array(arena, watching->count, sizeof(*watching->instructions));
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		if (!(filter->abis & ABI_BIT(abi)))
			continue;
		add_section(abi_get((enum abi_id)abi), watching->instructions + at);
		at += SECTION_LENGTH;
	}
	memcpy(watching->instructions + front, filter->instructions,
	       filter->count * sizeof(*filter->instructions));
	shift_patches(arena, watching, front);
	return watch_instructions(watching, front, watch, why) ? watching : NULL;
}
