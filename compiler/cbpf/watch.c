/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cbpf/watch.h"

#include "policy-lang/catalog/call.h"
#include "runtime/bundle.h"

#include <assert.h>
#include <linux/sched.h>
#include <stddef.h>
#include <string.h>

enum {
	SECTION_LENGTH = 14, /* instructions in front, for one ABI */
	SECTION_TRACE = 13,
};

static bool is_fatal(uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ||
	       action == SECCOMP_RET_TRAP;
}

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

/*
 * Whether calls of NAME on ABI are to go to the tracer. What the policy always kills or traps for stays
 * the kernel's to do where only denials are watched: nothing comes of such a call.
 */
static bool asks_of(const struct filter *filter, const struct abi *abi, enum filter_watch watch,
		    const char *name)
{
	int64_t number = call_number(call_find(name), abi->id);
	uint32_t answer;

	if (number < 0)
		return false;
	return watch == FILTER_WATCH_ALL ||
	       !filter_constant(filter, abi->audit_arch, (uint32_t)number, &answer) ||
	       !is_fatal(answer);
}

/* The jump at AT for a call of NAME; to NEXT with others, and with all where it is not asked of. */
static struct sock_filter call_jump(const struct abi *abi, const char *name, bool asked,
				    unsigned int at, unsigned int yes, unsigned int next)
{
	return jump(BPF_JEQ, (uint32_t)call_number(call_find(name), abi->id), at,
		    asked ? yes : next, next);
}

/*
 * Falls through behind itself with every call that is none of the four. ptrace stops where the policy
 * is enforced: whoever traced a child that is not ours would answer RET_TRACE in our place.
 */
static void add_section(const struct filter *filter, const struct abi *abi, enum filter_watch watch,
			struct sock_filter section[SECTION_LENGTH])
{
	bool asks_seccomp = asks_of(filter, abi, watch, "seccomp");
	bool asks_clone = asks_of(filter, abi, watch, "clone");
	bool asks_clone3 = asks_of(filter, abi, watch, "clone3");
	bool asks_ptrace = watch != FILTER_WATCH_ALL && asks_of(filter, abi, watch, "ptrace");
	const struct sock_filter lines[SECTION_LENGTH] = {
		load(offsetof(struct seccomp_data, arch)),
		jump(BPF_JEQ, abi->audit_arch, 1, 2, SECTION_LENGTH),
		load(offsetof(struct seccomp_data, nr)),
		call_jump(abi, "seccomp", asks_seccomp, 3, 4, 8),
		load(abi_word_low(abi, 0)),
		jump(BPF_JEQ, SECCOMP_SET_MODE_FILTER, 5, 6, SECTION_LENGTH),
		load(abi_word_low(abi, 1)),
		jump(BPF_JSET, SECCOMP_FILTER_FLAG_NEW_LISTENER, 7, SECTION_TRACE, SECTION_LENGTH),
		call_jump(abi, "clone", asks_clone, 8, 9, 11),
		load(abi_word_low(abi, clone_flags(abi->id))),
		jump(BPF_JSET, CLONE_UNTRACED, 10, SECTION_TRACE, SECTION_LENGTH),
		call_jump(abi, "clone3", asks_clone3, 11, SECTION_TRACE, 12),
		call_jump(abi, "ptrace", asks_ptrace, 12, SECTION_TRACE, SECTION_LENGTH),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
	};

	memcpy(section, lines, sizeof(lines));
}

enum watch_question filter_watch_asks(uint32_t audit_arch, uint32_t number, const uint64_t args[6])
{
	const struct abi *abi = abi_identify(audit_arch, number);
	call_id call = abi ? call_by_number(abi->id, number) : CALL_NONE;

	if (call == CALL_NONE)
		return WATCH_NOTHING;
	if (call == call_find("seccomp") && (uint32_t)args[0] == SECCOMP_SET_MODE_FILTER &&
	    args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return WATCH_LISTENER;
	if (call == call_find("clone") && args[clone_flags(abi->id)] & CLONE_UNTRACED)
		return WATCH_CLONE;
	if (call == call_find("clone3"))
		return WATCH_CLONE;
	return call == call_find("ptrace") ? WATCH_PTRACE : WATCH_NOTHING;
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

/* The ABIs that the filter's machine can run, those among them that its policy calls foreign too. */
static abi_set machine_abis(const struct filter *filter)
{
	abi_set all = 0;

	for (int abi = 0; abi < ABI_COUNT; abi++)
		for (int own = 0; own < ABI_COUNT; own++)
			if (filter->abis & ABI_BIT(own) &&
			    bundle_arch_machine(abi_get((enum abi_id)abi)->audit_arch) ==
				    bundle_arch_machine(abi_get((enum abi_id)own)->audit_arch) &&
			    bundle_arch_big_endian(abi_get((enum abi_id)abi)->audit_arch) ==
				    bundle_arch_big_endian(abi_get((enum abi_id)own)->audit_arch))
				all |= ABI_BIT(abi);
	return all;
}

struct filter *filter_watch(struct arena *arena, const struct filter *filter,
			    enum filter_watch watch, const char **why)
{
	abi_set abis = machine_abis(filter);
	uint32_t front = (uint32_t)__builtin_popcount(abis) * SECTION_LENGTH, at = 0;
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
		if (!(abis & ABI_BIT(abi)))
			continue;
		add_section(filter, abi_get((enum abi_id)abi), watch, watching->instructions + at);
		at += SECTION_LENGTH;
	}
	memcpy(watching->instructions + front, filter->instructions,
	       filter->count * sizeof(*filter->instructions));
	shift_patches(arena, watching, front);
	return watch_instructions(watching, front, watch, why) ? watching : NULL;
}
