/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy in the words of others: the seccomp profiles of container engines. A profile is exactly
 * the policy, or it is refused as [not-expressible] with the place of the rule; `lossy` accepts
 * listed differences that never let a call through which the policy stops.
 */
#ifndef PALE_EXCHANGE_EXPORT_H
#define PALE_EXCHANGE_EXPORT_H

#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/diag.h"
#include "policy-lang/base/text.h"

enum export_format {
	EXPORT_DOCKER, /* for --security-opt seccomp=FILE, enforced by runc */
	EXPORT_OCI,    /* linux.seccomp of config.json, enforced by any runtime over libseccomp */
	EXPORT_LXC,    /* lxc.seccomp.profile, version 2 */
};

/* Limits of a profile, each reported as [limit]. */
enum {
	EXPORT_CALL_ENTRIES_MAX = 1024, /* conditions on one call */
	EXPORT_ENTRIES_MAX = 2048,      /* all of them */
};

struct export_options {
	enum export_format format;
	bool lossy;
	/* Allows the calls that the container's launcher makes behind the filter: this widens. */
	bool launcher;
	/* LXC: keeps calls of ABIs that the policy leaves out from matching; see doc/export.md. */
	bool guard;
};

/*
 * Writes RULES, a policy without mistakes, as a profile to OUT. What the format cannot say goes to
 * DIAGS, and then OUT gets nothing. Needs the catalogue alone; DIAGS' arena keeps what is noted.
 */
void policy_export(struct arena *arena, const struct policy_rules *rules,
		   const struct export_options *options, struct diags *diags, struct text *out);

#endif
