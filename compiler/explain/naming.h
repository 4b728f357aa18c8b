/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as a policy would write them: by the names of an argument's constants where these fit. */
#ifndef PALE_EXPLAIN_NAMING_H
#define PALE_EXPLAIN_NAMING_H

#include "compiler/explain/subject.h"
#include "compiler/explain/values.h"
#include "policy-lang/ast.h"

/* VALUE of SUBJECT: `AF_INET`, `O_CREAT | 0x10`, `-1`, `0x1000`. */
struct expr *naming_value(struct arena *arena, const struct abi *abi, const struct subject *subject,
			  uint64_t value);
/* The same without names, for what is compared by its order. */
struct expr *naming_number(struct arena *arena, const struct subject *subject, uint64_t value);
/* A mask over SUBJECT: names where it has flags, else hexadecimal. */
struct expr *naming_mask(struct arena *arena, const struct abi *abi, const struct subject *subject,
			 uint64_t mask);
/* The set of RANGES; short ranges of values with names are written out. */
struct expr *naming_set(struct arena *arena, const struct abi *abi, const struct subject *subject,
			const struct value_ranges *ranges);

#endif
