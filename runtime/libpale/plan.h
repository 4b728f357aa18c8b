/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle means for this process, before anything of it is done. */
#ifndef PALE_LIBPALE_PLAN_H
#define PALE_LIBPALE_PLAN_H

#include "runtime/bundle.h"
#include "runtime/libpale/pale.h"

#include <linux/filter.h>

struct plan {
	struct bundle_view view;
	const struct bundle_filter *filter; /* the one that INSTRUCTIONS are from */
	uint32_t count;
	struct sock_filter instructions[BUNDLE_INSTRUCTIONS_MAX]; /* in this machine's form */
};

/* What the caller gives for the names that the policy leaves open. */
struct given_values {
	const struct pale_value *values;
	size_t count;
};

/*
 * Fills PLAN, or refuses the bundle: returns 0 or negative errno, with the reason in ERROR. The
 * view goes into the bundle; the instructions do not. Nothing is changed.
 */
int plan_make(struct plan *plan, const void *bundle, size_t size, const struct given_values *given,
	      struct pale_error *error) __attribute__((visibility("hidden")));

/*
 * The same for the filter of a later phase alone, with nothing of the sandbox. Makes no call, since
 * the filter that is in force may forbid it.
 */
int plan_make_phase(struct plan *plan, const void *bundle, size_t size, const char *phase,
		    const struct given_values *given, struct pale_error *error)
	__attribute__((visibility("hidden")));

/*
 * Whether this process has one thread: 1 or 0, or negative errno where nobody tells. There may be
 * more as soon as it returns, if one that it did not count made them.
 */
int threads_single(void) __attribute__((visibility("hidden")));

/* Notes the reason, printed as by printf(3). Returns CODE. */
int error_set(struct pale_error *error, int code, const char *format, ...)
	__attribute__((visibility("hidden"), format(printf, 3, 4)));

#endif
