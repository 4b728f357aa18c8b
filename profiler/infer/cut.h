/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of recordings that are cut for comments. */
#ifndef PALE_PROFILER_INFER_CUT_H
#define PALE_PROFILER_INFER_CUT_H

#include "policy-lang/base/arena.h"

#include <stddef.h>

/*
 * TEXT as it is, or its first letters, BYTES bytes at most, and "..." behind them. No letter of UTF-8
 * is broken: a comment with half of one would be no policy.
 */
const char *infer_cut(struct arena *arena, const char *text, size_t bytes);

#endif
