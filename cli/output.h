/* SPDX-License-Identifier: Apache-2.0 */
/* Output files that are replaced whole or not at all. */
#ifndef PALE_CLI_OUTPUT_H
#define PALE_CLI_OUTPUT_H

#include "policy-lang/base/text.h"

#include <stddef.h>

/*
 * Writes LENGTH bytes to PATH; "-" is standard output. A regular file is written beside its final
 * place, synced and renamed over it, so that PATH holds the old or the new content and never a
 * part; on every error the temporary file is gone. A symbolic link is followed, an existing file's
 * mode (and, for root, its owner) is kept, a new one gets 0666 less the umask. What is no regular file (a device, a pipe) is
 * written to as it is. Returns 0 or negative errno: -EACCES also for a file that is there and may
 * not be written.
 */
int output_write(const char *path, const void *bytes, size_t length);

/*
 * Whether output_write() to PATH can begin, for whoever works long before it has what to write:
 * 0 or negative errno. Leaves nothing behind and changes nothing.
 */
int output_probe(const char *path);

/* The same as output_write(), and says on standard error what went wrong. Returns the command's exit status. */
int output_write_or_complain(const char *path, const void *bytes, size_t length);

/* The same for a text, which is released; one that memory ran out for is an error too. */
int output_text(const char *path, struct text *text);

#endif
