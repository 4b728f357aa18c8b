/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the consumers of exported profiles do with them: facts of runc 1.1.5, crun 1.8.1, LXC 5.0.2
 * and libseccomp 2.5.4, which stands behind all of them. doc/export.md says where each was found.
 */
#ifndef PALE_EXCHANGE_CONSUMER_H
#define PALE_EXCHANGE_CONSUMER_H

#include "compiler/exchange/export.h"
#include "policy-lang/catalog/call.h"

enum action_fit {
	ACTION_SAID,   /* exactly */
	ACTION_NEAR,   /* by another one that lets no more through */
	ACTION_UNSAID, /* not at all */
};

/*
 * How FORMAT says ACTION: *MAPPED is the action that its consumer will give. WHY says what is lost
 * or lacking, for a message.
 */
enum action_fit consumer_action(enum export_format format, seccomp_action action,
				seccomp_action *mapped, const char **why);

/* The answer to calls of an ABI that the profile does not name: libseccomp's "bad arch". */
#define CONSUMER_FOREIGN SECCOMP_RET_KILL_THREAD

/* Why no profile for ABIS can be right with the consumers of FORMAT; NULL where one can be. */
const char *consumer_refuses(struct arena *arena, enum export_format format, abi_set abis);
/* The ABIs that a profile made for ABIS, which are not refused, will serve on their machines. */
abi_set consumer_serves(enum export_format format, abi_set abis);
/*
 * ABIs beside ABIS that machines of theirs may have as their own, and that the consumers there
 * serve as well: a profile for arm, on aarch64.
 */
abi_set consumer_may_add(enum export_format format, abi_set abis);
/* Those of ABIS that runc, up to 1.1, does not take in a list of architectures. */
abi_set consumer_lacks(enum export_format format, abi_set abis);

/* How an entry that names a call reaches an ABI. */
enum consumer_reach {
	REACH_NONE,   /* it says nothing there */
	REACH_DIRECT, /* the call itself */
	REACH_MUXED,  /* the multiplexer with the call's index, and the call itself if it exists */
};
enum consumer_reach consumer_reach(enum export_format format, call_id call, enum abi_id abi);
/* For a REACH_MUXED call: its multiplexer, and the value of the multiplexer's first argument. */
call_id consumer_multiplexer(call_id call, uint32_t *index);

/* Whether the entry's 64-bit values are tested whole on ABI; else only their low 32 bits are. */
bool consumer_tests_high_words(enum abi_id abi);

/* Whether libseccomp may be too old to know the call's name, which it then drops silently. */
bool consumer_may_drop(call_id call, enum abi_id abi);

/*
 * The calls that the launcher makes between loading the filter and the program's first own call,
 * NULL behind the last: those that it cannot do without, or with KILLS (the default action ends
 * the process) all of them.
 */
const char *const *consumer_launcher_calls(enum export_format format, bool kills);
/* What that launcher is called. */
const char *consumer_launcher(enum export_format format);

#endif
