/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as expressions, with the names that the catalogue has for them on one ABI. */
#ifndef PALE_PROFILER_INFER_NAMES_H
#define PALE_PROFILER_INFER_NAMES_H

#include "policy-lang/ast.h"
#include "policy-lang/catalog/call.h"

/* An argument that a condition is to be on. */
struct infer_column {
	const char *name;
	const char *family; /* or NULL */
	uint64_t mask;      /* the part of it that is meant, or 0: all */
	enum abi_id abi;
	uint8_t bits;
	bool is_signed;
	bool flags; /* else a value */
};

/* VALUE by its name, or as a number. */
struct expr *infer_name_value(struct arena *arena, const struct infer_column *column,
			      uint64_t value);
/* Flags as names joined by |, with a number for the bits that have none. */
struct expr *infer_name_flags(struct arena *arena, const struct infer_column *column,
			      uint64_t flags);
/* A number as people write it: small ones in decimal, others in hexadecimal. */
struct expr *infer_number(struct arena *arena, uint64_t number);

#endif
