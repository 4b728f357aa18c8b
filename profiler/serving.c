/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/serving.h"

#include <string.h>

/* Calls of socketcall(2), by its first argument: <linux/net.h>. */
enum {
	SOCKETCALL_LISTEN = 4,
	SOCKETCALL_ACCEPT = 5,
	SOCKETCALL_ACCEPT4 = 18,
};

/* What a server waits in: for a connection, or for anything to happen. */
static const char *const waits[] = {"accept",        "accept4",  "epoll_wait",      "epoll_pwait",
				    "epoll_pwait2",  "poll",     "ppoll",           "select",
				    "_newselect",    "pselect6", "pselect6_time64", "ppoll_time64",
				    "io_uring_enter"};

static bool parse_call(struct arena *arena, const char *name, struct serving_rule *rule,
		       const char **why)
{
	rule->kind = SERVING_CALL;
	rule->call = call_find(name);
	if (rule->call != CALL_NONE)
		return true;
	*why = arena_printf(arena, "there is no system call '%s'", name);
	return false;
}

/* Seconds, perhaps with a fraction of three digits at most. */
static bool parse_seconds(struct arena *arena, const char *text, struct serving_rule *rule,
			  const char **why)
{
	uint64_t value = 0, scale = 1000;
	const char *at = text;

	rule->kind = SERVING_AFTER;
	for (; *at >= '0' && *at <= '9' && value < 1000000000; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	value *= 1000;
	if (at > text && *at == '.')
		for (at++; *at >= '0' && *at <= '9' && scale > 1; at++) {
			scale /= 10;
			value += (uint64_t)(*at - '0') * scale;
		}
	rule->milliseconds = value;
	if (at > text && !*at)
		return true;
	*why = arena_printf(arena, "'%s' is no number of seconds", text);
	return false;
}

bool serving_rule_parse(struct arena *arena, const char *text, struct serving_rule *rule,
			const char **why)
{
	*rule = (struct serving_rule){.call = CALL_NONE};
	if (strcmp(text, "none") == 0)
		return true;
	if (strcmp(text, "listen") == 0) {
		rule->kind = SERVING_LISTEN;
		return true;
	}
	if (strcmp(text, "signal") == 0) {
		rule->kind = SERVING_SIGNAL;
		return true;
	}
	if (strncmp(text, "call:", 5) == 0)
		return parse_call(arena, text + 5, rule, why);
	if (strncmp(text, "after:", 6) == 0)
		return parse_seconds(arena, text + 6, rule, why);
	*why = arena_printf(arena, "'%s' is none of listen, call:NAME, after:SECONDS, signal, none",
			    text);
	return false;
}

bool serving_by_first(call_id call)
{
	return call != CALL_NONE && strcmp(call_get(call)->name, "socketcall") == 0;
}

static enum serving_role listen_role(call_id call, uint64_t first)
{
	const char *name = call_get(call)->name;

	if (strcmp(name, "listen") == 0)
		return SERVING_ROLE_LISTEN;
	if (strcmp(name, "socketcall") == 0) {
		uint32_t which = (uint32_t)first;

		if (which == SOCKETCALL_LISTEN)
			return SERVING_ROLE_LISTEN;
		return which == SOCKETCALL_ACCEPT || which == SOCKETCALL_ACCEPT4
			       ? SERVING_ROLE_WAIT
			       : SERVING_ROLE_NONE;
	}
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (strcmp(name, waits[i]) == 0)
			return SERVING_ROLE_WAIT;
	return SERVING_ROLE_NONE;
}

enum serving_role serving_role(const struct serving_rule *rule, call_id call, uint64_t first)
{
	if (call == CALL_NONE)
		return SERVING_ROLE_NONE;
	if (rule->kind == SERVING_CALL)
		return call == rule->call ? SERVING_ROLE_BEGIN : SERVING_ROLE_NONE;
	return rule->kind == SERVING_LISTEN ? listen_role(call, first) : SERVING_ROLE_NONE;
}
