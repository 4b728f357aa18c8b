/* SPDX-License-Identifier: Apache-2.0 */
/* What a constant expression is worth on one ABI. */
#ifndef PALE_RESOLVE_VALUE_H
#define PALE_RESOLVE_VALUE_H

#include "compiler/resolve/number.h"
#include "policy-lang/base/source.h"

#include <stdbool.h>
#include <stddef.h>

enum value_kind {
	VALUE_ERROR,  /* it has been reported */
	VALUE_ABSENT, /* it stands on constant `word`, which the ABI lacks; not yet reported */
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_SET,
	VALUE_LOADED, /* known only when the filter is loaded: LOAD says which it is */
	VALUE_WORD,   /* a param's name for a choice: param libc = musl */
};

/* FIRST..LAST, both in it; one value where they are the same. */
struct set_element {
	struct number first;
	struct number last;
	struct span span;
	bool loaded;   /* not a number: a value that is known only when the filter is loaded, */
	uint32_t load; /* the one with this index */
};

struct value {
	enum value_kind kind;
	bool truth;
	struct number number;
	const struct set_element *elements; /* as written: not sorted, and they may overlap */
	size_t element_count;
	const char *word;
	uint32_t load;    /* LOADED: index into policy_rules.loads */
	struct span span; /* ABSENT: the constant */
};

/* "a number", "a set", ... for messages. */
const char *value_kind_text(enum value_kind kind);

#endif
