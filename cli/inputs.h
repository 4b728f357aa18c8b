/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs that are no inputs: nobody wants what they wrote replaced by what was made of it. */
#ifndef PALE_CLI_INPUTS_H
#define PALE_CLI_INPUTS_H

#include "policy-lang/base/source.h"

#include <stddef.h>

/*
 * Whether two paths lead to the same file, by whatever links; of files that are not there yet,
 * whether the same one would be made. A device or a pipe is never the same as another.
 */
bool inputs_same(const char *path, const char *other);

/*
 * Call it before anything is written to OUTPUT. Refuses one that is a file of SOURCES (NULL: none)
 * or of the COUNT FURTHER paths, NULL among them skipped; "-" is standard input there. Returns
 * COMMAND_GOOD, or COMMAND_USAGE having said so. An OUTPUT of NULL or "-" is good.
 */
int inputs_spare(const char *output, const struct sources *sources, const char *const *further,
		 size_t count);

#endif
