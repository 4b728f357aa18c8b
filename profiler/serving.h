/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a program has started up and begins to serve. Every tracer asks this, each process by itself:
 * from its first call that begins serving on, a process and the children that it makes then are in
 * PHASE_SERVING, that call included.
 */
#ifndef PALE_PROFILER_SERVING_H
#define PALE_PROFILER_SERVING_H

#include "profiler/recording/recording.h"

enum serving_kind {
	SERVING_NEVER,  /* "none" */
	SERVING_LISTEN, /* "listen": the first wait for connections or events behind a listen() */
	SERVING_CALL,   /* "call:NAME": the first such call */
	SERVING_AFTER, /* "after:SECONDS": all processes at once, so long after the recording began */
	SERVING_SIGNAL, /* "signal": all processes at once, when the recorder gets SIGUSR1 */
};

struct serving_rule {
	enum serving_kind kind;
	call_id call;          /* SERVING_CALL */
	uint64_t milliseconds; /* SERVING_AFTER */
};

/*
 * Reads a rule as users give it. False with the reason in *WHY (words in English, in ARENA) where it
 * is none.
 */
bool serving_rule_parse(struct arena *arena, const char *text, struct serving_rule *rule,
			const char **why);

/* What a call means to the rule. */
enum serving_role {
	SERVING_ROLE_NONE,
	SERVING_ROLE_LISTEN, /* the process, and each child that it makes from now on, listens */
	SERVING_ROLE_WAIT,   /* begins to serve where it listens */
	SERVING_ROLE_BEGIN,  /* begins to serve */
};

/*
 * The role of a call that begins. CALL is by the catalogue; FIRST its first argument, by which
 * socketcall(2) tells its calls apart.
 */
enum serving_role serving_role(const struct serving_rule *rule, call_id call, uint64_t first);

/* Whether the role of CALL can depend on its first argument. */
bool serving_by_first(call_id call);

#endif
