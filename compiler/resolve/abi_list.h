/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of ABIs in messages. */
#ifndef PALE_RESOLVE_ABI_LIST_H
#define PALE_RESOLVE_ABI_LIST_H

#include "policy-lang/base/arena.h"
#include "policy-lang/catalog/abi.h"

/*
 * The names of ABIS, which are some of ALL: "x86, s390x"; or where that is shorter, by those that
 * are left out: "all ABIs but x86".
 */
const char *abi_list(struct arena *arena, abi_set abis, abi_set all);

#endif
