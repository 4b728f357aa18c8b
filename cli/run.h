/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of `pale run`: what is to run, and the runs whose denials are seen. */
#ifndef PALE_CLI_RUN_H
#define PALE_CLI_RUN_H

#include "cli/policy_filter.h"
#include "profiler/denials/denials.h"

struct run {
	struct policy_input input;
	/* The values of --keep-fd and --load, which pale-run checks. */
	VEC(const char *) kept;
	VEC(const char *) loads;
	const char *path; /* of the policy or bundle */
	char **command;
	const char *learn; /* the recording that denied calls go to, or NULL */
	bool report;
	/* With either, once the bundle is made: */
	const struct policy_rules *rules; /* NULL: a bundle's are not known */
	const struct filter *policy;      /* this machine's, as the policy has it */
};

/* Whether pale stays, to see what is denied. */
static inline bool run_is_watched(const struct run *run)
{
	return run->learn || run->report;
}

/*
 * What keeps the run from being watched, before anything is compiled: COMMAND_GOOD, or another status
 * and it has been said.
 */
int run_watch_prepare(struct run *run);
/*
 * Puts a watching filter into CONTENTS in the place of this machine's, which goes to run->policy, and
 * RULES (or NULL) to run->rules. Returns COMMAND_GOOD, or another status and it has been said.
 */
int run_watch_filters(struct run *run, struct bundle_contents *contents,
		      const struct policy_rules *rules);
/* Runs SHIM, pale-run's command line, and returns the exit status of pale. */
int run_watch(struct run *run, char *const *shim);

/* What is printed for --report (run_report.c). */
struct run_report {
	struct run *run;
};
/* At the first denial of a kind, for denials_request.denied; USER is a struct run_report. */
void run_report_denied(void *user, struct denial *denial, const struct call_event *event,
		       const uint64_t *loads);
/* At the end. */
void run_report_finish(const struct run_report *report, const struct denials_result *result);

#endif
