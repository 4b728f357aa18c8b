/* SPDX-License-Identifier: Apache-2.0 */
/* One call with its arguments, as people write it, as the words that a filter sees. */
#ifndef PALE_RESOLVE_CALL_WORDS_H
#define PALE_RESOLVE_CALL_WORDS_H

#include "policy-lang/base/diag.h"
#include "policy-lang/catalog/abi.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads TEXT, a call as an expectation spells it (`openat(AT_FDCWD, _, O_RDONLY)`; arguments that
 * are left out or `_` are 0), for ABI into struct seccomp_data as 16 words in memory order. False
 * where it is none, which has been reported.
 */
bool call_words_read(struct arena *arena, struct sources *sources, struct diags *diags,
		     const struct abi *abi, const char *text, uint32_t words[16]);

#endif
