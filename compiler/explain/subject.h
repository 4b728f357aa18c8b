/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a condition can compare: an argument of a call by its name and type, or where that does not
 * reach, a whole register.
 */
#ifndef PALE_EXPLAIN_SUBJECT_H
#define PALE_EXPLAIN_SUBJECT_H

#include "compiler/explain/apply.h"
#include "policy-lang/catalog/call.h"

struct subject {
	const char *name;
	uint8_t low;  /* index of its low (or only) word in struct seccomp_data */
	uint8_t high; /* of its high word; == low where it has one word */
	uint8_t bits;
	bool is_signed;
	bool is_pointer;
	const struct call_arg *arg; /* what stands there, or NULL; a register has it too */
};

struct subjects {
	struct subject items[2 * CALL_ARGS_MAX];
	unsigned int count;
	const char *refusal; /* why some bit is out of reach; NULL where none is */
};

/* A call on an ABI: CALL is CALL_NONE for a number without a name, whose arguments have none too. */
struct call_form {
	const struct abi *abi;
	call_id call;
};

/*
 * The subjects that reach all BITS (of the words of a condition), in the order of the arguments. A
 * number without a name has its registers, which only a report can use.
 */
struct subjects subjects_find(const struct call_form *form, const uint32_t bits[WORD_COUNT]);
/* The subject NAME of the call; false where there is none. */
bool subject_find(const struct call_form *form, const char *name, struct subject *subject);
/* The register that SUBJECT, which has one, stands in; false where it has no name of its own. */
bool subject_register(const struct call_form *form, const struct subject *subject,
		      struct subject *raw);

/* The argument that is the low word of the register RAW; false where none is. */
bool subject_low_half(const struct call_form *form, const struct subject *raw,
		      struct subject *argument);

/* The number that SUBJECT is. */
struct field subject_field(const struct subject *subject);
word_set subject_words(const struct subject *subject);

#endif
