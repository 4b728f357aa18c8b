/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that give a program no more than others that it was seen to make. */
#ifndef PALE_PROFILER_INFER_COMPANIONS_H
#define PALE_PROFILER_INFER_COMPANIONS_H

#include <stddef.h>

enum {
	COMPANIONS_MAX = 32, /* names in one class, the NULL behind them counted */
};

/*
 * A class of calls by the kernel's names, NULL-terminated, none of which has an argument with
 * authority: to allow one of them and not the others protects nothing. NULL behind the
 * last class.
 */
const char *const *companion_class(size_t index);

#endif
