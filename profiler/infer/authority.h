/* SPDX-License-Identifier: Apache-2.0 */
/* Which arguments decide what a program may reach, and which only how it asks for it. */
#ifndef PALE_PROFILER_INFER_AUTHORITY_H
#define PALE_PROFILER_INFER_AUTHORITY_H

#include "policy-lang/catalog/call.h"

/* Whether a balanced policy restrains argument ARG of CALL. */
bool arg_has_authority(call_id call, const struct call_arg *arg);

/* Bits that a balanced policy allows in flags of FAMILY whether they were seen or not. */
uint64_t flags_always_allowed(const char *family, enum abi_id abi);

#endif
