/* SPDX-License-Identifier: Apache-2.0 */
/* A policy's filter, changed so that a tracer sees what it would deny. */
#ifndef PALE_CBPF_WATCH_H
#define PALE_CBPF_WATCH_H

#include "compiler/cbpf/filter.h"

enum filter_watch {
	/* `deny` and `notify` go to the tracer; what kills or traps stays the kernel's to do. */
	FILTER_WATCH_DENIED,
	/* All that does not let the call through goes to the tracer. */
	FILTER_WATCH_ALL,
};

/*
 * A copy of FILTER, checked and perhaps not filled yet, in which some answers are RET_TRACE. But for
 * these values the instructions are the same, so what is allowed is what FILTER allows. In front of
 * them, on each ABI of its machine, those that are foreign to it too, calls go to the tracer whatever
 * FILTER says: seccomp() for a filter with a listener, whose answer would come before a tracer's
 * (seccomp(2) has the order); clone() with CLONE_UNTRACED, whose child no tracer has, and clone3(),
 * which may have it where no filter looks; and, where only denials are watched, ptrace(), since whoever
 * traced such a child would answer in our place. Where only denials are watched, that is not so of a
 * call that FILTER kills or traps for by its number alone.
 * NULL with the reason in *WHY (a constant) for a filter that wants a tracer itself, that gives
 * answers which do not stand in it, or that leaves no room.
 */
struct filter *filter_watch(struct arena *arena, const struct filter *filter,
			    enum filter_watch watch, const char **why);
/* What filter_watch() puts in front of the filter asks about a call, whatever the policy says of it. */
enum watch_question {
	WATCH_NOTHING,
	WATCH_CLONE,    /* clone() with CLONE_UNTRACED, or clone3() */
	WATCH_LISTENER, /* seccomp() with SECCOMP_FILTER_FLAG_NEW_LISTENER */
	WATCH_PTRACE,   /* ptrace(), where not all answers are let through */
};
enum watch_question filter_watch_asks(uint32_t audit_arch, uint32_t number, const uint64_t args[6]);

#endif
