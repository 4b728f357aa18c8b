/* SPDX-License-Identifier: Apache-2.0 */
/* What an output was made from, as a rule for make(1). */
#ifndef PALE_CLI_DEPENDENCIES_H
#define PALE_CLI_DEPENDENCIES_H

#include "policy-lang/base/source.h"

#include <stddef.h>

/*
 * Writes to PATH that TARGET depends on SOURCES, but for standard input and what comes with pale,
 * and on FURTHER files, NULL among them skipped; and a rule without a recipe for each file but the
 * first, so that make goes on where one is gone. A name that a makefile cannot hold is refused.
 * What is wrong has been said. Returns an exit status.
 */
int dependencies_write(const char *path, const char *target, const struct sources *sources,
		       const char *const *further, size_t further_count);

#endif
