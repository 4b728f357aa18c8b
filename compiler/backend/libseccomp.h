/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libseccomp as a second compiler: the same rules, turned into a filter by other people's code. It
 * is loaded when it is asked for, so that nobody else's command pays for it at its start.
 */
#ifndef PALE_BACKEND_LIBSECCOMP_H
#define PALE_BACKEND_LIBSECCOMP_H

#include "compiler/cbpf/filter.h"
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/diag.h"

/* Limits, each reported as [limit]: libseccomp's time grows fast with its rules. */
enum {
	LIBSECCOMP_CALL_RULES_MAX = 1024, /* of one call on one ABI; fewer where they test more
					     than one word of its arguments */
	LIBSECCOMP_RULES_MAX = 4096,      /* of one ABI */
};

/* How libseccomp decides which call it is (SCMP_FLTATR_CTL_OPTIMIZE). */
enum libseccomp_level {
	LIBSECCOMP_CHAIN = 1, /* a comparison after the other */
	LIBSECCOMP_TREE = 2,  /* a binary tree */
};

/* The library, loaded. Start from zeros. */
struct libseccomp {
	void *handle;
	const struct seccomp_functions *functions; /* for compiler/backend/ alone */
	const char *version;                       /* "libseccomp 2.5.4", for messages */
};

/*
 * Loads the library; ARENA keeps what is noted, and libseccomp_close() ends it. Returns 0, or a
 * negative errno with the reason in *WHY: -ENOSYS where pale was built without it, -ENOENT where it
 * is not installed or lacks something.
 */
int libseccomp_open(struct arena *arena, struct libseccomp *library, const char **why);
/* Safe on one that is all zeros, and twice. */
void libseccomp_close(struct libseccomp *library);

/*
 * Makes the filter for RULES, which are for one machine and without mistakes. What libseccomp cannot
 * say goes to DIAGS as [not-expressible] or [limit], and the result is NULL; so it is where
 * libseccomp itself fails. The filter is as libseccomp made it: nothing here says that it is right.
 */
struct filter *libseccomp_compile(struct arena *arena, const struct libseccomp *library,
				  const struct policy_rules *rules, enum libseccomp_level level,
				  struct diags *diags);

#endif
