/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements that hold for the whole policy, wherever they stand in it: `policy`, `baseline`,
 * `arch` and `sandbox`. They are gathered before the walks for the ABIs.
 */
#ifndef PALE_RESOLVE_SETTINGS_H
#define PALE_RESOLVE_SETTINGS_H

#include "compiler/resolve/resolver.h"

/*
 * Sets the rules' name and sandbox, the resolver's baseline (the newest kernel where none is
 * written) and its ABIs. What is wrong has been reported.
 */
void settings_resolve(struct resolver *resolver);

#endif
