/* SPDX-License-Identifier: Apache-2.0 */
/* A call in words: its name, and its arguments as numbers. */
#ifndef PALE_COMPILER_CALL_TEXT_H
#define PALE_COMPILER_CALL_TEXT_H

#include "policy-lang/base/text.h"
#include "policy-lang/catalog/call.h"

/*
 * Writes a call as CALL's signature on the ABI reads it from WORDS, which are struct seccomp_data in
 * memory order: `socket(0x2, 0x1, 0x0)`.
 */
void call_print(call_id call, enum abi_id id, const uint32_t words[16], struct text *out);
/*
 * The same for a call of which only WORDS are known: a number that the catalogue lacks has all six
 * registers, `500(0x0, ...)`, and one by way of an unknown ABI is told by its AUDIT_ARCH.
 */
void call_print_words(const uint32_t words[16], struct text *out);

#endif
