/* SPDX-License-Identifier: Apache-2.0 */
/* What a process gives away of itself, for pale-run and libpale alike. */
#ifndef PALE_RUNTIME_PRIVILEGES_H
#define PALE_RUNTIME_PRIVILEGES_H

#include "runtime/bundle.h"

/* Why a step did not work: WORDS, the NUMBER where it has one, and DETAIL, in a row. */
struct failure {
	const char *step;
	long error; /* negative errno, or 0 for none */
	const char *words;
	bool has_number;
	uint32_t number;
	const char *detail; /* or NULL */
};

/* Sets the bundle's limits. False with FAILURE where one cannot be set; others may be set then. */
bool limits_apply(const struct bundle_view *view, struct failure *failure);
/*
 * Groups, ids, the five sets of capabilities and securebits, of the calling thread alone. False
 * with FAILURE where a step did not work; those before it stay in force.
 */
bool privileges_apply(const struct bundle_view *view, struct failure *failure);

#endif
