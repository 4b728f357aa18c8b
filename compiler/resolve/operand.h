/* SPDX-License-Identifier: Apache-2.0 */
/* The left side of a comparison: an argument of a call, perhaps under a mask. */
#ifndef PALE_RESOLVE_OPERAND_H
#define PALE_RESOLVE_OPERAND_H

#include "policy-lang/catalog/call.h"

#include <stdbool.h>
#include <stdint.h>

struct operand {
	const char *name; /* as the policy spells it */
	const char *type; /* as a message calls it: "an int" */
	uint32_t low;     /* byte offset in struct seccomp_data of its low (or only) word */
	uint32_t high;    /* of its high word, where bits is 64 */
	uint8_t bits;     /* 16, 32 or 64: what the kernel looks at */
	bool is_signed;
	bool is_pointer;
	uint64_t mask;  /* what the policy looks at: within the low BITS */
	uint32_t named; /* the part that constants name, where the rest has flags (socket's type) */
};

/* Argument INDEX of CALL on ABI. */
struct operand operand_argument(call_id call, enum abi_id abi, unsigned int index);
/* Register INDEX (0 to 5) as it is, as wide as the ABI's long. */
struct operand operand_register(enum abi_id abi, unsigned int index);

#endif
