/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of files that a command was given by mistake. */
#ifndef PALE_CLI_KINDS_H
#define PALE_CLI_KINDS_H

#include "policy-lang/base/source.h"

#include <stdbool.h>

/* Whether SOURCE can be text: no zero byte, which each filter and bundle has. */
bool kind_is_text(const struct source *source);

/*
 * What SOURCE is where it is neither policy, bundle nor filter, and what takes it, as the rest of a
 * message behind its name. NULL where nothing tells that.
 */
const char *kind_foreign(const struct source *source);

/* The same for who takes policies alone, but of JSON; ARENA is for what the answer does not refer to. */
const char *kind_no_policy(struct arena *arena, const struct source *source);

#endif
