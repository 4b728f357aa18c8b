/* SPDX-License-Identifier: Apache-2.0 */
/* Where pale-run is. */
#ifndef PALE_CLI_SHIM_FIND_H
#define PALE_CLI_SHIM_FIND_H

#include "policy-lang/base/arena.h"

/*
 * The pale-run that belongs to this pale: beside its own file, else where the build would install
 * it. Neither PATH nor any other variable has a say, since what runs decides how much protection
 * there is. NULL where there is none.
 */
const char *shim_find(struct arena *arena);

#endif
