/* SPDX-License-Identifier: Apache-2.0 */
/* Output formats: the bundle that pale-run reads, and the bare filter that the kernel takes. */
#ifndef PALE_EMIT_EMIT_H
#define PALE_EMIT_EMIT_H

#include "compiler/cbpf/filter.h"
#include "compiler/resolve/sandbox.h"
#include "policy-lang/base/arena.h"
#include "policy-lang/base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What a program puts on later: for each machine that the first phase is for, a filter. */
struct bundle_phase {
	const char *name; /* 1 to 63 letters, digits and underscores, no digit first */
	const struct filter *const *filters;
	size_t filter_count;
};

/* What a bundle holds. */
struct bundle_contents {
	const char *name;                    /* of the policy, UTF-8; or NULL */
	const struct filter *const *filters; /* one for each machine family and byte order */
	size_t filter_count;
	const struct sandbox *sandbox;     /* or NULL: nothing besides the filter */
	const struct bundle_phase *phases; /* the later ones, in their order */
	size_t phase_count;
	/* The values that are given at load are those of the filters, which all have the same. */
};

/*
 * Appends the bundle to OUT, the same bytes for the same contents. Each filter has its ABIs set.
 * Returns 0; -EINVAL with the reason in *WHY where the contents do not make a bundle (two filters
 * for one machine, a hostname without a uts namespace, a list that is too long, ...), and then OUT
 * is as it was; or -ENOMEM.
 */
int bundle_write(const struct bundle_contents *contents, struct text *out, const char **why);

/*
 * Reads a bundle, with the check that pale-run makes. CONTENTS lives in ARENA and does not refer to
 * BYTES; its filters have no spans. Returns 0, or -EINVAL with the reason in *WHY, also for a
 * filter that serves an ABI that this catalogue lacks.
 */
int bundle_read(struct arena *arena, const void *bytes, size_t size,
		struct bundle_contents *contents, const char **why);

/* Whether BYTES begin as a bundle does, which no policy text and no bare filter do. */
bool bundle_recognise(const void *bytes, size_t size);

/*
 * Appends the filter as an array of struct sock_filter in the byte order of the machine that it is
 * for. Returns 0 or -ENOMEM.
 */
int raw_write(const struct filter *filter, struct text *out);

/*
 * Reads an array of struct sock_filter that was written for a machine of the given byte order.
 * FILTER lives in ARENA; its ABIs are 0, as nothing in the file tells them. Returns 0, or -EINVAL
 * with the reason in *WHY: no whole number of instructions, too many, or what filter_check()
 * refuses (where the other byte order would do, *WHY says so).
 */
int raw_read(struct arena *arena, const void *bytes, size_t size, bool big_endian,
	     struct filter *filter, const char **why);

#endif
